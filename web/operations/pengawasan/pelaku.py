"""Who acts in a sesi, and the duty that acting there begins."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput, NotDue
from web.operations.records import lock_sittings
from web.operations.sittings import Keys
from web.tables import Sesi, Sitting, TugasPengawas

SHORTEST_REASON, LONGEST_REASON = 3, 200


@dataclass(frozen=True)
class Pelaku:
    """An account at the moment of its act. now : microseconds since 1970-01-01 UTC."""

    by: str
    now: int
    keys: Keys


def take_up_duty(
    session: Session, sesi_id: int, who: Pelaku, *, ruang_id: int | None = None
) -> TugasPengawas | None:
    """The duty of the account in a sesi, begun now unless it runs: whoever acts is on duty.

    Do it in a transaction of its own before the act: rows are locked in the order sesi, sittings.

    ruang_id : the room it begins in, None for the whole sesi; a running duty keeps its own.

    Returns None where the sesi is over.
    """
    duty = find_duty(session, sesi_id, who.by)
    if duty is not None:
        return duty
    sesi = lock_sesi(session, sesi_id)
    duty = find_duty(session, sesi_id, who.by)  # a second click may have come before the lock
    if duty is None and not sesi.is_closed and not sesi.is_void:
        duty = TugasPengawas(sesi_id=sesi_id, ruang_id=ruang_id, pengawas=who.by, mulai_at=who.now)
        session.add(duty)
        session.flush()
    return duty


def find_duty(session: Session, sesi_id: int, by: str) -> TugasPengawas | None:
    """The running duty of an account in a sesi."""
    return session.scalar(
        select(TugasPengawas).where(
            TugasPengawas.sesi_id == sesi_id,
            TugasPengawas.pengawas == by,
            TugasPengawas.selesai_at.is_(None),
        )
    )


def lock_sesi(session: Session, sesi_id: int) -> Sesi:
    """The sesi as it is now, with its row locked against other acts; readers do not wait."""
    sesi = session.scalar(
        select(Sesi)
        .where(Sesi.id == sesi_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if sesi is None:
        raise BadInput(f"sesi {sesi_id} tidak ada")
    return sesi


def lock_sitting(session: Session, sitting_id: str) -> Sitting:
    """The sitting as it is now, with its row locked."""
    found = lock_sittings(session, [sitting_id])
    if not found:
        raise BadInput(f"ujian {sitting_id} tidak ada")
    return found[0]


def open_sesi(session: Session, sesi_id: int) -> Sesi:
    """The sesi, for an act that only an open one allows. Raises NotDue."""
    # As it is now, not as it was when the page asked: another act may have been waited for.
    sesi = session.get_one(Sesi, sesi_id, populate_existing=True)
    if sesi.is_void:
        raise NotDue(f"{sesi.nama} sudah dibatalkan.")
    if sesi.is_closed:
        raise NotDue(f"{sesi.nama} sudah ditutup.")
    return sesi


def reason_of(text: str) -> str:
    """A reason without blanks around it. Raises BadInput for one that is too short or too long."""
    text = " ".join(text.split())
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        raise BadInput(
            f"Tulis alasan {SHORTEST_REASON} sampai {LONGEST_REASON} huruf; terbaca {len(text)}."
        )
    return text
