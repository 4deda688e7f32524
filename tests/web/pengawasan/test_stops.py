"""Clocks that must stand, and doors that must stay shut, whoever presses what and when."""

from __future__ import annotations

import pytest

from tests.web.pengawasan.conftest import phases, who
from web.db import db, transaction
from web.operations.pengawasan import buka_kembali
from web.tables import Masuk, Pesan, Ruang, Sesi

PAUSE = {"jeda-sebab": "gangguan_listrik", "jeda-alasan": "listrik padam"}


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def two_computers(working, peserta):
    """Somebody who works, at two computers."""
    peserta(1).logs_in()
    assert working.stored().phase == "paused"
    return working


def allow_one(meja, candidate) -> str:
    held = db.select(Masuk.id).filter_by(sitting_id=candidate.sitting_id, keadaan="ditahan")
    first = db.session.scalars(held.order_by(Masuk.at)).first()
    return meja.posts(f"/pengawas/masuk/{first}/izinkan")


def test_a_computer_allowed_while_the_room_is_paused_starts_no_clock(pengawas, two_computers):
    assert "1 peserta dijeda" in pengawas.does("jeda", **PAUSE)

    assert "Waktunya masih dijeda" in allow_one(pengawas, two_computers)

    assert two_computers.stored().phase == "paused"
    assert "1 peserta dilanjutkan" in pengawas.does("lanjutkan")
    assert two_computers.stored().phase == "working"
    assert two_computers.findings() == []


def test_a_seat_that_was_stopped_on_purpose_is_not_started_by_allowing_a_computer(
    pengawas, two_computers, notes
):
    pengawas.does("jeda", two_computers, sebab="gangguan_komputer", alasan="layar mati")
    assert notes()[-1] == ("gangguan_komputer", 1)

    allow_one(pengawas, two_computers)

    assert two_computers.stored().phase == "paused"


def test_one_allowed_after_the_room_goes_on_waits_for_the_proctor(pengawas, two_computers):
    pengawas.does("jeda", **PAUSE)
    assert "Pilih dahulu komputer" in pengawas.does("lanjutkan")

    assert "masih dijeda" in allow_one(pengawas, two_computers)

    pengawas.does("lanjutkan", two_computers)
    assert two_computers.stored().phase == "working"


def test_a_reopened_exam_waits_for_the_proctor_though_two_computers_once_stopped_it(
    pengawas, two_computers, clock
):
    pengawas.does("akhiri", two_computers, alasan="keliru menekan", yakin="y")
    with transaction() as session:
        row = buka_kembali.propose(session, two_computers.sitting_id, "keliru", who(clock))
    with transaction() as session:
        buka_kembali.decide(session, row.id, True, "", who(clock, "pengawas2"))

    allow_one(pengawas, two_computers)

    assert two_computers.stored().phase == "paused"


def test_who_was_moved_is_not_started_with_the_room_before_logging_in(pengawas, working, app):
    pengawas.does("jeda", **PAUSE)
    with transaction() as session:
        room = session.get_one(Ruang, working.stored().ruang_id)
        room = session.merge(room)
        room.baris += 1
        free = room.kursi_awal + room.baris * room.kolom - len(room.lorong) - 1
    assert f"pindah ke kursi {free}" in pengawas.does(
        "pindah", working, kursi=free, alasan="komputer mati"
    )

    assert "belum masuk lagi" in pengawas.does("lanjutkan")
    assert working.stored().phase == "paused"

    working.logs_in()
    assert "1 peserta dilanjutkan" in pengawas.does("lanjutkan")


def test_an_old_page_lets_nobody_in_who_was_sent_away(pengawas, meja, peserta):
    candidate = peserta(7)
    candidate.logs_in()
    pengawas.does("tolak", candidate, alasan="wajah tidak cocok")

    assert "belum masuk" in meja("pengawas2").does("izinkan", candidate)

    assert phases(candidate) == ["waiting"]


def test_the_board_pressed_twice_stays_open(pengawas):
    pengawas.does("papan")
    pengawas.does("papan")

    assert db.session.scalar(db.select(Sesi.papan).where(Sesi.papan.is_not(None)))
    assert "tutup=1" in pengawas.browser.get(pengawas.room).text


def test_a_sesi_that_has_not_begun_is_not_closed(pengawas, peserta, clock):
    sesi_id = peserta(1).stored().sesi_id
    with transaction() as session:
        session.get_one(Sesi, sesi_id).starts_at = clock.at + 1

    assert "belum mulai" in pengawas.does("tutup")

    assert not db.session.get_one(Sesi, sesi_id, populate_existing=True).is_closed


def test_nothing_is_said_to_a_seat_of_a_closed_sesi(pengawas, peserta):
    pengawas.does("tutup")

    assert "sudah ditutup" in pengawas.does("pesan", peserta(3), isi="Masih di sana?")

    assert db.session.scalar(db.select(Pesan.id).limit(1)) is None
