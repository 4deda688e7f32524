"""Marks that a record itself puts on a seat: answers too quick to have been read, many changes.

They are an invitation to look, never a verdict, and are reckoned once a minute: what they count is
what happened up to a full minute of the sesi, so that every web process comes to the same marks.
Each record is read once, event by event as it grows: reading all of them anew every minute would
make answers wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import JSON, URL, Integer, Result, and_, cast, func, literal, select
from sqlalchemy.orm import Session

from cat.exam.record import LINEAR, MICROSECONDS, Kind
from web.operations.pengawasan.aturan import CEPAT, UBAH, aturan
from web.tables import Sitting, SittingEvent

PERIOD = 60 * MICROSECONDS
# Answers of the last moment may still be on their way into the database.
_SETTLED = 10 * MICROSECONDS
_MOST_KEPT = 200
_RECORDS_AT_ONCE = 200
_COUNTED = tuple(kind.value for kind in (Kind.STARTED, Kind.RESUMED, Kind.CHOSEN, Kind.ANSWERED))

Marks = dict[str, dict[str, int]]


class Trail:
    """How far a record was read, and what its marks count so far.

    seq : number of the last event taken in. quick : answers that came sooner after what was before
    them than anybody reads. often : items whose option was changed again and again.
    """

    __slots__ = ("_at", "_changes", "_item", "_step", "often", "quick", "seq")

    def __init__(self, mode: str) -> None:
        # In linear mode the last mark is the answer.
        self._step = (Kind.CHOSEN if mode == LINEAR else Kind.ANSWERED).value
        self.seq = self.quick = self.often = 0
        self._item: str | None = None
        self._at: int | None = None
        self._changes: dict[str, int] = {}

    def take(self, seq: int, kind: str, item: str | None, at: int) -> None:
        """Take in the next event. at : microseconds."""
        self.seq = seq
        if kind == Kind.CHOSEN and item is not None:
            changes = self._changes[item] = self._changes.get(item, 0) + 1
            self.often += changes == aturan().tanda[UBAH].batas + 1
        if kind in (Kind.STARTED, Kind.RESUMED, self._step):
            if self._at is not None and item is not None and item != self._item:
                self.quick += at - self._at < aturan().tanda[CEPAT].batas * MICROSECONDS
            self._item, self._at = item, at
        if kind == Kind.ANSWERED and item is not None:
            self._changes.pop(item, None)  # final: nobody changes it any more


@dataclass
class _Reckoned:
    """Of a sesi. minute : up to which one, -1 for none yet."""

    minute: int = -1
    marks: Marks = field(default_factory=dict)
    trails: dict[str, Trail] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


_kept: dict[tuple[URL, int], _Reckoned] = {}


def marks_of(session: Session, sesi_id: int, now: int) -> Marks:
    """Sitting -> kode of the mark -> how often, for the seats that have one.

    now : microseconds since 1970-01-01 UTC; only its minute matters.
    """
    key = session.get_bind().engine.url, sesi_id
    if key not in _kept and len(_kept) >= _MOST_KEPT:
        _kept.clear()
    kept = _kept.setdefault(key, _Reckoned())
    # Each sesi has a minute of its own, so that not all are reckoned in the same second.
    shift = sesi_id * 7 * MICROSECONDS % PERIOD
    minute = (now - _SETTLED - shift) // PERIOD
    # While somebody reckons, the marks of the minute before are good enough.
    if minute > kept.minute and kept.lock.acquire(blocking=kept.minute < 0):
        try:
            if minute > kept.minute:
                _take_in(session, sesi_id, kept.trails, minute * PERIOD + shift)
                kept.marks, kept.minute = _marks(kept.trails), minute
        finally:
            kept.lock.release()
    return kept.marks


def _marks(trails: Mapping[str, Trail]) -> Marks:
    least = {kode: rule.sekurangnya for kode, rule in aturan().tanda.items()}
    found: Marks = {}
    for sitting_id, trail in trails.items():
        counts = {CEPAT: trail.quick, UBAH: trail.often}
        if marks := {kode: count for kode, count in counts.items() if count >= least[kode]}:
            found[sitting_id] = marks
    return found


def _take_in(session: Session, sesi_id: int, trails: dict[str, Trail], until: int) -> None:
    """Read on in every record of the sesi that has grown. until : microseconds."""
    grown: dict[str, int] = {}
    rows = select(Sitting.id, Sitting.mode, Sitting.event_count).where(Sitting.sesi_id == sesi_id)
    for sitting_id, mode, count in session.execute(rows):
        trail = trails.get(sitting_id) or trails.setdefault(sitting_id, Trail(mode))
        if count > trail.seq:
            grown[sitting_id] = trail.seq
    for some in _in_parts(grown):
        for sitting_id, *event in _events(session, some, until):
            trails[sitting_id].take(*event)


def _in_parts(grown: Mapping[str, int]) -> Iterator[dict[str, int]]:
    items = list(grown.items())
    for start in range(0, len(items), _RECORDS_AT_ONCE):
        yield dict(items[start : start + _RECORDS_AT_ONCE])


def _events(
    session: Session, after: Mapping[str, int], until: int
) -> Result[str, int, str, str | None, int]:
    """Sitting, seq, kind, item and at of the events that follow, each record read by its key."""
    is_postgres = session.get_bind().dialect.name == "postgresql"
    each = func.json_each_text if is_postgres else func.json_each
    known = each(literal(dict(after), JSON())).table_valued("key", "value", name="known")
    event = SittingEvent
    chosen = (
        select(event.sitting_id, event.seq, event.kind, event.item, event.at)
        .select_from(known)
        .join(
            event, and_(event.sitting_id == known.c.key, event.seq > cast(known.c.value, Integer))
        )
        .where(event.at <= until, event.kind.in_(_COUNTED))
        .order_by(event.sitting_id, event.seq)
    )
    return session.execute(chosen)
