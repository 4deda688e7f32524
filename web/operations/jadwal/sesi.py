"""Sesi on the calendar: one by one or a day's pattern at once, and what would clash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from cat.errors import BadInput
from web.operations import audit
from web.operations.jadwal.denah import denah_of
from web.operations.jadwal.lokasi import refuse_shared_numbers, rooms_in
from web.operations.jadwal.pelaksanaan import aturan_pelaksanaan
from web.operations.jadwal.syarat import Syarat, longest_minutes
from web.operations.jadwal.waktu import MINUTE, local, moment
from web.operations.pools import get_rules
from web.tables import Ruang, Sesi, SesiRuang, Sitting, TitikLokasi

MOST_DAYS = 62
_NAMES = 80


@dataclass(frozen=True)
class Rencana:
    """A sesi that could be made. bentrok : what stands against it, in words; empty where nothing.

    starts_at : microseconds since 1970-01-01 UTC.
    """

    nama: str
    starts_at: int
    bentrok: tuple[str, ...]


def create(
    session: Session,
    site: TitikLokasi,
    rooms: Sequence[Ruang],
    syarat: Syarat,
    *,
    nama: str,
    starts_at: int,
    by: str,
    now: int,
    pengganti_dari: int | None = None,
) -> Sesi:
    """Put one sesi on the calendar.

    Raises BadInput for a bad or taken name, a start in the past, no rooms, rooms of another site
    or with common seat numbers, and rooms that another sesi uses at that time.
    """
    nama = _name(nama)
    if starts_at <= now:
        raise BadInput("jam mulai sudah lewat")
    lock_rooms(session, rooms)
    if problems := clashes(session, site, rooms, nama, starts_at, syarat.menit):
        raise BadInput("; ".join(problems))
    refuse_bad_rooms(site, rooms)
    sesi = Sesi(
        nama=nama,
        titik_lokasi=site,
        ruang=room_names(rooms),
        starts_at=starts_at,
        is_closed=False,
        ujian=syarat.ujian,
        mode=syarat.mode,
        pool_digest=syarat.pool_digest,
        rules_digest=syarat.rules_digest,
        pengganti_dari=pengganti_dari,
    )
    session.add(sesi)
    session.flush()
    session.add_all(SesiRuang(sesi_id=sesi.id, ruang_id=room.id) for room in rooms)
    audit.record(
        session,
        at=now,
        by=by,
        act="buat sesi",
        subject=f"sesi {sesi.id}",
        nama=nama,
        mulai=starts_at,
        ruang=[room.nama for room in rooms],
        pool=syarat.pool_digest[:12],
        ketentuan=syarat.rules_digest[:12],
        moda=syarat.mode,
    )
    session.flush()
    return sesi


def plan_days(
    session: Session,
    site: TitikLokasi,
    rooms: Sequence[Ruang],
    syarat: Syarat,
    *,
    pola: str,
    first: date,
    last: date,
    label: str,
    now: int,
    without: Sequence[date] = (),
) -> list[Rencana]:
    """What a pattern gives for each day from `first` to `last`, with what would clash.

    pola : code of a pattern in the rules of the first day. label : what the test is called in the
    names. without : days left out, such as holidays.

    Raises BadInput for days the wrong way round or too many, no rooms, or an unknown pattern.
    """
    if not first <= last or (last - first).days >= MOST_DAYS:
        raise BadInput(f"rentang hari: tanggal akhir sesudah awal, paling banyak {MOST_DAYS} hari")
    refuse_bad_rooms(site, rooms)
    plans = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day not in without:
            starts = aturan_pelaksanaan(session, day).get_pola(pola).mulai(day)
            plans += _plan_day(session, site, rooms, syarat.menit, day, starts, label, now)
    return plans


def lock_rooms(session: Session, rooms: Sequence[Ruang]) -> None:
    """Before `clashes` decides: of two who want a room at once the second sees the first one's."""
    ids = select(Ruang.id).where(Ruang.id.in_([room.id for room in rooms])).order_by(Ruang.id)
    session.execute(ids.with_for_update(key_share=True))


def clashes(
    session: Session,
    site: TitikLokasi,
    rooms: Sequence[Ruang],
    nama: str,
    starts_at: int,
    menit: int,
    *,
    own: int = 0,
) -> list[str]:
    """What stands against a sesi there and then: its name, or a room in use at that time.

    own : id of the sesi itself when it is already on the calendar.
    """
    found = []
    same = select(Sesi.id).where(Sesi.titik_lokasi_id == site.id, Sesi.nama == nama)
    if session.scalar(same.where(Sesi.id != own)) is not None:
        found.append(f"sesi bernama {nama!r} sudah ada di {site.nama}")
    ids = {room.id: room.nama for room in rooms}
    rows = session.execute(
        select(Sesi, SesiRuang.ruang_id)
        .join(SesiRuang, SesiRuang.sesi_id == Sesi.id)
        .where(
            SesiRuang.ruang_id.in_(ids),
            Sesi.id != own,
            Sesi.is_void.is_(False),
            Sesi.starts_at < starts_at + menit * MINUTE,
            Sesi.starts_at > starts_at - 24 * 60 * MINUTE,
        )
        .order_by(Sesi.starts_at, SesiRuang.ruang_id)
    ).all()
    for other, ruang_id in rows:
        ends = other.starts_at + minutes_of(session, other) * MINUTE
        if ends > starts_at:
            begins, over = (local(at, site.zona) for at in (other.starts_at, ends))
            found.append(
                f"{ids[ruang_id]} dipakai {other.nama} pukul {begins:%H.%M} sampai {over:%H.%M}"
            )
    return found


def minutes_of(session: Session, sesi: Sesi) -> int:
    """The longest working time in a sesi, minutes: by its terms, else by its sittings."""
    if sesi.rules_digest is not None:
        return longest_minutes(get_rules(session, sesi.rules_digest))
    longest = session.scalar(select(func.max(Sitting.seconds)).where(Sitting.sesi_id == sesi.id))
    return (longest or 0) // 60


def capacity(session: Session, sesi_id: int) -> int:
    """Seats of all rooms of a sesi."""
    return seats_in(rooms_in(session, sesi_id))


def seats_in(rooms: Sequence[Ruang]) -> int:
    """Seats of these rooms together."""
    return sum(denah_of(room).kapasitas for room in rooms)


def refuse_bad_rooms(site: TitikLokasi, rooms: Sequence[Ruang]) -> None:
    """Raise BadInput for no rooms, rooms of another site, or common seat numbers."""
    if not rooms:
        raise BadInput("ruang: pilih sedikitnya satu")
    if foreign := [room.nama for room in rooms if room.titik_lokasi_id != site.id]:
        raise BadInput(f"ruang {', '.join(foreign)} bukan ruang {site.nama}")
    refuse_shared_numbers(rooms)


def room_names(rooms: Sequence[Ruang]) -> str:
    """The names of rooms as lists show them, shortened where there are many."""
    text = ", ".join(room.nama for room in rooms)
    return text if len(text) <= _NAMES else f"{rooms[0].nama} dan {len(rooms) - 1} lainnya"[:_NAMES]


def get_sesi(session: Session, sesi_id: int) -> Sesi:
    """The sesi with its site, locked where the database can; raises BadInput."""
    sesi = session.scalar(
        select(Sesi)
        .where(Sesi.id == sesi_id)
        .options(joinedload(Sesi.titik_lokasi, innerjoin=True))
        .with_for_update(of=Sesi, key_share=True)  # whoever notes something of it need not wait
        .execution_options(populate_existing=True)
    )
    if sesi is None:
        raise BadInput(f"sesi {sesi_id} tidak ada")
    return sesi


def _plan_day(
    session: Session,
    site: TitikLokasi,
    rooms: Sequence[Ruang],
    menit: int,
    day: date,
    starts: Sequence[time],
    label: str,
    now: int,
) -> list[Rencana]:
    plans: list[Rencana] = []
    for number, at in enumerate(starts, start=1):
        nama = f"{label} {day:%d-%m-%Y} sesi {number}"
        starts_at = moment(day, at, site.zona)
        against = clashes(session, site, rooms, nama, starts_at, menit)
        if starts_at <= now:
            against.append("jam mulai sudah lewat")
        if plans and plans[-1].starts_at + menit * MINUTE > starts_at:
            against.append(f"mulai sebelum {plans[-1].nama} selesai ({menit} menit)")
        plans.append(Rencana(nama, starts_at, tuple(against)))
    return plans


def _name(text: str) -> str:
    text = " ".join(text.split())
    if not 3 <= len(text) <= 120 or not text.isprintable():
        raise BadInput(f"nama sesi: 3 sampai 120 huruf; terbaca {len(text)}")
    return text
