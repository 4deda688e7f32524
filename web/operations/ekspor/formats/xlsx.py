"""XLSX written row by row as text, which is what its sheets are: no memory, no waiting at the end.

Texts stay texts (leading zeros, formulas), days and moments are dates. A sheet holds SHEET_ROWS
rows at most; the rest goes to the next sheet. The last sheet explains the columns.
ECMA-376 part 1, chapter 18 (SpreadsheetML); the limits of cells are those of Excel.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl

from cat.errors import BadInput
from web.operations.ekspor.columns import Column, Kind
from web.operations.ekspor.formats import xlsx_parts as parts
from web.operations.ekspor.frames import fifteen_digits, yes_or_no

SHEET_ROWS = 1_000_000  # Excel takes 1,048,576 with the header; a multiple of the block
CELL_LETTERS = 32_767
_COMPRESSION = 1  # sheets shrink to a tenth; more effort gains little and costs most of the time
_EPOCH_DAYS = 25_569  # 1970-01-01 in days since 1899-12-30
_DAY_MS, _JAKARTA_MS = 86_400_000, 7 * 3_600_000
# Characters that XML cannot hold, or changes; and a text that looks like one so written.
_SPECIAL = r"[\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_"
_SPECIAL_IN_PYTHON = re.compile(_SPECIAL.replace(r"\x{fffe}\x{ffff}", "\ufffe\uffff"))
_DAY_STYLE, _MOMENT_STYLE = 2, 3


def block(frame: pl.DataFrame, columns: Sequence[Column], first: int) -> bytes:
    """Rows as the text of a sheet. first : number of rows before them.

    Raises BadInput for a text that no cell can hold.
    """
    _refuse_long(frame, columns, first)
    frame = frame.with_columns(_escaped(frame[c.name]) for c in columns if c.kind is Kind.TEXT)
    # Spreadsheets keep fifteen digits; more would change when a program saves the file again.
    frame = frame.with_columns(
        fifteen_digits(frame[c.name]) for c in columns if c.kind is Kind.REAL
    )
    row = (pl.int_range(pl.len()) + (first % SHEET_ROWS + 2)).cast(pl.String)
    cells = [_cell(column, parts.letters(place), row) for place, column in enumerate(columns)]
    lines = frame.select(
        pl.concat_str(pl.lit('<row r="'), row, pl.lit('">'), *cells, pl.lit("</row>")).alias("row")
    )
    return str(lines["row"].str.join("")[0] or "").encode()


def join(blocks: Iterable[tuple[int, Path]], out: Path, columns: Sequence[Column]) -> None:
    """One workbook: sheets Data, Data 2, ..., and Keterangan."""
    names: list[str] = []
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION) as book:
        sheets = groupby(blocks, key=lambda each: each[0] // SHEET_ROWS)
        for number, those in chain([next(sheets, (0, iter(())))], sheets):
            names.append("Data" if number == 0 else f"Data {number + 1}")
            with _entry(book, parts.sheet_path(len(names))) as sheet:
                sheet.write(parts.sheet_head(columns))
                for _, path in those:
                    with path.open("rb") as rows:
                        shutil.copyfileobj(rows, sheet, 1 << 20)
                sheet.write(parts.SHEET_TAIL)
        names.append("Keterangan")
        with _entry(book, parts.sheet_path(len(names))) as sheet:
            sheet.write(parts.explanation(columns))
        for name, content in parts.frame_files(names).items():
            with _entry(book, name) as file:
                file.write(content.encode())


def _entry(book: ZipFile, name: str) -> IO[bytes]:
    """A file inside the workbook, with a time that never changes so that equal data are equal."""
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    return book.open(info, "w")


def _cell(column: Column, letters: str, row: pl.Expr) -> pl.Expr:
    """One cell as XML, its text escaped before; nothing where there is no value."""
    value, place = pl.col(column.name), pl.lit(f'<c r="{letters}')
    match column.kind:
        case Kind.TEXT:
            kept = pl.when(value.str.contains(r"^\s|\s$"))
            start = kept.then(pl.lit('<t xml:space="preserve">')).otherwise(pl.lit("<t>"))
            head = pl.concat_str(pl.lit('" t="inlineStr"><is>'), start)
            said, tail = value, pl.lit("</t></is></c>")
        case Kind.YES_NO:
            head, said = pl.lit('" t="inlineStr"><is><t>'), yes_or_no(value)
            tail = pl.lit("</t></is></c>")
        case Kind.DAY:
            head, tail = pl.lit(f'" s="{_DAY_STYLE}"><v>'), pl.lit("</v></c>")
            said = (value.cast(pl.Int32) + _EPOCH_DAYS).cast(pl.String)
        case Kind.MOMENT:
            head, tail = pl.lit(f'" s="{_MOMENT_STYLE}"><v>'), pl.lit("</v></c>")
            days = (value // 1_000 + _JAKARTA_MS) / _DAY_MS + _EPOCH_DAYS
            said = days.cast(pl.String)
        case _:
            head, said, tail = pl.lit('"><v>'), value.cast(pl.String), pl.lit("</v></c>")
    whole = pl.concat_str(place, row, head, said, tail)
    return pl.when(value.is_null() | (said == "")).then(pl.lit("")).otherwise(whole)


def _escaped(texts: pl.Series) -> pl.Series:
    """Texts as XML holds them."""
    plain = texts.str.replace_all("&", "&amp;", literal=True)
    plain = plain.str.replace_all("<", "&lt;", literal=True)
    plain = plain.str.replace_all(">", "&gt;", literal=True)
    is_special = plain.str.contains(_SPECIAL)
    if not is_special.any():
        return plain
    spelled = [_SPECIAL_IN_PYTHON.sub(_spell, text) for text in plain.filter(is_special)]
    return plain.scatter(is_special.arg_true(), spelled)


def _spell(found: re.Match[str]) -> str:
    text = found.group()
    return f"_x005F{text}" if len(text) > 1 else f"_x{ord(text):04X}_"


def _refuse_long(frame: pl.DataFrame, columns: Sequence[Column], first: int) -> None:
    for column in columns:
        if column.kind is Kind.TEXT:
            place = frame[column.name].str.len_chars().arg_max() or 0
            letters = len(frame[column.name][place] or "") if len(frame) else 0
            if letters > CELL_LETTERS:
                line = first + place + 1
                raise BadInput(
                    f"baris {line}, kolom {column.name}: {letters} huruf tidak muat dalam "
                    f"sel XLSX (paling banyak {CELL_LETTERS}); pilih CSV, Parquet, atau JSON",
                    row=line,
                    column=column.name,
                )
