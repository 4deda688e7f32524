"""The people of a sesi while it is changed: who has begun, what a change takes from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.exam.state import Phase
from web.operations import proctoring
from web.operations.registrasi.meja import end_pin
from web.operations.sittings import Keys
from web.tables import Peserta, Sitting

SHOWN = 8
_BEFORE_START = (Phase.WAITING.value, Phase.ADMITTED.value)


def sittings_in(session: Session, sesi_id: int) -> Sequence[Sitting]:
    """The sittings of a sesi seat by seat, locked where the database can: by id, as all who lock
    several do, or two of them could wait for each other.
    """
    rows = session.scalars(
        select(Sitting)
        .where(Sitting.sesi_id == sesi_id)
        .options(joinedload(Sitting.peserta, innerjoin=True).joinedload(Peserta.person))
        .order_by(Sitting.id)
        .with_for_update(of=Sitting)
        .execution_options(populate_existing=True)
    )
    return sorted(rows, key=lambda each: each.seat)


def begun_by(sittings: Iterable[Sitting]) -> list[str]:
    """What forbids moving these: the names of those who have started."""
    begun = [each for each in sittings if each.phase not in _BEFORE_START]
    if not begun:
        return []
    return [f"{len(begun)} peserta sudah mulai dan tidak dipindahkan: {named(begun)}"]


def named(sittings: Sequence[Sitting]) -> str:
    """Some people by name and seat, and how many more there are."""
    names = [f"{each.peserta.person.nama} (kursi {each.seat})" for each in sittings[:SHOWN]]
    more = [f"dan {len(sittings) - SHOWN} lainnya"] if len(sittings) > SHOWN else []
    return ", ".join([*names, *more])


def start_afresh(
    session: Session, sittings: Iterable[Sitting], why: str, *, by: str, now: int, keys: Keys
) -> int:
    """Admissions, PINs and attendance end; returns how many PINs there were."""
    dead = 0
    for sitting in sittings:
        dead += end_pin(session, sitting, why, by=by, now=now, keys=keys)
        sitting.hadir_at = None
    return dead


def let_nobody_start(
    session: Session, sittings: Iterable[Sitting], why: str, *, by: str, now: int, keys: Keys
) -> None:
    """Admissions end; PINs, attendance and seats stay."""
    admitted = [each.id for each in sittings if each.phase == Phase.ADMITTED]
    proctoring.revoke_all(session, admitted, by=by, reason=why, now=now, keys=keys)
