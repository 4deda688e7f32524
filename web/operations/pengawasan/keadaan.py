"""Where every seat of a sesi stands, as the map of the proctor shows it: few reads, no objects.

What changes with every answer is in `kemajuan`, so that a room in which nothing happens but work
stays the same here, byte for byte.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import URL
from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from web.clock import WIB, as_datetime
from web.operations.hari_ujian.masuk import DITAHAN
from web.operations.hari_ujian.panggilan import MASUK_GANDA
from web.operations.jadwal.pelaksanaan import aturan_pelaksanaan
from web.operations.pengawasan.kueri import (
    GANGGUAN,
    HAPPENED,
    PANGGILAN,
    PLACES,
    SEATS,
    SERVED,
    TANDA,
    TEMPAT,
    Keadaan,
)
from web.operations.pengawasan.tanda import Marks, marks_of


class Masalah(StrEnum):
    """What calls for the proctor, whatever the seat is doing; the first named is shown first."""

    GANDA = "ganda"
    BANTUAN = "bantuan"
    GANGGUAN = "gangguan"


class Kursi(NamedTuple):
    """One seat with somebody assigned to it.

    masalah, tanda : values of Masalah and TANDA. until : when the clock will have run out
    (microseconds), None while it does not run. left : seconds left of a clock that stands.
    """

    id: str
    seat: int
    ruang_id: int | None
    keadaan: str
    masalah: tuple[str, ...]
    tanda: tuple[str, ...]
    until: int | None
    left: int | None


class Panggil(NamedTuple):
    """An open call. at : microseconds."""

    id: int
    sitting_id: str
    jenis: str
    at: int


@dataclass(frozen=True)
class Gambaran:
    """A sesi, or one of its rooms, at one moment. etag : changes when anything here does."""

    kursi: tuple[Kursi, ...]
    panggilan: tuple[Panggil, ...]
    etag: str


def read_state(
    session: Session, sesi_id: int, *, now: int, ruang_id: int | None = None, extra: str = ""
) -> Gambaran:
    """Where the seats stand now. ruang_id : only those of one room.

    extra : what else the page depends on, such as whether the sesi is closed; part of etag.
    """
    return Reading(session, sesi_id, now=now, ruang_id=ruang_id, extra=extra).gambaran()


class Reading:
    """What the database says, not yet in order: enough to know whether anything changed."""

    def __init__(
        self, session: Session, sesi_id: int, *, now: int, ruang_id: int | None, extra: str
    ) -> None:
        cutoff = now - quiet_seconds(session, now) * MICROSECONDS
        chosen = {"sesi": sesi_id, "cutoff": cutoff}
        self.seats = list(map(tuple, session.execute(SEATS, chosen)))
        if ruang_id is not None:
            self.seats = [row for row in self.seats if row[2] == ruang_id]
        self.happened = sorted(map(tuple, session.execute(HAPPENED, {"sesi": sesi_id})))
        self.marks: Marks = marks_of(session, sesi_id, now)
        said = marshal.dumps(
            (ruang_id, extra, self.seats, self.happened, sorted(self.marks.items())), 2
        )
        self.etag = hashlib.blake2b(said, digest_size=9).hexdigest()
        self._session = session

    def gambaran(self) -> Gambaran:
        """The same in order, seat by seat."""
        own = {row[0] for row in self.seats}
        calls: list[Panggil] = []
        facts: dict[str, list[Any]] = {}
        for what, sitting_id, jenis, number, at in self.happened:
            if sitting_id not in own:
                continue
            facts.setdefault(sitting_id, []).append((what, jenis, number, at))
            if what == PANGGILAN:
                calls.append(Panggil(number, sitting_id, jenis, at))
        left = _left_of_paused(self._session, self.seats)
        seats = tuple(
            _seat(row, facts.get(row[0], ()), self.marks.get(row[0], {}), left)
            for row in self.seats
        )
        return Gambaran(seats, tuple(sorted(calls, key=lambda each: each.at)), self.etag)


def quiet_seconds(session: Session, now: int) -> int:
    """How long a working seat may be silent on this day; asked anew every minute."""
    key = session.get_bind().engine.url, now // (60 * MICROSECONDS)
    if key not in _quiet:
        _quiet.clear()
        day = as_datetime(now).astimezone(WIB).date()
        _quiet[key] = aturan_pelaksanaan(session, day).tenang_detik
    return _quiet[key]


_quiet: dict[tuple[URL, int], int] = {}


def _seat(
    row: Any, facts: Sequence[Any], marks: Mapping[str, int], left: Mapping[str, int]
) -> Kursi:
    sitting_id, seat, ruang_id, keadaan, until, _, last_at, _ = row
    troubles, own = set(), set(marks)
    for what, jenis, number, at in facts:
        if what == PANGGILAN:
            troubles.add(Masalah.GANDA if jenis == MASUK_GANDA else Masalah.BANTUAN)
        elif what == DITAHAN:
            troubles.add(Masalah.GANDA)
        elif what == GANGGUAN:
            # Noted together with the stop that is the last thing in this record.
            if keadaan == Keadaan.DIJEDA and at >= last_at:
                troubles.add(Masalah.GANGGUAN)
        elif what == TEMPAT:
            own.update(PLACES[number])
        else:
            own.add(what)
    return Kursi(
        sitting_id,
        seat,
        ruang_id,
        keadaan,
        tuple(each.value for each in Masalah if each in troubles),
        tuple(each for each in TANDA if each in own),
        until,
        left.get(sitting_id),
    )


_left: dict[tuple[str, int, int], int] = {}
_MOST_KEPT = 20_000


def _left_of_paused(session: Session, rows: Sequence[Any]) -> dict[str, int]:
    """Seconds left of the clocks that stand; what was reckoned at an event holds until the next."""
    paused = {row[0]: (row[0], row[5], row[6]) for row in rows if row[3] == Keadaan.DIJEDA}
    missing = [key[0] for key in paused.values() if key not in _left]
    if missing:
        if len(_left) > _MOST_KEPT:
            _left.clear()
        seconds = {row[0]: row[7] for row in rows}
        for sitting_id, served in session.execute(SERVED, {"ids": missing}):
            whole = seconds[sitting_id] - served // MICROSECONDS
            _left[paused[sitting_id]] = max(0, int(whole))
    return {sitting_id: _left[key] for sitting_id, key in paused.items() if key in _left}
