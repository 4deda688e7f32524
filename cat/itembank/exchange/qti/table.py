"""The rows of an HTML table, where every cell stands in one row and one column."""

from __future__ import annotations

from cat.itembank.exchange.qti.ledger import Ledger
from cat.itembank.exchange.qti.names import name_of
from cat.itembank.exchange.report import CannotKeep
from cat.itembank.exchange.xml import Node

Row = list[Node]


def table_rows(table: Node, ledger: Ledger) -> tuple[Node | None, Row, list[Row]]:
    """Caption, header cells and the rows of cells below; no header cells where there is none.

    Raises CannotKeep for cells that reach over several rows or columns.
    """
    caption: Node | None = None
    header: Row = []
    rows: list[Row] = []
    for part in table:
        name = name_of(part)
        if name == "caption":
            caption = part
            ledger.lose(part, "<caption>", "judul tabel menjadi paragraf di atasnya")
        elif name in ("thead", "tbody", "tfoot"):
            ledger.structure(part)
            found = [_cells(row, ledger) for row in part if isinstance(row.tag, str)]
            if name == "thead" and found and not header:
                header, found = found[0], found[1:]
            rows += found
        elif name == "tr":
            rows.append(_cells(part, ledger))
        elif name in ("col", "colgroup"):
            ledger.drop(part, "lebar dan gaya kolom tidak disimpan")
        elif name:
            raise CannotKeep(f"<{name}> di dalam tabel tidak didukung")
    if not header and rows and all(name_of(cell) == "th" for cell in rows[0]):
        header, rows = rows[0], rows[1:]
    for cell in (cell for row in rows for cell in row if name_of(cell) == "th"):
        ledger.lose(cell, "<th> di luar baris judul", "menjadi sel biasa")
    ledger.structure(table)
    return caption, header, rows


def _cells(row: Node, ledger: Ledger) -> Row:
    if name_of(row) != "tr":
        raise CannotKeep(f"<{name_of(row)}> di dalam tabel tidak didukung")
    ledger.structure(row)
    cells = [cell for cell in row if isinstance(cell.tag, str)]
    for cell in cells:
        if name_of(cell) not in ("td", "th"):
            raise CannotKeep(f"<{name_of(cell)}> di dalam tabel tidak didukung")
        for name in ("colspan", "rowspan"):
            if ledger.get(cell, name, "1").strip() != "1":
                raise CannotKeep(f"sel tabel dengan {name} tidak didukung")
    return cells
