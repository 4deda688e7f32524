"""What the proctor's pages show, and whose it is: everything is bound to the proctor's own site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from flask_security import current_user
from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from cat.exam.state import Phase
from web.db import db
from web.operations.pools import get_pool
from web.tables import (
    Masuk,
    Panggilan,
    Person,
    Peserta,
    Sesi,
    Sitting,
    TitikLokasi,
    TugasPengawas,
    User,
    UsulSesi,
)

T = TypeVar("T")


def own_sesi() -> Sequence[Sesi]:
    """Sesi of the site that the proctor works at, newest first."""
    return db.session.scalars(
        select(Sesi)
        .where(Sesi.titik_lokasi_id == current_user.titik_lokasi_id)
        .options(joinedload(Sesi.titik_lokasi))
        .order_by(Sesi.starts_at.desc(), Sesi.id.desc())
    ).all()


def counts_by_sesi(sesi: Iterable[Sesi]) -> dict[int, dict[str, int]]:
    """Sesi -> phase -> how many sittings stand there, in the order of an exam day."""
    rows = db.session.execute(
        select(Sitting.sesi_id, Sitting.phase, func.count())
        .where(Sitting.sesi_id.in_([each.id for each in sesi]))
        .group_by(Sitting.sesi_id, Sitting.phase)
    )
    found: dict[int, Counter[str]] = {}
    for sesi_id, phase, count in rows:
        found.setdefault(sesi_id, Counter())[phase] = count
    return {
        sesi_id: {phase.value: of[phase.value] for phase in Phase if of[phase.value]}
        for sesi_id, of in found.items()
    }


def own_head(sesi_id: int) -> Row[Any]:
    """Whether a sesi of the own site is over, without loading it; 404 for any other."""
    head = db.session.execute(
        select(Sesi.is_closed, Sesi.is_void).where(
            Sesi.id == sesi_id, Sesi.titik_lokasi_id == current_user.titik_lokasi_id
        )
    ).first()
    if head is None:
        raise NotFound
    return head


def get_own_sesi(sesi_id: int) -> Sesi:
    """One sesi of the proctor's own site; 404 for any other."""
    sesi = db.session.get(Sesi, sesi_id)
    return _own(sesi, sesi)


def get_own_sitting(sitting_id: str) -> Sitting:
    """One sitting at the proctor's own site; 404 for any other."""
    sitting = db.session.get(Sitting, sitting_id)
    return _own(sitting, sitting.sesi if sitting else None)


def get_own_call(panggilan_id: int) -> Panggilan:
    """One call from the proctor's own site; 404 for any other."""
    call = db.session.get(Panggilan, panggilan_id)
    return _own(call, db.session.get(Sesi, call.sesi_id) if call else None)


def get_own_login(masuk_id: str) -> Masuk:
    """One login at the proctor's own site; 404 for any other."""
    login = db.session.get(Masuk, masuk_id)
    sitting = db.session.get(Sitting, login.sitting_id) if login else None
    return _own(login, sitting.sesi if sitting else None)


def get_own_proposal(usul_id: int) -> UsulSesi:
    """One proposal about a sesi of the proctor's own site; 404 for any other."""
    row = db.session.get(UsulSesi, usul_id)
    return _own(row, db.session.get(Sesi, row.sesi_id) if row else None)


def people_of(sesi_id: int) -> dict[str, tuple[str, str, int]]:
    """Sitting -> name, number, and how many items the exam has."""
    rows = db.session.execute(
        select(Sitting.id, Person.nama, Peserta.nomor, Sitting.pool_digest)
        .join(Peserta, Peserta.id == Sitting.peserta_id)
        .join(Person, Person.id == Peserta.person_id)
        .where(Sitting.sesi_id == sesi_id)
    ).all()
    session = db.session()
    lengths = {digest: get_pool(session, digest).length for digest in {row[3] for row in rows}}
    return {row[0]: (row[1], row[2], lengths[row[3]]) for row in rows}


def duties_of(sesi_id: int) -> list[tuple[TugasPengawas, str]]:
    """Who is or was on duty in a sesi, with their names, in the order of time."""
    rows = db.session.execute(
        select(TugasPengawas, User.nama)
        .outerjoin(User, User.username == TugasPengawas.pengawas)
        .where(TugasPengawas.sesi_id == sesi_id)
        .order_by(TugasPengawas.mulai_at, TugasPengawas.id)
    )
    return [(row[0], row[1] or row[0].pengawas) for row in rows]


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """Account -> name."""
    rows = db.session.execute(
        select(User.username, User.nama).where(User.username.in_(set(usernames)))
    )
    return {row[0]: row[1] for row in rows}


def zone_of(sesi: Sesi) -> str:
    """The time zone of the site."""
    return db.session.get_one(TitikLokasi, sesi.titik_lokasi_id).zona


def _own(found: T | None, sesi: Sesi | None) -> T:
    if found is None or sesi is None or sesi.titik_lokasi_id != current_user.titik_lokasi_id:
        raise NotFound
    return found
