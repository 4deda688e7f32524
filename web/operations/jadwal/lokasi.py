"""Test sites and their rooms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.operations import audit
from web.operations.jadwal.denah import Denah, denah_of
from web.operations.jadwal.waktu import ZONA
from web.tables import Ruang, Sesi, SesiRuang, Sitting, TitikLokasi

_NOT_OVER = (Sesi.is_closed.is_(False), Sesi.is_void.is_(False))


def create_site(session: Session, *, nama: str, zona: str, by: str, now: int) -> TitikLokasi:
    """Add a test site. Raises BadInput for a bad or taken name, or an unknown time zone."""
    site = TitikLokasi(nama=_name(nama, 160, "titik lokasi"), zona=_zone(zona))
    _refuse_taken(session, site.nama, None)
    session.add(site)
    session.flush()
    _note(session, now, by, "buat titik lokasi", f"titik lokasi {site.id}", nama=site.nama)
    return site


def change_site(
    session: Session, site: TitikLokasi, *, nama: str, zona: str, by: str, now: int
) -> None:
    """Rename a site or mend its time zone.

    Raises BadInput as `create_site` does, and for a new zone once a sesi was scheduled: its local
    start would silently become another one.
    """
    nama, zona = _name(nama, 160, "titik lokasi"), _zone(zona)
    _refuse_taken(session, nama, site.id)
    if zona != site.zona and session.scalar(
        select(Sesi.id).where(Sesi.titik_lokasi_id == site.id).limit(1)
    ):
        raise BadInput("zona waktu: tidak dapat diubah karena titik lokasi ini sudah punya sesi")
    if (nama, zona) != (site.nama, site.zona):
        site.nama, site.zona = nama, zona
        _note(session, now, by, "ubah titik lokasi", f"titik lokasi {site.id}", nama=nama)


def save_room(
    session: Session,
    site: TitikLokasi,
    denah: Denah,
    *,
    nama: str,
    by: str,
    now: int,
    ruang: Ruang | None = None,
) -> Ruang:
    """Add a room, or change `ruang`.

    Raises BadInput for a bad or taken name, and when a seat given in a sesi that is not over would
    no longer exist.
    """
    nama = _name(nama, 80, "ruang")
    taken = select(Ruang.id).where(Ruang.titik_lokasi_id == site.id, Ruang.nama == nama)
    if session.scalar(taken.where(Ruang.id != (ruang.id if ruang else 0))) is not None:
        raise BadInput(f"ruang {nama!r} sudah ada di {site.nama}")
    act = "ubah ruang" if ruang else "buat ruang"
    if ruang is None:
        ruang = Ruang(titik_lokasi_id=site.id)
    else:
        _refuse_lost_seats(session, ruang, denah)
        _refuse_overlap(session, ruang, denah)
    ruang.nama, ruang.kursi_awal = nama, denah.kursi_awal
    ruang.baris, ruang.kolom = denah.baris, denah.kolom
    ruang.lorong = [list(cell) for cell in sorted(denah.lorong)]
    session.add(ruang)
    session.flush()
    size = f"{denah.baris}x{denah.kolom}"
    _note(session, now, by, act, f"ruang {ruang.id}", nama=nama, ukuran=size, n=denah.kapasitas)
    return ruang


def rooms_of(session: Session, site_id: int) -> Sequence[Ruang]:
    """The rooms of a site by first seat and name."""
    order = Ruang.kursi_awal, Ruang.nama
    return session.scalars(
        select(Ruang).where(Ruang.titik_lokasi_id == site_id).order_by(*order)
    ).all()


def rooms_in(session: Session, sesi_id: int) -> Sequence[Ruang]:
    """The rooms that a sesi uses, by first seat."""
    return session.scalars(
        select(Ruang)
        .join(SesiRuang, SesiRuang.ruang_id == Ruang.id)
        .where(SesiRuang.sesi_id == sesi_id)
        .order_by(Ruang.kursi_awal, Ruang.nama)
    ).all()


def refuse_shared_numbers(rooms: Sequence[Ruang]) -> None:
    """Raise BadInput when two rooms of one sesi have the same seat number."""
    by_first = sorted(rooms, key=lambda room: room.kursi_awal)
    for one, other in pairwise(by_first):
        last = denah_of(one).kursi_akhir
        if other.kursi_awal <= last:
            raise BadInput(
                f"{one.nama} (kursi {one.kursi_awal}-{last}) dan {other.nama} (mulai "
                f"{other.kursi_awal}) memakai nomor kursi yang sama; ubah kursi awal salah satunya"
            )


def _refuse_lost_seats(session: Session, ruang: Ruang, denah: Denah) -> None:
    lost = session.scalars(
        select(Sitting.seat)
        .join(Sesi)
        .where(
            Sitting.ruang_id == ruang.id,
            *_NOT_OVER,
            ~Sitting.seat.between(denah.kursi_awal, denah.kursi_akhir),
        )
        .order_by(Sitting.seat)
    ).all()
    if lost:
        shown = ", ".join(str(seat) for seat in lost[:10])
        raise BadInput(f"{len(lost)} kursi sudah ditempati pada sesi yang akan datang: {shown}")


def _refuse_overlap(session: Session, ruang: Ruang, denah: Denah) -> None:
    """A room may not grow into the numbers of one that shares a sesi with it."""
    shared = select(SesiRuang.sesi_id).where(SesiRuang.ruang_id == ruang.id)
    beside = (
        select(SesiRuang.ruang_id)
        .join(Sesi, Sesi.id == SesiRuang.sesi_id)
        .where(SesiRuang.sesi_id.in_(shared), *_NOT_OVER)
    )
    others = session.scalars(select(Ruang).where(Ruang.id.in_(beside), Ruang.id != ruang.id))
    for other in others:
        if set(denah.nomor) & set(denah_of(other).nomor):
            raise BadInput(f"nomor kursinya menjadi sama dengan {other.nama} dalam satu sesi")


def _name(text: str, most: int, what: str) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= most or not text.isprintable():
        raise BadInput(f"nama {what}: 1 sampai {most} huruf; terbaca {len(text)}")
    return text


def _zone(zona: str) -> str:
    if zona not in ZONA:
        raise BadInput(f"zona waktu {zona!r}: harus {', '.join(ZONA.values())}")
    return zona


def _refuse_taken(session: Session, nama: str, own: int | None) -> None:
    found = session.scalar(select(TitikLokasi.id).where(TitikLokasi.nama == nama))
    if found is not None and found != own:
        raise BadInput(f"titik lokasi {nama!r} sudah ada")


def _note(session: Session, at: int, by: str, act: str, subject: str, **data: object) -> None:
    audit.record(session, at=at, by=by, act=act, subject=subject, **data)
