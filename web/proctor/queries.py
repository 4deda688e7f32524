"""What the proctor's pages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from cat.exam.record import MICROSECONDS
from cat.exam.state import Phase
from web import clock
from web.db import db
from web.operations.pools import get_pool
from web.operations.records import state_of
from web.tables import Peserta, Sesi, Sitting


@dataclass(frozen=True)
class Seat:
    """One seat of the room. left_seconds : None before the start."""

    sitting: Sitting
    total: int
    left_seconds: int | None


def own_sesi() -> Sequence[Sesi]:
    """Sesi of the site that the proctor works at, newest first."""
    return (
        db.session.scalars(
            select(Sesi)
            .where(Sesi.titik_lokasi_id == current_user.titik_lokasi_id)
            .options(joinedload(Sesi.titik_lokasi), joinedload(Sesi.sittings))
            .order_by(Sesi.starts_at.desc())
        )
        .unique()
        .all()
    )


def get_own_sesi(sesi_id: int) -> Sesi:
    """One sesi of the proctor's own site; 404 for any other."""
    sesi = db.session.get(Sesi, sesi_id)
    if sesi is None or sesi.titik_lokasi_id != current_user.titik_lokasi_id:
        raise NotFound
    return sesi


def get_own_sitting(sitting_id: str) -> Sitting:
    """One sitting at the proctor's own site; 404 for any other."""
    sitting = db.session.get(Sitting, sitting_id)
    if sitting is None or sitting.sesi.titik_lokasi_id != current_user.titik_lokasi_id:
        raise NotFound
    return sitting


def seats(sesi: Sesi) -> list[Seat]:
    """The room, seat by seat."""
    sittings = db.session.scalars(
        select(Sitting)
        .where(Sitting.sesi_id == sesi.id)
        .options(joinedload(Sitting.peserta).joinedload(Peserta.person))
        .order_by(Sitting.seat)
        .execution_options(populate_existing=True)
    ).all()
    return [_seat(sitting) for sitting in sittings]


def waiting(sesi: Sesi) -> list[Sitting]:
    """Those at their seats who wait to be let in; a seat without a login is empty."""
    return [
        seat.sitting
        for seat in seats(sesi)
        if seat.sitting.phase == Phase.WAITING and seat.sitting.arrived_at is not None
    ]


def counts(sittings: Sequence[Sitting]) -> dict[str, int]:
    """Phase -> how many sittings stand there, in the order of an exam day."""
    found = Counter(sitting.phase for sitting in sittings)
    return {phase.value: found[phase.value] for phase in Phase if found[phase.value]}


def _seat(sitting: Sitting) -> Seat:
    session = db.session()
    total = get_pool(session, sitting.pool_digest).length
    left = None
    if sitting.deadline is not None:
        left = max(0, sitting.deadline - clock.now())
    elif sitting.phase == Phase.PAUSED:
        left = state_of(session, sitting).left(clock.now())
    return Seat(sitting, total, None if left is None else left // MICROSECONDS)
