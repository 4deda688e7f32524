"""What the head's pages show: only people of the own agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import abort
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from cat.ketentuan.fleksibel.jatah import ShareRow, standing_share
from cat.ketentuan.fleksibel.langkah import EXPIRING, Actor, Role, Standing
from web.db import db
from web.operations.fleksibel.jatah import members_of, running_in
from web.operations.fleksibel.kebijakan import policy_for
from web.tables import Instansi, Pegawai, Permohonan, UnitKerja

REVIEW_AHEAD = timedelta(days=14)
# What waits for the head, first things first.
INBOX = (
    Standing.KEBERATAN_PENOLAKAN,
    Standing.KEBERATAN_PENCABUTAN,
    Standing.MENUNGGU_PUTUSAN,
    Standing.DALAM_KLARIFIKASI,
    Standing.MENUNGGU_BUKTI,
)


@dataclass(frozen=True)
class UnitRow:
    """One unit: how many are away on each working day and in all.

    has_rule : whether the agency has set a share.
    """

    unit: UnitKerja
    members: int
    shares: tuple[ShareRow, ...]
    has_rule: bool


def own_agency() -> Instansi:
    """The agency that the account decides for; 403 for an account without one."""
    found = db.session.get(Instansi, current_user.instansi_id) if current_user.instansi_id else None
    return found or abort(403)


def acting() -> Actor:
    """The person at the browser as head."""
    return Actor(current_user.username, Role.PIMPINAN, current_user.pegawai_id)


def get_request(permohonan_id: int) -> Permohonan:
    """One request of the agency; 404 for any other."""
    found = db.session.get(Permohonan, permohonan_id)
    if found is None or found.pegawai.instansi_id != own_agency().id:
        raise NotFound
    return found


def inbox(today: date) -> list[tuple[Standing, list[Permohonan]]]:
    """Requests that wait for the head, kind by kind; what ran out by itself no longer waits."""
    rows = _requests(INBOX)
    waiting = [row for row in rows if row.keadaan not in EXPIRING or row.sampai >= today]
    groups = [(each, [row for row in waiting if row.keadaan == each]) for each in INBOX]
    return [(standing, found) for standing, found in groups if found]


def running(today: date) -> list[Permohonan]:
    """Arrangements that are approved and not over, the next review first."""
    rows = [row for row in _requests(tuple(EXPIRING)) if row.sampai >= today]
    return sorted(rows, key=lambda row: (row.tinjau_pada or row.sampai, row.id))


def is_due(row: Permohonan, today: date) -> bool:
    """Whether a review is due within two weeks."""
    return row.tinjau_pada is not None and row.tinjau_pada <= today + REVIEW_AHEAD


def units(today: date) -> list[UnitRow]:
    """Every unit of the agency."""
    session = db.session()
    agency = own_agency()
    rule = policy_for(session, agency.id, today).jatah_unit("rumah")
    rows = session.scalars(
        select(UnitKerja).where(UnitKerja.instansi_id == agency.id).order_by(UnitKerja.kode)
    )
    found = []
    for unit in rows:
        away = [tuple(row.hari) for row in running_in(session, [unit.id], today, today)]
        members = members_of(session, unit.id)
        shares = standing_share(rule, members, away)
        found.append(UnitRow(unit, members, shares, rule is not None))
    return found


def _requests(standings: Sequence[Standing]) -> Sequence[Permohonan]:
    return db.session.scalars(
        select(Permohonan)
        .join(Permohonan.pegawai)
        .where(Pegawai.instansi_id == own_agency().id, Permohonan.keadaan.in_(standings))
        .options(
            joinedload(Permohonan.pegawai).joinedload(Pegawai.person),
            joinedload(Permohonan.pegawai).joinedload(Pegawai.unit),
        )
        .order_by(Permohonan.id)
    ).all()
