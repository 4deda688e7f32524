"""The feed of changes: each reader sees every change once, in one order, and misses none."""

from __future__ import annotations

from sqlalchemy import BigInteger, Select, Text, cast, func, select, tuple_
from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.tables import Change

_LARGEST_ID = 2**31 - 1  # beyond it PostgreSQL compares no row number
KINDS = ("hasil", "peserta", "pengumuman", "kompetensi")


def note(session: Session, kind: str, key: str) -> None:
    """Tell readers that something changed; goes out with the transaction of the change itself."""
    if kind not in KINDS:
        raise BadInput(f"kind must be one of {KINDS}; got {kind!r}", kind=kind)
    session.add(Change(kind=kind, key=key))


def read(session: Session, kind: str, after: str | None, limit: int) -> tuple[list[str], str, bool]:
    """The keys that changed after a cursor.

    after : cursor of an earlier answer, or None for the beginning. limit : most rows to read.

    Returns the keys, each once and in order, the next cursor, and whether there is more to read
    now. Raises BadInput for a cursor that is not one.
    """
    query = _visible(session, select(Change).where(Change.kind == kind))
    if after:
        query = query.where(tuple_(Change.transaction_id, Change.id) > _position(after))
    rows = session.scalars(query.order_by(Change.transaction_id, Change.id).limit(limit + 1)).all()
    there_is_more, rows = len(rows) > limit, rows[:limit]
    cursor = f"{rows[-1].transaction_id}.{rows[-1].id}" if rows else (after or "0.0")
    return list(dict.fromkeys(row.key for row in rows)), cursor, there_is_more


def _visible(session: Session, query: Select[tuple[Change]]) -> Select[tuple[Change]]:
    """Only rows of transactions before which none is still running."""
    if session.get_bind().dialect.name != "postgresql":
        return query
    oldest_running = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
    return query.where(Change.transaction_id < oldest_running)


def _position(cursor: str) -> tuple[int, int]:
    transaction, dot, row = cursor.partition(".")
    if (
        not (dot and transaction.isdecimal() and row.isdecimal())
        or max(len(transaction), len(row)) > 18
    ):
        raise BadInput(f"sejak: {cursor[:40]!r} bukan kursor dari jawaban sebelumnya")
    return int(transaction), min(int(row), _LARGEST_ID)
