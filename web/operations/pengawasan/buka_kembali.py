"""Opening a finished exam again: proposed by one person, agreed to by another."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson, NotDue
from cat.exam.state import Phase
from web.operations import audit, proctoring
from web.operations.hari_ujian import kejadian
from web.operations.pengawasan.pelaku import (
    Pelaku,
    lock_sitting,
    open_sesi,
    reason_of,
)
from web.tables import Sitting, UsulSesi

BUKA_KEMBALI = "buka_kembali"


def propose(session: Session, sitting_id: str, alasan: str, who: Pelaku) -> UsulSesi:
    """Ask for it. Raises NotDue unless the exam is finished, AlreadyDecided where one waits."""
    alasan = reason_of(alasan)
    sitting = lock_sitting(session, sitting_id)
    open_sesi(session, sitting.sesi_id)
    if sitting.phase != Phase.FINISHED:
        raise NotDue("Hanya ujian yang sudah selesai yang dapat dibuka kembali.")
    if find_waiting(session, sitting_id) is not None:
        raise AlreadyDecided("Sudah ada usul membuka kembali ujian ini.")
    row = UsulSesi(
        sesi_id=sitting.sesi_id,
        sitting_id=sitting_id,
        jenis=BUKA_KEMBALI,
        data={},
        alasan=alasan,
        at=who.now,
        oleh=who.by,
    )
    session.add(row)
    audit.record(
        session, at=who.now, by=who.by, act="usul buka kembali", subject=sitting_id, alasan=alasan
    )
    session.flush()
    return row


def find_waiting(session: Session, sitting_id: str) -> UsulSesi | None:
    """The proposal for a sitting that nobody has decided."""
    return session.scalar(
        select(UsulSesi).where(
            UsulSesi.sitting_id == sitting_id,
            UsulSesi.jenis == BUKA_KEMBALI,
            UsulSesi.disetujui.is_(None),
        )
    )


def decide(session: Session, usul_id: int, agree: bool, catatan: str, who: Pelaku) -> UsulSesi:
    """The second person agrees, and the exam is paused with the time it had left; or refuses.

    Raises NeedsSecondPerson for whoever proposed it, AlreadyDecided, and what reopening raises.
    """
    row = session.get(UsulSesi, usul_id)
    if row is None or row.jenis != BUKA_KEMBALI or row.sitting_id is None:
        raise BadInput(f"usul {usul_id} tidak ada")
    lock_sitting(session, row.sitting_id)
    session.refresh(row, with_for_update=True)
    if row.disetujui is not None:
        raise AlreadyDecided("Usul ini sudah diputuskan.")
    if agree and row.oleh == who.by:
        raise NeedsSecondPerson("Usul ini harus disetujui orang lain dari yang mengusulkan.")
    row.disetujui, row.diputus_at, row.diputus_oleh = agree, who.now, who.by
    row.catatan = " ".join(catatan.split())[:500] or None
    act = "setujui buka kembali" if agree else "tolak buka kembali"
    audit.record(session, at=who.now, by=who.by, act=act, subject=row.sitting_id)
    if agree:
        _reopen(session, row, row.sitting_id, who)
    session.flush()
    return row


def _reopen(session: Session, row: UsulSesi, sitting_id: str, who: Pelaku) -> None:
    open_sesi(session, row.sesi_id)
    proctoring.reopen(
        session,
        sitting_id,
        by=row.oleh,
        second=who.by,
        reason=row.alasan,
        now=who.now,
        keys=who.keys,
    )
    kejadian.note(
        session,
        row.sesi_id,
        "dibuka_kembali",
        f"{row.alasan} (disetujui {who.by})",
        by=row.oleh,
        now=who.now,
        sitting=session.get_one(Sitting, sitting_id),
        kedua=who.by,
    )
