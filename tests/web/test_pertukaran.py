"""Items in and out through the site and the command line."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from cat.itembank.exchange.importing import read_file
from cat.itembank.store import content_of, latest_version
from tests.cat.itembank.exchange.hostile import cases
from tests.cat.itembank.exchange.qti_files import item, package, png
from web.db import db, transaction
from web.tables import AuditRow, Item, ItemImport, ItemImportApplied, ItemImportFile, Media

PAGE = "/bank/pertukaran/"
DOMAIN = "tiu.verbal.analogi"


def count(table) -> int:
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def upload(person, name: str, data: bytes):
    return person.post(
        f"{PAGE}periksa", token_from=PAGE, berkas=(BytesIO(data), name), domain=DOMAIN
    )


@pytest.fixture
def penulis(petugas):
    return petugas("penulis")


def two_items() -> bytes:
    shown = item('<p>Lihat <img src="a.png" alt="biru"/></p>', identifier="IMP-1")
    broken = item(processing="", identifier="IMP-2")
    return package({"a.xml": shown, "b.xml": broken, "a.png": png()}, "a.xml", "b.xml")


def test_a_file_is_shown_first_and_then_enters_as_it_was_shown(penulis, petugas):
    items, pictures = count(Item), count(Media)

    reply = upload(penulis, "../soal<b>.zip", two_items())

    assert reply.status_code == 303
    report = penulis.get(reply.location).text
    assert "1 butir akan masuk sebagai draf" in report
    assert "tidak ada responseProcessing" in report
    assert "soal&lt;b&gt;.zip" in report
    assert (count(Item), count(Media)) == (items, pictures)
    assert petugas("penulis2").get(reply.location).status_code == 404

    for _ in range(2):
        done = penulis.post(f"{reply.location}/terapkan", token_from=reply.location)
        assert done.status_code == 303
    assert "1 butir masuk ke bank sebagai draf" in penulis.get(reply.location).text
    assert (count(Item), count(Media), count(ItemImportFile)) == (items + 1, pictures + 1, 0)
    stored = latest_version(db.session(), "IMP-1")
    assert (stored.item.status, stored.written_by) == ("draf", "penulis")
    assert content_of(stored).source == "soal<b>.zip: IMP-1 (Soal)"
    assert "<img" in penulis.get("/bank/butir/IMP-1").text
    applied = db.session.scalars(select(ItemImportApplied)).one()
    assert (applied.codes, applied.by) == (["IMP-1"], "penulis")
    noted = db.session.scalars(select(AuditRow).where(AuditRow.act == "impor butir")).one()
    assert noted.data["pengenal"] == "IMP-1"
    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(ItemImport.__table__.update().values(by="lain"))


def test_an_import_that_would_no_longer_be_what_was_shown_is_refused(penulis):
    first, second = (upload(penulis, "a.xml", item(identifier="IMP-3")) for _ in range(2))
    penulis.post(f"{first.location}/terapkan", token_from=first.location)
    items = count(Item)

    reply = penulis.post(f"{second.location}/terapkan", token_from=second.location)

    assert reply.status_code == 409
    assert "Isi bank berubah" in reply.text
    assert count(Item) == items
    thrown = penulis.post(f"{second.location}/batal", token_from=second.location)
    assert thrown.status_code == 303
    assert "Berkasnya sudah dibuang" in penulis.get(second.location).text


# What is refused does not depend on the database; a hundred files once are enough.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_hostile_file_writes_anything_to_the_bank(penulis):
    before = count(Item), count(Media)

    for what, name, data in cases():
        if len(data) > 500_000:
            continue  # three whose size is the point; the test client leaks a file for each
        reply = upload(penulis, name, data)
        assert reply.status_code in (303, 422), what
        if reply.status_code == 303:
            report = penulis.get(reply.location).text
            assert "0 butir akan masuk" in report, what
            assert "Masukkan" not in report, what
            done = penulis.post(f"{reply.location}/terapkan", token_from=PAGE)
            assert done.status_code == 409, what

    assert (count(Item), count(Media)) == before


def test_analysts_export_what_matches_and_it_is_noted(petugas, penulis):
    analis = petugas("analis")
    asked = {"bagian": "tiu", "domain": "tiu.figural.serial", "status": "aktif"}

    for kind, name in (("qti", "a.zip"), ("xlsx", "a.xlsx"), ("csv", "a.csv")):
        reply = analis.post(f"{PAGE}ekspor", token_from=PAGE, bentuk=kind, **asked)

        assert reply.status_code == 200, reply.text[:500]
        batch = read_file(name, reply.data)
        codes = [report.identifier for report in batch.items]
        assert len(codes) == len(batch.accepted) > 5
        version = latest_version(db.session(), codes[0])
        assert batch.items[0].content == content_of(version)
    noted = db.session.scalars(select(AuditRow).where(AuditRow.act == "ekspor butir")).all()
    assert [row.data["banyaknya"] for row in noted] == [len(codes)] * 3

    refused = penulis.post(f"{PAGE}ekspor", token_from=PAGE, bentuk="qti", **asked)
    assert refused.status_code == 404
    nothing = analis.post(f"{PAGE}ekspor", token_from=PAGE, bentuk="qti", status="bocor")
    assert "Tidak ada butir yang cocok" in nothing.text
    assert penulis.get(f"{PAGE}templat.xlsx").data[:2] == b"PK"
    assert "Impor dilakukan oleh penulis" in petugas("penelaah").get(PAGE).text


def test_the_command_line_imports_and_exports(app, tmp_path):
    runner = app.test_cli_runner()
    source, out = tmp_path / "a.zip", tmp_path / "out.zip"
    source.write_bytes(two_items())
    items = count(Item)

    tried = runner.invoke(args=["item", "import", str(source), "--domain", DOMAIN, "--dry-run"])
    assert tried.exit_code == 1
    assert "ditolak: tidak ada responseProcessing" in tried.output
    assert count(Item) == items
    runner.invoke(args=["item", "import", str(source), "--domain", DOMAIN])
    assert count(Item) == items + 1
    made = runner.invoke(args=["item", "export", str(out), "--status", "draf", "--part", "tiu"])
    assert made.exit_code == 0, made.output
    assert "IMP-1" in {report.identifier for report in read_file("o.zip", out.read_bytes()).items}
