"""What the tests about talent look up."""

from __future__ import annotations

from web import clock as site_clock
from web.db import db
from web.operations.talenta.acuan import get_acuan
from web.operations.talenta.penilaian import assess
from web.tables import Pegawai, Person, PotretTalenta

ROOT = "/staf/talenta"


def count(table, **where):
    db.session.remove()
    return db.session.scalar(db.select(db.func.count()).select_from(table).filter_by(**where))


def named(nama):
    db.session.remove()
    return db.session.scalars(
        db.select(Pegawai).join(Pegawai.person).where(Person.nama == nama)
    ).one()


def picture(pegawai):
    db.session.remove()
    return db.session.get(PotretTalenta, pegawai.id)


def someone_complete(kotak=None):
    """An employee whose box and index are known, so whose every fact is on file."""
    db.session.remove()
    chosen = db.select(PotretTalenta).where(PotretTalenta.ip_asn.is_not(None))
    chosen = chosen.where(PotretTalenta.kotak == kotak if kotak else PotretTalenta.kotak > 0)
    return db.session.scalars(chosen.order_by(PotretTalenta.pegawai_id)).first().pegawai


def assessed(pegawai):
    """The assessment of an employee as the database now has it."""
    session = db.session()
    stored = session.get_one(Pegawai, pegawai.id)
    return assess(session, [stored], site_clock.today(), get_acuan(session))[0]
