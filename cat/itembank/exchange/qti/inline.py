"""Text with marks in it, as Markdown: emphasis, formulas, pictures, raised and lowered letters."""

from __future__ import annotations

from cat.itembank.exchange.qti.ledger import Ledger
from cat.itembank.exchange.qti.math import as_latex
from cat.itembank.exchange.qti.names import name_of
from cat.itembank.exchange.qti.pictures import Pictures
from cat.itembank.exchange.qti.text import code_span, collapsed, escaped, guarded, shifted
from cat.itembank.exchange.report import CannotKeep
from cat.itembank.exchange.xml import Node, local

FORMULA = "\ufffc"
BREAK = "\\\n"
_BLOCK_NAMES = (
    "p div ul ol table blockquote pre hr section article header footer aside main "
    "figure figcaption h1 h2 h3 h4 h5 h6 rubricBlock feedbackBlock choiceInteraction"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())
_STRONG, _SLANTED = {"b", "strong"}, {"i", "em", "var", "dfn", "cite"}
_CODE = {"code", "tt", "samp", "kbd"}
_PLAIN = {"span", "a", "abbr", "acronym", "label", "bdo", "bdi", "font", "time", "data"}
_LOST = {
    "u": "garis bawah hilang; periksa apakah soal menyebutnya",
    "ins": "garis bawah hilang",
    "s": "coretan hilang",
    "del": "coretan hilang",
    "strike": "coretan hilang",
    "small": "ukuran huruf hilang",
    "big": "ukuran huruf hilang",
    "mark": "warna latar hilang",
}
# What the bank's own formulas always say, or what only sizes brackets.
_MATH_ATTRIBUTES = (
    "display encoding accent accentunder stretchy fence form separators open close "
    "linethickness largeop movablelimits lspace rspace width columnalign"
)


class Inline:
    """Turns mixed content into one paragraph of Markdown and keeps an account of it.

    with_emphasis : whether to write bold and slanted text as such; Markdown cannot say it
        everywhere, and the reader tries again without.
    plain : every piece of text that was written, in order, for comparing with what is shown.
    """

    def __init__(self, ledger: Ledger, pictures: Pictures, *, with_emphasis: bool = True) -> None:
        self.ledger, self.pictures, self._with_emphasis = ledger, pictures, with_emphasis
        self.plain: list[str] = []

    def paragraph(self, pieces: list[str]) -> str:
        """Pieces as one paragraph; empty when there is nothing to read."""
        lines = "".join(pieces).split(BREAK)
        return BREAK.join(guarded(line.strip()) for line in lines).strip()

    def text(self, text: str | None) -> str:
        """Plain text."""
        if not text:
            return ""
        self.plain.append(text)
        return escaped(collapsed(text))

    def inside(self, node: Node) -> str:
        """What stands in an element that holds no blocks."""
        pieces = [self.text(node.text)]
        for child in node:
            pieces += [self.element(child), self.text(child.tail)]
        return "".join(pieces)

    def element(self, node: Node) -> str:
        """One inline element, without its tail. Raises CannotKeep for one that has no place."""
        name = name_of(node)
        if not name:
            return ""
        self.ledger.use(node)
        if name in _STRONG | _SLANTED:
            return self._emphasis(node, "**" if name in _STRONG else "*")
        if name in _CODE:
            return self._code(node)
        if name in ("sub", "sup"):
            return self._shifted(node, name == "sup")
        if name in _PLAIN or name in _LOST:
            return self._marked(node, name)
        match name:
            case "br":
                return BREAK
            case "q":
                return self.text("“") + self.inside(node) + self.text("”")
            case "math":
                return self._formula(node)
            case "img" | "object" | "svg":
                return self.picture(node, name)
            case "feedbackInline":
                self.ledger.drop(node, "umpan balik tidak disimpan")
                return ""
        raise self.unknown(node)

    def picture(self, node: Node, name: str) -> str:
        """A picture of any of the three ways in which QTI shows one."""
        if name == "svg":
            self.ledger.close(node)
            alt = node.get("aria-label") or "".join(
                "".join(each.itertext()) for each in node if local(each) in ("title", "desc")
            )
            return self.pictures.draw(node, alt)
        if name == "object":
            kind, href = self.ledger.get(node, "type"), self.ledger.get(node, "data")
            if not kind.startswith("image/"):
                raise CannotKeep(f"<object> berjenis {kind or '(kosong)'} tidak didukung")
            alt = self.ledger.get(node, "aria-label") or " ".join("".join(node.itertext()).split())
            for child in node.iter():
                self.ledger.use(child)
            return self.pictures.refer(href, alt)
        return self.pictures.refer(self.ledger.get(node, "src"), self.ledger.get(node, "alt"))

    def unknown(self, node: Node) -> CannotKeep:
        """The refusal of an element that has no place in an item of the bank."""
        name = name_of(node)
        if name.lower().endswith("interaction"):
            return CannotKeep(f"interaksi {name} tidak didukung")
        if name in BLOCKS:
            return CannotKeep(f"<{name}> tidak dapat berada di dalam pilihan, sel, atau kalimat")
        return CannotKeep(f"elemen <{name}> tidak didukung")

    def _emphasis(self, node: Node, mark: str) -> str:
        inner = self.inside(node)
        bare = inner.strip()
        if not self._with_emphasis:
            self.ledger.lose(node, f"<{local(node)}>", "huruf tebal atau miring hilang")
            return inner
        if not bare:
            return inner
        before = inner[: len(inner) - len(inner.lstrip())]
        return f"{before}{mark}{bare}{mark}{inner[len(inner.rstrip()) :]}"

    def _code(self, node: Node) -> str:
        if len(node):
            return self.inside(node)
        text = collapsed(node.text or "").strip()
        self.plain.append(text)
        return code_span(text) if text else ""

    def _shifted(self, node: Node, is_raised: bool) -> str:
        said = "".join(node.itertext())
        if small := shifted(said, is_raised):
            for child in node.iter():
                self.ledger.use(child)
            self.plain.append(small)
            self.ledger.lose(node, f"<{local(node)}>", "menjadi huruf kecil Unicode, seperti ²")
            return small
        if len(node) or not said.strip() or set(said) & set("{}\\$"):
            raise CannotKeep(f"<{local(node)}> yang memuat “{said.strip()[:40]}” tidak didukung")
        self.plain.append(FORMULA)
        return f"${{}}{'^' if is_raised else '_'}{{\\text{{{collapsed(said).strip()}}}}}$"

    def _marked(self, node: Node, name: str) -> str:
        if name in _LOST:
            self.ledger.lose(node, f"<{name}>", _LOST[name])
        if name == "a" and (href := self.ledger.get(node, "href")):
            self.ledger.lose(node, f"tautan {href[:80]}", "tautan hilang, teksnya tetap")
        return self.inside(node)

    def _formula(self, node: Node) -> str:
        for child in node.iter():
            self.ledger.use(child)
            if isinstance(child.tag, str):
                for name in _MATH_ATTRIBUTES.split():
                    self.ledger.get(child, name)
        is_block = node.get("display") == "block"
        self.plain.append(FORMULA)
        fence = "$$" if is_block else "$"
        return f"{fence}{as_latex(node)}{fence}"
