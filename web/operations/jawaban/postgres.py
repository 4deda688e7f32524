"""Answers in PostgreSQL: two round trips a batch, through the driver itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy.engine import Engine

from cat.exam.record import Event, Kind
from web.operations.jawaban.rows import COLUMNS, TERMS, Row, Write

_LOOK = f"SELECT {COLUMNS} FROM sitting WHERE id = ANY(%s::text[])"
# Whoever holds a row, a proctor perhaps, must not make others wait. The key itself is not touched:
# rows that refer to it may be added meanwhile.
_LOCK = f"{_LOOK} ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
_TERMS = f"SELECT {TERMS} FROM sitting WHERE id = ANY(%s::text[])"
_EVENTS = """
SELECT e.sitting_id, e.seq, e.kind, e.at, e.item, e.option, e.data
FROM unnest(%s::text[], %s::int[]) AS known(id, seq)
JOIN sitting_event e ON e.sitting_id = known.id AND e.seq > known.seq
ORDER BY e.sitting_id, e.seq
"""
_INSERT = """
INSERT INTO sitting_event (sitting_id, seq, kind, at, item, option, data, seal)
SELECT sitting_id, seq, kind, at, item, option, data::json, seal
FROM unnest(%s::text[], %s::int[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[],
            %s::text[])
AS added(sitting_id, seq, kind, at, item, option, data, seal)
"""
_UPDATE = """
UPDATE sitting SET event_count = left_at.seq, answered = left_at.answered, last_at = left_at.at,
    seal = left_at.seal
FROM unnest(%s::text[], %s::int[], %s::int[], %s::bigint[], %s::text[])
AS left_at(id, seq, answered, at, seal)
WHERE sitting.id = left_at.id
"""
_CONTACTS = """
INSERT INTO kontak (sitting_id, at)
SELECT id, at FROM unnest(%s::text[], %s::bigint[]) AS seen(id, at) ORDER BY id
ON CONFLICT (sitting_id) DO UPDATE SET at = GREATEST(kontak.at, excluded.at)
"""
_MESSAGES = """
SELECT p.sesi_id, p.ruang_id, p.sitting_id, max(p.id) FROM pesan p JOIN sesi s ON s.id = p.sesi_id
WHERE NOT s.is_closed GROUP BY 1, 2, 3
"""


class PostgresStore:
    """See `rows.Store`. One thread may use it."""

    def __init__(self, engine: Engine) -> None:
        borrowed = engine.raw_connection()
        connection = borrowed.driver_connection
        borrowed.detach()
        assert isinstance(connection, psycopg.Connection)
        connection.rollback()
        connection.autocommit = True
        self._connection = connection

    def lock(self, ids: Sequence[str], looked_at: Sequence[str]) -> list[Row]:
        found: list[Any] = []
        with self._connection.pipeline():
            cursors = []
            if looked_at:
                cursors.append(self._connection.execute(_LOOK, (_array(looked_at),)))
            if ids:
                self._connection.execute("BEGIN")
                cursors.append(self._connection.execute(_LOCK, (_array(ids),)))
            for cursor in cursors:
                found += cursor.fetchall()
        return [Row(*row) for row in found]

    def terms(self, ids: Sequence[str]) -> list[Mapping[str, Any]]:
        rows = self._connection.execute(_TERMS, (_array(ids),)).fetchall()
        names = TERMS.split(", ")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def events(self, after: Mapping[str, int]) -> list[tuple[str, Event]]:
        rows = self._connection.execute(_EVENTS, (_array(after), _array(after.values())))
        return [
            (sitting_id, Event(seq, Kind(kind), at, item, option, data))
            for sitting_id, seq, kind, at, item, option, data in rows
        ]

    def commit(self, writes: Sequence[Write]) -> None:
        with self._connection.pipeline():
            if writes:
                ids, seqs, kinds, at, items, options, data, seals, answered = map(
                    _array, zip(*writes, strict=True)
                )
                self._connection.execute(
                    _INSERT, (ids, seqs, kinds, at, items, options, data, seals)
                )
                self._connection.execute(_UPDATE, (ids, seqs, answered, at, seals))
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        self._connection.execute("ROLLBACK")

    def contacts(self, seen: Mapping[str, int]) -> None:
        with self._connection.transaction():
            # Lossy by design: no answer waits for it, and it waits for no disk.
            self._connection.execute("SET LOCAL synchronous_commit = off")
            self._connection.execute(_CONTACTS, (_array(seen), _array(seen.values())))

    def messages(self) -> list[tuple[int, int | None, str | None, int]]:
        return self._connection.execute(_MESSAGES).fetchall()

    def close(self) -> None:
        self._connection.close()


def _array(values: Iterable[str | int]) -> str:
    """The values as the text of an array: made in one go, where the driver takes one at a time."""
    return "{" + ",".join([_quoted(each) for each in values]) + "}"


def _quoted(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    if value.isalnum():
        return value if value.lower() != "null" else f'"{value}"'
    return json.dumps(value, ensure_ascii=False) if "\\" in value or '"' in value else f'"{value}"'
