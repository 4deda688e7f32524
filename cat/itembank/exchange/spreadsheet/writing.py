"""Sheets of items: the empty template, and exports of the bank.

No cell can become a formula: in XLSX every cell is stored as a text, and in CSV what a spreadsheet
would run gets an apostrophe that reading takes away again.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from cat.errors import BadItem
from cat.itembank.content import LANGUAGE_LEVELS, LETTERS, ItemContent
from cat.itembank.exchange.qti.packaging import zipped
from cat.itembank.exchange.qti.writing import stored_pictures
from cat.itembank.exchange.spreadsheet.columns import (
    EXAMPLE,
    EXAMPLES,
    HELP,
    HELP_OF,
    LISTS,
    SHEET,
    columns,
)
from cat.itembank.exchange.spreadsheet.rows import as_row

CELL_LETTERS = 32_767
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# A text that already begins with an apostrophe gets another, so that taking one away is exact.
GUARDED_STARTS = (*FORMULA_STARTS, "'")
_ROWS_CHECKED = 2_000
_WIDE = {"soal": 60, "teks_stimulus": 40, "rasional": 40, "domain": 28}


def template(domains: Sequence[str]) -> bytes:
    """The workbook to fill in. domains : to choose from."""
    return _workbook([], domains, columns())


def as_xlsx(items: Iterable[ItemContent], domains: Sequence[str]) -> bytes:
    """Items as a workbook of the same shape. Raises BadItem for a text that no cell can hold."""
    rows = [as_row(item) for item in items]
    return _workbook(rows, domains, _columns_for(rows))


def as_csv(items: Iterable[ItemContent]) -> bytes:
    """Items as CSV (RFC 4180) with a byte-order mark, so that spreadsheets read UTF-8."""
    rows = [as_row(item) for item in items]
    names, text = _columns_for(rows), StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([guarded(row.get(name, "")) for name in names] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def with_pictures(
    name: str, sheet: bytes, items: Iterable[ItemContent], picture: Callable[[str], bytes]
) -> bytes | None:
    """The sheet and the stored pictures of its items in one ZIP; None where there are none."""
    names = sorted({each for item in items for each in stored_pictures(item)})
    if not names:
        return None
    return zipped({name: sheet, **{f"gambar/{each}": picture(each) for each in names}})


def guarded(text: str) -> str:
    """A cell of CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(GUARDED_STARTS) else text


def unguarded(text: str) -> str:
    """The cell as it was before `guarded`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(GUARDED_STARTS) else text


def _columns_for(rows: Sequence[dict[str, str]]) -> list[str]:
    size = 5
    while size < 10 and any(f"opsi_{'abcdefghij'[size]}" in row for row in rows):
        size += 1
    return columns(size)


def _workbook(
    rows: Sequence[dict[str, str]], domains: Sequence[str], names: Sequence[str]
) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(SHEET)
        _write(sheet, names, rows, bold, wrapped)
        _write_help(book.add_worksheet(HELP), names, bold, wrapped)
        _write(book.add_worksheet(EXAMPLE), names, EXAMPLES, bold, wrapped)
        lists = book.add_worksheet(LISTS)
        lists.set_column(0, 3, 30, text)
        _validate(sheet, lists, names, domains, bold)
    return buffer.getvalue()


def _write(
    sheet: Any, names: Sequence[str], rows: Sequence[dict[str, str]], bold: Any, text: Any
) -> None:
    sheet.freeze_panes(1, 2)
    for place, name in enumerate(names):
        sheet.set_column(place, place, _WIDE.get(name, 18), text)
        sheet.write_string(0, place, name, bold)
    for line, row in enumerate(rows, start=1):
        for place, name in enumerate(names):
            cell = row.get(name, "")
            if len(cell) > CELL_LETTERS:
                raise BadItem(
                    f"{row.get('kode', '')}: kolom {name} memuat {len(cell)} huruf, tidak muat "
                    f"dalam sel XLSX (paling banyak {CELL_LETTERS}); pilih QTI atau CSV"
                )
            if cell:
                sheet.write_string(line, place, cell, text)


def _write_help(sheet: Any, names: Sequence[str], bold: Any, text: Any) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100, text)
    sheet.write_row(0, 0, ["Kolom", "Isi"], bold)
    for line, name in enumerate(names, start=1):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, HELP_OF[name], text)


def _validate(
    sheet: Any, lists: Any, names: Sequence[str], domains: Sequence[str], bold: Any
) -> None:
    """Lists to choose from, each with the column that it belongs to."""
    offered = {
        "domain": list(domains),
        "kunci": list(LETTERS),
        "tingkat_bahasa": list(LANGUAGE_LEVELS),
    }
    for place, (name, values) in enumerate(offered.items()):
        lists.write_string(0, place, name, bold)
        for line, value in enumerate(values, start=1):
            lists.write_string(line, place, value)
        if values:
            letter = "ABC"[place]
            source = f"={LISTS}!${letter}$2:${letter}${len(values) + 1}"
            # Several keys are legal, so a key outside the list is questioned, not refused.
            _rule(sheet, names, name, {"source": source, "error_type": "warning"})
    for letter in "abcde":
        _rule(sheet, names, f"poin_{letter}", {"source": ["1", "2", "3", "4", "5"]})


def _rule(sheet: Any, names: Sequence[str], name: str, rule: dict[str, Any]) -> None:
    place = names.index(name)
    sheet.data_validation(1, place, _ROWS_CHECKED, place, {"validate": "list", **rule})
