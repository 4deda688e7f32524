"""What may not be done on the bank's pages by a forged, stale or senseless request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import DatabaseError

from cat.errors import BadInput, BadRules
from cat.itembank.lifecycle import Status
from cat.itembank.store import add_version, content_of, latest_version
from tests.web.conftest import START
from tests.web.test_bank_life import CODE, DRAFT, add, item, step
from web.db import db, transaction
from web.operations.items import save_draft
from web.operations.kalibrasi import berkas
from web.operations.kisi_kisi import rencana
from web.operations.penulisan.gabungan import diff
from web.operations.penulisan.isian import content_from, fields_of
from web.operations.penulisan.riwayat import GONE, NEW, compare
from web.tables import Item, Naskah

HUGE = "9" * 30
LONG = "9" * 5000


def newest(code=CODE):
    db.session.remove()
    return latest_version(db.session, code)


def fields(code=CODE, **changed):
    version = newest(code)
    told = {**fields_of(content_of(version)), "dasar": version.version, **changed}
    return {**told, "kunci": list(told["kunci"]), "simpan": "1"}


def test_numbers_without_measure_are_no_error_of_the_program(petugas):
    penulis, analis = petugas("penulis"), petugas("analis")

    assert penulis.get(f"{DRAFT}?versi={HUGE}").status_code == 404
    chosen = {"ke": "telaah", "alasan": "x", "butir": f"{CODE}@{LONG}:draf"}
    assert penulis.post("/bank/massal/terapkan", token_from="/bank/", **chosen).status_code == 400
    assert analis.get(f"/kalibrasi/baru?bagian=twk&sesi={HUGE}").status_code == 404
    content = content_of(newest())
    nested = content_from({**fields_of(content), "gambar": '{"a":' * 5000}, content)
    assert nested.figures == content.figures
    points = content_from({"opsi_a": "x", "poin_a": LONG}, replace(content, domain="tkp.x"))
    assert points.points == (0,)


def test_a_draft_stays_in_the_domains_and_under_the_code_that_the_bank_gave(petugas):
    penulis, before = petugas("penulis"), newest().version

    for domain in ("twk.karangan", "twk", "twk.<script>"):
        reply = penulis.post(
            f"{DRAFT}/ubah", token_from=f"{DRAFT}/ubah", **fields(domain=domain, kiriman=domain)
        )
        assert reply.status_code == 422
        assert "tidak ada di kisi-kisi" in reply.text
    assert newest().version == before

    forged = "/bank/draf/twk.bahasa_negara/KODE-SENDIRI"
    sent = fields(soal="Manakah kata serapan yang lazim?", dasar=0, kiriman="kode")
    reply = penulis.post(forged, token_from="/bank/", **sent)
    assert reply.status_code == 303
    assert not reply.headers["Location"].endswith("KODE-SENDIRI")
    assert db.session.scalar(db.select(Item.id).where(Item.code == "KODE-SENDIRI")) is None


def test_words_written_after_the_first_press_of_save_are_not_lost(petugas):
    penulis = petugas("penulis")
    first = fields(soal="Pertama?", kiriman="tekan-dua-kali")

    once = penulis.post(f"{DRAFT}/ubah", token_from=f"{DRAFT}/ubah", **first)
    again = penulis.post(f"{DRAFT}/ubah", token_from=f"{DRAFT}/ubah", **first)
    stored = newest().version
    later = penulis.post(
        f"{DRAFT}/ubah", token_from=f"{DRAFT}/ubah", **{**first, "soal": "Kedua, diperpanjang?"}
    )

    assert (once.status_code, again.status_code, later.status_code) == (303, 303, 409)
    assert newest().version == stored
    kept = db.session.scalars(db.select(Naskah).filter_by(code=CODE, owner="penulis")).one()
    assert kept.fields["soal"] == "Kedua, diperpanjang?"


def test_a_new_wording_is_not_calibrated_whatever_the_old_one_was(app):
    old = content_of(newest())
    estimated = replace(old.parameters, status="dikalibrasi 2026-01-01, 3PL, n = 900")
    content = replace(old, code="TWK-BHS-801", parameters=estimated, enemies=())
    add(content, Status.PERLU_REVISI, "penulis")

    with transaction() as session:
        changed = replace(content, stem="Sesudah minta revisi?")
        version = save_draft(session, changed, base=1, by="penulis", now=START)

    assert content_of(version).parameters.status == "belum dikalibrasi: taksiran ahli"


def test_retiring_a_draft_is_no_way_round_its_review(petugas):
    analis, old = petugas("analis"), content_of(newest())
    estimated = replace(old.parameters, status="dikalibrasi 2026-01-01, 3PL, n = 900")
    for code, status in (("TWK-BHS-802", Status.DRAF), ("TWK-BHS-803", Status.AKTIF)):
        add(replace(old, code=code, parameters=estimated, enemies=()), status, "penulis")
        assert "Pensiun" in step(analis, "pensiun", "coba", code=code)
        step(analis, "aktif", "coba", code=code)

    assert item("TWK-BHS-802").status == "pensiun"
    assert item("TWK-BHS-803").status == "aktif"

    # Nor is a new version of an item in use, which nobody has read.
    with transaction() as session:
        newer = replace(old, code="TWK-BHS-803", parameters=estimated, enemies=())
        add_version(session, newer, status=Status.DRAF, by="penulis", now=START)
    step(analis, "pensiun", "coba", code="TWK-BHS-803")
    assert "sebelum disetujui" in step(analis, "aktif", "coba", code="TWK-BHS-803")
    assert item("TWK-BHS-803").active_version is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE calibration SET a = 9",
        "DELETE FROM calibration",
        "INSERT OR REPLACE INTO item_version SELECT * FROM item_version",
    ],
)
def test_the_database_keeps_parameters_and_versions_as_they_were(app, change):
    if "REPLACE" in change and db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has it")
    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(db.text(change))


def test_answers_that_unpack_without_end_or_have_endless_names_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(berkas, "MOST_UNPACKED", 1000)
    packed = berkas.gzip.compress(b"a,b\n" + b"0,1\n" * 1000)
    for name, body, words in (
        ("a.csv.gz", packed, "sesudah dibuka"),
        ("a.csv.gz", packed[:20], "rusak"),
        ("a.csv", b"a," + b"x" * 81 + b"\n0,1\n1,0\n", "paling banyak 80 huruf"),
    ):
        with pytest.raises(BadInput, match=words):
            berkas.keep(tmp_path, name, body)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_blueprint_of_thousands_of_domains_is_refused_at_once():
    rows = "\n".join(f"d{k} = 1" for k in range(3000))
    text = 'kode = "x"\nketentuan = "y"\nacak_opsi = true\n[bagian.twk]\npanjang = 9\n'
    with pytest.raises(BadRules, match="paling banyak 200 domain"):
        rencana.read_toml(f"{text}[bagian.twk.acuan]\n{rows}\n")


def test_long_texts_of_few_words_are_shown_whole_and_not_compared():
    old, new = "a b " * 1250, "b a " * 1249

    assert compare(old, new) == ((GONE, old), (NEW, new))
    assert [piece.text for piece in diff(old, new)] == [old, new]
