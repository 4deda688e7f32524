"""Who may sit: nomor peserta and PIN registrasi."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.exam.state import Phase
from web.operations.pins import hash_pin, is_pin
from web.operations.sittings import Keys
from web.tables import Akomodasi, Peserta, Sesi, Sitting

_nobody: dict[bytes, str] = {}


class Refused(StrEnum):
    """Why nobody may log in with these."""

    WRONG = "salah"
    NO_PIN = "belum_ada_pin"
    CLOSED = "sesi_ditutup"
    VOID = "sesi_dibatalkan"


def find_sitting(session: Session, nomor: str, pin: str, *, keys: Keys) -> Sitting | Refused:
    """The participant's sitting that this PIN opens, newest sesi first, or why there is none.

    An unknown number costs as much time as a wrong PIN, so that nobody can list the numbers. That
    a number has no PIN yet is said all the same: whoever stands at a computer without a PIN has to
    know that the registration desk is the place to go.
    """
    sittings = session.scalars(
        select(Sitting)
        .join(Peserta)
        .join(Sesi)
        .where(Peserta.nomor == nomor)
        .order_by(Sesi.starts_at.desc())
        .options(joinedload(Sitting.sesi))
    ).all()
    opened = [each for each in sittings if _opens(each, pin, keys)]
    if not any(each.pin_hash for each in sittings):
        if keys.pin not in _nobody:
            _nobody[keys.pin] = hash_pin(keys.pin, "nobody", "nothing")
        is_pin(keys.pin, "nobody", pin, _nobody[keys.pin])
    return _choose(opened) if opened else _explain(sittings)


def needs_of(session: Session, peserta_id: int) -> Sequence[str]:
    """Codes of the accommodations of a participant, which preset how pages look."""
    return session.scalars(
        select(Akomodasi.kode).where(Akomodasi.peserta_id == peserta_id).order_by(Akomodasi.kode)
    ).all()


def _opens(sitting: Sitting, pin: str, keys: Keys) -> bool:
    return bool(sitting.pin_hash) and is_pin(keys.pin, sitting.id, pin, sitting.pin_hash)


def _choose(opened: Sequence[Sitting]) -> Sitting | Refused:
    """A sitting that may go on comes before one whose result may only be looked at."""
    refusal = Refused.WRONG
    for sitting in opened:
        if sitting.is_void or sitting.sesi.is_void:
            refusal = Refused.VOID
        elif sitting.sesi.is_closed and sitting.phase != Phase.FINISHED:
            refusal = Refused.CLOSED
        else:
            return sitting
    return refusal


def _explain(sittings: Sequence[Sitting]) -> Refused:
    for sitting in sittings:
        is_over = sitting.is_void or sitting.sesi.is_void or sitting.sesi.is_closed
        if not sitting.pin_hash and not is_over:
            return Refused.NO_PIN
    return Refused.WRONG
