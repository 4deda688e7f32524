"""What staff see of flexible work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.langkah import EXPIRING, Standing
from cat.ketentuan.fleksibel.pemeriksaan import Assessment
from web.db import db
from web.operations.eligibility import assess_pegawai
from web.operations.fleksibel import kebijakan
from web.operations.fleksibel.berkas import Berkas, berkas_of
from web.operations.fleksibel.kebijakan import DASAR, DISETUJUI, policy_for
from web.tables import Instansi, KebijakanVersi, Pegawai, PenilaianFleksibel, Permohonan

PAGE = 50


@dataclass(frozen=True)
class PageOf:
    """One page of requests. page : from 1."""

    rows: Sequence[Permohonan]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class VersionRow:
    """One version of the policy, and whether it holds today."""

    row: KebijakanVersi
    in_force: bool


def pegawai_checks(today: date) -> list[tuple[Pegawai, Assessment]]:
    """Every employee with the outcome of the check for work from home."""
    session = db.session()
    policies: dict[int, Policy] = {}
    found = []
    for each in _employees():
        if each.instansi_id not in policies:
            policies[each.instansi_id] = policy_for(session, each.instansi_id, today)
        policy = policies[each.instansi_id]
        found.append((each, assess_pegawai(session, each, policy, today)))
    return found


def requests(keadaan: str, instansi: int | None, page: int, today: date) -> PageOf:
    """Requests, newest first. keadaan : a standing, or "" for all."""
    query = select(Permohonan).join(Permohonan.pegawai)
    if keadaan == Standing.BERAKHIR:
        query = query.where(Permohonan.keadaan.in_(EXPIRING), Permohonan.sampai < today)
    elif keadaan:
        query = query.where(Permohonan.keadaan == keadaan)
        if keadaan in EXPIRING:
            query = query.where(Permohonan.sampai >= today)
    if instansi is not None:
        query = query.where(Pegawai.instansi_id == instansi)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        query.options(
            joinedload(Permohonan.pegawai).joinedload(Pegawai.person),
            joinedload(Permohonan.pegawai).joinedload(Pegawai.instansi),
        )
        .order_by(Permohonan.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return PageOf(rows, page, pages, total)


def monitored(today: date) -> list[Berkas]:
    """Files of the arrangements that run, the next review first."""
    rows = db.session.scalars(
        select(Permohonan)
        .where(Permohonan.keadaan.in_(EXPIRING), Permohonan.sampai >= today)
        .order_by(Permohonan.tinjau_pada, Permohonan.id)
    )
    return [berkas_of(db.session(), row, today) for row in rows]


def history_of(pegawai_id: int) -> tuple[Sequence[Permohonan], Sequence[PenilaianFleksibel]]:
    """All requests and all assessments of one employee, newest first."""
    rows = select(Permohonan).where(Permohonan.pegawai_id == pegawai_id)
    checks = select(PenilaianFleksibel).where(PenilaianFleksibel.pegawai_id == pegawai_id)
    return (
        db.session.scalars(rows.order_by(Permohonan.id.desc())).all(),
        db.session.scalars(checks.order_by(PenilaianFleksibel.id.desc())).all(),
    )


def agencies() -> Sequence[Instansi]:
    """Agencies in the order of their codes."""
    return db.session.scalars(select(Instansi).order_by(Instansi.kode)).all()


def version_rows(today: date) -> list[VersionRow]:
    """All versions of the policy."""
    session = db.session()
    rows = kebijakan.versions(session)
    return [VersionRow(row, kebijakan.is_in_force(session, row, today)) for row in rows]


def current_layer(instansi_id: int, today: date) -> Policy:
    """The policy of an agency today, to begin a proposal from."""
    return policy_for(db.session(), instansi_id, today)


def example_layer() -> Policy | None:
    """Any policy with a layer, to begin a first layer or a simulation from."""
    session = db.session()
    row = session.scalar(
        select(KebijakanVersi)
        .where(KebijakanVersi.lapis != DASAR, KebijakanVersi.status == DISETUJUI)
        .order_by(KebijakanVersi.id)
        .limit(1)
    )
    if row is None:
        return None
    return policy_for(session, row.instansi_id, row.berlaku_sejak)


def _employees() -> Sequence[Pegawai]:
    return db.session.scalars(
        select(Pegawai)
        .options(
            joinedload(Pegawai.person), joinedload(Pegawai.instansi), joinedload(Pegawai.jabatan)
        )
        .order_by(Pegawai.id)
    ).all()
