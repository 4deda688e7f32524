"""Moving somebody to another seat of the rooms of the sesi."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, BadInput, NotDue
from cat.exam.state import Phase
from web.operations import audit, proctoring
from web.operations.hari_ujian import kejadian, masuk
from web.operations.jadwal.denah import denah_of
from web.operations.pengawasan.pelaku import (
    Pelaku,
    lock_sesi,
    lock_sitting,
    open_sesi,
    reason_of,
)
from web.operations.pengawasan.tindakan import silent_since
from web.tables import Ruang, SesiRuang, Sitting


def rooms_of(session: Session, sesi_id: int) -> list[Ruang]:
    """The rooms that a sesi uses, by the numbers of their seats."""
    return list(
        session.scalars(
            select(Ruang)
            .join(SesiRuang, SesiRuang.ruang_id == Ruang.id)
            .where(SesiRuang.sesi_id == sesi_id)
            .order_by(Ruang.kursi_awal, Ruang.nama)
        )
    )


def free_seats(session: Session, sesi_id: int) -> dict[int, Ruang]:
    """Seat number -> its room, for the seats that nobody was given."""
    taken = set(session.scalars(select(Sitting.seat).where(Sitting.sesi_id == sesi_id)))
    return {
        seat: room
        for room in rooms_of(session, sesi_id)
        for seat in denah_of(room).nomor
        if seat not in taken
    }


def move(session: Session, sitting_id: str, seat: int, alasan: str, who: Pelaku) -> Sitting:
    """Give somebody another seat; the login at the old one ends and a running clock stops there.

    The clock runs again when the proctor says so: nobody can work between two seats.

    Raises AlreadyDecided for a seat that is taken, BadInput for one that no room has, NotDue for
    an exam that is over.
    """
    alasan = reason_of(alasan)
    sesi_id = session.get_one(Sitting, sitting_id).sesi_id
    lock_sesi(session, sesi_id)  # two people must not be given one seat
    open_sesi(session, sesi_id)
    sitting = lock_sitting(session, sitting_id)
    old = sitting.seat
    if seat == old:
        return sitting
    room = _free_room(session, sesi_id, seat)
    if sitting.phase == Phase.FINISHED:
        raise NotDue("Ujian di kursi ini sudah selesai.")
    if sitting.phase == Phase.WORKING:
        proctoring.pause(
            session,
            sitting_id,
            by=who.by,
            reason=f"Pindah kursi {old} ke {seat}: {alasan}"[:200],
            now=who.now,
            keys=who.keys,
            since=silent_since(session, [sitting], who.now).get(sitting_id),
        )
        if sitting.phase == Phase.FINISHED:  # the time had run out
            return sitting
    masuk.release(session, sitting, by=who.by, now=who.now)
    _seat(session, sitting, seat, room, alasan, who)
    return sitting


def _free_room(session: Session, sesi_id: int, seat: int) -> Ruang:
    room = free_seats(session, sesi_id).get(seat)
    if room is not None:
        return room
    has_it = any(seat in denah_of(each).nomor for each in rooms_of(session, sesi_id))
    if has_it:
        raise AlreadyDecided(f"Kursi {seat} sudah ditempati peserta lain.")
    raise BadInput(f"Kursi {seat} tidak ada di ruang sesi ini.")


def _seat(
    session: Session, sitting: Sitting, seat: int, room: Ruang, alasan: str, who: Pelaku
) -> None:
    old, sitting.seat, sitting.ruang_id = sitting.seat, seat, room.id
    session.flush()
    audit.record(
        session,
        at=who.now,
        by=who.by,
        act="pindah kursi",
        subject=sitting.id,
        dari=old,
        ke=seat,
        alasan=alasan,
    )
    kejadian.note(
        session,
        sitting.sesi_id,
        "pindah_kursi",
        f"Dari kursi {old} ke kursi {seat}: {alasan}",
        by=who.by,
        now=who.now,
        sitting=sitting,
        dari=old,
        ke=seat,
    )
