"""The proctor's room: let in, pause, resume."""

from __future__ import annotations

import pytest

from cat.exam.moves import GRACE_SECONDS
from web.db import db, transaction
from web.tables import AuditRow, Sitting, TitikLokasi, User


@pytest.fixture
def pengawas(petugas):
    return petugas("pengawas")


def room_of(candidate):
    return f"/pengawas/sesi/{candidate.stored().sesi_id}"


def test_the_room_shows_who_works_and_how_much_time_is_left(pengawas, working, clock):
    working.answers("A")
    clock.tick(60)

    page = pengawas.get(f"{room_of(working)}/daftar").text

    assert ">1</span> dari 74" in page
    assert "1.39.00" in page
    assert page.count("Izinkan mulai") == 6


def test_a_waiting_candidate_is_let_in_and_can_start(pengawas, peserta):
    candidate = peserta(7)
    candidate.logs_in()
    room = room_of(candidate)

    pengawas.post(f"/pengawas/ujian/{candidate.sitting_id}/izinkan", token_from=room)

    assert candidate.stored().phase == "admitted"
    assert candidate.starts().status_code == 303
    assert "Soal 1" in candidate.sees()


def test_everybody_at_a_seat_is_let_in_at_once_but_empty_seats_are_not(pengawas, peserta):
    present = [peserta(7), peserta(8)]
    for candidate in present:
        candidate.logs_in()
    room = room_of(present[0])
    assert "Izinkan semua yang menunggu (2)" in pengawas.get(room).text

    pengawas.post(f"{room}/izinkan", token_from=room)

    assert {candidate.stored().phase for candidate in present} == {"admitted"}
    assert peserta(9).stored().phase == "waiting"
    assert "□" in pengawas.get(room).text


def test_a_seat_is_empty_again_when_the_wrong_person_logs_out(pengawas, peserta):
    candidate = peserta(7)
    candidate.logs_in()
    assert candidate.stored().arrived_at is not None

    candidate.post("/ujian/keluar", token_from=candidate.url)

    assert candidate.stored().arrived_at is None
    assert candidate.get(candidate.url).status_code == 303


def test_nobody_is_let_into_a_sesi_that_is_over(pengawas, peserta):
    candidate = peserta(7)
    room = room_of(candidate)
    path = f"/pengawas/ujian/{candidate.sitting_id}/izinkan"
    token_page = "/pengawas/sesi/1"
    with transaction() as session:
        session.get_one(Sitting, candidate.sitting_id).sesi.is_closed = True

    pengawas.post(path, token_from=token_page)

    assert candidate.stored().phase == "waiting"
    assert "tidak hadir" in pengawas.get(f"{room}/daftar").text


def test_pausing_somebody_whose_time_is_over_says_so(pengawas, working, clock):
    room = room_of(working)
    clock.tick(6_000 + GRACE_SECONDS)  # within the grace the page may still send

    path = f"/pengawas/ujian/{working.sitting_id}/jeda"
    pengawas.post(path, token_from=room, alasan="terlambat", sebab="lain")

    assert "waktunya sudah habis" in pengawas.get(room).text
    assert working.stored().phase == "finished"


def test_a_pause_needs_a_reason(pengawas, working):
    room = room_of(working)
    pengawas.post(
        f"/pengawas/ujian/{working.sitting_id}/jeda", token_from=room, alasan=" ", sebab="lain"
    )

    assert working.stored().phase == "working"
    assert "alasan 3 sampai 200 huruf" in pengawas.get(room).text


def test_pause_and_resume_stop_the_clock_and_leave_a_trace(pengawas, working, clock):
    room = room_of(working)
    pengawas.post(
        f"/pengawas/ujian/{working.sitting_id}/jeda",
        token_from=room,
        sebab="gangguan_komputer",
        alasan="layar mati",
    )
    clock.tick(1_000)
    pengawas.post(f"/pengawas/ujian/{working.sitting_id}/lanjutkan", token_from=room)

    assert "1.40.00" in working.sees()
    db.session.remove()
    acts = db.session.scalars(db.select(AuditRow).order_by(AuditRow.id)).all()[-2:]
    assert [(row.act, row.by) for row in acts] == [("jeda", "pengawas"), ("lanjutkan", "pengawas")]
    assert acts[0].data == {"alasan": "Gangguan komputer: layar mati"}


def test_pausing_somebody_who_has_not_started_is_refused_in_words(pengawas, peserta):
    candidate = peserta(7)
    room = room_of(candidate)
    path = f"/pengawas/ujian/{candidate.sitting_id}/jeda"
    pengawas.post(path, token_from=room, alasan="salah kursi", sebab="lain")

    assert "Ujian sedang tidak berjalan" in pengawas.get(room).text
    assert candidate.stored().event_count == 0


def test_a_proctor_sees_only_the_rooms_of_the_own_site(pengawas, working):
    with transaction() as session:
        other = TitikLokasi(nama="Titik lokasi lain", zona="Asia/Makassar")
        session.add(other)
        session.flush()
        session.scalar(db.select(User).filter_by(username="pengawas")).titik_lokasi_id = other.id

    assert pengawas.get(room_of(working)).status_code == 404
    path = f"/pengawas/ujian/{working.sitting_id}/jeda"
    reply = pengawas.post(path, token_from="/pengawas/", alasan="bukan ruang saya", sebab="lain")
    assert reply.status_code in (400, 404)
    assert working.stored().phase == "working"
    assert "Tidak ada sesi" in pengawas.get("/pengawas/").text
