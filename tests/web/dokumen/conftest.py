"""Documents with invented content, made once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from sqlalchemy.orm import joinedload, selectinload

from seeds.demo.load import FINISHED
from tests.web.dokumen.people import ADDRESS
from web.db import db
from web.dokumen.kinds import Jenis
from web.dokumen.record import SignedRecord
from web.dokumen.typeset import Sheet, Stamp, produce
from web.tables import Dokumen, DokumenPdf, Peserta, Sesi, Sitting

SEED = bytes(range(32))
NOW = 1_795_000_000_000_000  # 18 November 2026, 18.06 WIB
LONG = (
    "Raden Mas Haryo Kusumaningrat Contohwidjojo-Andaikatasari Simulasipurwarupaningrum "
    "bin Abdurrahman Misalkanulhaqqiyah"
)


def list_sheet(rows: int, nama: str = "Bayu Misalkan") -> Sheet:
    """A ranking of one formasi with so many rows."""
    columns = [["TWK", True], ["TIU", True], ["TKP", True], ["Total", True], ["Peringkat", True]]
    data = {
        "kop": "Seleksi Calon Pegawai Negeri Sipil Tahun Anggaran 2024",
        "pengumuman": [["Pengumuman", "SKD-2024-001"], ["Banyaknya peserta", str(rows)]],
        "formasi": [
            {
                "judul": "Pranata Komputer Ahli Pertama",
                "uraian": "Kementerian Contoh Digital · S1 Informatika · Umum · kebutuhan 6",
                "kolom": [*columns, ["Kode", False]],
                "baris": [
                    [str(n), f"2499012011{n:07}", nama, "68", "95", "170", "333", str(n), "P/L"]
                    for n in range(1, rows + 1)
                ],
            }
        ],
        "kode": [["P/L", "Memenuhi nilai ambang batas dan berhak mengikuti SKB"]],
        "dasar": ["Dasar hukum: KepmenPANRB 321/2024.", f"Digest pengumuman: {64 * 'a'}."],
    }
    public = (("Pengumuman", "SKD-2024-001"),)
    return Sheet(Jenis.PERINGKAT, "Daftar Peringkat Seleksi Kompetensi Dasar", data, public)


def stamp(nomor: str = "PRK-2026-000017") -> Stamp:
    address = f"https://periksa.example/periksa/{nomor}?k=K7QM3XPA"
    return Stamp(nomor=nomor, kode="K7QM-3XPA", issued_at=NOW, address=address)


@cache
def three_pages() -> tuple[bytes, SignedRecord]:
    """A signed list that fills three pages."""
    return produce(list_sheet(110), stamp(), SEED)


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def rewrite(pdf: bytes, change) -> bytes:
    """The PDF as another program would save it after `change(writer)`."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def replace_on_page(number: int, old: bytes, new: bytes):
    """A change of the drawing operators of one page, from 1."""

    def change(writer: PdfWriter) -> None:
        from pypdf.generic import NameObject, StreamObject

        page = writer.pages[number - 1]
        data = page.get_contents().get_data()
        assert old in data
        stream = StreamObject()
        stream.set_data(data.replace(old, new, 1))
        page[NameObject("/Contents")] = writer._add_object(stream)

    return change


@pytest.fixture
def signed_list() -> tuple[bytes, SignedRecord]:
    return three_pages()


def resign(signed: SignedRecord, **changes: object) -> SignedRecord:
    """The same signature under another content."""
    return SignedRecord(replace(signed.record, **changes), signed.key, signed.signature)


@pytest.fixture
def sitting(app) -> Sitting:
    app.config["PUBLIC_URL"] = ADDRESS
    return db.session.scalars(
        db.select(Sitting)
        .join(Sitting.sesi)
        .where(Sesi.nama == FINISHED, Sitting.phase == "finished")
        .options(
            joinedload(Sitting.peserta).joinedload(Peserta.person),
            joinedload(Sitting.peserta).joinedload(Peserta.formasi),
            selectinload(Sitting.results),
        )
        .order_by(Sitting.seat)
    ).first()


@pytest.fixture
def issued(petugas, sitting, clock):
    """A result document, with the staff member who asked for it and its PDF."""
    staff = petugas("staf")
    page = f"/staf/dokumen/ujian/{sitting.id}"
    reply = staff.post(
        "/staf/dokumen/terbitkan", token_from=page, jenis="hasil", sitting_id=sitting.id
    )
    assert reply.status_code == 303
    dokumen = db.session.scalars(db.select(Dokumen)).one()
    return staff, dokumen, db.session.get(DokumenPdf, dokumen.id).pdf
