"""A site with rooms, a sesi to come, files of people."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from tests.web.conftest import KEYS, START, Clock, settings
from web import create_app
from web.db import db, transaction
from web.operations.jadwal import berkas, impor, lokasi, syarat
from web.operations.jadwal import sesi as calendar
from web.operations.jadwal.denah import Denah
from web.operations.jadwal.waktu import MINUTE
from web.tables import Ruang, Sesi, TitikLokasi

DEMO_SITE = "UPT Seleksi Contoh Jakarta"
BORN = date(1990, 1, 1)


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Path]:
    """One application for many tests, and where its database stands: making one takes longer."""
    folder = tmp_path_factory.mktemp("jadwal")
    path = folder / "uji.sqlite"
    return create_app(settings(f"sqlite:///{path}", folder)), path


@pytest.fixture
def sqlite_app(sqlite_template: Path, shared_app: tuple[Flask, Path], clock: Clock):
    """As `app`, on SQLite alone, for what does not depend on the database."""
    made, path = shared_app
    for old in path.parent.glob("uji.sqlite*"):
        old.unlink()
    shutil.copy(sqlite_template, path)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def demo_site() -> TitikLokasi:
    return db.session.scalars(db.select(TitikLokasi).filter_by(nama=DEMO_SITE)).one()


def room(site: TitikLokasi, nama: str, rows: int, columns: int, first: int = 1) -> Ruang:
    with transaction() as session:
        return lokasi.save_room(
            session, site, Denah(rows, columns, first), nama=nama, by="staf", now=START
        )


def sesi(
    site: TitikLokasi,
    rooms: Sequence[Ruang],
    nama: str,
    minutes: int = 60,
    mode: str | None = None,
) -> Sesi:
    """A sesi that starts so many minutes after START."""
    with transaction() as session:
        terms = syarat.agree(session, "cpns-2024", date(2026, 11, 19), mode=mode)
        return calendar.create(
            session,
            site,
            rooms,
            terms,
            nama=nama,
            starts_at=START + minutes * MINUTE,
            by="staf",
            now=START,
        )


def rows(count: int, start: int = 0, **changed: Callable[[int], str]) -> list[tuple[str, ...]]:
    """Invented people; changed : column -> what stands there for the n-th of them."""
    made = []
    for n in range(start, start + count):
        born = BORN + timedelta(days=n)
        cells = {
            "nomor_peserta": f"249999{n:011}",
            "nik": f"999901{born:%d%m%y}{n % 10000:04}",
            "nama": f"Peserta Uji {n}",
            "tanggal_lahir": f"{born:%d-%m-%Y}",
            "jenis_kelamin": "L",
            "formasi": "F99-01",
            "jenis_kebutuhan": "umum",
            "netra": "tidak",
            "akomodasi": "",
            "titik_lokasi": "",
            "sesi": "",
            "kursi": "",
        }
        cells |= {name: make(n) for name, make in changed.items()}
        made.append(tuple(cells[name] for name in berkas.COLUMNS))
    return made


def workbook(people: Sequence[Sequence[str]]) -> bytes:
    return berkas.as_xlsx(berkas.COLUMNS, people)


def bring_in(chosen: Sesi, people: Sequence[Sequence[str]]):
    with transaction() as session:
        return impor.apply(
            session, workbook(people), sesi_id=chosen.id, by="staf", now=START, keys=KEYS
        )


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 400), exif: bytes = b"") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "gray").save(file, kind, **({"exif": exif} if exif else {}))
    return file.getvalue()


def zipped(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in files.items():
            archive.writestr(name.replace("__", "."), body)
    return file.getvalue()


@pytest.fixture
def meja(app: Flask) -> Sesi:
    """A sesi at the site of the demonstration's registration desk, an hour ahead, six people."""
    site = demo_site()
    chosen = sesi(site, [room(site, "Ruang Meja", 2, 4, 501)], "SKD meja")
    bring_in(chosen, rows(6))
    return chosen
