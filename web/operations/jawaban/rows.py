"""What the path of answers reads and writes in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from cat.exam.record import Event


class Row(NamedTuple):
    """Where a sitting stands by the database; the fields are columns of `Sitting`."""

    id: str
    phase: str
    event_count: int
    answered: int
    last_at: int
    seal: str
    deadline: int | None
    masuk_id: str | None
    sesi_id: int
    ruang_id: int | None
    seconds: int
    mode: str


COLUMNS = ", ".join(Row._fields)
TERMS = "id, pool_digest, rules_digest, mode, seed, seconds, paket, hangus"


class Write(NamedTuple):
    """An event to be stored and what it leaves in the row of its sitting."""

    sitting_id: str
    seq: int
    kind: str
    at: int
    item: str
    option: str
    data: str
    seal: str
    answered: int


class Store(Protocol):
    """One connection for the writer. Any failure is raised as the driver's own error."""

    def lock(self, ids: Sequence[str], looked_at: Sequence[str]) -> list[Row]:
        """Begin a transaction and lock rows; those that somebody else holds are left out.

        looked_at : rows to be read as well, without a lock.
        """

    def terms(self, ids: Sequence[str]) -> list[Mapping[str, Any]]:
        """The TERMS of sittings."""

    def events(self, after: Mapping[str, int]) -> list[tuple[str, Event]]:
        """Events of each sitting after the one with this number, in order."""

    def commit(self, writes: Sequence[Write]) -> None:
        """Store events, at most one of a sitting, and end the transaction durably."""

    def rollback(self) -> None:
        """End the transaction as if it had never been."""

    def contacts(self, seen: Mapping[str, int]) -> None:
        """Note when pages were last heard of, outside any transaction."""

    def messages(self) -> list[tuple[int, int | None, str | None, int]]:
        """Newest message of each sesi, room and sitting: sesi_id, ruang_id, sitting_id, id."""

    def close(self) -> None:
        """Give the connection back for good."""
