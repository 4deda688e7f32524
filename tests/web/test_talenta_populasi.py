"""Talent: yearly performance, the nine boxes, populations and their pictures."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from tests.web.conftest import KEYS
from tests.web.talenta_people import ROOT, count, named
from web import clock as site_clock
from web.db import db, own_session, transaction
from web.operations import jobs
from web.operations.job_worker import Workshop, work_once
from web.operations.talenta import kinerja, potret
from web.operations.talenta.acuan import get_acuan
from web.operations.talenta.penilaian import assess
from web.staff.talenta import figures
from web.tables import AuditRow, Kinerja, Pegawai, PotretTalenta


@pytest.fixture
def staf(petugas):
    return petugas("staf")


# Performance


def test_two_ratings_make_the_predicate_that_the_employee_then_has(staf, app):
    pegawai = named("Maria Perumpamaan")
    url = f"{ROOT}/kinerja"
    sent = {
        "nip": pegawai.nip,
        "tahun": 2026,
        "hasil_kerja": "di_atas",
        "perilaku_kerja": "di_atas",
        "target": "100",
        "capaian": "92,5",
    }
    first = staf.post(url, token_from=url, **sent)
    again = staf.post(url, token_from=url, **sent)
    changed = {**sent, "perilaku_kerja": "di_bawah"}
    refused = staf.post(url, token_from=url, **changed)
    older = {**sent, "tahun": 2020, "hasil_kerja": "di_bawah"}
    staf.post(url, token_from=url, **older)

    assert (first.status_code, again.status_code, refused.status_code) == (303, 303, 422)
    assert "memerlukan alasan" in refused.text
    assert count(AuditRow, act="catat kinerja", subject=pegawai.nip) == 1 + 1 + 1  # demo, 26, 20
    assert named("Maria Perumpamaan").predikat_kinerja == "sangat_baik"
    assert "7,50</strong> poin persen" in staf.get(f"{ROOT}/pegawai/{pegawai.id}").text

    staf.post(url, token_from=url, **changed, alasan="Hasil keberatan atas penilaian.")
    assert named("Maria Perumpamaan").predikat_kinerja == "kurang"
    assert count(AuditRow, act="ubah kinerja", subject=pegawai.nip) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nip": "123"}, "Harus 18 angka."),
        ({"nip": "9" * 18}, "NIP ini tidak ada."),
        ({"tahun": "1899"}, "Harus 2000 sampai 2100."),
        ({"hasil_kerja": "luar_biasa"}, ""),
        ({"capaian": "banyak"}, "harus angka"),
        ({"capaian": "-1"}, "harus 0 sampai"),
    ],
)
def test_performance_that_cannot_be_right_is_refused_and_not_stored(staf, app, change, words):
    before = count(Kinerja)
    sent = {
        "nip": named("Maria Perumpamaan").nip,
        "tahun": "2026",
        "hasil_kerja": "sesuai",
        "perilaku_kerja": "sesuai",
    }

    reply = staf.post(f"{ROOT}/kinerja", token_from=f"{ROOT}/kinerja", **{**sent, **change})

    assert reply.status_code == 422
    assert words in reply.text
    assert count(Kinerja) == before


def test_a_file_is_checked_first_and_stored_whole_or_not_at_all(staf, app):
    url, head = f"{ROOT}/kinerja/impor", ";".join(kinerja.COLUMNS)
    people = db.session.scalars(db.select(Pegawai).order_by(Pegawai.id).limit(3)).all()
    lines = [f"{each.nip};2026;sesuai;di_atas;100;97,5" for each in people]
    text, before = "\n".join([head, *lines]), count(Kinerja)

    def send(content, act):
        return staf.post(url, token_from=url, isi=content, **{act: 1})

    checked = send(text, "periksa")
    assert "3 baris benar" in checked.text
    broken = send("\n".join([head, *lines, "1234;2026;sesuai;hebat;;"]), "simpan")
    assert broken.status_code == 422
    assert "Baris 5: nip" in broken.text
    unknown = send("\n".join([head, *lines, "9" * 18 + ";2026;sesuai;sesuai;;"]), "simpan")
    assert "tidak ada" in unknown.text
    twice = send("\n".join([head, lines[0], lines[0]]), "simpan")
    assert "lebih dari sekali" in twice.text
    assert count(Kinerja) == before

    assert send(text, "simpan").status_code == 303
    assert count(Kinerja) == before + 3
    assert send(text, "simpan").status_code == 303  # the same again adds nothing
    other = send(text.replace("di_atas;100", "di_bawah;100"), "simpan")
    assert other.status_code == 422
    assert "sudah tercatat dengan nilai lain" in other.text
    assert count(Kinerja) == before + 3


def test_operators_import_the_same_file_from_the_command_line(app, tmp_path):
    pegawai = named("Maria Perumpamaan")
    file = tmp_path / "kinerja.csv"
    head = ",".join(kinerja.COLUMNS)
    file.write_text(f"{head}\n{pegawai.nip},2026,di_bawah,di_bawah,,\n", encoding="utf-8")
    runner = app.test_cli_runner()

    dry = runner.invoke(args=["talent", "performance", str(file), "--dry-run"])
    after_dry = count(Kinerja, tahun=2026)
    real = runner.invoke(args=["talent", "performance", str(file)])
    file.write_text(f"{head}\n1,2026,sesuai,sesuai,,\n", encoding="utf-8")
    wrong = runner.invoke(args=["talent", "performance", str(file)])

    assert (dry.exit_code, real.exit_code, wrong.exit_code) == (0, 0, 1)
    assert after_dry == 0
    assert "Baris 2" in wrong.stderr
    assert named("Maria Perumpamaan").predikat_kinerja == "sangat_kurang"


# Boxes and populations


def refreshed():
    with transaction() as session:
        potret.refresh_all(session, today=site_clock.today(), by="tes", now=site_clock.now())


def test_every_employee_is_in_one_box_or_counted_as_not_placed(staf, app):
    page = staf.get(f"{ROOT}/peta").text
    shown = [int(n) for n in re.findall(r"<strong>(\d+)</strong><span", page)]
    unplaced = int(re.search(r"(\d+) pegawai belum dapat ditempatkan", page).group(1))

    assert len(shown) == 9
    assert sum(shown) + unplaced == count(Pegawai)  # whoever has no picture is not placed either
    assert shown[2] == count(PotretTalenta, kotak=9)
    nine = staf.get(f"{ROOT}/peta?kotak=9").text
    assert "Kinerja di atas ekspektasi dan potensial tinggi" in nine
    assert nine.count('<th scope="row"><a href') == shown[2]
    assert staf.get(f"{ROOT}/peta?kotak=10").status_code == 404
    assert staf.get(f"{ROOT}/peta?kotak=0&instansi=999999").status_code == 404


def test_figures_that_the_database_counts_agree_with_counting_people(staf, app):
    acuan = get_acuan(db.session())
    refreshed()
    rows = db.session.scalars(db.select(PotretTalenta)).all()
    known = [row.ip_asn for row in rows if row.ip_asn is not None]

    *agencies, together = figures.summaries(site_clock.today().year, acuan)
    shares = figures.strong_shares(acuan.populasi, by_jabatan=False)
    _, gaps = figures.gap_table(acuan)
    everybody = assess(
        db.session(), db.session.scalars(db.select(Pegawai)).all(), site_clock.today(), acuan
    )

    assert together.total == len(rows) == sum(each.total for each in agencies)
    assert together.ip_asn_sum == sum(known)
    assert together.categories["ms"] == sum(row.seleksi == "ms" for row in rows)
    assert together.talent_pool == sum(row.kotak in (7, 8, 9) for row in rows)
    assert shares[0].bagian.banyak == sum(row.ti_kuat is True for row in rows)
    assert shares[0].bagian.dari + shares[0].unknown == len(rows)
    short = sum(cell.short for _, cells in gaps for cell in cells)
    assert short == sum(1 for each in everybody for row in each.gaps if row.gap)
    page = staf.get(f"{ROOT}/populasi").text
    assert "sasaran 50%" in page
    assert "Rata-rata kesenjangan" in page
    assert staf.get(f"{ROOT}/populasi?menurut=jabatan").status_code == 200


def test_the_background_job_works_out_the_same_pictures_anew(staf, app, tmp_path):
    sessions = partial(own_session, db.engine)
    with transaction() as session:
        session.execute(db.update(PotretTalenta).values(kotak=5, ip_asn=None))
    wrong = count(PotretTalenta, kotak=5)
    staf.post(f"{ROOT}/potret", token_from=f"{ROOT}/")
    shop = Workshop("tes", Path(tmp_path), sessions, KEYS, site_clock.now)
    db.session.remove()
    assert work_once(shop)
    job = db.session.scalars(db.select(jobs.Job).order_by(jobs.Job.created_at.desc())).first()

    assert (job.kind, job.status) == (potret.KIND, jobs.Status.DONE)
    assert count(PotretTalenta, kotak=5) < wrong
    assert job.result == {"pegawai": count(Pegawai)}
    assert count(PotretTalenta) == count(Pegawai)


def test_the_list_of_employees_finds_by_name_and_agency(staf, app):
    page = staf.get(f"{ROOT}/pegawai?cari=contohwati").text

    assert "Ratna Contohwati" in page
    assert "Bayu Misalkan" not in page
    assert "Tidak ada pegawai." in staf.get(f"{ROOT}/pegawai?cari=%25%25").text
    assert staf.get(f"{ROOT}/pegawai?halaman=99").status_code == 200
    assert staf.get(f"{ROOT}/pegawai/999999").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/pegawai", "/pegawai/1", "/peta", "/populasi", "/standar", "/kinerja"]
)
def test_talent_is_for_staff_only(petugas, app, path):
    assert petugas("pengawas").get(ROOT + path).status_code == 403
