"""Parquet: typed columns, one row group for some blocks, written without holding them all."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from web.operations.ekspor.columns import Column, Kind
from web.operations.ekspor.frames import as_moment, to_frame

GROUP_ROWS = 100_000


def block(frame: pl.DataFrame, columns: Sequence[Column], first: int) -> bytes:
    """Rows as a small Parquet file of their own."""
    out = io.BytesIO()
    _typed(frame, columns).write_parquet(out, compression="lz4", statistics=False)
    return out.getvalue()


def join(blocks: Iterable[tuple[int, Path]], out: Path, columns: Sequence[Column]) -> None:
    """One Parquet file with all row groups, in order."""
    paths = [path for _, path in blocks]
    rows = pl.scan_parquet(paths) if paths else _typed(to_frame([], columns), columns).lazy()
    rows.sink_parquet(out, row_group_size=GROUP_ROWS, maintain_order=True)


def _typed(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    moments = [column.name for column in columns if column.kind is Kind.MOMENT]
    return frame.with_columns(as_moment(pl.col(name)).alias(name) for name in moments)
