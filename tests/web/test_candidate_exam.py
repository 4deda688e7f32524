"""A candidate sits an exam through the site, and everything that can go wrong on the way."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cat.exam.moves import GRACE_SECONDS
from tests.web.conftest import KEYS
from web.db import db, transaction
from web.operations import proctoring
from web.tables import SittingEvent

pytestmark = pytest.mark.both


def events_of(candidate) -> list[str]:
    db.session.remove()
    rows = select(SittingEvent.kind).where(SittingEvent.sitting_id == candidate.sitting_id)
    return list(db.session.scalars(rows.order_by(SittingEvent.seq)))


def test_a_whole_sitting_ends_with_three_nilai_and_no_verdict(working):
    for _ in range(74):
        assert working.answers("C").status_code == 303

    page = working.sees()
    assert "Ujian selesai" in page
    assert all(f"({part})" in page for part in ("TWK", "TIU", "TKP"))
    assert "Nilai kumulatif" in page
    assert "lulus" not in page.lower()
    stored = working.stored()
    assert (stored.phase, stored.answered) == ("finished", 74)
    assert working.findings() == []


def test_the_page_of_an_item_names_part_progress_and_time(working, clock):
    clock.tick(65)

    page = working.sees()

    assert "Tes Wawasan Kebangsaan" in page
    assert "Soal 1 <span>dari 74" in page
    assert "1.38.55" in page


def test_a_blind_person_on_the_disability_formation_has_130_minutes(peserta):
    candidate = peserta(2)
    candidate.starts()

    assert "2.10.00" in candidate.sees()
    assert candidate.stored().seconds == 130 * 60


def test_nobody_starts_before_the_proctor_lets_them_in(peserta):
    candidate = peserta(7)
    candidate.logs_in()

    reply = candidate.post(f"{candidate.url}/mulai", token_from="/ujian/masuk")

    assert reply.status_code == 409
    assert "Tunggu pengawas memberi izin" in reply.text
    assert events_of(candidate) == []


def test_a_double_click_counts_once(working):
    assert working.answers("B", number=1).status_code == 303
    assert working.answers("B", number=1).status_code == 303

    assert events_of(working).count("answered") == 1
    assert working.number() == 2


def test_the_second_tab_cannot_change_an_answer(working):
    working.answers("B", number=1)

    reply = working.answers("D", number=1)

    assert reply.status_code == 409
    assert "Jawaban pertama yang berlaku" in reply.text
    assert events_of(working).count("answered") == 1


def test_an_item_that_is_not_open_cannot_be_answered(working):
    reply = working.answers("B", number=5)

    assert reply.status_code == 409
    assert "bukan soal yang sedang dibuka" in reply.text
    assert events_of(working) == ["admitted", "started"]


@pytest.mark.parametrize("letter", ["F", "AB", "1"])
def test_an_unknown_option_is_refused(working, letter):
    reply = working.answers(letter, number=1)

    assert reply.status_code == 422
    assert "A sampai E" in reply.text
    assert events_of(working) == ["admitted", "started"]


def test_answering_without_a_choice_shows_the_item_again(working):
    reply = working.answers("", number=1)

    assert reply.status_code == 422
    assert "Pilih salah satu jawaban dahulu" in reply.text
    assert "Soal 1" in reply.text


@pytest.mark.parametrize("number", ["x", "", "99999999999999999999", "-1"])
def test_a_number_that_makes_no_sense_changes_nothing(working, number):
    reply = working.post(f"{working.url}/jawab", token_from=working.url, nomor=number, pilihan="A")

    assert reply.status_code in (409, 422)
    assert events_of(working) == ["admitted", "started"]


def test_a_marked_option_survives_leaving_the_page(working):
    reply = working.marks("D")

    assert reply.json["nomor"] == 1
    assert 'value="D" checked' in working.sees()


def test_the_option_on_the_screen_counts_when_time_runs_out(working, clock):
    working.answers("A")
    working.marks("E")
    clock.tick(100 * 60 + GRACE_SECONDS)

    page = working.sees()

    assert "Waktu habis. 2 dari 74 soal terjawab" in page
    assert events_of(working)[-2:] == ["answered", "finished"]


def test_an_answer_after_time_is_not_taken(working, clock):
    page_before = working.number()
    clock.tick(100 * 60 + GRACE_SECONDS + 1)

    reply = working.post(
        f"{working.url}/jawab", token_from="/ujian/masuk", nomor=page_before, pilihan="A"
    )

    assert reply.status_code == 303
    assert working.stored().answered == 0
    assert "Waktu habis" in working.sees()


def test_a_paused_candidate_sees_why_and_loses_no_time(working, clock):
    working.answers("A")
    with transaction() as session:
        proctoring.pause(
            session, working.sitting_id, by="pengawas", reason="listrik", now=clock.now(), keys=KEYS
        )
    clock.tick(600)

    assert "Ujian dijeda" in working.sees()
    refused = working.post(f"{working.url}/jawab", nomor=2, pilihan="A")
    assert refused.status_code == 409
    with transaction() as session:
        proctoring.resume(session, working.sitting_id, by="pengawas", now=clock.now(), keys=KEYS)
    assert "1.40.00" in working.sees()


def test_nobody_reaches_somebody_elses_sitting(working, peserta):
    other = peserta(3)
    other.logs_in()

    for reply in (
        other.get(working.url),
        other.get(f"{working.url}/keadaan"),
        other.post(f"{working.url}/jawab", nomor=1, pilihan="A"),
        other.post(f"{working.url}/pilih", nomor=1, pilihan="A"),
        other.post(f"{working.url}/mulai"),
    ):
        assert reply.status_code == 404
    assert events_of(working) == ["admitted", "started"]


def test_a_form_without_its_token_is_refused(working):
    reply = working.client.post(f"{working.url}/jawab", data={"nomor": 1, "pilihan": "A"})

    assert reply.status_code == 400
    assert "kedaluwarsa" in reply.text


def test_the_script_reads_refusals_as_json(working):
    reply = working.marks("Z")

    assert (reply.status_code, reply.json["kode"]) == (422, "U07")


def test_a_wrong_pin_and_an_unknown_number_look_the_same(peserta):
    candidate = peserta(1)

    wrong = candidate.logs_in(pin="000000")
    unknown = candidate.post("/ujian/masuk", nomor="24000000000000000", pin="000000")

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    message = "Nomor peserta atau PIN salah"
    assert message in wrong.text
    assert message in unknown.text


def test_guessing_pins_is_stopped_for_that_number_only(peserta):
    candidate, other = peserta(1), peserta(3)
    for _ in range(5):
        assert candidate.logs_in(pin="000000").status_code == 401

    assert candidate.logs_in().status_code == 429
    assert other.logs_in().status_code == 303


def test_pins_are_stored_as_hashes_only(peserta):
    candidate = peserta(1)

    stored = candidate.stored().pin_hash

    assert stored.startswith("$argon2id$")
    assert candidate.pin not in stored


def test_logging_in_again_finds_the_same_item(working):
    working.answers("A")
    page = working.sees()
    working.post("/ujian/keluar", token_from=working.url)

    working.logs_in()

    stem = page.split('id="stem" lang="id">')[1].split("</div>")[0]
    assert stem in working.sees()


def test_staff_are_not_candidates(petugas, working):
    reply = petugas("staf").get(working.url)

    assert reply.status_code == 303
    assert reply.location == "/ujian/masuk"


def test_every_acknowledged_answer_is_an_event_row(working):
    for letter in "ABCDE":
        assert working.answers(letter).status_code == 303
    db.session.remove()
    count = select(func.count()).select_from(SittingEvent)
    mine = count.where(SittingEvent.sitting_id == working.sitting_id)

    assert db.session.scalar(mine) == 7


def test_guessing_from_elsewhere_does_not_lock_a_candidate_out(peserta):
    candidate, stranger = peserta(1), peserta(1)
    stranger.client.environ_base["REMOTE_ADDR"] = "127.0.0.9"
    for _ in range(6):
        stranger.logs_in(pin="000000")

    assert stranger.logs_in().status_code == 429
    assert candidate.logs_in().status_code == 303


def test_a_nul_byte_is_refused(working):
    reply = working.post(f"{working.url}/jawab", token_from=working.url, nomor=1, pilihan="A\0")

    assert reply.status_code == 400
    assert events_of(working) == ["admitted", "started"]


def test_the_script_gets_its_answer_as_json(working):
    reply = working.post_json(f"{working.url}/jawab", working.url, nomor=1, pilihan="A")

    assert (reply.status_code, reply.json["nomor"]) == (200, 2)
