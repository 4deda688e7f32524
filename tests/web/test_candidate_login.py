"""One live login per person: a second computer freezes both, and only the proctor undoes it."""

from __future__ import annotations

import pytest

from tests.web.conftest import KEYS, Peserta
from web.db import db, transaction
from web.operations.hari_ujian import masuk
from web.tables import Kejadian, Masuk, Panggilan, Sesi, Sitting


@pytest.fixture
def database(sqlite_template, tmp_path):
    """On one kind of database: nothing here depends on which."""
    from tests.web.conftest import sqlite_copy

    with sqlite_copy(sqlite_template, tmp_path) as url:
        yield url


@pytest.fixture
def elsewhere(app, working) -> Peserta:
    """The same person, who has just logged in on a second computer."""
    other = Peserta(app, 1)
    other.logs_in()
    return other


def logins(sitting_id: str) -> list[Masuk]:
    db.session.remove()
    rows = db.select(Masuk).where(Masuk.sitting_id == sitting_id).order_by(Masuk.at, Masuk.id)
    return list(db.session.scalars(rows))


def count(table: type, **values: object) -> int:
    db.session.remove()
    return len(db.session.scalars(db.select(table).filter_by(**values)).all())


def test_a_second_computer_freezes_both_and_calls_the_proctor(working, elsewhere):
    for computer in (working, elsewhere):
        assert "akun ini masuk di dua komputer" in computer.sees()
        assert computer.get(f"{computer.url}/keadaan", headers=JSON).status_code == 401

    assert working.stored().phase == "paused"
    assert working.stored().masuk_id is None
    assert count(Kejadian, sitting_id=working.sitting_id, jenis="masuk_ganda") == 1
    assert count(Panggilan, sitting_id=working.sitting_id, jenis="masuk_ganda") == 1


JSON = {"Accept": "application/json"}


def test_the_frozen_computers_lose_no_time(working, elsewhere, clock):
    clock.tick(600)

    with transaction() as session:
        masuk.allow(session, login_of(elsewhere), "pengawas", clock.now(), KEYS)

    assert "1.40.00" in elsewhere.sees()


def test_the_computer_that_the_proctor_allows_goes_on_and_the_other_is_out(
    working, elsewhere, clock
):
    assert {login.keadaan for login in logins(working.sitting_id)} == {"ditahan"}

    with transaction() as session:
        masuk.allow(session, login_of(working), "pengawas", clock.now(), KEYS)

    assert working.answers("A", number=1).status_code == 303
    assert elsewhere.get(f"{elsewhere.url}/keadaan", headers=JSON).json["kode"] == "U00"
    assert count(Panggilan, sitting_id=working.sitting_id, ditangani_at=None) == 0
    assert working.findings() == []


def login_of(candidate: Peserta) -> str:
    with candidate.client.session_transaction() as cookie:
        return cookie["masuk_id"]


def test_a_refused_answer_of_a_frozen_computer_is_not_stored(working, elsewhere):
    reply = working.post(f"{working.url}/jawab", token_from="/ujian/masuk", nomor=1, pilihan="A")

    assert reply.status_code == 303
    assert working.stored().answered == 0


def test_logging_in_over_and_over_does_not_fill_the_record_of_the_sesi(working, elsewhere, app):
    for _ in range(3):
        Peserta(app, 1).logs_in()

    assert working.stored().masuk_id is None
    assert count(Kejadian, sitting_id=working.sitting_id, jenis="masuk_ganda") == 1


def leaves(candidate: Peserta) -> None:
    assert candidate.post("/ujian/keluar", token_from=candidate.url).status_code == 303


@pytest.mark.parametrize("who_leave", [("second",), ("second", "first"), ("first", "second")])
def test_leaving_a_frozen_computer_does_not_choose_in_the_place_of_the_proctor(
    working, elsewhere, clock, who_leave
):
    for who in who_leave:
        leaves({"first": working, "second": elsewhere}[who])

    working.logs_in()

    assert "akun ini masuk di dua komputer" in working.sees()
    assert (working.stored().phase, working.stored().masuk_id) == ("paused", None)
    with transaction() as session:
        masuk.allow(session, login_of(working), "pengawas", clock.now(), KEYS)
    assert working.number() == 1
    assert working.findings() == []


def test_leaving_a_computer_in_the_exam_is_no_way_to_another_seat(working, app, clock):
    leaves(working)
    other = Peserta(app, 1)

    other.logs_in()

    assert "akun ini masuk di dua komputer" in other.sees()
    assert (other.stored().phase, other.stored().masuk_id) == ("paused", None)
    assert count(Panggilan, sitting_id=other.sitting_id, jenis="masuk_ganda") == 1
    with transaction() as session:
        masuk.allow(session, login_of(other), "pengawas", clock.now(), KEYS)
    assert other.number() == 1


def test_who_left_in_the_exam_is_moved_by_the_proctor_as_anybody_else(working, app, clock):
    leaves(working)
    with transaction() as session:
        sitting = session.get_one(Sitting, working.sitting_id)
        masuk.release(session, sitting, "pengawas", clock.now())
    moved = Peserta(app, 1)

    moved.logs_in()

    assert moved.number() == 1


def test_who_left_in_the_exam_may_come_back_to_the_same_computer(working):
    leaves(working)

    working.logs_in()

    assert working.number() == 1


def test_before_the_exam_a_wrong_seat_is_simply_left(peserta, app):
    wrong, right = peserta(1), Peserta(app, 1)
    wrong.logs_in()
    leaves(wrong)

    right.logs_in()

    assert "Persiapan ujian" in right.sees()


def test_the_same_browser_may_log_in_again(working):
    assert working.logs_in().status_code == 303

    assert working.number() == 1
    assert [each.keadaan for each in logins(working.sitting_id)].count("aktif") == 1
    assert count(Kejadian, jenis="masuk_ganda") == 0


def test_a_login_whose_reply_was_lost_may_be_sent_again(app, peserta):
    first = peserta(1)
    first.get("/ujian/masuk")
    named = first.client.get_cookie("komputer", path="/ujian").value
    first.logs_in()
    again = peserta(1)
    again.client.set_cookie("komputer", named, path="/ujian")

    assert again.logs_in().status_code == 303

    assert "Persiapan ujian" in again.sees()
    assert count(Kejadian, jenis="masuk_ganda") == 0


def test_after_the_proctor_has_moved_somebody_the_old_computer_is_out(working, app, clock):
    working.answers("A")
    with transaction() as session:
        sitting = session.get_one(Sitting, working.sitting_id)
        assert masuk.release(session, sitting, "pengawas", clock.now()) == 1
    moved = Peserta(app, 1)

    moved.logs_in()

    assert moved.number() == 2
    assert working.get(working.url).location == "/ujian/masuk"
    assert count(Kejadian, jenis="masuk_ganda") == 0


def test_a_move_after_a_freeze_lets_the_clock_run_at_the_next_login(working, elsewhere, app, clock):
    with transaction() as session:
        sitting = session.get_one(Sitting, working.sitting_id)
        masuk.release(session, sitting, "pengawas", clock.now())
    third = Peserta(app, 1)

    third.logs_in()

    assert third.number() == 1
    assert third.stored().phase == "working"


def test_a_copied_cookie_is_dead_after_logout(working, app):
    copy = working.client.get_cookie("catcpns").value
    working.post("/ujian/keluar", token_from=working.url)
    thief = Peserta(app, 1)
    thief.client.set_cookie("catcpns", copy)

    reply = thief.get(thief.url)

    assert (reply.status_code, reply.location) == (303, "/ujian/masuk")
    assert thief.get(f"{thief.url}/keadaan", headers=JSON).status_code == 401


def test_a_finished_sitting_may_be_looked_at_from_another_computer(working, app, clock):
    clock.tick(100 * 60 + 60)
    working.sees()
    other = Peserta(app, 1)

    other.logs_in()

    assert "Ujian selesai" in other.sees()
    assert count(Kejadian, jenis="masuk_ganda") == 0


@pytest.mark.parametrize(
    ("column", "value", "sentence", "status"),
    [
        ("is_closed", True, "Sesi Anda sudah ditutup", 409),
        ("is_void", True, "Sesi Anda dibatalkan", 409),
    ],
)
def test_a_sesi_that_is_over_says_so(peserta, column, value, sentence, status):
    candidate = peserta(1)
    with transaction() as session:
        sesi = session.get_one(Sesi, candidate.stored().sesi_id)
        setattr(sesi, column, value)

    reply = candidate.logs_in()

    assert reply.status_code == status
    assert sentence in reply.text


def test_a_number_without_a_pin_is_sent_to_the_registration_desk(peserta):
    candidate = peserta(1)
    with transaction() as session:
        session.get_one(Sitting, candidate.sitting_id).pin_hash = ""

    reply = candidate.logs_in()

    assert reply.status_code == 401
    assert "belum diterbitkan" in reply.text


def test_a_scanned_number_keeps_its_place_while_the_pin_is_asked_for(peserta):
    candidate = peserta(1)

    reply = candidate.post("/ujian/masuk", nomor=f" {candidate.nomor}\r", pin="")

    assert reply.status_code == 422
    assert f'value="{candidate.nomor}"' in reply.text
    assert (
        "autofocus"
        in reply.text.split('name="pin"')[0].rsplit("<input", 1)[1]
        + (reply.text.split('name="pin"')[1].split(">")[0])
    )


def test_the_login_page_tells_the_sesi_and_the_time_of_the_site(peserta):
    page = peserta(1).get("/ujian/masuk").text

    assert "Sesi 2 SKD" in page
    assert "WIB" in page
