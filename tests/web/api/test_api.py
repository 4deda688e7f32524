"""What programs may read and write, and what they are told when they may not."""

from __future__ import annotations

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
    PartResult,
    Pegawai,
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
