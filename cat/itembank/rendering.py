"""Turns an item's Markdown into the HTML that candidates see, once, when it is published.

What comes out is sanitised: text, lists, tables, MathML, and pictures of the bank: drawn here, or
brought by a writer and checked before they were stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from cat.errors import BadItem
from cat.itembank.content import ItemContent
from cat.itembank.figures import describe, draw, is_uploaded, read_uploaded

MEDIA_PREFIX = "/media/"
_FIGURE_SCHEME = "gambar:"
_ITEM, _PICTURES = "item", "pictures"  # what a rendering carries along
_TEXT_TAGS = (
    "p br em strong u sup sub ul ol li table thead tbody tr th td blockquote code pre h3 h4 img"
)
_MATH_TAGS = "math mrow mi mn mo ms mtext mfrac msqrt mroot msub msup msubsup munder mover mtable"
_TAGS = {*_TEXT_TAGS.split(), *_MATH_TAGS.split(), "munderover", "mtr", "mtd", "mspace", "mstyle"}
_ATTRIBUTES = {
    "img": {"src", "alt", "class"},
    "math": {"display", "xmlns"},
    "mo": {"stretchy", "fence", "form"},
    "td": {"align"},
    "th": {"align"},
}


@dataclass(frozen=True)
class Rendered:
    """HTML of an item. pictures : file name under MEDIA_PREFIX -> SVG, of those drawn here."""

    stem: str
    options: tuple[str, ...]
    pictures: Mapping[str, bytes]


def render(item: ItemContent) -> Rendered:
    """HTML of the stem and of each option; raises BadItem for a figure that cannot be drawn."""
    pictures: dict[str, bytes] = {}
    stem = _markdown().render(item.shown_stem, {_ITEM: item, _PICTURES: pictures})
    options = tuple(
        _markdown().renderInline(option, {_ITEM: item, _PICTURES: pictures})
        for option in item.options
    )
    return Rendered(_clean(stem), tuple(map(_clean, options)), pictures)


@cache
def _markdown() -> MarkdownIt:
    """Made once: to make one takes as long as rendering ten options."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.use(dollarmath_plugin, renderer=_mathml, allow_space=False, double_inline=True)
    # Only links to the bank's own figures survive; all other images and links become text.
    markdown.disable(["link", "autolink"])
    markdown.validateLink = lambda url: url.startswith(_FIGURE_SCHEME)  # type: ignore[method-assign]
    markdown.renderer.rules["image"] = _image  # type: ignore[attr-defined]
    return markdown


def _image(tokens: list[Token], index: int, options: Any, env: dict[str, Any]) -> str:
    """A figure of the item that `env` names; the pictures drawn for it are added there."""
    token, item = tokens[index], env[_ITEM]
    source = str(token.attrs["src"])
    name = source.removeprefix(_FIGURE_SCHEME)
    if not source.startswith(_FIGURE_SCHEME) or name not in item.figures:
        raise BadItem(f"{item.code}: gambar {source!r} tidak ada", code=item.code)
    figure = item.figures[name]
    if is_uploaded(figure):
        file_name = read_uploaded(figure).name
    else:
        svg = draw(figure).encode()
        file_name = f"{hashlib.sha256(svg).hexdigest()}.svg"
        env[_PICTURES][file_name] = svg
    alt = nh3.clean_text(token.content or describe(figure))
    return f'<img src="{MEDIA_PREFIX}{file_name}" alt="{alt}">'


def _mathml(latex: str, options: Mapping[str, Any]) -> str:
    try:
        return convert(latex, display="block" if options.get("display_mode") else "inline")
    except Exception as error:  # the converter raises whatever its parser stumbled over
        raise BadItem(f"rumus ${latex[:60]}$ tidak dapat dibaca", latex=latex) from error


def _clean(html: str) -> str:
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=set()).strip()
