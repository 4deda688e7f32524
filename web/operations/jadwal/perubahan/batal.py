"""A sesi is called off: running exams end, and no result of it counts anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy.orm import Session

from cat.errors import TimeIsUp
from cat.exam.state import Phase
from web.operations import proctoring
from web.operations.hari_ujian import kejadian
from web.operations.jadwal.perubahan.orang import named, sittings_in, start_afresh
from web.operations.sittings import Keys
from web.tables import Sesi

JENIS, JUDUL = "batal", "Batalkan sesi"
_RUNNING = (Phase.WORKING.value, Phase.PAUSED.value)


def problems(session: Session, sesi: Sesi, data: Mapping[str, Any], now: int) -> list[str]:
    """Why it cannot be done; data is empty."""
    people = sittings_in(session, sesi.id)
    announced = proctoring.announced_in(session, [each.id for each in people])
    if not announced:
        return []
    codes = ", ".join(sorted(set(announced.values())))
    whom = named([each for each in people if each.id in announced])
    return [f"hasil {len(announced)} peserta sudah dipakai pengumuman {codes}: {whom}"]


def describe(session: Session, sesi: Sesi, data: Mapping[str, Any]) -> str:
    """What it would do, in a sentence."""
    people = sittings_in(session, sesi.id)
    running = sum(each.phase in _RUNNING for each in people)
    done = sum(each.phase == Phase.FINISHED for each in people)
    return (
        f"Sesi dibatalkan untuk {len(people)} peserta: {running} ujian yang berjalan diakhiri, "
        f"{done} hasil yang sudah ada tidak dihitung."
    )


def carry_out(
    session: Session,
    sesi: Sesi,
    data: Mapping[str, Any],
    *,
    reason: str,
    by: str,
    now: int,
    keys: Keys,
) -> str:
    """Void the sesi and every sitting of it. Returns what was done."""
    text, why = describe(session, sesi, data), f"sesi dibatalkan: {reason}"[:200]
    people = sittings_in(session, sesi.id)
    for sitting in people:
        if sitting.phase in _RUNNING:
            _end(session, sitting.id, why, by, now, keys)
        sitting.is_void = True
    unfinished = [each for each in people if each.phase != Phase.FINISHED]
    start_afresh(session, unfinished, why, by=by, now=now, keys=keys)
    sesi.is_void, sesi.is_closed = True, True
    kejadian.note(
        session,
        sesi.id,
        "sesi_dibatalkan",
        f"{text} Alasan: {reason}"[: kejadian.LONGEST],
        by=by,
        now=now,
        n=len(people),
    )
    return text


def _end(session: Session, sitting_id: str, reason: str, by: str, now: int, keys: Keys) -> None:
    # Where time is used up it closes by itself within the grace; it is void either way.
    with suppress(TimeIsUp):
        proctoring.end(session, sitting_id, by=by, reason=reason, now=now, keys=keys)
