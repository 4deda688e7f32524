"""The body of an item as Markdown: paragraphs, lists, tables, quotations, pictures, formulas.

What Markdown cannot say is refused by name, or noted as a loss where the item stays what it was.
"""

from __future__ import annotations

from cat.itembank.exchange.qti.inline import BLOCKS, BREAK, Inline
from cat.itembank.exchange.qti.names import name_of
from cat.itembank.exchange.qti.table import table_rows
from cat.itembank.exchange.report import CannotKeep
from cat.itembank.exchange.xml import Node

_HOLDERS = "div section article header footer aside main figure figcaption"


class Body:
    """Reads blocks. interactions : the choice interactions met on the way, in order.

    bullets : two signs for lists, taken in turn.
    """

    def __init__(self, inline: Inline, bullets: str = "-*") -> None:
        self.inline, self._ledger, self._bullets = inline, inline.ledger, bullets
        self.interactions: list[Node] = []
        self.is_after = False
        self._lists = 0

    def markdown(self, node: Node) -> str:
        """Everything inside an element, as blocks."""
        self._ledger.use(node)
        return "\n\n".join(self._blocks(node))

    def line(self, node: Node) -> str:
        """Everything inside an element as one run of text: an option, a cell. Raises CannotKeep."""
        self._ledger.use(node)
        return self.inline.paragraph(self._pieces(node))

    def _pieces(self, node: Node, *, breaks: bool = True) -> list[str]:
        pieces = [self.inline.text(node.text)]
        for child in node:
            name = name_of(child)
            if name in ("p", "div") and not _holds_blocks(child):
                self._ledger.use(child)
                said = self.inline.inside(child).strip()
                if said and "".join(pieces).strip():
                    if not breaks:
                        raise CannotKeep("sel tabel dengan beberapa paragraf tidak didukung")
                    pieces.append(BREAK)
                pieces.append(said)
            elif name == "feedbackBlock":
                self._ledger.drop(child, "umpan balik tidak disimpan")
            else:
                pieces.append(self.inline.element(child))
            pieces.append(self.inline.text(child.tail))
        return pieces

    def _blocks(self, node: Node) -> list[str]:
        found: list[str] = []
        run = [self.inline.text(node.text)]
        for child in node:
            name = name_of(child)
            if name in BLOCKS or (name == "math" and child.get("display") == "block"):
                found += [self.inline.paragraph(run), *self._block(child, name)]
                run = []
            else:
                run.append(self.inline.element(child))
            run.append(self.inline.text(child.tail))
        found.append(self.inline.paragraph(run))
        return [block for block in found if block]

    def _block(self, node: Node, name: str) -> list[str]:
        self._ledger.use(node)
        if self.is_after and "".join(node.itertext()).strip() and name != "feedbackBlock":
            self._ledger.lose(node, f"<{name}> sesudah pilihan", "dipindahkan ke atas pilihan")
            self.is_after = False
        if name in _HOLDERS.split() or name == "p":
            return self._blocks(node)
        if name[0] == "h" and name[1:].isdigit():
            return self._heading(node, int(name[1:]))
        match name:
            case "ul" | "ol":
                return [self._list(node, is_numbered=name == "ol")]
            case "blockquote":
                inside = "\n\n".join(self._blocks(node))
                return ["\n".join(f"> {line}".rstrip() for line in inside.split("\n"))]
            case "table":
                return self._table(node)
            case "pre":
                return [self._preformatted(node)]
            case "hr":
                self._ledger.lose(node, "<hr>", "garis pemisah hilang")
                return []
            case "math":
                return [self.inline.element(node)]
            case "rubricBlock":
                return self._rubric(node)
            case "feedbackBlock":
                self._ledger.drop(node, "umpan balik tidak disimpan")
                return []
        return self._interaction(node)

    def _heading(self, node: Node, level: int) -> list[str]:
        shown = 3 if level <= 3 else 4
        if shown != level:
            self._ledger.lose(node, f"<h{level}>", f"menjadi judul tingkat {shown}")
        text = self.line(node).replace(BREAK, " ")
        return [f"{'#' * shown} {text}"] if text else []

    def _list(self, node: Node, *, is_numbered: bool) -> str:
        # Two lists in a row would run into one another with the same marker.
        self._lists += 1
        turn = (self._lists - 1) % 2
        bullet, dot = self._bullets[turn], ".)"[turn]
        start = self._ledger.get(node, "start", "1") if is_numbered else "1"
        first = int(start) if start.isdecimal() and len(start) < 9 else 1
        if first != 1:
            self._ledger.lose(node, f"<ol> mulai dari {first}", "ditampilkan mulai dari 1")
        entries = [child for child in node if isinstance(child.tag, str)]
        # Paragraphs inside items make a list with room between them; else it stays tight.
        gap = "\n\n" if any(_is_roomy(entry) for entry in entries) else "\n"
        items = []
        for place, child in enumerate(entries):
            if name_of(child) != "li":
                raise self.inline.unknown(child)
            self._ledger.use(child)
            marker = f"{first + place}{dot} " if is_numbered else f"{bullet} "
            indent = "\n" + " " * len(marker)
            items.append((marker + gap.join(self._blocks(child)).replace("\n", indent)).rstrip())
        return "\n".join(line.rstrip() for line in gap.join(items).split("\n"))

    def _table(self, node: Node) -> list[str]:
        caption, header, rows = table_rows(node, self._ledger)
        above = [self.line(caption)] if caption is not None else []
        lines = [self._cells(header) if header else []] if header else []
        lines += [self._cells(row) for row in rows]
        if not lines:
            return above
        if not header:
            self._ledger.lose(node, "<table> tanpa baris judul", "diberi baris judul kosong")
            lines.insert(0, [""] * max(len(line) for line in lines))
        width = max(len(line) for line in lines)
        shown = ["| " + " | ".join([*line, *[""] * (width - len(line))]) + " |" for line in lines]
        return [*above, "\n".join([shown[0], "|" + " --- |" * width, *shown[1:]])]

    def _cells(self, cells: list[Node]) -> list[str]:
        said = []
        for cell in cells:
            self._ledger.use(cell)
            text = "".join(self._pieces(cell, breaks=False)).strip()
            if BREAK in text or "\n" in text:
                raise CannotKeep("sel tabel dengan beberapa baris tidak didukung")
            said.append(text)
        return said

    def _preformatted(self, node: Node) -> str:
        text = "".join(node.itertext()).strip("\n")
        self.inline.plain.append(text)
        for child in node.iter():
            self._ledger.use(child)
        fence = "```"
        while fence in text:
            fence += "`"
        return f"{fence}\n{text}\n{fence}"

    def _rubric(self, node: Node) -> list[str]:
        views = self._ledger.get(node, "view").split()
        if views and "candidate" not in views:
            self._ledger.drop(node, f"teks untuk {', '.join(views)} tidak disimpan")
            return []
        self._ledger.get(node, "use")
        content = [child for child in node if name_of(child) == "contentBody"]
        for child in content:
            self._ledger.use(child)
        return self._blocks(content[0]) if content else self._blocks(node)

    def _interaction(self, node: Node) -> list[str]:
        self.interactions.append(node)
        self.is_after = True
        found: list[str] = []
        for child in node:
            if name_of(child) == "prompt":
                found += self._prompt(child)
        return found

    def _prompt(self, node: Node) -> list[str]:
        self._ledger.use(node)
        self.is_after = False
        found = self._blocks(node)
        self.is_after = True
        return found


def _holds_blocks(node: Node) -> bool:
    return any(name_of(child) in BLOCKS for child in node)


def _is_roomy(item: Node) -> bool:
    return any(name_of(child) == "p" for child in item)
