"""Who may sit: nomor peserta and PIN registrasi."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.operations.pins import hash_pin, is_pin
from web.operations.sittings import Keys
from web.tables import Peserta, Sesi, Sitting

_nobody: dict[bytes, str] = {}


def find_sitting(session: Session, nomor: str, pin: str, *, keys: Keys) -> Sitting | None:
    """The participant's sitting that this PIN opens, newest sesi first; None when there is none.

    An unknown number costs as much time as a wrong PIN, so that nobody can list the numbers.
    """
    sittings = session.scalars(
        select(Sitting)
        .join(Peserta)
        .join(Sesi)
        .where(Peserta.nomor == nomor)
        .order_by(Sesi.starts_at.desc())
    ).all()
    if not sittings:
        if keys.pin not in _nobody:
            _nobody[keys.pin] = hash_pin(keys.pin, "nobody", "nothing")
        is_pin(keys.pin, "nobody", pin, _nobody[keys.pin])
    for sitting in sittings:
        if is_pin(keys.pin, sitting.id, pin, sitting.pin_hash):
            return sitting
    return None
