"""What decides the next item of open sittings, kept in memory as arrays.

Nothing here is truth: an entry is used only where number and seal of the last event are those of
the locked row, and is brought up to date from the record otherwise.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from cat.exam.lockstep import Cohort, can_follow
from cat.exam.record import Event, Kind, Terms
from cat.exam.state import AdaptiveState, replay
from cat.itembank.content import LETTERS
from cat.itembank.pool import Pool
from web.operations.jawaban.rows import Row, Store
from web.operations.jawaban.sheets import Sheets
from web.operations.jawaban.ukuran import Ukuran

# Open sittings that one process remembers: more than the largest sesi of the nation has. One takes
# about 1.6 kB, and only once it is there.
CAPACITY = 60_000


class Entry:
    """A sitting. room : None where it cannot be followed, and the ordinary way must be taken."""

    __slots__ = ("count", "room", "row", "seal")

    def __init__(self, room: Room | None, row: int, count: int, seal: str) -> None:
        self.room, self.row, self.count, self.seal = room, row, count, seal


class Room:
    """Sittings of one pool under one rule set. keys : item key -> its JSON text."""

    def __init__(self, pool: Pool, sheets: Sheets, capacity: int) -> None:
        self.cohort, self.sheets = Cohort(pool, capacity), sheets
        self.free: list[int] = []
        self.used = 0
        parts = pool.parts
        self.keys = {
            item.key: json.dumps(item.key)
            for part in parts
            for item in (*part.items, *part.pretest)
        }

    def take_row(self) -> int:
        """A row that no entry uses."""
        if self.free:
            return self.free.pop()
        self.used += 1
        return self.used - 1


class Cache:
    """Entries of open sittings, the one used longest ago first.

    get_sheets : digests of pool and rules -> the pool and its sheets.
    terms_of : TERMS of a sitting -> its terms.
    """

    def __init__(
        self,
        get_sheets: Callable[[str, str], tuple[Pool, Sheets]],
        terms_of: Callable[[Mapping[str, Any]], Terms],
        ukuran: Ukuran,
        capacity: int = CAPACITY,
    ) -> None:
        self._get_sheets, self._terms_of, self._ukuran = get_sheets, terms_of, ukuran
        self._capacity = capacity
        self._entries: dict[str, Entry] = {}
        self._rooms: dict[tuple[str, str], Room] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def entries(self, rows: Sequence[Row], store: Store) -> dict[str, Entry]:
        """An up-to-date entry for each locked row; reads what is missing from the record."""
        found: dict[str, Entry] = {}
        behind: list[Row] = []
        unknown: list[Row] = []
        for row in rows:
            entry = self._entries.pop(row.id, None)
            if entry is None:
                unknown.append(row)
                continue
            self._entries[row.id] = found[row.id] = entry  # last in the order of use
            if entry.room is None or (entry.count == row.event_count and entry.seal == row.seal):
                continue
            (behind if entry.count < row.event_count else unknown).append(row)
        if behind:
            unknown += self._catch_up(behind, store)
        if unknown:
            for row, entry in zip(unknown, self._refold(unknown, store), strict=True):
                found[row.id] = entry
        return found

    def drop(self, sitting_id: str) -> None:
        """Forget a sitting."""
        entry = self._entries.pop(sitting_id, None)
        if entry is not None and entry.room is not None:
            entry.room.free.append(entry.row)

    def _catch_up(self, rows: Sequence[Row], store: Store) -> list[Row]:
        """Take in the events that others have stored meanwhile; returns rows where that failed."""
        entries = {row.id: self._entries[row.id] for row in rows}
        missing: dict[str, list[Event]] = {row.id: [] for row in rows}
        known = {sitting_id: entry.count for sitting_id, entry in entries.items()}
        for sitting_id, event in store.events(known):
            missing[sitting_id].append(event)
        failed = {
            row.id
            for row in rows
            if known[row.id] + len(missing[row.id]) != row.event_count
            or any(each.kind not in (Kind.CHOSEN, Kind.ANSWERED) for each in missing[row.id])
        }
        for step in range(max(map(len, missing.values()))):
            moves = [
                (sitting_id, entries[sitting_id], events[step])
                for sitting_id, events in missing.items()
                if step < len(events) and sitting_id not in failed
            ]
            failed |= _take_in(moves)
        for row in rows:
            if row.id not in failed:
                entries[row.id].count, entries[row.id].seal = row.event_count, row.seal
        self._ukuran.caught_up += len(rows) - len(failed)
        return [row for row in rows if row.id in failed]

    def _refold(self, rows: Sequence[Row], store: Store) -> list[Entry]:
        """Entries made from the whole record."""
        for row in rows:
            self.drop(row.id)
        given = {each["id"]: each for each in store.terms([row.id for row in rows])}
        records: dict[str, list[Event]] = {row.id: [] for row in rows}
        for sitting_id, event in store.events(dict.fromkeys(records, 0)):
            records[sitting_id].append(event)
        self._ukuran.refolded += len(rows)
        entries = []
        for row in rows:
            terms = self._terms_of(given[row.id])
            entry = self._entry(row, terms, records[row.id])
            entries.append(entry)
            self._entries[row.id] = entry
        while len(self._entries) > self._capacity:
            self.drop(next(iter(self._entries)))
        return entries

    def _entry(self, row: Row, terms: Terms, events: Sequence[Event]) -> Entry:
        room = self._room(terms)
        if room is None:
            return Entry(None, 0, 0, "")
        state = replay(terms, room.cohort.pool, events)
        if not isinstance(state, AdaptiveState) or state.is_complete:
            return Entry(None, 0, 0, "")
        place = room.take_row()
        room.cohort.load(place, state)
        return Entry(room, place, row.event_count, row.seal)

    def _room(self, terms: Terms) -> Room | None:
        key = terms.pool, terms.rules
        if key not in self._rooms:
            pool, sheets = self._get_sheets(*key)
            if not can_follow(terms, pool):
                return None
            self._rooms[key] = Room(pool, sheets, self._capacity + 1)
            gc.freeze()  # a pool stays: see `web.asgi`
        room = self._rooms[key]
        return room if can_follow(terms, room.cohort.pool) else None


def _take_in(moves: Sequence[tuple[str, Entry, Event]]) -> set[str]:
    """One event of each of these sittings; returns those whose event is not the expected one."""
    strange: set[str] = set()
    answered: dict[int, list[int]] = {}
    letters: dict[int, list[int]] = {}
    room_of: dict[int, Room] = {}
    for sitting_id, entry, event in moves:
        room = entry.room
        assert room is not None
        cohort, row = room.cohort, np.array([entry.row])
        letter = LETTERS.find(event.option or " ")
        is_end = event.kind is Kind.ANSWERED and cohort.completes(row)[0]
        if letter < 0 or is_end or cohort.item(entry.row).key != event.item:
            strange.add(sitting_id)
        elif event.kind is Kind.CHOSEN:
            cohort.mark(entry.row, letter, event.data.get("urut", 0))
        else:
            answered.setdefault(id(room), []).append(entry.row)
            letters.setdefault(id(room), []).append(letter)
            room_of[id(room)] = room
    for key, room in room_of.items():
        room.cohort.answer(np.array(answered[key]), np.array(letters[key]))
    return strange
