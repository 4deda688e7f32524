"""What the pages of the schedule show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from cat.exam.state import Phase
from web import clock
from web.db import db
from web.operations.jadwal.denah import denah_of
from web.operations.jadwal.waktu import day_of, moment
from web.operations.registrasi.kehadiran import Hitungan, counts
from web.tables import Person, Peserta, Ruang, Sesi, SesiRuang, Sitting, TitikLokasi

MOST_SESI = 300
_MIDNIGHT = time(0)
PER_PAGE = 100
STATES = {
    "": "Semua",
    "akan": "Akan datang",
    "berjalan": "Berjalan",
    "ditutup": "Ditutup",
    "batal": "Dibatalkan",
}


@dataclass(frozen=True)
class Baris:
    """One sesi on the calendar."""

    sesi: Sesi
    hitungan: Hitungan
    kapasitas: int
    keadaan: str


@dataclass(frozen=True)
class Saringan:
    """What a list of sesi was asked for. site : id, 0 for all."""

    site: int
    dari: date
    sampai: date
    keadaan: str


def sites() -> Sequence[TitikLokasi]:
    """Every site by name."""
    return db.session.scalars(select(TitikLokasi).order_by(TitikLokasi.nama)).all()


def site_sizes() -> dict[int, tuple[int, int]]:
    """Site id -> how many rooms and seats it has."""
    found: dict[int, tuple[int, int]] = {}
    for room in db.session.scalars(select(Ruang)):
        rooms, seats = found.get(room.titik_lokasi_id, (0, 0))
        found[room.titik_lokasi_id] = (rooms + 1, seats + denah_of(room).kapasitas)
    return found


def calendar(wanted: Saringan) -> list[tuple[date, list[Baris]]]:
    """Sesi that match, day by local day, at most MOST_SESI of them."""
    # Local days differ from zone to zone by hours: take a day more on both sides, then look.
    low = moment(wanted.dari - timedelta(days=1), _MIDNIGHT, "Asia/Jakarta")
    high = moment(wanted.sampai + timedelta(days=2), _MIDNIGHT, "Asia/Jakarta")
    query = (
        select(Sesi)
        .where(Sesi.starts_at >= low, Sesi.starts_at < high)
        .options(joinedload(Sesi.titik_lokasi, innerjoin=True))
        .order_by(Sesi.starts_at, Sesi.titik_lokasi_id, Sesi.id)
        .limit(MOST_SESI)
    )
    if wanted.site:
        query = query.where(Sesi.titik_lokasi_id == wanted.site)
    rows = [
        row
        for row in with_counts(db.session.scalars(query).all())
        if wanted.dari <= day_of(row.sesi) <= wanted.sampai and wanted.keadaan in ("", row.keadaan)
    ]
    rows.sort(key=lambda row: (day_of(row.sesi), row.sesi.titik_lokasi.nama, row.sesi.starts_at))
    return [(day, list(found)) for day, found in groupby(rows, key=lambda row: day_of(row.sesi))]


def with_counts(sesi: Sequence[Sesi]) -> list[Baris]:
    """Sesi with attendance and capacity."""
    ids = [each.id for each in sesi]
    attendance, seats = counts(db.session(), ids), capacities(ids)
    now = clock.now()
    return [
        Baris(each, attendance.get(each.id, Hitungan()), seats.get(each.id, 0), state(each, now))
        for each in sesi
    ]


def state(sesi: Sesi, now: int) -> str:
    """Where a sesi stands, a key of STATES."""
    if sesi.is_void:
        return "batal"
    if sesi.is_closed:
        return "ditutup"
    return "berjalan" if sesi.starts_at <= now else "akan"


def capacities(sesi_ids: Sequence[int]) -> dict[int, int]:
    """Sesi id -> seats of its rooms."""
    rows = db.session.execute(
        select(SesiRuang.sesi_id, Ruang)
        .join(Ruang, Ruang.id == SesiRuang.ruang_id)
        .where(SesiRuang.sesi_id.in_(sesi_ids))
    )
    found: dict[int, int] = {}
    for sesi_id, room in rows:
        found[sesi_id] = found.get(sesi_id, 0) + denah_of(room).kapasitas
    return found


def people(sesi_id: int, wanted: str, page: int) -> tuple[Sequence[Sitting], int]:
    """A page of people by seat, and how many match. wanted : part of a name or nomor."""
    query = select(Sitting).join(Peserta).join(Person).where(Sitting.sesi_id == sesi_id)
    if wanted:
        like = f"%{wanted.lower()}%"
        query = query.where(or_(func.lower(Person.nama).like(like), Peserta.nomor.like(like)))
    count = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.options(joinedload(Sitting.peserta).joinedload(Peserta.person))
        .order_by(Sitting.seat)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return rows, count


def taken_seats(sesi_id: int) -> dict[int, str]:
    """Seat -> what a drawn seat says of who has it: ada, hadir, or mulai."""
    rows = db.session.execute(
        select(Sitting.seat, Sitting.hadir_at, Sitting.phase).where(Sitting.sesi_id == sesi_id)
    )
    begun = (Phase.WORKING.value, Phase.PAUSED.value, Phase.FINISHED.value)
    return {
        seat: "mulai" if phase in begun else "hadir" if hadir_at is not None else "ada"
        for seat, hadir_at, phase in rows
    }


def targets(sesi: Sesi) -> list[Sesi]:
    """Sesi of the same test that people of this one could go to, the soonest first."""
    query = (
        select(Sesi)
        .where(
            Sesi.id != sesi.id,
            Sesi.starts_at > clock.now(),
            Sesi.is_void.is_(False),
            Sesi.is_closed.is_(False),
            Sesi.ujian == sesi.ujian,
            Sesi.mode == sesi.mode,
        )
        .options(joinedload(Sesi.titik_lokasi, innerjoin=True))
        .order_by(Sesi.starts_at)
        .limit(50)
    )
    return list(db.session.scalars(query))


def upcoming() -> Sequence[Sesi]:
    """Sesi that people can still be seated in, the soonest first."""
    return db.session.scalars(
        select(Sesi)
        .where(
            Sesi.starts_at > clock.now(),
            Sesi.is_void.is_(False),
            Sesi.is_closed.is_(False),
            Sesi.pool_digest.is_not(None),
            Sesi.rules_digest.is_not(None),
        )
        .options(joinedload(Sesi.titik_lokasi, innerjoin=True))
        .order_by(Sesi.starts_at, Sesi.id)
        .limit(MOST_SESI)
    ).all()
