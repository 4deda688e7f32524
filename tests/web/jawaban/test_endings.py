"""The answer that ends a sitting: stored once with its result, by whoever may act."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy.exc import OperationalError

from cat.exam.state import Phase
from tests.web.conftest import KEYS
from web.db import db, own_session
from web.operations.jawaban.asks import ANSWER, Ask, Verdict
from web.operations.jawaban.endings import Endings

LENGTH = 74


@pytest.fixture
def at_the_end(script):
    """A candidate who has one item left."""
    candidate = script(1)
    for number in range(1, LENGTH):
        assert candidate.sends("jawab", number, "A").json["nomor"] == number + 1
    return candidate


@pytest.fixture
def endings(app, clock, ukuran):
    made = Endings(
        partial(own_session, db.engine, writes=True), KEYS.record, clock.now, lambda _: 0, ukuran
    )
    yield made
    made.stop()


def told_of(endings: Endings, candidate, clock, wait_until, login: str | None = None):
    told: list = []
    login = login or candidate.stored().masuk_id
    db.session.rollback()
    ask = Ask(ANSWER, candidate.sitting_id, login, clock.now(), told.extend, LENGTH, "B")
    endings.put(ask)
    wait_until(lambda: told, 20)
    return told[0][1:]


@pytest.mark.both
def test_the_last_answer_sent_twice_at_once_ends_the_sitting_once(at_the_end, ukuran):
    sent = [at_the_end.begins("jawab", LENGTH, "B") for _ in range(2)]
    replies = [each.result(20).json for each in sent]

    assert [(each["keadaan"], each["soal"]) for each in replies] == [("finished", None)] * 2
    assert ukuran.endings >= 1
    assert at_the_end.stored().answered == LENGTH
    assert len(at_the_end.stored().results) == 3
    assert at_the_end.findings() == []


def test_a_login_that_may_no_longer_act_ends_nothing(at_the_end, endings, clock, wait_until):
    told = told_of(endings, at_the_end, clock, wait_until, login="0" * 32)

    assert told == (Verdict.PASSED, b"")
    assert at_the_end.stored().phase == Phase.WORKING
    assert at_the_end.stored().answered == LENGTH - 1


def test_what_is_refused_is_left_to_the_ordinary_way(at_the_end, endings, clock, wait_until):
    at_the_end.sends("jawab", LENGTH, "C")

    assert told_of(endings, at_the_end, clock, wait_until) == (Verdict.PASSED, b"")
    assert at_the_end.findings() == []


def test_a_database_that_is_away_ends_nothing_and_is_asked_again(
    at_the_end, endings, clock, wait_until, monkeypatch
):
    def away():
        raise OperationalError("BEGIN", {}, Exception("gone"))

    with monkeypatch.context() as during:
        during.setattr(endings, "_open_session", away)
        assert told_of(endings, at_the_end, clock, wait_until) == (Verdict.BUSY, b"")
    assert at_the_end.stored().phase == Phase.WORKING

    assert told_of(endings, at_the_end, clock, wait_until)[0] is Verdict.DONE
    assert at_the_end.stored().phase == Phase.FINISHED
