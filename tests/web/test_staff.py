"""Staff: live sesi, ranking, profile, flexible work, exports."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from seeds.demo.load import FINISHED
from web.db import db
from web.operations import exports
from web.operations.pools import find_rules
from web.operations.ranking import rank_formasi
from web.tables import AuditRow, Formasi, PartResult, Pegawai, Sesi, Sitting


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


def test_a_profile_shows_every_domain_with_its_error(staf, app):
    page = staf.get(f"/staf/ujian/{some_finished().id}/profil").text

    for words in ("Nasionalisme", "Verbal: analogi", "Figural: serial", "Antiradikalisme"):
        assert words in page
    assert page.count("<svg") == 3
    assert page.count("<title id=") == 3
    assert "Galat baku" in page
    assert "petunjuk saja" in page


def test_opening_a_profile_is_noted(staf, app):
    sitting = some_finished()
    nomor = sitting.peserta.nomor
    staf.get(f"/staf/ujian/{sitting.id}/profil")
    db.session.remove()

    noted = db.session.scalars(db.select(AuditRow).filter_by(act="buka profil")).all()

    assert [(row.by, row.subject) for row in noted] == [("staf", nomor)]


def test_there_is_no_profile_of_an_unfinished_sitting(staf, working):
    assert staf.get(f"/staf/ujian/{working.sitting_id}/profil").status_code == 404


def test_a_candidate_fails_not_being_a_new_employee(staf, app):
    found = db.select(Sitting).join(Sitting.sesi).filter_by(nama=FINISHED)
    sitting = db.session.scalars(found.filter(Sitting.phase == "finished")).first()

    page = staf.get(f"/staf/ujian/{sitting.id}/kerja-fleksibel").text

    assert "✕ Tidak dapat diajukan" in page
    assert "CPNS baru direkrut" in page
    assert "bukan persetujuan" in page


def test_serving_staff_get_different_outcomes_but_never_a_grant(staf, app):
    page = staf.get("/staf/pegawai").text

    assert "Dapat diajukan kepada pimpinan" in page
    assert "Tidak dapat diajukan" in page
    for pegawai_id in db.session.scalars(db.select(Pegawai.id)):
        own = staf.get(f"/staf/pegawai/{pegawai_id}/kerja-fleksibel").text
        assert own.count("Bukti:") == 11
        assert "diputuskan oleh PPK atau pimpinan instansi" in own
        assert "disetujui" not in own.lower()


def test_the_ranking_workbook_reads_back_in_another_library(staf, app):
    formasi, rows = ranked()
    reply = staf.get(f"/staf/formasi/{formasi.id}/peringkat.xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(reply.data))
    header, *lines = book.get_sheet_by_index(0).to_python()

    assert tuple(header) == exports.RANKING_COLUMNS
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


def test_a_name_that_looks_like_a_formula_stays_a_name():
    lines = list(exports.as_csv(("nama",), [("=HYPERLINK(1)",), ("@x",), ("Ani",)]))

    assert lines[2:] == ["'=HYPERLINK(1)\r\n", "'@x\r\n", "Ani\r\n"]


@pytest.mark.parametrize("path", ["/staf/sesi/1/hasil.pdf", "/staf/formasi/1/peringkat.exe"])
def test_an_unknown_kind_of_file_is_not_found(staf, path):
    assert staf.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/staf/sesi/999", "/staf/formasi/999", "/staf/ujian/x/profil"])
def test_what_does_not_exist_is_not_found(staf, path):
    reply = staf.get(path)

    assert reply.status_code == 404
    assert "Halaman tidak ditemukan" in reply.text
