"""Talent: standards by two people, the measures of an employee, training plans."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy.exc import DatabaseError

from tests.web.talenta_people import ROOT, assessed, count, named, picture, someone_complete
from web import clock as site_clock
from web.db import db, transaction
from web.operations.talenta import pelatihan
from web.operations.talenta.acuan import get_acuan
from web.operations.talenta.penilaian import assess
from web.tables import (
    AuditRow,
    BuktiKompetensi,
    Jabatan,
    Pegawai,
    PelatihanPegawai,
    PotretTalenta,
    RencanaPelatihan,
    StandarJabatan,
)


@pytest.fixture
def staf(petugas):
    return petugas("staf")


@pytest.fixture
def staf2(petugas):
    return petugas("staf2")


# Standards


def waiting():
    return db.session.scalars(db.select(StandarJabatan).filter_by(putusan=None)).one()


def test_a_standard_comes_into_force_only_when_a_second_person_agrees(staf, staf2, app):
    row = waiting()
    position = db.session.scalars(db.select(Jabatan).filter_by(kode="JF9900002")).one()
    who = db.session.scalars(db.select(Pegawai).filter_by(jabatan_id=position.id)).first()
    url = f"{ROOT}/standar/{row.id}"
    usual = assessed(who)

    own = staf.get(url).text
    staf.post(url, token_from=f"{ROOT}/standar", putusan="setuju", alasan="Saya sendiri.")
    assert "Putusannya diambil orang lain" in own
    assert count(StandarJabatan, putusan=None) == 1

    assert staf2.post(url, token_from=url, putusan="setuju", alasan="").status_code == 422
    staf2.post(url, token_from=url, putusan="setuju", alasan="Sesuai analisis jabatan.")
    staf2.post(url, token_from=ROOT, putusan="tolak", alasan="Berubah pikiran.")
    db.session.remove()
    now_held = assessed(who)

    assert usual.standar.row is None
    assert "lazim jenjang" in usual.standar.asal
    assert now_held.standar.asal == "standar jabatan, versi 1"
    assert "Disetujui oleh staf2" in staf.get(url).text
    assert count(AuditRow, act="setuju standar", subject="jabatan/JF9900002 versi 1") == 1


def test_the_database_keeps_a_decided_standard_as_it_was(app):
    decided = db.session.scalars(db.select(StandarJabatan).filter_by(putusan="setuju")).first()
    for statement in (
        "UPDATE standar_jabatan SET alasan = 'lain' WHERE id = :id",
        "DELETE FROM standar_jabatan WHERE id = :id",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
            session.execute(db.text(statement), {"id": decided.id})


def test_a_new_version_is_proposed_in_a_form_that_starts_from_the_one_in_force(staf, app):
    url = f"{ROOT}/standar/usul?sasaran=jabatan/JF9900001"
    page = staf.get(url).text
    chosen = dict(re.findall(r'name="(level_\w+)">.*?<option selected value="(\d)"', page, re.S))
    sent = {
        "judul": "Pranata Komputer Ahli Pertama",
        "persen_teknis": 50,
        "sumber": "Contoh",
        "keyakinan": "C",
        "berlaku_mulai": "2027-01-01",
        "alasan": "Menyesuaikan keamanan siber.",
        **dict.fromkeys(re.findall(r'name="(level_\w+)"', page), ""),
        **chosen,
    }
    assert chosen["level_digital__cakap"] == "4"
    assert len(chosen) == 13

    without_technical = {k: "" if k.startswith("level_digital") else v for k, v in sent.items()}
    refused = staf.post(url, token_from=url, **without_technical)
    nothing = count(StandarJabatan, sasaran="jabatan/JF9900001")
    sent["level_digital__keamanan"] = 4
    answers = [staf.post(url, token_from=url, **sent) for _ in range(2)]

    assert refused.status_code == 422
    assert "setiap bobot perlu sedikitnya satu syarat" in refused.text
    assert nothing == 1
    assert [each.status_code for each in answers] == [303, 303]
    assert count(StandarJabatan, sasaran="jabatan/JF9900001") == 2  # sent twice, stored once
    shown = staf.get(answers[0].location).text
    assert "dari 3" in shown
    assert "menunggu orang kedua" in shown


@pytest.mark.parametrize(
    "sasaran", ["", "jabatan/TIDAKADA", "jenjang/raja", "administrator", "lain/administrator"]
)
def test_only_a_jabatan_or_jenjang_that_exists_can_have_a_standard(staf, sasaran):
    assert staf.get(f"{ROOT}/standar/usul?sasaran={sasaran}").status_code == 404


# One employee


def test_the_page_of_an_employee_shows_every_measure_with_its_source(staf, app):
    pegawai = someone_complete(kotak=9)

    page = staf.get(f"{ROOT}/pegawai/{pegawai.id}").text

    for words in (
        *("Job Person Match", "Memenuhi Syarat (MS), mulai 80", "Optimal, mulai 90"),
        *("Kotak 9", "Kinerja di atas ekspektasi dan potensial tinggi", "Penghargaan"),
        *("Kualifikasi", "PermenPANRB 38/2018", "PP 11/2017 Pasal 203", "1 JP = 45 menit"),
    ):
        assert words in page
    assert "jadi tidak ditebak" not in page
    assert count(AuditRow, act="buka profil talenta", subject=pegawai.nip) == 1


def test_hints_from_tkp_are_shown_but_are_no_measurement(staf, app):
    # domain.md 5.2: TKP is not a measurement of the nine competencies
    pegawai = named("Maria Perumpamaan")

    page = staf.get(f"{ROOT}/pegawai/{pegawai.id}").text
    found = assessed(pegawai)

    hints = found.levels["integritas"]
    assert {bukti.jenis for bukti, _ in hints.dasar} == {"tkp"}
    assert found.jpm.nilai is None
    assert "integritas" in found.jpm.belum_ada
    assert found.kotak is None
    assert "petunjuk saja, tidak dihitung" in page
    assert "pengukuran level: Integritas" in page


def test_an_employee_whose_jabatan_has_no_jenjang_is_told_so(staf, app):
    pegawai = named("Maria Perumpamaan")
    with transaction() as session:
        position = Jabatan(kode="X1", nama="Jabatan baru")
        session.add(position)
        session.flush()
        session.get_one(Pegawai, pegawai.id).jabatan_id = position.id

    page = staf.get(f"{ROOT}/pegawai/{pegawai.id}").text

    assert "jabatan belum mempunyai standar" in page
    assert "jenjang jabatan belum tercatat" in page


def test_a_punishment_without_its_severity_leaves_the_index_open(app):
    pegawai = someone_complete()
    pegawai.hukuman_disiplin = True

    found = assessed(pegawai)

    assert found.ip_asn.belum_ada == ("disiplin",)
    assert found.kotak is None


# Training


def without_plan():
    planned = db.select(RencanaPelatihan.pegawai_id)
    chosen = db.select(PotretTalenta).where(
        PotretTalenta.kotak > 0, PotretTalenta.pegawai_id.not_in(planned)
    )
    return db.session.scalars(chosen.order_by(PotretTalenta.pegawai_id)).first().pegawai


def test_a_plan_is_drawn_up_by_one_agreed_by_another_and_filled_with_what_was_done(
    staf, staf2, app
):
    pegawai = without_plan()
    url = f"{ROOT}/pegawai/{pegawai.id}"
    for _ in range(2):  # drawn up again, the draft is replaced
        staf.post(f"{url}/rencana", token_from=url)
    plan = db.session.scalars(db.select(RencanaPelatihan).filter_by(pegawai_id=pegawai.id)).one()
    first = plan.butir[0]
    finished = {"selesai": site_clock.today().isoformat(), "jp": first.jp}

    staf.post(f"{ROOT}/pelatihan/{first.id}/selesai", token_from=url, **finished)
    staf.post(f"{ROOT}/rencana/{plan.id}/setujui", token_from=url)
    assert count(RencanaPelatihan, pegawai_id=pegawai.id, approved_at=None) == 1
    assert count(PelatihanPegawai, id=first.id, selesai=None) == 1

    staf2.post(f"{ROOT}/rencana/{plan.id}/setujui", token_from=url)
    staf.post(f"{url}/rencana", token_from=url)
    too_many = {**finished, "jp": first.jp + 1}
    last_year = {**finished, "selesai": f"{plan.tahun - 1}-06-01"}
    for fields in (too_many, last_year, finished, finished):
        staf.post(f"{ROOT}/pelatihan/{first.id}/selesai", token_from=url, **fields)
    db.session.remove()
    stored = db.session.get_one(PelatihanPegawai, first.id)
    progress = pelatihan.progress(
        db.session(), stored.rencana.pegawai, plan.tahun, get_acuan(db.session())
    )

    assert sum(each.jp for each in stored.rencana.butir) >= 20
    assert (stored.rencana.approved_by, stored.jp_realisasi) == ("staf2", first.jp)
    assert (progress.jp_minimum, progress.jp_selesai) == (20, first.jp)
    assert count(AuditRow, act="catat realisasi pelatihan", subject=pegawai.nip) == 1
    assert f"{first.jp} JP selesai dari paling sedikit 20 JP" in staf.get(url).text


def test_training_outside_a_plan_counts_for_the_index_at_once(staf, app):
    pegawai = someone_complete()
    before = picture(pegawai).ip_asn
    url = f"{ROOT}/pegawai/{pegawai.id}"
    sent = {"jenis": "seminar", "jp": 4, "selesai": "2026-10-01", "nama": "Seminar contoh"}

    refused = staf.post(f"{url}/pelatihan", token_from=url, **{**sent, "jp": "banyak"})
    future = staf.post(f"{url}/pelatihan", token_from=url, **{**sent, "selesai": "2030-01-01"})
    for _ in range(2):
        staf.post(f"{url}/pelatihan", token_from=url, **sent)

    assert refused.status_code == 422
    assert "Harus bilangan bulat." in refused.text
    assert future.status_code == 303
    assert count(PelatihanPegawai, pegawai_id=pegawai.id, nama="Seminar contoh") == 1
    assert picture(pegawai).ip_asn >= before


def test_evidence_that_has_expired_measures_nothing_any_more(app):
    pegawai = someone_complete()
    session, acuan = db.session(), get_acuan(db.session())
    last = db.session.scalar(
        db.select(db.func.max(BuktiKompetensi.berlaku_sampai)).where(
            BuktiKompetensi.person_id == pegawai.person_id
        )
    )

    later = assess(session, [pegawai], date(last.year + 1, 1, 1), acuan)[0]

    assert later.jpm.nilai is None
    assert later.kotak is None
    assert later.ti_kuat is None
