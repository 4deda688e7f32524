"""Who looked at whose data, and for which purpose."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.operations import audit
from web.operations.pelindungan import register
from web.tables import DataAccess


def note(
    session: Session, person_id: int, subject: str, *, act: str, activity: str, by: str, at: int
) -> None:
    """Note that somebody looked at a person's data, for that person and in the audit.

    subject : what the audit names, such as a nomor peserta.
    activity : the purpose, a code of the register; raises BadRules for one that it does not hold.
    """
    register.in_force(session).get(activity)
    session.add(DataAccess(at=at, by=by, person_id=person_id, act=act, activity=activity))
    audit.record(session, at=at, by=by, act=act[:60], subject=subject)


def history(session: Session, person_id: int) -> Sequence[DataAccess]:
    """Every look at a person's data, newest first."""
    return session.scalars(
        select(DataAccess).where(DataAccess.person_id == person_id).order_by(DataAccess.id.desc())
    ).all()
