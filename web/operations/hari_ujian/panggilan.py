"""Between a seat and its proctor: calls from the seat, messages to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.tables import Panggilan, Pesan, Ruang, Sesi, Sitting

BANTUAN, MASUK_GANDA = "bantuan", "masuk_ganda"
LONGEST = 500


def call(session: Session, sitting: Sitting, jenis: str, *, now: int) -> Panggilan:
    """Ask for the proctor; a call of the same kind that is still open is not repeated."""
    waiting = session.scalar(
        select(Panggilan).where(
            Panggilan.sitting_id == sitting.id,
            Panggilan.jenis == jenis,
            Panggilan.ditangani_at.is_(None),
        )
    )
    if waiting is None:
        waiting = Panggilan(sesi_id=sitting.sesi_id, sitting_id=sitting.id, at=now, jenis=jenis)
        session.add(waiting)
        session.flush()
    return waiting


def attend(session: Session, panggilan_id: int, *, by: str, now: int) -> Panggilan:
    """The proctor has seen to a call; again changes nothing. Raises BadInput."""
    call = session.get(Panggilan, panggilan_id, with_for_update=True, populate_existing=True)
    if call is None:
        raise BadInput(f"panggilan {panggilan_id} tidak ada")
    if call.ditangani_at is None:
        call.ditangani_at, call.ditangani_oleh = now, by
    return call


def send(
    session: Session,
    sesi: Sesi,
    isi: str,
    *,
    by: str,
    now: int,
    ruang: Ruang | None = None,
    sitting: Sitting | None = None,
) -> Pesan:
    """A message to one seat, one room or the whole sesi. Raises BadInput."""
    isi = isi.strip()
    if not 1 <= len(isi) <= LONGEST:
        raise BadInput(f"pesan: 1 sampai {LONGEST} huruf; terbaca {len(isi)}")
    message = Pesan(
        sesi_id=sesi.id,
        ruang_id=ruang.id if ruang else None,
        sitting_id=sitting.id if sitting else None,
        at=now,
        oleh=by,
        isi=isi,
    )
    session.add(message)
    session.flush()
    return message


def messages_for(session: Session, sitting: Sitting, *, after: int = 0) -> Sequence[Pesan]:
    """What was said to a seat, oldest first. after : id of the last message already shown."""
    return session.scalars(
        select(Pesan)
        .where(
            Pesan.sesi_id == sitting.sesi_id,
            Pesan.id > after,
            or_(Pesan.sitting_id.is_(None), Pesan.sitting_id == sitting.id),
            or_(Pesan.ruang_id.is_(None), Pesan.ruang_id == sitting.ruang_id),
        )
        .order_by(Pesan.id)
    ).all()
