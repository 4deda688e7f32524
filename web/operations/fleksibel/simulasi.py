"""The employees of a study of a changed policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.simulasi import Case, Study, simulate
from cat.ketentuan.fleksibel.susun import LayerFigures, compose
from web.operations.eligibility import subject_of
from web.operations.fleksibel.kebijakan import as_section, policy_for
from web.tables import Pegawai

SEX = {"L": "Laki-laki", "P": "Perempuan"}


@dataclass(frozen=True)
class Trial:
    """A study and the employees in it, by id."""

    study: Study
    pegawai: dict[int, Pegawai]


def try_layer(
    session: Session, figures: LayerFigures, *, instansi_id: int | None, bentuk: str, today: date
) -> Trial:
    """Hold every employee against today's policy and against the one with this layer.

    instansi_id : the only agency looked at; None for all, each with the layer as its own.

    Raises BadRules where the layer widens the national rule.
    """
    changed = policy_for(session, None, today).with_layer(as_section(compose(figures)))

    @cache
    def today_of(agency: int) -> Policy:
        return policy_for(session, agency, today)

    rows = {each.id: each for each in _employees(session, instansi_id)}
    cases = [_case(session, each, today_of, changed, today) for each in rows.values()]
    return Trial(simulate(cases, today, bentuk), rows)


def _employees(session: Session, instansi_id: int | None) -> list[Pegawai]:
    query = select(Pegawai).options(
        joinedload(Pegawai.person),
        joinedload(Pegawai.instansi),
        joinedload(Pegawai.jabatan),
        joinedload(Pegawai.unit),
    )
    if instansi_id is not None:
        query = query.where(Pegawai.instansi_id == instansi_id)
    return list(session.scalars(query.order_by(Pegawai.id)))


def _case(
    session: Session,
    pegawai: Pegawai,
    today_of: Callable[[int], Policy],
    changed: Policy,
    today: date,
) -> Case:
    sex = pegawai.person.jenis_kelamin
    return Case(
        key=pegawai.id,
        subject=subject_of(session, pegawai, today),
        today=today_of(pegawai.instansi_id),
        changed=changed,
        groups={
            "Instansi": pegawai.instansi.nama,
            "Unit kerja": pegawai.unit.nama if pegawai.unit else "Belum dicatat",
            "Jabatan": pegawai.jabatan.nama,
            "Status": pegawai.status.upper(),
            "Jenis kelamin": SEX.get(sex, sex),
        },
    )
