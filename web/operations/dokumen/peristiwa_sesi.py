"""What happened in a sesi, for its berita acara: clocks that stood, and everything noted.

A stop of many clocks for one cause is one line, however many seats it struck.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.exam.moves import ALL_ANSWERED, BY_CANDIDATE, TIME
from cat.exam.record import Kind
from web.operations.hari_ujian.kejadian import JENIS
from web.tables import Kejadian, Ruang, Sitting, SittingEvent

SISTEM = "sistem"
# Endings that need no explanation.
_ORDINARY = frozenset({ALL_ANSWERED, TIME, BY_CANDIDATE})
# Notes that say of many or one what the record says seat by seat: the stops themselves are listed.
_OF_STOPS = frozenset({"jeda_bersama", "lanjut_bersama"})
_NAMED = 12


@dataclass(frozen=True)
class Henti:
    """A clock that stood. at, until : microseconds; until is None while it still stands.

    group : stops of one group are one line; empty for a stop of one seat's own.
    """

    at: int
    until: int | None
    seat: int
    nomor: str
    reason: str
    by: str
    group: str


@dataclass(frozen=True)
class Catatan:
    """Something noted. whom : seat and person, room, or the whole sesi."""

    at: int
    whom: str
    what: str
    text: str
    by: str


def stops_of(
    session: Session, sittings: Sequence[Sitting], notes: Sequence[Kejadian]
) -> list[list[Henti]]:
    """Clocks that stood, in the order of time; those stopped by one cause in one list."""
    of_id = {each.id: each for each in sittings}
    together = {
        (sitting_id, seq): f"jeda {note.id}"
        for note in notes
        if note.jenis == "jeda_bersama"
        for sitting_id, seq in note.data.get("urut", {}).items()
    }
    events = _events(session, sittings, (Kind.PAUSED, Kind.RESUMED, Kind.FINISHED, Kind.REOPENED))
    found = []
    for place, event in enumerate(events):
        if event.kind not in (Kind.PAUSED, Kind.REOPENED):
            continue
        after = events[place + 1] if place + 1 < len(events) else None
        until = after.at if after and after.sitting_id == event.sitting_id else None
        if event.kind == Kind.PAUSED:
            group = together.get((event.sitting_id, event.seq), "")
            found.append(_stop(of_id[event.sitting_id], event, until, group))
    return sorted(_grouped(found), key=lambda group: (group[0].at, group[0].seat))


def notes_of(session: Session, sesi_id: int) -> Sequence[Kejadian]:
    """Everything noted of a sesi, in the order of time."""
    return session.scalars(
        select(Kejadian).where(Kejadian.sesi_id == sesi_id).order_by(Kejadian.at, Kejadian.id)
    ).all()


def happenings(
    session: Session, sittings: Sequence[Sitting], notes: Sequence[Kejadian]
) -> list[Catatan]:
    """What was noted and is no stop of a clock, and endings by others that nobody noted."""
    of_id = {each.id: each for each in sittings}
    rooms = {room_id for note in notes if (room_id := note.ruang_id)}
    names = {
        room.id: room.nama for room in session.scalars(select(Ruang).where(Ruang.id.in_(rooms)))
    }
    found = [
        Catatan(
            note.at,
            _whom(note, of_id, names),
            JENIS.get(note.jenis, note.jenis),
            note.uraian,
            note.oleh,
        )
        for note in notes
        if not _is_of_stop(note)
    ]
    told = {(note.sitting_id, note.data.get("urut")) for note in notes if note.jenis == "diakhiri"}
    return sorted(
        [*found, *_endings(session, sittings, of_id, told)], key=lambda each: (each.at, each.whom)
    )


def seat_list(seats: Iterable[int]) -> str:
    """Seat numbers in short: "1–20, 35"."""
    runs: list[list[int]] = []
    for seat in sorted(set(seats)):
        if runs and seat == runs[-1][1] + 1:
            runs[-1][1] = seat
        else:
            runs.append([seat, seat])
    texts = [str(a) if a == b else f"{a}–{b}" for a, b in runs]
    if len(texts) > _NAMED:
        texts = [*texts[:_NAMED], "dan lainnya"]
    return ", ".join(texts)


def _stop(sitting: Sitting, event: SittingEvent, until: int | None, group: str) -> Henti:
    by = str(event.data.get("oleh", SISTEM))
    reason = str(event.data.get("alasan", "tanpa alasan"))
    if not group and by == SISTEM and until is not None:
        # An outage ends for everybody at one moment; it began for each with the last thing served.
        group = f"sistem {reason} {until}"
    return Henti(event.at, until, sitting.seat, sitting.peserta.nomor, reason, by, group)


def _grouped(stops: Sequence[Henti]) -> list[list[Henti]]:
    groups: dict[object, list[Henti]] = {}
    for place, stop in enumerate(stops):
        groups.setdefault(stop.group or place, []).append(stop)
    return [sorted(group, key=lambda stop: (stop.at, stop.seat)) for group in groups.values()]


def _is_of_stop(note: Kejadian) -> bool:
    return note.jenis in _OF_STOPS or (
        note.jenis.startswith(("gangguan_", "lain")) and "urut" in note.data
    )


def _whom(note: Kejadian, of_id: Mapping[str, Sitting], rooms: Mapping[int, str]) -> str:
    sitting = of_id.get(note.sitting_id or "")
    if sitting is not None:
        return f"kursi {note.kursi or sitting.seat}, {sitting.peserta.nomor}"
    if note.kursi:  # of somebody who now belongs to another sesi
        return f"kursi {note.kursi}"
    return rooms.get(note.ruang_id or 0, "seluruh sesi")


def _endings(
    session: Session,
    sittings: Sequence[Sitting],
    of_id: Mapping[str, Sitting],
    told: set[tuple[str | None, object]],
) -> list[Catatan]:
    """Exams that were ended by somebody else; those of one act are one line."""
    ended: dict[tuple[str, str], list[SittingEvent]] = {}
    for event in _events(session, sittings, (Kind.FINISHED,)):
        cause = event.data.get("sebab")
        if cause not in _ORDINARY and (event.sitting_id, event.seq) not in told:
            text = str(event.data.get("alasan") or cause)
            ended.setdefault((text, str(event.data.get("oleh", SISTEM))), []).append(event)
    found = []
    for (text, by), events in ended.items():
        own = [of_id[event.sitting_id] for event in events]
        whom = f"kursi {own[0].seat}, {own[0].peserta.nomor}"
        if len(own) > 1:
            whom = f"{len(own)} peserta: kursi {seat_list(each.seat for each in own)}"
        found.append(Catatan(min(e.at for e in events), whom, "Ujian diakhiri", text, by))
    return found


def _events(
    session: Session, sittings: Sequence[Sitting], kinds: Iterable[Kind]
) -> Sequence[SittingEvent]:
    return session.scalars(
        select(SittingEvent)
        .join(Sitting, Sitting.id == SittingEvent.sitting_id)
        .where(
            Sitting.sesi_id.in_({each.sesi_id for each in sittings}),
            SittingEvent.kind.in_([kind.value for kind in kinds]),
        )
        .order_by(SittingEvent.sitting_id, SittingEvent.seq)
    ).all()
