"""Personal data: who looked is on record, what is over goes, and a person gets a whole copy."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from cat.errors import BadInput, BadRules
from tests.web.conftest import KEYS, START
from web.clock import today
from web.db import db, own_session, transaction
from web.operations.jobs import Context
from web.operations.pelindungan import access, register, requests, retention, subject
from web.operations.verification import verify_sitting
from web.tables import (
    Akomodasi,
    AuditRow,
    DataAccess,
    DataRequest,
    Foto,
    Job,
    Masuk,
    Pegawai,
    Person,
    Peserta,
    RetentionRun,
    Sanggah,
    Sesi,
    Sitting,
)

FAR = date(2040, 1, 1)


@pytest.fixture
def person(app) -> Person:
    """Somebody who has finished an exam and is no employee."""
    sitting = db.session.scalar(db.select(Sitting).where(Sitting.phase == "finished"))
    return sitting.peserta.person


def test_a_look_is_on_record_for_good_and_names_its_purpose(app, person):
    with transaction() as session:
        access.note(session, person.id, "x", act="buka", activity="seleksi", by="staf", at=START)

    (look,) = access.history(db.session(), person.id)
    assert (look.by, look.activity) == ("staf", "seleksi")
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.get(DataAccess, look.id).by = "orang lain"
    with pytest.raises(BadRules, match="tidak dikenal"), transaction() as session:
        access.note(session, person.id, "orang", act="buka", activity="iseng", by="staf", at=START)


def test_the_whole_nik_is_shown_only_for_a_reason_that_is_kept(app, petugas, person):
    staff, nik, page = petugas("staf"), person.nik, f"/staf/data-pribadi/orang/{person.id}"

    before = staff.get(page).text
    without = staff.post(f"{page}/nik", token_from=page, alasan="")
    shown = staff.post(f"{page}/nik", token_from=page, alasan="cocokkan dengan KTP")

    assert nik not in before
    assert nik[-4:] in before
    assert without.status_code == 422
    assert nik not in without.text
    assert nik in shown.text
    assert "cocokkan dengan KTP" in staff.get(page).text


def test_the_copy_holds_everything_about_the_person_and_nothing_about_others(app, person):
    found = subject.everything(db.session(), person)
    others = set(db.session.scalars(db.select(Person.nik).where(Person.id != person.id)))
    text = json.dumps(found)

    assert {"person", "peserta", "sitting", "sitting_event", "part_result"} <= set(found)
    assert person.nik in text
    assert not any(nik in text for nik in others)
    assert "pin_hash" not in text
    assert not any("seal" in row for row in found["sitting_event"])


def test_the_copy_of_a_superior_does_not_hold_the_staff(app):
    superior = db.session.scalar(db.select(Pegawai).where(Pegawai.atasan_id.is_not(None))).atasan

    found = subject.everything(db.session(), superior.person)

    assert [row["nip"] for row in found["pegawai"]] == [superior.nip]


def test_every_table_that_points_at_people_is_in_the_copy():
    from cat.itembank.base import Base

    direct = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("person", "peserta", "pegawai", "sitting")
    }

    assert direct <= set(subject.owned_tables())


def test_staff_hand_over_the_copy_as_a_file(app, petugas, person):
    page = f"/staf/data-pribadi/orang/{person.id}"

    reply = petugas("staf").post(f"{page}/salinan", token_from=page)

    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        assert json.loads(archive.read("data.json"))["person"][0]["nama"] == person.nama
    assert access.history(db.session(), person.id)[0].act == "buat salinan data"


def test_a_request_is_answered_once_and_within_three_days(app, person, clock):
    with transaction() as session:
        made = requests.receive(
            session, person, kind="akses", wish="minta salinan", by="staf", now=clock.now()
        )
    assert made.due_at - made.received_at == 72 * 3600 * 1_000_000

    for text, words in (("ya", "5 sampai"), ("sudah diserahkan", None), ("lagi pula", "sudah")):
        give = {"granted": True, "text": text, "by": "staf", "now": clock.now()}
        request = db.session.get(DataRequest, made.id)
        if words is None:
            with transaction() as session:
                requests.answer(session, request, **give)
        else:
            with pytest.raises(BadInput, match=words), transaction() as session:
                requests.answer(session, request, **give)


@pytest.fixture
def as_job(app, clock):
    """Carries out a clearing as a worker does."""

    @contextmanager
    def sessions(*, writes: bool = False):
        with own_session(db.engine, writes=writes) as session:
            yield session

    def run(job: Job) -> dict[str, int]:
        context = Context(
            job_id=job.id,
            worker="tes",
            params=job.params,
            folder=None,
            created_at=job.created_at,
            created_by=job.created_by,
            keys=KEYS,
            sessions=sessions,
            now=clock.now,
        )
        with transaction() as session:
            mine = session.get(Job, job.id)
            mine.status, mine.worker = "berjalan", "tes"
        return retention.carry_out(context)

    return run


def test_clearing_needs_two_people_a_past_day_and_something_to_clear(app, clock):
    with pytest.raises(BadInput, match="belum lewat"), transaction() as session:
        retention.propose(session, as_of=FAR, reason="jadwal arsip", by="staf", now=clock.now())
    with pytest.raises(BadInput, match="tidak ada data"), transaction() as session:
        retention.propose(
            session, as_of=date(2025, 1, 1), reason="jadwal arsip", by="staf", now=clock.now()
        )
    clock.tick((FAR - today()) / timedelta(seconds=1) + 86400)
    with transaction() as session:
        run = retention.propose(
            session, as_of=FAR, reason="jadwal arsip", by="staf", now=clock.now()
        )
    with pytest.raises(BadInput, match="usulnya sendiri"), transaction() as session:
        retention.approve(session, session.get(RetentionRun, run.id), by="staf", now=clock.now())


def test_nobody_is_cleared_who_still_waits_for_an_answer(app, clock, person):
    others = db.session.scalars(
        db.select(Peserta).join(Sitting).where(Sitting.phase == "finished").limit(3)
    ).all()
    employed = set(db.session.scalars(db.select(Pegawai.person_id)))
    free = [each for each in others if each.person_id not in employed]
    before = retention.due(db.session(), FAR)["orang"]
    with transaction() as session:
        wish = {"kind": "akses", "wish": "minta salinan", "by": "staf", "now": clock.now()}
        requests.receive(session, free[0].person, **wish)
        session.add(
            Sanggah(
                tiket="CONTOH123456",
                tahun=2024,
                tahap="akhir",
                peserta_id=free[1].id,
                isi="Nilai saya berbeda.",
                filed_by="staf",
                filed_at=clock.now(),
            )
        )

    assert retention.due(db.session(), FAR)["orang"] == before - 2


def test_of_two_approvals_or_answers_on_stale_pages_the_first_holds(app, clock, person):
    clock.tick((FAR - today()) / timedelta(seconds=1) + 86400)
    now = clock.now()
    with transaction() as session:
        run = retention.propose(session, as_of=FAR, reason="jadwal arsip", by="staf", now=now)
        wish = {"kind": "akses", "wish": "minta salinan", "by": "staf", "now": now}
        request = requests.receive(session, person, **wish)
    with own_session(db.engine, writes=True) as other:  # somebody else, after our page was opened
        retention.approve(other, other.get_one(RetentionRun, run.id), by="staf2", now=now)
        theirs = other.get_one(DataRequest, request.id)
        requests.answer(other, theirs, granted=True, text="jawaban pertama", by="staf2", now=now)
    assert run.approved_at is None, "the page of this test was opened before"

    with transaction() as session:
        retention.approve(session, run, by="staf3", now=now + 1)
    told = {"granted": False, "text": "jawaban kedua", "by": "staf", "now": now}
    with pytest.raises(BadInput, match="sudah dijawab"), transaction() as session:
        requests.answer(session, request, **told)

    assert run.approved_by == "staf2"
    assert db.session.scalar(db.select(db.func.count()).where(Job.kind == retention.JOB)) == 1


def test_a_clearing_is_not_done_under_another_register_than_the_one_agreed_on(
    app, clock, person, as_job
):
    clock.tick((FAR - today()) / timedelta(seconds=1) + 86400)
    with transaction() as session:
        run = retention.propose(
            session, as_of=FAR, reason="jadwal arsip", by="staf", now=clock.now()
        )
        retention.approve(session, run, by="staf2", now=clock.now())
        content = register.in_force(session).to_mapping()
        register.load(session, {**content, "judul": "Daftar lain"}, clock.now())

    with pytest.raises(BadInput, match="berubah sejak disetujui"):
        as_job(db.session.scalar(db.select(Job).where(Job.kind == retention.JOB)))

    assert db.session.get(Person, person.id).nama != retention.CLEARED_NAME


def test_what_is_over_loses_its_name_and_still_verifies(app, clock, person, as_job):
    nik, staff = person.nik, set(db.session.scalars(db.select(Pegawai.person_id)))
    employees = {p.id: p.nik for p in db.session.scalars(db.select(Person)) if p.id in staff}
    clock.tick((FAR - today()) / timedelta(seconds=1) + 86400)
    with transaction() as session:
        run = retention.propose(
            session, as_of=FAR, reason="jadwal arsip", by="staf", now=clock.now()
        )
        retention.approve(session, run, by="staf2", now=clock.now())

    done = as_job(db.session.scalar(db.select(Job).where(Job.kind == retention.JOB)))

    db.session.remove()
    cleared = db.session.get(Person, person.id)
    assert done == run.counts
    assert cleared.nama == retention.CLEARED_NAME
    assert nik not in cleared.nik
    assert retention.due(db.session(), FAR) == {"orang": 0, "pin": 0, "identitas": 0}
    assert {i: db.session.get(Person, i).nik for i in employees} == employees
    sitting = db.session.scalar(db.select(Sitting).where(Sitting.phase == "finished"))
    assert verify_sitting(db.session(), sitting, KEYS.record) == []
    assert sitting.pin_hash == retention.NO_PIN
    acts = set(db.session.scalars(db.select(AuditRow.act)))
    assert {"usul retensi", "setujui retensi", "retensi dijalankan"} <= acts


def test_faces_and_needs_go_long_before_names_and_never_while_a_sesi_is_to_come(
    app, clock, person, as_job
):
    to_come = db.select(Peserta).join(Sitting).join(Sesi).where(Sesi.is_closed.is_(False))
    waiting = db.session.scalar(to_come)
    seated = db.session.scalar(
        db.select(Sitting).join(Peserta).where(Peserta.person_id == person.id)
    )
    with transaction() as session:
        for who in (person.id, waiting.person_id):
            session.add(Foto(person_id=who, mime="image/png", isi=b"wajah", at=clock.now()))
        session.add(Akomodasi(peserta_id=seated.peserta_id, kode="pembaca_layar"))
        session.add(
            Masuk(id="a" * 32, sitting_id=seated.id, at=clock.now(), komputer="k",
                  alamat="10.0.0.9", keadaan="selesai")
        )  # fmt: skip
    assert subject.as_zip(db.session(), person) != b""
    months = register.in_force(db.session()).get("identitas").simpan_bulan
    later = date(2026, 11, 18) + timedelta(days=31 * (months + 1))
    clock.tick((later - today()) / timedelta(seconds=1) + 86400)
    assert retention.due(db.session(), later)["orang"] == 0
    with transaction() as session:
        run = retention.propose(
            session, as_of=later, reason="jadwal arsip", by="staf", now=clock.now()
        )
        assert run.counts["identitas"] == 1
        retention.approve(session, run, by="staf2", now=clock.now())

    done = as_job(db.session.scalar(db.select(Job).where(Job.kind == retention.JOB)))

    assert done["identitas"] == 1
    db.session.remove()
    assert db.session.get(Foto, person.id) is None
    assert db.session.get(Foto, waiting.person_id) is not None
    assert db.session.scalars(db.select(Akomodasi)).all() == []
    assert db.session.get(Masuk, "a" * 32).alamat == ""
    assert db.session.get(Person, person.id).nama != retention.CLEARED_NAME


def test_the_copy_hands_the_photograph_over_and_keeps_secrets_of_the_exam(app, clock, person):
    seated = db.session.scalar(
        db.select(Sitting).join(Peserta).where(Peserta.person_id == person.id)
    )
    with transaction() as session:
        session.add(Foto(person_id=person.id, mime="image/png", isi=b"wajah", at=clock.now()))
        session.add(
            Masuk(id="b" * 32, sitting_id=seated.id, at=clock.now(), komputer="k", alamat="",
                  keadaan="selesai")
        )  # fmt: skip

    with zipfile.ZipFile(io.BytesIO(subject.as_zip(db.session(), person))) as copy:
        assert copy.read("foto.png") == b"wajah"
        text = copy.read("data.json").decode()

    assert "b" * 32 not in text
    assert '"masuk"' in text
    assert "hangus" not in text


def test_a_cleared_pin_opens_no_exam(app):
    from web.operations.pins import is_pin

    assert not is_pin(KEYS.pin, "ujian", "000000", retention.NO_PIN)
