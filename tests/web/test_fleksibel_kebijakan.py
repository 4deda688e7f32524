"""Flexible-work policy: who may change it, what it says of people, and that its decisions stay."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from cat.errors import BadInput
from cat.ketentuan.fleksibel.langkah import Actor, Role
from seeds.demo.load import FINISHED
from web import clock as real_clock
from web.db import db, transaction
from web.operations.fleksibel import kebijakan
from web.operations.fleksibel.audit_ulang import findings
from web.operations.fleksibel.rekaman import state_of
from web.tables import (
    Instansi,
    KebijakanVersi,
    LangkahPermohonan,
    Pegawai,
    PenilaianFleksibel,
    Permohonan,
    Sitting,
)

WHY = "Alasan yang cukup panjang untuk dibaca."
HEAD = Actor("pimpinan", Role.PIMPINAN)


def test_a_policy_is_proposed_by_one_person_and_approved_by_another(app, petugas):
    staf, second = petugas("staf"), petugas("staf2")
    agency = db.session.scalar(select(Instansi).filter_by(kode="9903"))
    address = f"/staf/fleksibel/kebijakan/instansi/{agency.id}/usul"
    today = real_clock.today()
    layer = {
        "kode": "arsip",
        "judul": "Aturan arsip",
        "sumber": "Keputusan contoh 1",
        "keyakinan": "A",
        "berlaku_sejak": today.isoformat(),
        "masa_baru_bulan": "18",
        "predikat": "sangat_baik",
        "alasan": WHY,
    }

    wide = staf.post(address, address, **{**layer, "hari_per_minggu": "3"})
    assert wide.status_code == 422
    assert "arsip: hari_per_minggu: nilainya harus antara 1 dan 2 (terbaca: 3)" in wide.text
    reply = staf.post(address, address, **layer)
    assert reply.status_code == 303
    page = reply.location
    own = staf.post(f"{page}/putusan", page, putusan="setujui", alasan=WHY)
    assert own.status_code == 409
    assert "harus disetujui oleh orang lain" in own.text
    assert kebijakan.policy_for(db.session(), agency.id, today).lapisan.kode == "contoh"

    assert second.post(f"{page}/putusan", page, putusan="setujui", alasan=WHY).status_code == 303
    db.session.remove()
    policy = kebijakan.policy_for(db.session(), agency.id, today)
    assert policy.lapisan.kode == "arsip"
    assert policy.masa_baru_bulan == 18
    assert "✓ Berlaku" in staf.get(page).text


def test_a_policy_text_with_a_mistake_names_its_line(app, petugas):
    staf = petugas("staf")
    address = "/staf/fleksibel/kebijakan/dasar/teks"
    shown = staf.get(address).text
    body = re.search(r"<textarea[^>]*name=\"teks\"[^>]*>\r?\n?(.*?)</textarea>", shown, re.S)[1]
    content = body.replace("&#34;", '"').replace("&quot;", '"').replace("&gt;", ">")

    wrong = content.replace("hari_per_minggu = 2\n", "hari_per_minggu = 9\n")
    line = next(n for n, each in enumerate(wrong.splitlines(), 1) if "hari_per_minggu = 9" in each)
    reply = staf.post(address, address, teks=wrong, alasan=WHY)

    assert reply.status_code == 422
    assert f"Baris {line}." in reply.text
    assert "antara 1 dan 5" in reply.text


def test_a_national_rule_that_an_agency_layer_no_longer_fits_is_refused_by_name(app):
    today = real_clock.today()
    session = db.session()
    mapping = kebijakan.national_policy(session, today).to_mapping()
    mapping["evaluasi"]["tiap_bulan"] = 2
    mapping["berlaku_sejak"] = (today + timedelta(days=10)).isoformat()
    with transaction() as session:
        row = kebijakan.propose(
            session,
            kebijakan.DASAR,
            mapping,
            instansi_id=None,
            berlaku_sejak=today,
            by="staf",
            reason=WHY,
            now=real_clock.now(),
        )
    with (
        pytest.raises(BadInput, match=r"Kementerian Contoh Digital.*evaluasi_bulan"),
        transaction() as session,
    ):
        kebijakan.approve(session, row, by="staf2", reason=WHY, now=real_clock.now(), today=today)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE langkah_permohonan SET alasan = 'lain'",
        "DELETE FROM penilaian_fleksibel",
        "UPDATE kebijakan_versi SET kode = 'lain'",
        "UPDATE kebijakan_versi SET alasan = 'lain' WHERE status = 'disetujui'",
    ],
)
def test_the_database_itself_keeps_what_was_decided(app, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(text(statement))


def test_a_changed_fact_is_found_when_decisions_are_made_again(app):
    first = db.session.scalars(select(PenilaianFleksibel).order_by(PenilaianFleksibel.id)).first()
    postgres = db.engine.dialect.name == "postgresql"
    trigger = "penilaian_fleksibel_append_only" + ("" if postgres else "_update")
    with transaction() as session:
        session.execute(
            text(f"DROP TRIGGER {trigger}" + (" ON penilaian_fleksibel" if postgres else ""))
        )
        session.get_one(PenilaianFleksibel, first.id).fakta = {**first.fakta, "status": "cpns"}
    db.session.remove()

    assert [str(each) for each in findings(db.session())] == [
        f"penilaian {first.id} (permohonan {first.permohonan_id}, langkah {first.seq}): hasil "
        "tersimpan berbeda dari hasil yang dihitung ulang"
    ]


def test_a_candidate_fails_not_being_a_new_employee(app, petugas):
    found = select(Sitting).join(Sitting.sesi).filter_by(nama=FINISHED)
    sitting = db.session.scalars(found.where(Sitting.phase == "finished")).first()

    page = petugas("staf").get(f"/staf/ujian/{sitting.id}/kerja-fleksibel").text

    assert "✕ Tidak dapat diajukan" in page
    assert "CPNS baru direkrut" in page
    assert "bukan persetujuan" in page


def test_serving_staff_get_different_outcomes_but_never_a_grant(app, petugas):
    staf = petugas("staf")
    page = staf.get("/staf/pegawai").text

    assert {"Tidak dapat diajukan", "Perlu bukti"} <= set(re.findall(r"[✕?→] ([^<]+)</span>", page))
    for pegawai_id in list(db.session.scalars(select(Pegawai.id).limit(6))):
        own = staf.get(f"/staf/pegawai/{pegawai_id}/kerja-fleksibel").text
        assert own.count("Bukti:") >= 11
        assert "diputuskan oleh PPK atau pimpinan instansi" in own
        assert "disetujui" not in own.lower()


def test_a_simulation_adds_up_and_refuses_what_no_agency_may_ask(app, petugas):
    staf, address = petugas("staf"), "/staf/fleksibel/simulasi"
    tried = {
        "instansi": "",
        "bentuk": "rumah",
        "predikat": "",
        "masa_baru_bulan": "24",
        "jatah_bersamaan": "25",
        "jatah_keseluruhan": "50",
    }
    people = db.session.scalar(select(db.func.count()).select_from(Pegawai))

    page = staf.post(address, address, **tried).text
    assert f"{people} pegawai</h2>" in page
    counts = re.findall(
        r"<th scope=\"row\">(?:Tidak dapat diajukan|Perlu bukti|Dapat diajukan[^<]*)</th>"
        r"<td class=\"number\">(\d+)</td><td class=\"number\">(\d+)</td>",
        page,
    )
    assert [sum(int(row[side]) for row in counts) for side in (0, 1)] == [people, people]

    refused = staf.post(address, address, **{**tried, "evaluasi_bulan": "9"})
    assert refused.status_code == 422
    assert "nilainya harus antara 1 dan 3" in refused.text


def test_the_record_alone_tells_where_every_demonstrated_request_stands(app):
    rows = db.session.scalars(select(Permohonan).order_by(Permohonan.id)).all()

    assert {row.keadaan for row in rows} >= {"DISETUJUI", "DIAJUKAN", "MENUNGGU_PUTUSAN"}
    for row in rows:
        assert state_of(row).standing == row.keadaan
        assert state_of(row).steps == len(row.langkah)
    assert db.session.scalar(select(db.func.count()).select_from(LangkahPermohonan)) == sum(
        row.jumlah_langkah for row in rows
    )
    assert db.session.scalars(select(KebijakanVersi.status).distinct()).all()
