"""Staff: live sesi, ranking, profile, flexible work, exports."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from seeds.demo.load import FINISHED
from web.db import db
from web.operations.ekspor.datasets import PERINGKAT
from web.operations.pools import find_rules
from web.operations.ranking import rank_formasi
from web.tables import Formasi, PartResult, Sesi, Sitting


@pytest.fixture
def staf(petugas):
    return petugas("staf")


def ranked(kode="F99-01"):
    formasi = db.session.scalar(db.select(Formasi).filter_by(kode=kode))
    return formasi, rank_formasi(db.session(), formasi, find_rules(db.session(), "cpns-2024"))


def test_the_summary_lists_every_sesi_and_formasi(staf):
    page = staf.get("/staf/").text

    assert all(name in page for name in (FINISHED, "Sesi 2 SKD", "Pranata Komputer", "Arsiparis"))
    assert "Tidak hadir" in page


def test_a_sesi_shows_200_finished_people_with_their_nilai(staf, app):
    sesi = db.session.scalar(db.select(Sesi).filter_by(nama=FINISHED))

    page = staf.get(f"/staf/sesi/{sesi.id}").text

    assert page.count("✓</span> Selesai") == 200
    assert page.count("Tidak hadir") == 4


def test_a_sesi_is_seen_live(staf, working):
    working.answers("A")

    page = staf.get(f"/staf/sesi/{working.stored().sesi_id}").text

    assert "1 dari 74" in page
    assert "Mengerjakan" in page


def test_three_times_the_posts_go_on_and_everybody_has_a_reason(app):
    formasi, rows = ranked()

    going = [row for row in rows if row.goes_on]
    assert len(going) == 3 * formasi.kebutuhan
    assert {row.kode for row in going} == {"P/L"}
    assert sum(row.kode == "TH" for row in rows) == 4
    for row in rows:
        met = [c.met for c in row.comparisons]
        assert (row.rank > 0) == (bool(met) and all(met))


def test_equals_at_the_cut_all_go_on(app):
    # domain.md 2.1: equal in total and in all parts at the last place, all of them go on
    formasi, rows = ranked("F99-06")
    last, following = [row for row in rows if row.rank][2:4]
    assert last.goes_on
    assert not following.goes_on
    for part in ("twk", "tiu", "tkp"):
        stored = db.session.get_one(PartResult, (following.sitting.id, part))
        stored.nilai = last.nilai[part]
    db.session.flush()

    _, again = ranked("F99-06")

    assert sum(row.goes_on for row in again) == 3 * formasi.kebutuhan + 1
    assert [row.rank for row in again if row.goes_on] == [1, 2, 3, 3]


def test_the_ranking_page_shows_rule_reasons_and_source(staf):
    page = staf.get("/staf/formasi/1").text

    assert "KepmenPANRB 321/2024" in page
    assert "≥ 166 ✓" in page
    assert "tidak mengikuti ujian" in page


@pytest.mark.parametrize("formasi_id", range(1, 7))
def test_every_kind_of_need_has_a_ranking_page(staf, formasi_id):
    assert staf.get(f"/staf/formasi/{formasi_id}").status_code == 200


def some_finished():
    return db.session.scalars(db.select(Sitting).filter_by(phase="finished")).first()


def test_the_ranking_workbook_reads_back_in_another_library(staf, app):
    formasi, rows = ranked()
    reply = staf.get(f"/staf/formasi/{formasi.id}/peringkat.xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(reply.data))
    header, *lines = book.get_sheet_by_index(0).to_python()

    assert header == [column.name for column in PERINGKAT.columns]
    assert len(lines) == len(rows) == 64
    for line, row in zip(lines, rows, strict=True):
        told = dict(zip(header, line, strict=True))
        assert told["nomor_peserta"] == row.sitting.peserta.nomor
        assert isinstance(told["nomor_peserta"], str)
        assert told["total"] == (row.total if row.nilai else "")
        assert told["kode_hasil"] == row.kode


def test_the_csv_of_a_sesi_says_the_same_as_the_results(staf, app):
    sesi = db.session.scalar(db.select(Sesi).filter_by(nama=FINISHED))
    text = staf.get(f"/staf/sesi/{sesi.id}/hasil.csv").data.decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))

    assert len(rows) == 204
    stored = {s.peserta.nomor: s for s in db.session.scalars(db.select(Sitting))}
    for row in rows:
        results = stored[row["nomor_peserta"]].results
        assert row["total"] == (str(sum(r.nilai for r in results)) if results else "")
        assert [row[f"theta_{r.part}"] for r in results] == [repr(r.theta) for r in results]


@pytest.mark.parametrize("path", ["/staf/sesi/1/hasil.pdf", "/staf/formasi/1/peringkat.exe"])
def test_an_unknown_kind_of_file_is_not_found(staf, path):
    assert staf.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/staf/sesi/999", "/staf/formasi/999", "/staf/ujian/x/profil"])
def test_what_does_not_exist_is_not_found(staf, path):
    reply = staf.get(path)

    assert reply.status_code == 404
    assert "Halaman tidak ditemukan" in reply.text
