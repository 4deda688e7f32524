"""Rows as typed columns, and the one written form on which the fingerprints of rows stand.

The written form is the same whatever the file format: a cell read back from an XLSX and from a CSV
gives the same text. An empty text and no value are the same, because CSV and XLSX cannot tell them
apart. Moments count to the millisecond and numbers to fifteen digits, which is what a cell of a
spreadsheet keeps when a program saves it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import polars as pl

from cat.errors import BadInput
from web.operations.ekspor.columns import Column, Kind

BETWEEN = "\x1f"
DIGITS = "%.15g"
_MILLISECOND = 1_000


@dataclass(frozen=True)
class Prints:
    """Fingerprints of one block of rows.

    sha256 : of the whole block. rows : four bytes (CRC-32) for each row, to find which one changed.
    columns : CRC-32 of each column's cells in this block, hexadecimal.
    """

    sha256: str
    rows: bytes
    columns: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many rows the block has."""
        return len(self.rows) // 4


def to_frame(rows: Iterable[Sequence[Any]], columns: Sequence[Column]) -> pl.DataFrame:
    """Typed columns from rows of the database; moments stay microseconds.

    rows : each with at least as many cells as there are columns; further ones are left out.

    Raises BadInput for a number that is not finite, which no format but Parquet can hold.
    """
    whole = list(rows)
    return pl.DataFrame(
        [
            # By place, not by zip(*rows): ten thousand iterators at once miss every cache.
            _series(column, [row[place] for row in whole])
            for place, column in enumerate(columns)
        ]
    )


def _series(column: Column, values: Sequence[Any]) -> pl.Series:
    series = pl.Series(column.name, values, dtype=column.dtype, strict=True)
    if column.kind is Kind.REAL and not series.is_finite().all():
        raise BadInput(f"kolom {column.name}: ada nilai yang bukan bilangan terhingga")
    return series


def written(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Every cell in the written form, as text without nulls."""
    frame = frame.with_columns(
        fifteen_digits(frame[column.name]) for column in columns if column.kind is Kind.REAL
    )
    return frame.select(_written(column).fill_null("").alias(column.name) for column in columns)


def fingerprint(frame: pl.DataFrame) -> Prints:
    """Fingerprints of cells in the written form."""
    lines = frame.select(pl.concat_str(pl.all(), separator=BETWEEN).cast(pl.Binary).alias("line"))[
        "line"
    ].to_list()
    return Prints(
        sha256=hashlib.sha256(b"\n".join(lines)).hexdigest(),
        rows=b"".join([crc32(line).to_bytes(4, "big") for line in lines]),
        columns=tuple(_column_print(frame[name]) for name in frame.columns),
    )


def _column_print(cells: pl.Series) -> str:
    return f"{crc32(cells.str.join(BETWEEN)[0].encode()) if len(cells) else 0:08x}"


def fifteen_digits(cells: pl.Series) -> pl.Series:
    """Each number with fifteen significant digits, as text, which gives the number back again."""
    texts = [None if cell is None else DIGITS % (cell + 0.0) for cell in cells.to_list()]
    return pl.Series(cells.name, texts, dtype=pl.String)


def _written(column: Column) -> pl.Expr:
    """A cell in the written form; null where there is no value."""
    cell = pl.col(column.name)
    match column.kind:
        case Kind.TEXT:
            return cell
        case Kind.YES_NO:
            return yes_or_no(cell)
        case Kind.DAY:
            return cell.dt.strftime("%Y-%m-%d")
        case Kind.MOMENT:
            return (cell // _MILLISECOND).cast(pl.String)
        case _:
            return cell.cast(pl.String)


def yes_or_no(cell: pl.Expr) -> pl.Expr:
    """A boolean in words."""
    return pl.when(cell).then(pl.lit("ya")).when(~cell).then(pl.lit("tidak"))


def as_moment(cell: pl.Expr) -> pl.Expr:
    """Microseconds since 1970-01-01 UTC as a moment."""
    return cell.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def in_jakarta(cell: pl.Expr) -> pl.Expr:
    """Microseconds since 1970-01-01 UTC in Jakarta: 2026-11-18T08:00:00.000000+07:00."""
    local = as_moment(cell).dt.convert_time_zone("Asia/Jakarta")
    return local.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f%:z")
