"""Evidence of competency: entered with a reason, agreed by a second person, never changed."""

from __future__ import annotations

import io
import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta

import pytest
import xlsxwriter
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson
from seeds.kompetensi_files import FILES, HERE
from tests.web.conftest import START
from web import clock as platform_clock
from web.db import db, transaction
from web.operations import bukti
from web.operations.data_kompetensi import READERS
from web.operations.kompetensi import beliefs
from web.tables import (
    AuditRow,
    BuktiKompetensi,
    Pegawai,
    Person,
)

NOBODY = "Maria Perumpamaan"  # has no evidence but hints of TKP, and one assessment that waits


@pytest.fixture
def staf(petugas):
    return petugas("staf")


def read(kode: str):
    """A data file of the profile as it is shipped."""
    content = tomllib.loads((HERE / FILES[kode]).read_text(encoding="utf-8"))
    return READERS[kode](content)


def person() -> Person:
    return db.session.scalars(db.select(Person).filter_by(nama=NOBODY)).one()


def isian(**changes) -> bukti.Isian:
    made = {
        "person_id": person().id,
        "kompetensi": "integritas",
        "jenis": "asesmen",
        "level": 4,
        "tanggal": platform_clock.today() - timedelta(days=30),
        "berlaku_sampai": None,
        "asal": "Pusat Penilaian Contoh, laporan 80/2026",
        "alasan": "Asesmen berkala",
    }
    return bukti.Isian(**(made | changes))


def enter(**changes) -> int:
    with transaction() as session:
        today = platform_clock.today()
        return bukti.enter(session, [isian(**changes)], by="staf", now=START, today=today)[0].id


def decide(bukti_id: int, keputusan: str, by: str) -> None:
    with transaction() as session:
        bukti.decide(session, bukti_id, keputusan, "Sudah diperiksa", by=by, now=START + 1)


def believed(kompetensi="integritas", today=None):
    db.session.remove()
    today = today or platform_clock.today()
    return beliefs(db.session(), person().id, today)[kompetensi]


def test_an_assessment_counts_only_when_a_second_person_agrees_and_no_more_once_withdrawn(app):
    before = believed()
    bukti_id = enter()
    assert believed() == before
    with pytest.raises(NeedsSecondPerson):
        decide(bukti_id, "setuju", by="staf")

    decide(bukti_id, "setuju", by="staf2")
    after = believed()
    assert (after.level, after.lemah) == (4, False)
    decide(bukti_id, "setuju", by="staf2")  # the same again changes nothing
    with pytest.raises(AlreadyDecided):
        decide(bukti_id, "tolak", by="staf2")

    decide(bukti_id, "tarik", by="staf")
    assert believed() == before
    with pytest.raises(AlreadyDecided):
        decide(bukti_id, "setuju", by="penulis")
    acts = db.session.scalars(
        db.select(AuditRow.act).filter_by(subject=f"bukti {bukti_id}").order_by(AuditRow.id)
    ).all()
    assert acts == [
        "catat bukti kompetensi",
        "setuju bukti kompetensi",
        "tarik bukti kompetensi",
    ]


def test_a_refused_assessment_never_counts(app):
    before, bukti_id = believed(), enter()

    decide(bukti_id, "tolak", by="staf2")

    assert believed() == before


def test_evidence_counts_until_its_last_day(app):
    last = platform_clock.today() + timedelta(days=10)
    enter(jenis="sertifikat", kompetensi="teknis.manajemen_asn", berlaku_sampai=last)

    assert believed("teknis.manajemen_asn", today=last).level == 4
    expired = believed("teknis.manajemen_asn", today=last + timedelta(days=1))
    assert expired.level is None
    assert len(expired.tidak_dihitung) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kompetensi": "ramalan"}, "kompetensi"),
        ({"jenis": "tkp"}, "jenis"),  # TKP comes from sittings and from nowhere else
        ({"level": 6}, "level"),
        ({"level": 0}, "level"),
        ({"tanggal": date(2999, 1, 1)}, "tanggal"),
        ({"tanggal": date(1900, 1, 1)}, "tanggal"),
        ({"person_id": 2}, "orang"),
        ({"berlaku_sampai": date(2001, 1, 1)}, "berlaku_sampai"),
        ({"asal": "  "}, "asal"),
        ({"alasan": "x" * 301}, "alasan"),
    ],
)
def test_evidence_that_breaks_a_rule_is_refused_by_its_field(change, field):
    today = date(2026, 11, 22)
    desk = bukti.Meja(
        rules=read("aturan-bukti"),
        kamus=read("kamus-kompetensi"),
        born={1: date(1993, 9, 9)},
        entered={},
        today=today,
    )
    sound = bukti.Isian(
        1, "integritas", "asesmen", 4, today - timedelta(days=30), None, "Contoh", "Uji"
    )

    assert desk.problems(sound) == []
    assert [name for name, _ in desk.problems(replace(sound, **change))] == [field]


def test_what_is_refused_leaves_nothing_behind(app):
    count = db.session.scalar(db.select(db.func.count(BuktiKompetensi.id)))

    with pytest.raises(BadInput, match="level: harus 1 sampai 5"), transaction() as session:
        bukti.enter(
            session, [isian(), isian(level=6)], by="staf", now=START, today=platform_clock.today()
        )

    assert db.session.scalar(db.select(db.func.count(BuktiKompetensi.id))) == count


def test_the_database_refuses_to_change_what_was_entered(app):
    for name, column in (
        ("bukti_kompetensi", "alasan"),
        ("keputusan_bukti", "alasan"),
        ("kelompok_norma", "nama"),
        ("data_kompetensi", "kode"),
    ):
        for act in (f"DELETE FROM {name}", f"UPDATE {name} SET {column} = {column}"):
            with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
                session.execute(text(act))


def test_evidence_goes_in_by_form_once_and_is_decided_by_form(staf, petugas, app):
    someone = person().id
    url = f"/staf/profil/{someone}/bukti"
    fields = {
        "kompetensi": "komunikasi",
        "jenis": "asesmen",
        "level": 3,
        "tanggal": "2026-09-01",
        "berlaku_sampai": "",
        "asal": "Pusat Penilaian Contoh, laporan 81/2026",
        "alasan": "Asesmen berkala",
    }
    wrong = staf.post(url, token_from=url, **(fields | {"tanggal": "2999-01-01", "asal": ""}))
    assert wrong.status_code == 422
    assert "Wajib diisi." in wrong.text
    later = staf.post(url, token_from=url, **(fields | {"tanggal": "2999-01-01"}))
    assert "Tidak boleh setelah hari ini." in later.text

    replies = [staf.post(url, token_from=url, **fields) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [303, 303]
    rows = db.session.scalars(
        db.select(BuktiKompetensi).filter_by(person_id=someone, kompetensi="komunikasi")
    ).all()
    assert len(rows) == 1
    decision = f"/staf/profil/bukti/{rows[0].id}"
    own = {"keputusan": "setuju", "alasan": "Sesuai laporan"}
    staf.post(decision, token_from=url, **own)
    assert "memerlukan orang kedua" in staf.get(url).text
    second = petugas("staf2")
    assert "laporan 81/2026" in second.get("/staf/profil/bukti").text
    assert second.post(decision, token_from=url, **own).status_code == 303
    assert believed("komunikasi").level == 3


HEADER = "nip;kompetensi;jenis;level;tanggal;berlaku_sampai;asal\n"


def send(browser, content: bytes, name="bukti.csv", tindakan="simpan"):
    url = "/staf/profil/bukti/impor"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(url).text).group(1)
    data = {
        "csrf_token": token,
        "alasan": "Impor uji",
        "tindakan": tindakan,
        "berkas": (io.BytesIO(content), name),
    }
    return browser.client.post(url, data=data, content_type="multipart/form-data")


def test_a_file_is_checked_first_and_goes_in_as_a_whole_or_not_at_all(staf, app):
    nip = db.session.scalar(db.select(Pegawai.nip).join(Person).where(Person.nama == NOBODY))
    good = f"{nip};digital.etika;sertifikat;3;05-06-2026;;Lembaga Contoh\n"
    bad = (
        f"{nip};digital.etika;sertifikat;9;05-06-2026;;Lembaga Contoh\n"
        f"123;digital.etika;sertifikat;x;31-02-2026;;Lembaga Contoh\n"
    )
    count = db.session.scalar(db.select(db.func.count(BuktiKompetensi.id)))

    def stored() -> int:
        db.session.remove()
        return db.session.scalar(db.select(db.func.count(BuktiKompetensi.id))) - count

    refused = send(staf, (HEADER + good + bad).encode())
    assert refused.status_code == 422
    for words in ("harus 1 sampai 5", "tidak ada pegawai dengan NIP ini", "harus tanggal"):
        assert words in refused.text
    assert "baris yang sama sudah ada di atas" in send(staf, (HEADER + good + good).encode()).text
    dry = send(staf, (HEADER + good).encode(), tindakan="periksa")
    assert "1 bukti baru, 0 sudah ada" in dry.text
    assert stored() == 0

    assert send(staf, (HEADER + good).encode()).status_code == 303
    assert send(staf, (HEADER + good).encode()).status_code == 303
    assert stored() == 1

    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as file:
        page = file.add_worksheet()
        page.write_row(0, 0, HEADER.strip().split(";"))
        page.write_row(1, 0, good.strip().replace("digital.etika", "digital.budaya").split(";"))
    assert send(staf, book.getvalue(), "bukti.xlsx").status_code == 303
    assert stored() == 2
    assert send(staf, b"\xff\xfe").status_code == 422
    assert send(staf, HEADER.encode()).status_code == 422
