"""What the pages of the registration desk show; only the officer's own site."""

from __future__ import annotations

from dataclasses import dataclass

from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from web import clock
from web.db import db
from web.operations.jadwal.waktu import MINUTE, Jendela, jendela_of
from web.operations.registrasi.kehadiran import Hitungan, counts
from web.tables import Formasi, Peserta, Sesi, Sitting

_BACK = 24 * 60 * MINUTE
MOST = 60
_ORDER = ("buka", "belum", "tutup", "batal")


@dataclass(frozen=True)
class Baris:
    """One sesi to choose. keadaan : buka, belum, tutup, or batal."""

    sesi: Sesi
    jendela: Jendela
    hitungan: Hitungan
    keadaan: str


def own_sesi() -> list[Baris]:
    """Sesi of the officer's site from yesterday on: those that are open now, then by time."""
    now = clock.now()
    rows = db.session.scalars(
        select(Sesi)
        .where(Sesi.titik_lokasi_id == current_user.titik_lokasi_id, Sesi.starts_at > now - _BACK)
        .options(joinedload(Sesi.titik_lokasi, innerjoin=True))
        .order_by(Sesi.starts_at)
        .limit(MOST)
    ).all()
    attendance = counts(db.session(), [each.id for each in rows])
    made = []
    for each in rows:
        jendela = jendela_of(db.session(), each)
        state = _state(each, jendela, now)
        made.append(Baris(each, jendela, attendance.get(each.id, Hitungan()), state))
    return sorted(made, key=lambda row: _ORDER.index(row.keadaan))


def get_own_sesi(sesi_id: int) -> Sesi:
    """One sesi of the officer's own site; 404 for any other."""
    sesi = db.session.get(Sesi, sesi_id)
    if sesi is None or sesi.titik_lokasi_id != current_user.titik_lokasi_id:
        raise NotFound
    return sesi


def get_sitting(sesi_id: int, sitting_id: str) -> Sitting:
    """One participant of a sesi of the officer's own site; 404 for any other."""
    get_own_sesi(sesi_id)
    sitting = db.session.scalar(
        select(Sitting)
        .where(Sitting.id == sitting_id, Sitting.sesi_id == sesi_id)
        .options(
            joinedload(Sitting.sesi).joinedload(Sesi.titik_lokasi),
            joinedload(Sitting.peserta).joinedload(Peserta.person),
            joinedload(Sitting.peserta).joinedload(Peserta.formasi).joinedload(Formasi.jabatan),
            joinedload(Sitting.peserta).joinedload(Peserta.formasi).joinedload(Formasi.instansi),
        )
        .execution_options(populate_existing=True)
    )
    if sitting is None:
        raise NotFound
    return sitting


def _state(sesi: Sesi, jendela: Jendela, now: int) -> str:
    if sesi.is_void:
        return "batal"
    if sesi.is_closed or now >= jendela.tutup_at:
        return "tutup"
    return "buka" if jendela.is_open(now) else "belum"
