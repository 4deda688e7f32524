"""Participants in: once, whole or not at all, and never over what an exam or a rank rests on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from web.db import db
from web.tables import (
    Formasi,
    Hasil,
    Pegawai,
    Person,
    Peserta,
    Sitting,
)

NEW = {
    "nomor": "24990120110009999",
    "nik": "9901010101990001",
    "nama": "Contoh Baru",
    "tanggal_lahir": "1999-01-01",
    "jenis_kelamin": "L",
    "formasi": "F99-01",
    "jenjang": "s1",
    "ipk": "3.25",
}


def test_a_participant_comes_in_once_however_often_it_is_sent(app, program):
    caller = program("peserta:tulis", "peserta:baca")

    first = caller.post("peserta", {"peserta": [NEW]}).json
    again = caller.post("peserta", {"peserta": [NEW]}).json
    changed = caller.post("peserta", {"peserta": [{**NEW, "nama": "Contoh Berganti"}]}).json

    assert [r["peserta"][0]["keadaan"] for r in (first, again, changed)] == [
        "baru",
        "tetap",
        "diubah",
    ]
    assert caller.get(f"peserta/{NEW['nomor']}").json["nama"] == "Contoh Berganti"
    assert caller.get("peserta").json["data"][0]["nik_akhir"] == "0001"


def test_a_trial_writes_nothing(app, program):
    reply = program("peserta:tulis").post("peserta", {"uji_coba": True, "peserta": [NEW]}).json

    assert reply["ditulis"] is False
    assert reply["peserta"][0]["keadaan"] == "baru"
    assert db.session.scalar(db.select(Peserta).filter_by(nomor=NEW["nomor"])) is None


def test_one_bad_row_keeps_the_whole_delivery_out_and_is_named(app, program):
    bad = {**NEW, "nomor": "24990120110009998", "formasi": "TIDAK-ADA"}

    reply = program("peserta:tulis").post("peserta", {"peserta": [NEW, bad]}).json

    assert reply["ditulis"] is False
    assert reply["peserta"][1]["keadaan"] == "ditolak"
    assert "TIDAK-ADA" in reply["peserta"][1]["masalah"][0]
    assert db.session.scalar(db.select(Peserta).filter_by(nomor=NEW["nomor"])) is None


def test_a_nik_that_does_not_fit_is_a_warning_and_no_refusal(app, program):
    odd = {**NEW, "jenis_kelamin": "P"}

    reply = program("peserta:tulis").post("peserta", {"peserta": [odd]}).json

    assert reply["ditulis"] is True
    assert "Jenis kelamin" in reply["peserta"][0]["peringatan"][0]


def test_after_the_exam_neither_formasi_nor_owner_can_be_exchanged(app, program):
    sat = db.session.scalar(db.select(Peserta).join(Sitting).where(Sitting.phase == "finished"))
    person = sat.person
    same = {
        "nomor": sat.nomor,
        "nik": person.nik,
        "nama": person.nama,
        "tanggal_lahir": person.tanggal_lahir.isoformat(),
        "jenis_kelamin": person.jenis_kelamin,
    }
    caller = program("peserta:tulis")

    moved = caller.post("peserta", {"peserta": [{**same, "formasi": "F99-06"}]}).json
    taken = caller.post("peserta", {"peserta": [{**same, "nik": NEW["nik"]}]}).json

    assert "tidak dapat diubah" in moved["peserta"][0]["masalah"][0]
    assert "milik orang lain" in taken["peserta"][0]["masalah"][0]
    assert db.session.scalar(db.select(Person).filter_by(nik=NEW["nik"])) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"formasi": "F99\x0003"},
        {"nama": "Contoh\x00"},
        {"nomor": 24990120110009999},
        {"tanggal_lahir": "31-12-2000"},
        {"ipk": 3.5},
        {"ipk": "1e400"},
        {"netra": "mungkin"},
        {"tidak_dikenal": 1},
    ],
)
def test_a_row_of_another_shape_is_refused_and_nothing_is_written(app, program, wrong):
    reply = program("peserta:tulis").post("peserta", {"peserta": [{**NEW, **wrong}]})

    assert reply.status_code == 422
    assert db.session.scalar(db.select(Peserta).filter_by(nomor=NEW["nomor"])) is None


def entry_of(peserta, **fields):
    """A participant as the portal would send it again."""
    person = peserta.person
    return {
        "nomor": peserta.nomor,
        "nik": person.nik,
        "nama": person.nama,
        "tanggal_lahir": person.tanggal_lahir.isoformat(),
        "jenis_kelamin": person.jenis_kelamin,
        "formasi": peserta.formasi.kode if peserta.formasi else None,
        "netra": peserta.netra,
        "jenjang": peserta.jenjang,
        "ipk": None if peserta.ipk is None else str(peserta.ipk),
        **fields,
    }


def test_what_decides_between_equals_cannot_be_changed_once_somebody_is_announced(app, program):
    announced = db.session.scalar(
        db.select(Peserta)
        .join(Hasil, Hasil.peserta_id == Peserta.id)
        .where(Peserta.ipk.is_not(None), Peserta.jenjang.is_not(None))
    )
    born = announced.person.tanggal_lahir
    caller = program("peserta:tulis")
    for fields in (
        {"tanggal_lahir": "1970-01-01"},
        {"ipk": "4.00"},
        {"ipk": None},
        {"jenjang": "s3"},
    ):
        reply = caller.post("peserta", {"peserta": [entry_of(announced, **fields)]}).json
        assert "diumumkan" in reply["peserta"][0]["masalah"][0], (fields, reply)
        # nor by way of a second number of the same person
        if "tanggal_lahir" in fields:
            other = entry_of(announced, **fields, nomor="24990120110007777", formasi=None)
            reply = caller.post("peserta", {"peserta": [other]}).json
            assert "diumumkan" in reply["peserta"][0]["masalah"][0]

    same = caller.post("peserta", {"peserta": [entry_of(announced)]}).json
    named = caller.post("peserta", {"peserta": [entry_of(announced, nama="Contoh Baru")]}).json

    assert same["peserta"][0]["keadaan"] == "tetap"
    assert named["peserta"][0]["keadaan"] == "diubah"
    assert db.session.get(Peserta, announced.id).person.tanggal_lahir == born


def test_an_agency_does_not_rewrite_a_person_who_also_belongs_elsewhere(app, program):
    own = db.session.scalar(db.select(Formasi).filter_by(kode="F99-03"))
    employee = db.session.scalar(db.select(Pegawai).where(Pegawai.instansi_id != own.instansi_id))
    person, instansi_id = employee.person, own.instansi_id
    name = person.nama
    entry = {
        "nomor": "24990120110005555",
        "nik": person.nik,
        "nama": name,
        "tanggal_lahir": person.tanggal_lahir.isoformat(),
        "jenis_kelamin": person.jenis_kelamin,
        "formasi": "F99-03",
    }
    caller = program("peserta:tulis", instansi_id=instansi_id)

    renamed = caller.post("peserta", {"peserta": [{**entry, "nama": "Nama Lain"}]}).json
    as_is = caller.post("peserta", {"peserta": [entry]}).json

    assert "di luar instansi" in renamed["peserta"][0]["masalah"][0]
    assert as_is["peserta"][0]["keadaan"] == "baru"
    assert db.session.scalar(db.select(Person).filter_by(nik=entry["nik"])).nama == name


def test_one_delivery_cannot_say_two_things_about_one_person(app, program):
    other = {**NEW, "nomor": "24990120110009998", "tanggal_lahir": "1999-01-02"}

    reply = program("peserta:tulis").post("peserta", {"peserta": [NEW, other]}).json

    assert reply["ditulis"] is False
    assert "orang yang sama" in str(reply["peserta"][1]["masalah"])


def test_the_same_delivery_from_eight_programs_at_once_is_stored_once(app, program):
    caller = program("peserta:tulis")
    body = {"peserta": [NEW]}

    def post(_):
        with app.app_context():
            return caller.post("peserta", body)

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(post, range(8)))

    assert [reply.status_code for reply in replies] == [200] * 8
    assert [r.json["peserta"][0]["keadaan"] for r in replies].count("baru") == 1
