"""From a matplotlib figure to an inline <svg> that says what it shows."""

from __future__ import annotations

import io
import re
from html import escape

from matplotlib.figure import Figure

_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def inline_svg(figure: Figure, name: str, title: str, desc: str) -> str:
    """The figure as an <svg> element for the middle of an HTML page.

    name : unique in the page, letters, digits and hyphens; starts every id of the chart.
    title, desc : what a screen reader says instead of the drawing.

    The drawing has no size of its own, no metadata, no links and no font: the page decides.
    """
    figure.patch.set_alpha(0)
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata=_NO_METADATA)
    text = stream.getvalue()
    opening, body = text[text.index("<svg") :].split(">", 1)
    box = " ".join(re.findall(r'viewBox="[^"]*"', opening))
    # The style block would reach out to the whole page; the page's own style sheet repeats it.
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, count=1, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r"font-family: [^;\"]*;? ?", "", body)
    body = _own_ids(body, name)
    body = "\n".join(line.strip() for line in body.splitlines() if line.strip())
    return (
        f'<svg class="plot" role="img" aria-labelledby="{name}-title {name}-desc" {box}>\n'
        f'<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-desc">{escape(desc)}</desc>\n{body}'
    )


def _own_ids(body: str, name: str) -> str:
    body = body.replace(' id="', f' id="{name}-')
    body = body.replace('xlink:href="#', f'href="#{name}-')
    return body.replace("url(#", f"url(#{name}-")
