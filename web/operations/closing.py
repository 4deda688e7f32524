"""Closing a sesi: nobody in it may be left in the middle of an exam."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import NotDue
from cat.exam.state import Phase
from web.operations import audit
from web.operations.sittings import Keys, close_if_overdue
from web.tables import Sesi, Sitting

_BEFORE_START = (Phase.WAITING.value, Phase.ADMITTED.value)


def close_sesi(session: Session, sesi_id: int, *, by: str, now: int, keys: Keys) -> Sesi:
    """Close a sesi: from here on nobody is let in, starts, or is opened again. Again does nothing.

    Those whose time has run out are finished first. Raises NotDue before the start as long as
    nobody has begun; and, naming the seats, while others work or are paused: each must finish, or
    be ended by the proctor with a reason.
    """
    sesi = session.get_one(
        Sesi, sesi_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if sesi.is_closed:
        return sesi
    # Whoever starts at this moment waits for these locks and then finds the sesi closed.
    rows = session.execute(
        select(Sitting.id, Sitting.phase)
        .where(Sitting.sesi_id == sesi_id)
        .order_by(Sitting.id)
        .with_for_update()
    ).all()
    if now < sesi.starts_at and not any(phase not in _BEFORE_START for _, phase in rows):
        raise NotDue(f"{sesi.nama} belum mulai; sesi yang tidak jadi diadakan dibatalkan.")
    for sitting_id, phase in rows:
        if phase == Phase.WORKING:
            close_if_overdue(session, sitting_id, now=now, keys=keys)
    if open_seats := seats_in(session, sesi_id, (Phase.WORKING, Phase.PAUSED)):
        raise NotDue(_still_open(sesi.nama, open_seats), seats=open_seats)
    sesi.is_closed = True
    audit.record(session, at=now, by=by, act="tutup sesi", subject=sesi.nama, sesi=sesi_id)
    session.flush()
    return sesi


def seats_in(session: Session, sesi_id: int, phases: Sequence[Phase]) -> dict[str, list[int]]:
    """Phase -> numbers of the seats of a sesi that stand there, in order; called-off ones not."""
    rows = session.execute(
        select(Sitting.phase, Sitting.seat)
        .where(
            Sitting.sesi_id == sesi_id,
            Sitting.phase.in_([phase.value for phase in phases]),
            Sitting.is_void.is_(False),
        )
        .order_by(Sitting.seat)
    )
    found: dict[str, list[int]] = {}
    for phase, seat in rows:
        found.setdefault(phase, []).append(seat)
    return found


def _still_open(nama: str, seats: dict[str, list[int]]) -> str:
    words = {Phase.WORKING: "masih mengerjakan", Phase.PAUSED: "dijeda"}
    said = [
        f"kursi {', '.join(map(str, seats[phase]))} {text}"
        for phase, text in words.items()
        if phase in seats
    ]
    return (
        f"{nama} belum dapat ditutup: {'; '.join(said)}. Tunggu sampai selesai, lanjutkan, atau"
        " akhiri dengan alasan."
    )
