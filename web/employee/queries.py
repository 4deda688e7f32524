"""What an employee's pages show, and whose requests an employee may open."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from cat.ketentuan.fleksibel.langkah import Actor, Role
from web.db import db
from web.tables import Pegawai, Permohonan


def own_pegawai() -> Pegawai:
    """The employee of this account; 403 for an account without one."""
    pegawai = db.session.get(Pegawai, current_user.pegawai_id) if current_user.pegawai_id else None
    return pegawai or abort(403)


def acting_as(role: Role) -> Actor:
    """The person at the browser in this capacity."""
    return Actor(current_user.username, role, own_pegawai().id)


def own_requests() -> Sequence[Permohonan]:
    """Requests of the employee, newest first."""
    return db.session.scalars(
        select(Permohonan)
        .where(Permohonan.pegawai_id == own_pegawai().id)
        .order_by(Permohonan.id.desc())
    ).all()


def get_own_request(permohonan_id: int) -> Permohonan:
    """One request of the employee; 404 for any other."""
    found = db.session.get(Permohonan, permohonan_id)
    if found is None or found.pegawai_id != own_pegawai().id:
        raise NotFound
    return found


def requests_of_reports() -> Sequence[Permohonan]:
    """Requests of those who report to the employee, newest first."""
    return db.session.scalars(
        select(Permohonan)
        .join(Permohonan.pegawai)
        .where(Pegawai.atasan_id == own_pegawai().id)
        .options(joinedload(Permohonan.pegawai).joinedload(Pegawai.person))
        .order_by(Permohonan.id.desc())
    ).all()


def get_request_of_report(permohonan_id: int) -> Permohonan:
    """One request of somebody who reports to the employee; 404 for any other."""
    found = db.session.get(Permohonan, permohonan_id)
    if found is None or found.pegawai.atasan_id != own_pegawai().id:
        raise NotFound
    return found
