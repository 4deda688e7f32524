"""Answers of one moment share a transaction, and each is judged as if it were alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from cat.exam import record
from tests.web.conftest import KEYS
from tests.web.jawaban.conftest import without_time
from web.db import db, transaction
from web.operations import proctoring
from web.operations.jawaban import batches, seals, writer
from web.operations.jawaban.asks import ANSWER, STANDING, Ask, Verdict
from web.tables import Kontak, Pesan, SittingEvent

pytestmark = pytest.mark.both

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def stored(candidate) -> list[tuple[str, str]]:
    db.session.remove()
    rows = select(SittingEvent.kind, SittingEvent.option).where(
        SittingEvent.sitting_id == candidate.sitting_id, SittingEvent.option.is_not(None)
    )
    return [tuple(row) for row in db.session.execute(rows.order_by(SittingEvent.seq))]


def test_the_door_says_what_flask_says_field_by_field(script, ukuran):
    candidate = script(1)
    for number in range(1, 30):
        marked = candidate.sends("pilih", number, "ABCDE"[number % 5])
        assert without_time(marked.json) == without_time(candidate.asks_flask("keadaan"))
        told = candidate.sends("jawab", number, "ABCDE"[number % 3])
        assert told.status == 200
        assert without_time(told.json) == without_time(candidate.asks_flask("soal"))
        assert told.json["sisa"] == candidate.asks_flask("soal")["sisa"]
        assert candidate.asks().json == candidate.asks_flask("keadaan")

    assert (ukuran.answers, ukuran.choices, ukuran.passed) == (29, 29, 0)
    assert candidate.findings() == []


@ON_SQLITE
def test_a_whole_sitting_goes_through_the_door_and_verifies(script, ukuran):
    candidate = script(1)
    for number in range(1, 75):
        told = candidate.sends("jawab", number, "ABCDE"[number % 5])
        assert told.status == 200

    assert told.json["keadaan"] == "finished"
    assert told.json["soal"] is None
    assert (ukuran.answers, ukuran.endings, ukuran.passed) == (73, 1, 0)
    assert len(stored(candidate)) == 74
    assert candidate.stored().results
    assert candidate.findings() == []


@ON_SQLITE
def test_a_repeated_request_gets_the_same_reply_and_stores_nothing(script):
    candidate = script(1)
    first = candidate.sends("jawab", 1, "B")
    candidate.sends("pilih", 2, "C", turn=5)

    assert without_time(candidate.sends("jawab", 1, "B").json)["nomor"] == first.json["nomor"]
    assert candidate.sends("pilih", 2, "D", turn=4).status == 200  # overtaken
    assert candidate.sends("pilih", 2, "C", turn=0).status == 200  # as it stands
    assert candidate.sends("pilih", 1, "A", turn=9).status == 200  # of an item left behind

    assert [kind for kind, _ in stored(candidate)] == ["answered", "chosen"]
    assert candidate.findings() == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("act", "number", "letter", "status", "code"),
    [
        ("jawab", 1, "D", 409, "U06"),  # another final answer is stored
        ("jawab", 9, "A", 409, "U05"),  # not open yet
        ("jawab", 2, "Z", 422, "U07"),
        ("pilih", 0, "A", 409, "U05"),
    ],
)
def test_what_is_refused_is_refused_in_the_words_of_flask(
    script, act, number, letter, status, code
):
    candidate = script(1)
    candidate.sends("jawab", 1, "B")

    reply = candidate.sends(act, number, letter)

    assert (reply.status, reply.json["kode"]) == (status, code)
    assert len(stored(candidate)) == 1


def test_what_others_stored_meanwhile_is_taken_in(script, clock, ukuran):
    candidate = script(1)
    candidate.sends("jawab", 1, "B")
    candidate.answers("C", number=2)  # through Flask, as another process would
    candidate.marks("D", number=3)
    assert candidate.sends("jawab", 3, "A").json["nomor"] == 4
    assert (ukuran.refolded, ukuran.caught_up) == (1, 1)

    with transaction() as session:
        proctor = {"by": "pengawas", "keys": KEYS}
        proctoring.pause(
            session, candidate.sitting_id, reason="listrik", now=clock.now(), **proctor
        )
        clock.tick(30)
        proctoring.resume(session, candidate.sitting_id, now=clock.now(), **proctor)
    assert candidate.sends("jawab", 4, "A").json["nomor"] == 5
    assert ukuran.refolded == 2

    assert without_time(candidate.sends("jawab", 5, "E").json) == without_time(
        candidate.asks_flask("soal")
    )
    assert candidate.findings() == []


@ON_SQLITE
def test_nobody_answers_while_paused_or_after_the_time(script, clock):
    candidate = script(1)
    with transaction() as session:
        proctoring.pause(
            session, candidate.sitting_id, by="p", reason="listrik", now=clock.now(), keys=KEYS
        )
    assert candidate.sends("jawab", 1, "A").json["kode"] == "U02"
    assert candidate.asks().json["keadaan"] == "paused"

    with transaction() as session:
        proctoring.resume(session, candidate.sitting_id, by="p", now=clock.now(), keys=KEYS)
    clock.tick(100 * 60 + 60)
    assert candidate.sends("jawab", 1, "A").json["keadaan"] == "finished"
    assert candidate.asks().json["keadaan"] == "finished"
    assert candidate.stored().answered == 0


def test_many_at_once_share_transactions(script, ukuran):
    people = [script(seat) for seat in (1, 2, 3)]

    for number in range(1, 6):
        waiting = [each.begins("jawab", number, "A") for each in people for _ in range(2)]
        assert {each.result(20).json["nomor"] for each in waiting} == {number + 1}

    assert ukuran.answers == 30  # each was sent twice, and told twice
    assert [len(stored(each)) for each in people] == [5, 5, 5]
    assert all(each.findings() == [] for each in people)


@ON_SQLITE
def test_one_bad_request_hurts_nobody_else(script, writer, monkeypatch, ukuran):
    good, bad = script(1), script(2)
    good.sends("jawab", 1, "A")
    commit = type(writer.batches._store).commit

    def fail(self, writes):
        if any(each.sitting_id == bad.sitting_id for each in writes):
            raise ValueError("not storable")
        commit(self, writes)

    monkeypatch.setattr(type(writer.batches._store), "commit", fail)
    asks = [good.begins("jawab", 2, "B"), bad.begins("jawab", 1, "B")]

    assert [each.result(20).status for each in asks] == [200, 200]  # the ordinary way stored it
    assert ukuran.failed_batches >= 1
    assert (len(stored(good)), len(stored(bad))) == (2, 1)
    assert good.findings() == bad.findings() == []


@ON_POSTGRES
def test_a_row_held_by_a_proctor_keeps_nobody_else_waiting(script, ukuran):
    held, free = script(1), script(2)
    with db.engine.begin() as proctor:
        proctor.execute(
            text("SELECT 1 FROM sitting WHERE id = :id FOR UPDATE"), {"id": held.sitting_id}
        )
        waiting = held.begins("jawab", 1, "A")
        assert free.sends("jawab", 1, "A").json["nomor"] == 2
        assert not waiting.done()

    assert waiting.result(20).json["nomor"] == 2
    assert ukuran.skipped > 0
    assert held.findings() == []


@ON_POSTGRES
def test_nobody_acts_on_a_row_that_was_only_looked_at(script, writer, clock, wait_until):
    held, free = script(1), script(2)
    told: list = []
    with db.engine.begin() as proctor:
        proctor.execute(
            text("SELECT 1 FROM sitting WHERE id = :id FOR UPDATE"), {"id": held.sitting_id}
        )
        login = held.stored().masuk_id
        db.session.rollback()
        for act in (STANDING, ANSWER):  # at the same moment, from two tabs
            ask = Ask(act, held.sitting_id, login, clock.now(), told.extend, 1, "A")
            writer.put(ask)
        assert free.sends("jawab", 1, "A").json["nomor"] == 2  # without waiting for the row
        assert told == []

    wait_until(lambda: len(told) == 2, 10)
    assert {verdict for _, verdict, _ in told} == {Verdict.DONE}
    assert held.findings() == []


@ON_POSTGRES
def test_whoever_waits_too_long_for_a_row_is_asked_to_come_again(script, clock, ukuran, wait_until):
    held = script(1)
    with db.engine.begin() as proctor:
        proctor.execute(
            text("SELECT 1 FROM sitting WHERE id = :id FOR UPDATE"), {"id": held.sitting_id}
        )
        waiting = held.begins("jawab", 1, "A")
        wait_until(lambda: ukuran.skipped > 0, 10)
        clock.tick(batches.PATIENCE_MICROSECONDS / 1e6 + 1)
        reply = waiting.result(20)

    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert stored(held) == []


def test_a_database_that_goes_away_loses_nothing_that_was_acknowledged(script, writer, ukuran):
    candidate = script(1)
    candidate.sends("jawab", 1, "A")
    writer.batches._store.close()  # as when the server ends the connection

    replies = [candidate.sends("jawab", 2, "B") for _ in range(2)]

    assert replies[-1].json["nomor"] == 3
    assert len(stored(candidate)) == 2
    assert ukuran.failed_batches == 1
    assert candidate.findings() == []


@ON_SQLITE
def test_a_full_queue_says_so_at_once(script, monkeypatch):
    candidate = script(1)
    monkeypatch.setattr(writer, "LONGEST_QUEUE", -1)

    reply = candidate.sends("jawab", 1, "A")

    assert (reply.status, reply.json["kode"], reply.headers["retry-after"]) == (503, "H503", "1")
    assert stored(candidate) == []


def test_contacts_and_messages_pass_beside_the_answers(script, writer, clock):
    candidate = script(1)
    sesi = candidate.stored().sesi_id
    with transaction() as session:
        session.add(Pesan(sesi_id=sesi, at=0, oleh="pengawas", isi="Tenang."))
    candidate.sends("pilih", 1, "A")

    writer.kabar.stop()

    db.session.remove()
    assert db.session.get_one(Kontak, candidate.sitting_id).at == clock.now()
    reply = candidate.sends("jawab", 1, "B")
    assert reply.json["pesan"] == candidate.asks_flask("keadaan")["pesan"] > 0


letters = st.sampled_from("ABCDE")
texts = st.text(min_size=1, max_size=30)


@given(
    seq=st.integers(1, 10_000),
    at=st.integers(0, 2**60),
    item=texts,
    letter=letters,
    turn=st.integers(0, 10**12),
)
def test_a_seal_made_at_speed_is_the_seal_of_the_record(seq, at, item, letter, turn):
    import json

    key, previous = b"kunci", "ab" * 32
    data = {"urut": turn} if turn else {}
    event = record.Event(seq, record.Kind.CHOSEN, at, item, letter, data)

    fast = seals.seal(
        key,
        previous,
        seq,
        "chosen",
        at,
        json.dumps(item),
        letter,
        f'{{"urut":{turn}}}' if turn else "{}",
    )

    assert fast == record.seal(key, previous, event)
