"""XLSX and CSV files that people fill in: written as templates, read as texts with line numbers."""

from __future__ import annotations

import csv
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import BytesIO, StringIO

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from cat.errors import FileRefused

MOST_ROWS = 20_000
_MOST_COLUMNS = 200
# Unpacked; a workbook of MOST_ROWS with every column is a tenth of this.
_MOST_BYTES = 32 * 1024 * 1024
_SHOWN_NAMES = 10
_SHEET = b"sheetData"
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)(\d*)""")
_NUMBER = re.compile(r"-?\d{1,9}([.,]\d{1,9})?")
# Beyond this, a spreadsheet's number has lost digits.
_EXACT = 10**15
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Baris:
    """One line. number : as the spreadsheet counts, the header being 1. cells : column -> text."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Temuan:
    """One breach in a file: where, what stands there, and the rule it breaks."""

    baris: int
    nomor: str
    bagian: str
    nilai: str
    aturan: str


@dataclass
class Laporan:
    """What a file would do, and what forbids it.

    accepted : rows that are new. unchanged : rows that say what is stored already.
    """

    accepted: int = 0
    unchanged: int = 0
    problems: list[Temuan] = field(default_factory=list)


def read_sheet(content: bytes, columns: Sequence[str]) -> list[Baris]:
    """The rows of the first sheet of an XLSX, or of a CSV with commas or semicolons.

    columns : must all be in the header; columns that are not asked for are left out.

    Raises FileRefused for a file that is neither, or lacks a column.
    """
    table = read_table(content)
    if not table:
        raise FileRefused("Berkas kosong: baris pertama harus berisi nama kolom.")
    header = [name.strip().lower() for name in table[0]]
    if len(header) > _MOST_COLUMNS:
        raise FileRefused(f"Paling banyak {_MOST_COLUMNS} kolom dalam satu berkas.")
    if missing := [name for name in columns if name not in header]:
        shown = ", ".join(name[:20] for name in header[:_SHOWN_NAMES])
        raise FileRefused(f"Kolom {', '.join(missing)} tidak ada; yang terbaca: {shown or '-'}.")
    if doubled := sorted({name for name in columns if header.count(name) > 1}):
        raise FileRefused(f"Kolom {', '.join(doubled)} tertulis lebih dari satu kali.")
    if len(table) - 1 > MOST_ROWS:
        raise FileRefused(f"Paling banyak {MOST_ROWS} baris dalam satu berkas.")
    places = {name: header.index(name) for name in columns}
    rows = [
        Baris(
            number, {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        )
        for number, row in enumerate(table[1:], start=2)
    ]
    return [row for row in rows if any(row.cells.values())]


def read_table(content: bytes) -> list[list[str]]:
    """Every cell of the first sheet of an XLSX, or of a CSV with commas or semicolons, as text.

    Raises FileRefused for a file that is neither, or too large once it is unpacked.
    """
    return _xlsx(content) if content[:2] == b"PK" else _csv(content)


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook to fill in; every cell is a text, so that no number loses a digit."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        sheet = book.add_worksheet("Nilai")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 22, text)
        sheet.write_row(0, 0, columns, bold)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, cell, text)
    return file.getvalue()


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The same as CSV (RFC 4180) with a byte-order mark, so that spreadsheets read UTF-8."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    # What a spreadsheet would run as a formula gets an apostrophe; `read_sheet` takes it away.
    writer.writerows([f"'{c}" if c.startswith(_FORMULA_STARTS) else c for c in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_decimal(text: str) -> Decimal | None:
    """A number with decimal comma or point, without thousands separators; None where it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def as_whole(text: str) -> int | None:
    """A whole number; None where it is none."""
    number = as_decimal(text)
    return int(number) if number is not None and number == int(number) else None


def _xlsx(content: bytes) -> list[list[str]]:
    _refuse_bomb(content)
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError) as error:
        raise FileRefused("Berkas XLSX tidak dapat dibaca.") from error


def _refuse_bomb(content: bytes) -> None:
    """Refuse a workbook that would fill the memory: the reader builds its whole grid at once."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > _MOST_BYTES:
                raise FileRefused("Berkas XLSX terlalu besar setelah dibuka.")
            sheets = [text for each in archive.infolist() if _SHEET in (text := archive.read(each))]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused("Berkas XLSX tidak dapat dibaca.") from error
    for column, row in (place for sheet in sheets for place in _PLACE.findall(sheet)):
        if len(column) > 3 or len(row) > 7:
            raise FileRefused("Berkas XLSX tidak dapat dibaca.")
        if _column_number(column) > _MOST_COLUMNS:
            raise FileRefused(f"Paling banyak {_MOST_COLUMNS} kolom dalam satu berkas.")
        if int(row or 0) > MOST_ROWS + 1:
            raise FileRefused(f"Paling banyak {MOST_ROWS} baris dalam satu berkas.")


def _column_number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _text(cell: object) -> str:
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    if isinstance(cell, float):
        if cell == int(cell):
            # A nomor peserta kept as a number has lost its last digits: say so, do not guess.
            return str(int(cell)) if abs(cell) < _EXACT else f"{cell:.6e}"
        return repr(cell)
    return str(cell)


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused("Berkas bukan XLSX dan bukan CSV UTF-8.") from error
    if "\0" in text:
        raise FileRefused("CSV tidak dapat dibaca: ada tanda NUL.")
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileRefused(f"CSV tidak dapat dibaca: {error}.") from error
    # An apostrophe keeps a spreadsheet from taking a number for a number; it is not part of it.
    return [[cell.removeprefix("'") for cell in row] for row in rows]
