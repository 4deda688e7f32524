"""CSV (RFC 4180) for programs and for Indonesian spreadsheets, JSON Lines, and JSON."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from web.operations.ekspor.columns import Column, Kind
from web.operations.ekspor.frames import in_jakarta, yes_or_no

# What a spreadsheet takes for a formula, also in full width. Apostrophes before it are counted in,
# so that taking one away again always gives the text as it was.
FORMULA = r"^'*[=+\-@\t\r\n＝＋－＠]"
BOM = b"\xef\xbb\xbf"


def comma_block(frame: pl.DataFrame, columns: Sequence[Column], first: int) -> bytes:
    """Rows as CSV with comma and decimal point."""
    return _csv(frame, columns, separator=",", decimal_comma=False)


def semicolon_block(frame: pl.DataFrame, columns: Sequence[Column], first: int) -> bytes:
    """Rows as CSV with semicolon and decimal comma, as a spreadsheet set to Indonesian reads it."""
    return _csv(frame, columns, separator=";", decimal_comma=True)


def comma_join(blocks: Iterable[tuple[int, Path]], out: Path, columns: Sequence[Column]) -> None:
    """One CSV with its header; the byte-order mark makes spreadsheets read UTF-8."""
    head = BOM + ",".join(column.name for column in columns).encode() + b"\r\n"
    _join(blocks, out, head)


def semicolon_join(
    blocks: Iterable[tuple[int, Path]], out: Path, columns: Sequence[Column]
) -> None:
    """One CSV with its header, separated by semicolons."""
    head = BOM + ";".join(column.name for column in columns).encode() + b"\r\n"
    _join(blocks, out, head)


def lines_block(frame: pl.DataFrame, columns: Sequence[Column], first: int) -> bytes:
    """Rows as JSON Lines."""
    return _readable(frame, columns).write_ndjson().encode()


def lines_join(blocks: Iterable[tuple[int, Path]], out: Path, columns: Sequence[Column]) -> None:
    """One JSON Lines file."""
    _join(blocks, out)


def json_block(frame: pl.DataFrame, columns: Sequence[Column], first: int) -> bytes:
    """Rows as members of a JSON array, one a line; a comma follows the block before."""
    lines = lines_block(frame, columns, first).removesuffix(b"\n").replace(b"\n", b",\n")
    return (b",\n" if first else b"\n") + lines


def json_join(blocks: Iterable[tuple[int, Path]], out: Path, columns: Sequence[Column]) -> None:
    """One JSON array of objects."""
    _join(blocks, out, b"[", b"\n]\n")


def _csv(
    frame: pl.DataFrame, columns: Sequence[Column], *, separator: str, decimal_comma: bool
) -> bytes:
    out = io.BytesIO()
    frame.select(_csv_cell(column, decimal_comma) for column in columns).write_csv(
        out,
        include_header=False,
        separator=separator,
        decimal_comma=decimal_comma,
        line_terminator="\r\n",
    )
    return out.getvalue()


def _csv_cell(column: Column, decimal_comma: bool) -> pl.Expr:
    cell = pl.col(column.name)
    match column.kind:
        case Kind.TEXT:
            said = pl.when(cell.str.contains(FORMULA)).then("'" + cell).otherwise(cell)
        case Kind.YES_NO:
            said = yes_or_no(cell)
        case Kind.MOMENT:
            said = in_jakarta(cell)
        case Kind.DECIMAL if decimal_comma:
            said = cell.cast(pl.String).str.replace(".", ",", literal=True)
        case _:
            said = cell
    return said.alias(column.name)


def _readable(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Values as JSON knows them: moments as texts, fixed decimals as numbers."""

    def said(column: Column) -> pl.Expr:
        cell = pl.col(column.name)
        match column.kind:
            case Kind.MOMENT:
                return in_jakarta(cell)
            case Kind.DECIMAL:
                return cell.cast(pl.Float64)
            case _:
                return cell

    return frame.select(said(column).alias(column.name) for column in columns)


def _join(
    blocks: Iterable[tuple[int, Path]], out: Path, head: bytes = b"", tail: bytes = b""
) -> None:
    with out.open("wb") as whole:
        whole.write(head)
        for _, path in blocks:
            with path.open("rb") as block:
                shutil.copyfileobj(block, whole, 1 << 20)
        whole.write(tail)
