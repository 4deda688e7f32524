"""A small room of an exam day that is about to begin: three people, one of them blind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from seeds.demo.people import nik
from tests.web.conftest import KEYS
from web import clock
from web.db import own_session
from web.operations.pools import find_rules, get_pool, latest_pool
from web.operations.sittings import schedule
from web.tables import (
    Akomodasi,
    Formasi,
    Person,
    Peserta,
    Ruang,
    Sesi,
    SesiRuang,
    TitikLokasi,
)

SESI, ROOM = "SKD ruang uji", "Ruang Uji"
AHEAD_SECONDS = 45 * 60  # the desk is open, and has not closed yet


@dataclass(frozen=True)
class Seat:
    """Somebody who is to come. mode : of delivery."""

    number: int
    nama: str
    nomor: str
    mode: str
    netra: bool = False


MOVES = Seat(1, "Bima Rekaan", "99019020240001", "adaptif")
BLIND = Seat(2, "Sinta Rekaan", "99019020240002", "adaptif", netra=True)
LINEAR = Seat(3, "Tara Rekaan", "99019020240003", "linear")
PEOPLE = (MOVES, BLIND, LINEAR)


def prepare(database: Path) -> int:
    """Put the room, its sesi and the people into the database; returns the id of the sesi."""
    engine = create_engine(f"sqlite:///{database}")
    with own_session(engine, writes=True) as session:
        site = session.scalars(select(TitikLokasi)).one()
        ruang = Ruang(titik_lokasi_id=site.id, nama=ROOM, kursi_awal=1, baris=2, kolom=3, lorong=[])
        sesi = Sesi(
            nama=SESI,
            titik_lokasi=site,
            ruang=ROOM,
            starts_at=clock.now() + AHEAD_SECONDS * MICROSECONDS,
            is_closed=False,
        )
        session.add_all([ruang, sesi])
        session.flush()
        session.add(SesiRuang(sesi_id=sesi.id, ruang_id=ruang.id))
        for seat in PEOPLE:
            _seat(session, sesi, ruang, seat)
        number = sesi.id
    engine.dispose()
    return number


def _seat(session: Session, sesi: Sesi, ruang: Ruang, seat: Seat) -> None:
    born = date(1999, 5, seat.number)
    kode = "F99-05" if seat.netra else "F99-01"
    peserta = Peserta(
        nomor=seat.nomor,
        person=Person(
            nama=seat.nama,
            nik=nik(born, "P", 700 + seat.number),
            tanggal_lahir=born,
            jenis_kelamin="P",
        ),
        formasi=session.scalars(select(Formasi).where(Formasi.kode == kode)).one(),
        netra=seat.netra,
    )
    session.add(peserta)
    session.flush()
    if seat.netra:
        session.add(Akomodasi(peserta_id=peserta.id, kode="pembaca_layar"))
    pool = get_pool(session, latest_pool(session, mode=seat.mode).digest)
    schedule(
        session,
        sesi,
        peserta,
        seat=seat.number,
        pin=None,
        pool=pool,
        rules=find_rules(session, "cpns-2024"),
        keys=KEYS,
        mode=seat.mode,
        ruang_id=ruang.id,
        seed=seat.number,
    )
