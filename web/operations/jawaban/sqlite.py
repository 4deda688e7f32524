"""Answers in SQLite: one writer, one transaction a batch, on disk before anybody is told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Engine

from cat.exam.record import Event, Kind
from web.giliran import give_way
from web.operations.jawaban.rows import COLUMNS, TERMS, Row, Write

_LOOK = f"SELECT {COLUMNS} FROM sitting WHERE id IN (SELECT value FROM json_each(?))"
_TERMS = f"SELECT {TERMS} FROM sitting WHERE id IN (SELECT value FROM json_each(?))"
_EVENTS = """
SELECT seq, kind, at, item, option, data FROM sitting_event
WHERE sitting_id = ? AND seq > ? ORDER BY seq
"""
_INSERT = """
INSERT INTO sitting_event (sitting_id, seq, kind, at, item, option, data, seal)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE = "UPDATE sitting SET event_count = ?, answered = ?, last_at = ?, seal = ? WHERE id = ?"
_CONTACTS = """
INSERT INTO kontak (sitting_id, at) VALUES (?, ?)
ON CONFLICT (sitting_id) DO UPDATE SET at = max(at, excluded.at)
"""
_MESSAGES = """
SELECT p.sesi_id, p.ruang_id, p.sitting_id, max(p.id) FROM pesan p JOIN sesi s ON s.id = p.sesi_id
WHERE NOT s.is_closed GROUP BY 1, 2, 3
"""


class SqliteStore:
    """See `rows.Store`. Nothing is ever skipped: there is one writer at a time."""

    def __init__(self, engine: Engine) -> None:
        borrowed = engine.raw_connection()
        connection = borrowed.driver_connection
        borrowed.detach()
        assert isinstance(connection, sqlite3.Connection)
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        self._connection = connection

    def lock(self, ids: Sequence[str], looked_at: Sequence[str]) -> list[Row]:
        if ids:
            give_way()
            self._connection.execute("BEGIN IMMEDIATE")
        found = self._connection.execute(_LOOK, (json.dumps([*ids, *looked_at]),)).fetchall()
        return [Row(*row) for row in found]

    def terms(self, ids: Sequence[str]) -> list[Mapping[str, Any]]:
        rows = self._connection.execute(_TERMS, (json.dumps(list(ids)),)).fetchall()
        names = TERMS.split(", ")
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [row | {"hangus": json.loads(row["hangus"])} for row in found]

    def events(self, after: Mapping[str, int]) -> list[tuple[str, Event]]:
        return [
            (sitting_id, Event(seq, Kind(kind), at, item, option, json.loads(data)))
            for sitting_id, known in after.items()
            for seq, kind, at, item, option, data in self._connection.execute(
                _EVENTS, (sitting_id, known)
            )
        ]

    def commit(self, writes: Sequence[Write]) -> None:
        if writes:
            self._connection.executemany(_INSERT, [write[:8] for write in writes])
            self._connection.executemany(
                _UPDATE,
                [(w.seq, w.answered, w.at, w.seal, w.sitting_id) for w in writes],
            )
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def contacts(self, seen: Mapping[str, int]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany(_CONTACTS, list(seen.items()))
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            self.rollback()
            raise

    def messages(self) -> list[tuple[int, int | None, str | None, int]]:
        return self._connection.execute(_MESSAGES).fetchall()

    def close(self) -> None:
        self._connection.close()
