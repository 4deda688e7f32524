"""The share of a unit that is away from the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cat.errors import RuleForbids
from cat.ketentuan.fleksibel.isi import Terms
from cat.ketentuan.fleksibel.jatah import ShareRow, unit_share
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.langkah import EXPIRING
from cat.ketentuan.fleksibel.uji import JENIS_OF, LOKASI
from web.tables import Pegawai, Permohonan

PLACES = tuple(bentuk for bentuk, jenis in JENIS_OF.items() if jenis == LOKASI)


def share_of(
    session: Session, permohonan: Permohonan, policy: Policy, terms: Terms
) -> tuple[ShareRow, ...]:
    """The share of the employee's unit that would be away; none where no share is set.

    Raises RuleForbids where a share is set and the unit is not on file.
    """
    rule = policy.jatah_unit(permohonan.bentuk)
    if rule is None:
        return ()
    unit_id = permohonan.pegawai.unit_id
    if unit_id is None:
        raise RuleForbids("Unit kerja pegawai belum dicatat, sehingga jatah unit tidak terhitung.")
    others = [
        tuple(row.hari)
        for row in running_in(session, [unit_id], terms.dari, terms.sampai)
        if row.id != permohonan.id and row.pegawai_id != permohonan.pegawai_id
    ]
    return unit_share(rule, members_of(session, unit_id), others, terms.hari)


def running_in(
    session: Session, unit_ids: Sequence[int], dari: date, sampai: date
) -> list[Permohonan]:
    """Arrangements of place that run in these units on any day of a period."""
    return list(
        session.scalars(
            select(Permohonan)
            .join(Permohonan.pegawai)
            .where(
                Pegawai.unit_id.in_(unit_ids),
                Permohonan.keadaan.in_(EXPIRING),
                Permohonan.bentuk.in_(PLACES),
                Permohonan.dari <= sampai,
                Permohonan.sampai >= dari,
            )
        )
    )


def members_of(session: Session, unit_id: int) -> int:
    """How many employees a unit has."""
    query = select(func.count()).select_from(Pegawai).where(Pegawai.unit_id == unit_id)
    return session.scalar(query) or 0
