"""XLSX files from strangers, looked through before any library builds a grid from them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from cat.errors import FileRefused
from cat.itembank.exchange.archive import Archive, is_zip
from cat.itembank.exchange.report import Loss
from cat.itembank.exchange.spreadsheet.columns import EXAMPLE, HELP, LISTS, SHEET
from cat.itembank.exchange.xml import Node, local, parse

MOST_ROWS, MOST_COLUMNS = 2_001, 100
_MOST_XML, _MOST_ELEMENTS = 24 * 1024 * 1024, 500_000
# Part of the path -> what it is. None of them belongs into a sheet of items.
_REFUSED = {
    "vbaproject": "makro",
    "macrosheets/": "makro",
    "externallinks/": "tautan ke buku kerja lain",
    "embeddings/": "objek tertanam",
    "activex/": "kontrol ActiveX",
    "connections.xml": "sambungan data luar",
    "querytables/": "sambungan data luar",
    "customui/": "antarmuka khusus",
}
_LOST = {
    "xl/media/": ("gambar di dalam lembar", "tidak diimpor; satukan gambarnya dalam ZIP"),
    "xl/comments": ("komentar sel", "tidak disimpan"),
    "xl/threadedcomments/": ("komentar sel", "tidak disimpan"),
}
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_OURS = {SHEET, HELP, EXAMPLE, LISTS}


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a ZIP that says it is a workbook."""
    return is_zip(data) and b"xl/workbook.xml" in data


def read_workbook(data: bytes, losses: list[Loss]) -> list[list[str]]:
    """Cells of the sheet of items as texts, a row a list; the first row holds the names.

    Raises FileRefused, naming part and rule, for macros, links, formulas and oversized sheets.
    """
    files = Archive(data)
    formats = _check_parts(files)
    losses += formats
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        name = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
        grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise FileRefused("Berkas XLSX tidak dapat dibaca.") from error
    losses += [
        Loss(f"lembar {other}", "lembar", "tidak dibaca")
        for other in book.sheet_names
        if other != name and other not in _OURS
    ]
    return [
        [_text(cell, row, at) for at, cell in enumerate(cells)]
        for row, cells in enumerate(grid, start=1)
    ]


def _check_parts(files: Archive) -> list[Loss]:
    losses: list[Loss] = []
    for path in files:
        lowered = path.lower()
        for part, what in _REFUSED.items():
            if part in lowered:
                raise FileRefused(f"XLSX ini memuat {what} ({path}); simpan tanpa itu.")
        losses += [
            Loss("XLSX", what, effect)
            for part, (what, effect) in _LOST.items()
            if lowered.startswith(part)
        ]
        if lowered.endswith((".xml", ".rels")):
            root = parse(files[path], path, most_bytes=_MOST_XML, most_elements=_MOST_ELEMENTS)
            losses += _check_part(root, path, files)
    return losses


def _check_part(root: Node, path: str, files: Mapping[str, bytes]) -> list[Loss]:
    losses = []
    for node in root.iter():
        match local(node):
            case "f" | "ddeLink" | "oleLink":
                where = node.getparent().get("r", path)
                raise FileRefused(f"Sel {where} berisi rumus; tempel sebagai nilai lebih dahulu.")
            case "Relationship" if node.get("TargetMode") == "External":
                if not node.get("Type", "").endswith("/hyperlink"):
                    raise FileRefused(f"XLSX ini memuat tautan luar ({node.get('Target')[:60]}).")
                losses.append(Loss("XLSX", "tautan di sel", "tautan hilang, teksnya tetap"))
            case "Override" if "macroEnabled" in node.get("ContentType", ""):
                raise FileRefused("XLSX ini mengaktifkan makro; simpan sebagai .xlsx biasa.")
            case "row" | "c":
                _refuse_far(node.get("r", ""), path)
            case "rPr" if path.lower().endswith("sharedstrings.xml") and _is_styled(node):
                effect = "tidak disimpan; tulis **tebal** atau *miring* sebagai Markdown"
                losses.append(Loss("XLSX", "huruf tebal, miring, atau bergaris di sel", effect))
    return losses


def _is_styled(node: Node) -> bool:
    return any(local(child) in ("b", "i", "u", "strike", "vertAlign") for child in node)


def _refuse_far(place: str, path: str) -> None:
    """The reader builds its whole grid at once: one far cell would fill the memory."""
    if not place:
        return
    found = _PLACE.fullmatch(place if not place.isdecimal() else f"A{place}")
    if found is None:
        raise FileRefused(f"{path}: tempat sel {place[:20]!r} tidak sah.")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    if int(found[2]) > MOST_ROWS:
        raise FileRefused(f"Paling banyak {MOST_ROWS - 1} baris butir dalam satu lembar.")
    if column > MOST_COLUMNS:
        raise FileRefused(f"Paling banyak {MOST_COLUMNS} kolom dalam satu lembar.")


def _text(cell: object, row: int, column: int) -> str:
    if isinstance(cell, datetime | date | time | timedelta):
        raise FileRefused(
            f"Baris {row}, kolom ke-{column + 1}: terbaca sebagai tanggal atau jam; "
            "jadikan selnya teks."
        )
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return str(cell)
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    return str(cell)
