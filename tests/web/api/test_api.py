"""What programs may read and write, and what they are told when they may not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from cat.errors import BadInput
from tests.web.api.conftest import Program
from tests.web.conftest import START
from web.db import db, transaction
from web.operations.api import changes, tokens
from web.tables import (
    ApiToken,
    AuditRow,
    Formasi,
    Hasil,
    PartResult,
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


def test_a_token_works_only_once_a_second_person_has_approved_it(app, program, clock):
    waiting = program("hasil:baca", approved=False)
    assert waiting.get("hasil").status_code == 401

    token = db.session.scalar(db.select(ApiToken))
    with pytest.raises(BadInput, match="sendiri"), transaction() as session:
        tokens.approve(session, token, by="staf", now=clock.now())
    with transaction() as session:
        tokens.approve(session, token, by="staf2", now=clock.now())

    assert waiting.get("hasil").status_code == 200


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_token_that_ended_opens_nothing(app, program, clock, end):
    caller = program("hasil:baca")
    if end == "revoked":
        with transaction() as session:
            tokens.revoke(session, session.scalar(db.select(ApiToken)), by="staf", now=clock.now())
    else:
        clock.tick(31 * 24 * 3600)

    reply = caller.get("hasil")

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"] == "Bearer"


def test_the_plain_token_is_stored_nowhere(app, program):
    caller = program("hasil:baca")

    stored = db.session.scalar(db.select(ApiToken))

    assert caller.plain not in str(vars(stored))
    assert stored.prefix == caller.plain[:12]


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("peserta:baca", "hasil"),
        ("hasil:baca", "peserta"),
        ("hasil:baca", "profil/1"),
        ("profil:baca", "sesi"),
        ("peserta:baca", "pengumuman"),
    ],
)
def test_a_scope_opens_its_own_endpoints_only(app, program, scope, path):
    reply = program(scope).get(path)

    assert reply.status_code == 403
    assert reply.mimetype == "application/problem+json"


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


def test_reading_results_step_by_step_gives_each_one_once_and_all_of_them(app, program):
    caller, seen, cursor = program("hasil:baca"), [], "0.0"
    while True:
        page = caller.get(f"hasil?banyak=37&sejak={cursor}").json
        seen += [each["ujian"] for each in page["data"]]
        cursor = page["kursor"]
        if not page["masih_ada"]:
            break

    stored = set(db.session.scalars(db.select(PartResult.sitting_id).distinct()))
    assert len(seen) == len(set(seen))
    assert set(seen) == stored
    assert caller.get(f"hasil?sejak={cursor}").json["data"] == []


def test_a_result_that_is_published_later_is_what_the_next_reading_gives(app, program, working):
    caller = program("hasil:baca")
    cursor = caller.get("hasil?banyak=1000").json["kursor"]
    while working.stored().phase != "finished":
        working.answers("A")

    (fresh,) = caller.get(f"hasil?sejak={cursor}").json["data"]

    assert fresh["ujian"] == working.sitting_id
    assert fresh["total"] == sum(part["nilai"] for part in fresh["bagian"])


def test_a_change_that_becomes_visible_late_is_not_passed_by(app, program):
    """Two transactions on PostgreSQL: the one that began first commits last."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets transactions write one after another only")
    from sqlalchemy.orm import Session

    _, cursor, _ = changes.read(db.session(), "kompetensi", None, 10)
    db.session.rollback()
    with Session(db.engine) as slow, Session(db.engine) as quick:
        changes.note(slow, "kompetensi", "lambat")
        slow.flush()
        changes.note(quick, "kompetensi", "cepat")
        quick.commit()

        first, cursor, _ = changes.read(db.session(), "kompetensi", cursor, 10)
        db.session.rollback()
        slow.commit()
    second, _, _ = changes.read(db.session(), "kompetensi", cursor, 10)

    assert first == []
    assert sorted(second) == ["cepat", "lambat"]


def test_the_token_of_an_agency_sees_its_own_people_only(app, program):
    own = db.session.scalar(db.select(Formasi).filter_by(kode="F99-03"))
    stranger = db.session.scalar(
        db.select(Peserta).join(Formasi).where(Formasi.instansi_id != own.instansi_id)
    ).nomor
    instansi_id = own.instansi_id
    caller = program(instansi_id=instansi_id)

    seen = {each["formasi"] for each in caller.get("hasil?banyak=1000").json["data"]}
    mine = set(db.session.scalars(db.select(Formasi.kode).filter_by(instansi_id=instansi_id)))

    assert seen <= {*mine, None}
    assert "F99-03" in seen
    assert caller.get(f"peserta/{stranger}").status_code == 404
    assert caller.get(f"profil/{stranger}").status_code == 404
    refused = caller.post("peserta", {"peserta": [NEW]}).json
    assert "bukan formasi instansi" in refused["peserta"][0]["masalah"][0]


def test_reading_a_profile_leaves_a_trace(app, program):
    nomor = db.session.scalar(
        db.select(Peserta.nomor).join(Sitting).where(Sitting.phase == "finished")
    )

    profile = program("profil:baca").get(f"profil/{nomor}").json

    assert set(profile["bagian"]) == {"twk", "tiu", "tkp"}
    trace = db.session.scalars(db.select(AuditRow).filter_by(act="api: baca profil")).all()
    assert [row.subject for row in trace] == [nomor]


@pytest.mark.parametrize(
    ("path", "place"),
    [("hasil?banyak=0", "banyak"), ("hasil?sejak=xyz", "sejak"), ("sesi?setelah=-1", "setelah")],
)
def test_a_bad_request_names_place_value_and_rule(app, program, path, place):
    reply = program().get(path)

    assert reply.status_code == 422
    (fault,) = reply.json["masalah"]
    assert fault["tempat"] == place
    assert fault["aturan"]


def test_a_token_needs_a_purpose_a_legal_basis_and_known_scopes(app, clock):
    good = {
        "nama": "portal",
        "scopes": ["hasil:baca"],
        "instansi_id": None,
        "purpose": "tujuan yang jelas",
        "legal_basis": "PermenPANRB 6/2024",
        "days": 30,
        "by": "staf",
        "now": START,
    }
    for name, wrong, words in [
        ("purpose", "", "tujuan"),
        ("legal_basis", " ", "dasar hukum"),
        ("scopes", ["semua"], "semua"),
        ("scopes", [], "sedikitnya satu"),
        ("days", 0, "masa berlaku"),
    ]:
        with pytest.raises(BadInput, match=words), transaction() as session:
            tokens.create(session, **{**good, name: wrong})
    assert db.session.scalar(db.select(ApiToken)) is None


def test_staff_make_a_token_that_another_of_them_approves(app, petugas):
    maker, other = petugas("staf"), petugas("staf2")
    fields = {
        "nama": "portal nasional",
        "scopes": ["hasil:baca", "jadwal:baca"],
        "instansi": 0,
        "purpose": "membaca hasil seleksi",
        "legal_basis": "PermenPANRB 6/2024",
        "days": 30,
    }

    shown = maker.post("/staf/api/", token_from="/staf/api/", **fields).text
    plain = shown.split('token">')[1].split("<")[0]
    own = maker.post("/staf/api/1/setujui", token_from="/staf/api/")
    assert "sendiri" in maker.get("/staf/api/").text
    before = Program(app, plain).get("sesi").status_code
    other.post("/staf/api/1/setujui", token_from="/staf/api/")

    assert own.status_code == 303
    assert before == 401
    assert Program(app, plain).get("sesi").json["data"]
    assert plain not in maker.get("/staf/api/").text
    again = maker.post("/staf/api/", token_from="/staf/api/", **fields)
    assert again.status_code == 422
    assert "sudah ada" in again.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("hasil?sejak=9999999999999999999.0", 422),
        ("peserta?sejak=0.9999999999999999999", 422),
        ("hasil?sejak=999999999999999999.999999999999999999", 200),
        ("peserta/%00", 404),
        ("profil/%00", 404),
        ("pengumuman/%00/hasil", 404),
        ("pengumuman/TIDAK-ADA/hasil", 404),
        ("sesi/2147483647/peserta", 404),
    ],
)
def test_what_no_answer_ever_gave_is_refused_and_never_an_error(app, program, path, status):
    assert program().get(path).status_code == status


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


def test_an_agency_reads_the_exam_of_another_agencys_employee_but_not_the_evidence(app, program):
    sitting = db.session.scalar(
        db.select(Sitting)
        .join(Peserta)
        .join(Formasi)
        .where(Sitting.phase == "finished", Formasi.kode == "F99-03")
    )
    nomor, instansi_id = sitting.peserta.nomor, sitting.peserta.formasi.instansi_id
    employee = db.session.scalar(db.select(Pegawai).where(Pegawai.instansi_id != instansi_id))
    with transaction() as session:  # an employee of another agency has applied here
        session.execute(
            db.update(Peserta)
            .where(Peserta.id == sitting.peserta_id)
            .values(person_id=employee.person_id)
        )

    told = program("profil:baca").get(f"profil/{nomor}").json
    seen = program("profil:baca", instansi_id=instansi_id).get(f"profil/{nomor}").json

    assert seen["bagian"] == told["bagian"]
    assert told["kompetensi"]
    assert seen["kompetensi"] == []
