"""What a proctor does to one seat, and what is left of it in the records."""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor

import pytest

from cat.errors import AlreadyDecided, BadInput
from tests.web.pengawasan.conftest import heard, who
from web.db import db, transaction
from web.operations.pengawasan import pindah, tindakan
from web.operations.pengawasan.tindakan import Sebab
from web.operations.records import state_of
from web.tables import AuditRow, Kejadian, Masuk, Pesan, Sitting, SittingEvent

pytestmark = pytest.mark.both

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def events_of(candidate) -> list[str]:
    db.session.remove()
    rows = db.select(SittingEvent.kind).filter_by(sitting_id=candidate.sitting_id)
    return list(db.session.scalars(rows.order_by(SittingEvent.seq)))


def left_of(candidate, clock) -> float:
    db.session.remove()
    sitting = db.session.get_one(Sitting, candidate.sitting_id)
    return state_of(db.session(), sitting).left(clock.at) / 1e6


@only_sqlite
def test_somebody_is_sent_away_with_a_reason_and_may_come_back(pengawas, peserta, notes):
    candidate = peserta(7)
    candidate.logs_in()
    assert "Tulis alasan" in pengawas.does("tolak", candidate, alasan="x")

    assert "ditolak masuk" in pengawas.does("tolak", candidate, alasan="wajah tidak cocok")

    assert pengawas.seat(candidate)["keadaan"] == "kosong"
    assert ("masuk_ditolak", 7) in notes()
    candidate.logs_in()
    assert pengawas.seat(candidate)["keadaan"] == "menunggu"
    pengawas.does("izinkan", candidate)
    assert "ditolak masuk" in pengawas.does("tolak", candidate, alasan="berubah pikiran")
    assert candidate.starts().status_code == 409
    pengawas.does("izinkan", candidate)
    candidate.starts()
    assert "sudah dimulai" in pengawas.does("tolak", candidate, alasan="terlambat")
    assert candidate.stored().event_count == 4  # let in, sent away, let in again, started
    assert candidate.findings() == []


def test_a_silent_computer_gets_its_minutes_back_but_a_heard_one_does_not(pengawas, peserta, clock):
    silent, busy = peserta(1), peserta(2)
    for candidate in (silent, busy):
        candidate.starts()
        heard(candidate, clock.at)
    clock.tick(300)
    heard(busy, clock.at)
    fields = {"sebab": "gangguan_komputer", "alasan": "mati", "sejak_kontak": "y"}

    for candidate in (silent, busy):
        assert "dijeda" in pengawas.does("jeda", candidate, **fields)

    assert left_of(silent, clock) == 6000
    assert left_of(busy, clock) == left_of(busy, clock) // 1
    assert left_of(busy, clock) == silent.stored().seconds + 1800 - 300  # netra: 130 minutes
    assert silent.findings() == []


@only_sqlite
def test_leaving_the_room_is_noted_and_does_not_stop_the_clock(pengawas, working, clock, notes):
    before = events_of(working)

    said = pengawas.does("kejadian", working, jenis="izin_keluar", uraian="Ke toilet, diantar.")

    assert "waktunya tidak diubah" in said
    assert events_of(working) == before
    assert notes()[-1] == ("izin_keluar", 1)
    assert "dari daftar" in pengawas.does("kejadian", working, jenis="dibuka_kembali", uraian="x y")
    assert "dari daftar" in pengawas.does("jeda", working, sebab="izin_keluar", alasan="ke toilet")
    assert working.stored().phase == "working"


@only_sqlite
def test_moving_ends_the_old_login_and_stops_the_clock_until_the_proctor_resumes(
    pengawas, peserta, clock, notes
):
    candidate = peserta(1)
    candidate.starts()
    clock.tick(100)
    heard(candidate, clock.at)
    assert "sudah ditempati" in pengawas.does("pindah", candidate, kursi=2, alasan="layar mati")
    assert "tidak ada di ruang" in pengawas.does("pindah", candidate, kursi=99, alasan="rusak")
    with transaction() as session:  # twelve seats, twelve people: one of them is taken away
        session.get_one(Sitting, peserta(12).sitting_id).seat = 900

    said = pengawas.does("pindah", candidate, kursi=12, alasan="layar mati")

    assert "pindah ke kursi 12" in said
    assert "tekan Lanjutkan" in said
    assert candidate.get(candidate.url).status_code in (302, 303, 401, 409)
    assert candidate.stored().seat == 12
    clock.tick(500)
    candidate.logs_in()
    assert "dilanjutkan" in pengawas.does("lanjutkan", candidate)
    assert left_of(candidate, clock) == 5900
    assert ("pindah_kursi", 12) in notes()
    assert candidate.findings() == []


def test_two_proctors_who_give_one_seat_to_two_people_cannot_both_succeed(app, peserta, clock):
    with transaction() as session:
        session.get_one(Sitting, peserta(12).sitting_id).seat = 900
    ids = [peserta(3).sitting_id, peserta(4).sitting_id]
    db.session.remove()

    def move(place: int) -> str:
        def run() -> str:
            with app.app_context():
                try:
                    with transaction() as session:
                        by = who(clock, f"pengawas{place or ''}")
                        pindah.move(session, ids[place], 12, "layar mati", by)
                    return "pindah"
                except AlreadyDecided:
                    return "ditolak"
                finally:
                    db.session.remove()

        return contextvars.Context().run(run)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(move, (0, 1))) == ["ditolak", "pindah"]


def test_two_proctors_who_pause_one_seat_leave_one_stop_and_one_note(app, working, clock):
    def pause(name: str) -> int:
        def run() -> int:
            with app.app_context():
                with transaction() as session:
                    cause = Sebab("gangguan_listrik", "lampu padam")
                    seq = tindakan.pause(session, working.sitting_id, cause, who(clock, name)).seq
                db.session.remove()
                return seq

        return contextvars.Context().run(run)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(pause, ("pengawas", "pengawas2"))

    assert first == second
    assert events_of(working).count("paused") == 1
    found = db.session.scalars(db.select(Kejadian).filter_by(jenis="gangguan_listrik")).all()
    assert [row.data for row in found] == [{"urut": first}]


@only_sqlite
def test_the_proctor_says_which_of_two_computers_goes_on(pengawas, working, app, clock, notes):
    other = type(working)(app, 1)
    other.logs_in()
    assert pengawas.seat(working)["masalah"] == ["ganda"]
    assert working.stored().phase == "paused"
    assert "Pilih dahulu komputer" in pengawas.does("lanjutkan", working)
    held = db.session.scalars(
        db.select(Masuk).filter_by(sitting_id=working.sitting_id, keadaan="ditahan")
    ).all()
    assert len(held) == 2

    said = pengawas.posts(f"/pengawas/masuk/{held[0].id}/izinkan")

    assert "boleh melanjutkan" in said
    assert pengawas.seat(working)["masalah"] == []
    assert working.stored().phase == "working"
    assert [kind for kind, _ in notes()][-2:] == ["masuk_ganda", "komputer_diizinkan"]


@only_sqlite
def test_ending_needs_a_reason_said_twice_and_leaves_result_note_and_audit(
    pengawas, working, notes
):
    assert "Centang bahwa Anda yakin" in pengawas.does("akhiri", working, alasan="curang")

    assert "ujian diakhiri" in pengawas.does("akhiri", working, alasan="membawa ponsel", yakin="y")
    pengawas.does("akhiri", working, alasan="membawa ponsel", yakin="y")

    assert working.stored().phase == "finished"
    assert notes().count(("diakhiri", 1)) == 1
    acts = db.session.scalars(db.select(AuditRow).filter_by(act="akhiri ujian")).all()
    assert [row.data for row in acts] == [{"alasan": "membawa ponsel"}]
    assert working.findings() == []


@only_sqlite
@pytest.mark.parametrize("second", ["pengawas2", "staf"])
def test_reopening_takes_two_people_and_gives_only_the_time_that_was_left(
    pengawas, meja, working, clock, second, notes
):
    clock.tick(1000)
    assert "sudah selesai yang dapat" in pengawas.does("buka-kembali", working, alasan="keliru")
    pengawas.does("akhiri", working, alasan="keliru kursi", yakin="y")
    assert "usul" in pengawas.does("buka-kembali", working, alasan="salah orang diakhiri")
    assert "Sudah ada usul" in pengawas.does("buka-kembali", working, alasan="salah orang lagi")
    usul = db.session.scalar(db.text("SELECT max(id) FROM usul_sesi"))

    assert "orang lain" in pengawas.posts(f"/persetujuan/{usul}", jawaban="ya")
    assert working.stored().phase == "finished"

    other = meja(second)
    other.room = "/persetujuan/"
    assert "dibuka kembali" in other.posts(f"/persetujuan/{usul}", jawaban="ya")
    assert working.stored().phase == "paused"
    assert "sudah diputuskan" in other.posts(f"/persetujuan/{usul}", jawaban="tidak")
    assert pengawas.seat(working)["sisa"] == 5000
    pengawas.does("lanjutkan", working)
    assert left_of(working, clock) == 5000
    assert ("dibuka_kembali", 1) in notes()
    assert working.findings() == []


@only_sqlite
def test_words_reach_one_seat_and_ready_phrases_will_do(pengawas, working):
    assert "pesan dikirim" in pengawas.does("pesan", working, isi="Silakan lanjut.", siap="")
    pengawas.does("pesan", working, isi="", siap="Harap tenang. Peserta lain masih mengerjakan.")
    assert "1 sampai 500" in pengawas.does("pesan", working, isi="", siap="")

    rows = db.session.scalars(db.select(Pesan).order_by(Pesan.id)).all()
    assert [row.isi[:7] for row in rows] == ["Silakan", "Harap t"]
    assert {row.sitting_id for row in rows} == {working.sitting_id}


def test_nothing_of_the_console_can_add_time(app):
    """Extra time comes from the terms of the sitting alone: no address and no form speaks of it."""
    routes = [
        str(rule) for rule in app.url_map.iter_rules() if rule.endpoint.startswith("proctor.")
    ]
    assert not [path for path in routes if "waktu" in path or "tambah" in path]
    with pytest.raises(BadInput, match="tidak menghentikan waktu"):
        _ = Sebab("izin_keluar", "ke toilet").text
