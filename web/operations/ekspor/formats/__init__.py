"""The file formats: each turns one block of rows into bytes, and joins blocks to one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from web.operations.ekspor.columns import Column
from web.operations.ekspor.formats import parquet, texts, xlsx

_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Format:
    """One file format.

    block : bytes of some rows; given the frame, its columns and how many rows came before.
    join : one file from blocks, each with the number of rows before it, in order.
    """

    code: str
    title: str
    suffix: str
    mimetype: str
    block: Callable[[pl.DataFrame, Sequence[Column], int], bytes]
    join: Callable[[Iterable[tuple[int, Path]], Path, Sequence[Column]], None]


FORMATS = {
    each.code: each
    for each in (
        Format("xlsx", "XLSX (Excel)", "xlsx", _XLSX_TYPE, xlsx.block, xlsx.join),
        Format(
            "csv",
            "CSV internasional (koma, titik desimal)",
            "csv",
            "text/csv; charset=utf-8",
            texts.comma_block,
            texts.comma_join,
        ),
        Format(
            "csv-id",
            "CSV Excel Indonesia (titik koma, koma desimal)",
            "csv",
            "text/csv; charset=utf-8",
            texts.semicolon_block,
            texts.semicolon_join,
        ),
        Format(
            "parquet",
            "Parquet",
            "parquet",
            "application/vnd.apache.parquet",
            parquet.block,
            parquet.join,
        ),
        Format(
            "jsonl",
            "JSON Lines",
            "jsonl",
            "application/jsonl; charset=utf-8",
            texts.lines_block,
            texts.lines_join,
        ),
        Format("json", "JSON", "json", "application/json", texts.json_block, texts.json_join),
    )
}
