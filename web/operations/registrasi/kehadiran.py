"""Attendance of a sesi: how many are there, who is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, joinedload

from cat.exam.state import Phase
from web.tables import Peserta, Sesi, Sitting


@dataclass(frozen=True)
class Hitungan:
    """Of one sesi: people scheduled, present, with a PIN, working or done."""

    terdaftar: int = 0
    hadir: int = 0
    pin: int = 0
    mulai: int = 0

    @property
    def belum(self) -> int:
        """People who have not come, or not yet."""
        return self.terdaftar - self.hadir


_NOTHING = Hitungan()


def counts(session: Session, sesi_ids: Iterable[int]) -> Mapping[int, Hitungan]:
    """Sesi id -> its attendance; a sesi without people is not in it.

    Somebody who was let in counts as present even where no desk confirmed it.
    """
    is_in = Sitting.phase != Phase.WAITING.value
    present = Sitting.hadir_at.is_not(None) | is_in
    begun = Sitting.phase.not_in((Phase.WAITING.value, Phase.ADMITTED.value))
    rows = session.execute(
        select(
            Sitting.sesi_id,
            func.count(),
            _how_many(present),
            _how_many(Sitting.pin_at.is_not(None)),
            _how_many(begun),
        )
        .where(Sitting.sesi_id.in_(list(sesi_ids)))
        .group_by(Sitting.sesi_id)
    )
    return {row[0]: Hitungan(*row[1:]) for row in rows}


def counts_of(session: Session, sesi_id: int) -> Hitungan:
    """The attendance of one sesi."""
    return counts(session, [sesi_id]).get(sesi_id, _NOTHING)


def absent(session: Session, sesi: Sesi) -> Sequence[Sitting]:
    """Those of a sesi who were not confirmed as present, seat by seat. Once it began: TH."""
    return session.scalars(
        select(Sitting)
        .where(
            Sitting.sesi_id == sesi.id,
            Sitting.hadir_at.is_(None),
            Sitting.phase == Phase.WAITING.value,
        )
        .options(joinedload(Sitting.peserta).joinedload(Peserta.person))
        .order_by(Sitting.seat)
        .execution_options(populate_existing=True)
    ).all()


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
