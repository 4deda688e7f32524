"""Reading an exported file again, cell by cell, in the written form that fingerprints stand on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import IO, Any

import polars as pl
from python_calamine import CalamineWorkbook

from cat.errors import BadInput
from web.clock import WIB
from web.operations.ekspor.columns import Column, Kind
from web.operations.ekspor.formats.texts import FORMULA
from web.operations.ekspor.frames import DIGITS, written

Cells = list[str]
_GUARDED = re.compile("'" + FORMULA.removeprefix("^"))
_SHEET = re.compile(r"Data( \d+)?")
_TOGETHER = 50_000


def read(code: str, file: IO[bytes], columns: Sequence[Column]) -> Iterator[Cells]:
    """The rows of a file, each cell in the written form.

    code : of the format. A cell that is not of its column's type stays as it is written there.

    Raises BadInput where the file cannot be read as that format, or has other columns.
    """
    try:
        yield from _READERS[code](file, columns)
    except BadInput:
        raise
    except Exception as error:  # whatever a reader makes of a damaged file
        raise BadInput(f"tidak dapat dibaca sebagai {code}: {error}") from error


def _read_csv(file: IO[bytes], columns: Sequence[Column], separator: str) -> Iterator[Cells]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    lines = csv.reader(text, delimiter=separator)
    _compare_header(next(lines, []), columns)
    for line in lines:
        cells = [*line, *[""] * (len(columns) - len(line))]
        yield [_of_text(c, cell, separator) for c, cell in zip(columns, cells, strict=False)]


def _read_lines(file: IO[bytes], columns: Sequence[Column]) -> Iterator[Cells]:
    for line in file:
        if line.strip():
            yield _of_object(json.loads(line), columns)


def _read_json(file: IO[bytes], columns: Sequence[Column]) -> Iterator[Cells]:
    """Line by line, as it was written, so that it need not fit in memory."""
    for line in file:
        member = line.strip().rstrip(b",")
        if member not in (b"[", b"]", b""):
            yield _of_object(json.loads(member), columns)


def _read_parquet(file: IO[bytes], columns: Sequence[Column]) -> Iterator[Cells]:
    content = file.read()
    schema = pl.read_parquet_schema(io.BytesIO(content))
    _compare_header(list(schema), columns)
    moments = [c.name for c in columns if c.kind is Kind.MOMENT]
    rows = pl.scan_parquet(io.BytesIO(content))
    rows = rows.with_columns(pl.col(name).dt.epoch("us") for name in moments)
    height = rows.select(pl.len()).collect().item()
    for start in range(0, height, _TOGETHER):
        frame = rows.slice(start, _TOGETHER).collect()
        frame = frame.with_columns(pl.col(c.name).cast(c.dtype) for c in columns)
        yield from map(list, written(frame, columns).iter_rows())


def _read_xlsx(file: IO[bytes], columns: Sequence[Column]) -> Iterator[Cells]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    for name in book.sheet_names:
        if not _SHEET.fullmatch(name):
            continue
        header, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False) or [[]]
        _compare_header([str(cell) for cell in header], columns)
        for row in rows:
            cells = [*row, *[""] * (len(columns) - len(row))]
            yield [_of_value(c, cell) for c, cell in zip(columns, cells, strict=False)]


_READERS: dict[str, Callable[[IO[bytes], Sequence[Column]], Iterator[Cells]]] = {
    "csv": lambda file, columns: _read_csv(file, columns, ","),
    "csv-id": lambda file, columns: _read_csv(file, columns, ";"),
    "jsonl": _read_lines,
    "json": _read_json,
    "parquet": _read_parquet,
    "xlsx": _read_xlsx,
}


def _compare_header(found: list[str], columns: Sequence[Column]) -> None:
    wanted = [column.name for column in columns]
    if found != wanted:
        other = sorted(set(found) ^ set(wanted))
        raise BadInput(f"kolom tidak sama dengan manifest: {', '.join(other) or 'urutannya'}")


def _of_object(row: dict[str, Any], columns: Sequence[Column]) -> Cells:
    if not isinstance(row, dict) or list(row) != [column.name for column in columns]:
        raise BadInput("kolom tidak sama dengan manifest")
    return [_of_value(column, row[column.name]) for column in columns]


def _of_text(column: Column, cell: str, separator: str) -> str:
    """A cell of a CSV."""
    if column.kind is Kind.TEXT:
        return cell[1:] if _GUARDED.match(cell) else cell
    if separator == ";" and column.kind in (Kind.REAL, Kind.DECIMAL):
        cell = cell.replace(",", ".")
    return _of_value(column, cell)


def _of_value(column: Column, value: Any) -> str:
    """A cell in the written form; a value that is not of the column's type stays as it is."""
    if value is None or value == "":
        return ""
    try:
        return _WRITTEN[column.kind](value, column.scale)
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        return str(value)


def _whole(value: Any, _: int) -> str:
    number = Decimal(str(value))
    return str(int(number)) if number == int(number) else str(value)


def _real(value: Any, _: int) -> str:
    return DIGITS % (float(value) + 0.0)


def _decimal(value: Any, scale: int) -> str:
    number = Decimal(str(value))
    rounded = round(number, scale)
    return f"{rounded:.{scale}f}" if rounded == number else str(value)


def _day(value: Any, _: int) -> str:
    if isinstance(value, datetime):
        return value.isoformat() if value.time() != value.min.time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _moment(value: Any, _: int) -> str:
    """Milliseconds; a moment without a zone, as in a spreadsheet, is in the time of Jakarta."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(), WIB)
    since = at.replace(tzinfo=at.tzinfo or WIB) - datetime(1970, 1, 1, tzinfo=UTC)
    microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    if isinstance(value, str):
        return str(microseconds // 1_000)
    return str(round(microseconds / 1_000))


def _yes_no(value: Any, _: int) -> str:
    return {True: "ya", False: "tidak"}.get(value, str(value))


def _text(value: Any, _: int) -> str:
    return str(value)


_WRITTEN: dict[Kind, Callable[[Any, int], str]] = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.REAL: _real,
    Kind.DECIMAL: _decimal,
    Kind.YES_NO: _yes_no,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
}
