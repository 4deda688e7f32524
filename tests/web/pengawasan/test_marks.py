"""Marks count the same however often, and at whatever moments, a record is read on."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cat.exam.record import ADAPTIVE, LINEAR, MICROSECONDS, Kind
from web.db import db
from web.operations.pengawasan import tanda
from web.operations.pengawasan.aturan import CEPAT, UBAH, aturan
from web.operations.pengawasan.tanda import Trail, marks_of

STEPS = {
    ADAPTIVE: (Kind.STARTED, Kind.RESUMED, Kind.ANSWERED),
    LINEAR: (Kind.STARTED, Kind.RESUMED, Kind.CHOSEN),
}

moves = st.tuples(
    st.sampled_from((Kind.CHOSEN, Kind.CHOSEN, Kind.ANSWERED, Kind.RESUMED)),
    st.sampled_from("abc"),
    st.integers(0, 12 * MICROSECONDS),
)


def record_of(mode: str, drawn: list[tuple[Kind, str, int]]) -> list[tuple]:
    """Events as a record may hold them: an answer is final, and linear tests have none."""
    at, answered = 0, set()
    events: list[tuple] = [(1, Kind.STARTED.value, None, 0)]
    for kind, item, after in drawn:
        at += after
        if kind == Kind.RESUMED:
            events.append((len(events) + 1, kind.value, None, at))
        elif item not in answered and not (mode == LINEAR and kind == Kind.ANSWERED):
            events.append((len(events) + 1, kind.value, item, at))
            if kind == Kind.ANSWERED:
                answered.add(item)
    return events


def counted_by_hand(mode: str, events: list[tuple]) -> tuple[int, int]:
    rules = aturan().tanda
    steps = [event for event in events if event[1] in STEPS[mode]]
    soon = rules[CEPAT].batas * MICROSECONDS
    quick = [
        now for before, now in pairwise(steps)
        if now[2] is not None and now[2] != before[2] and now[3] - before[3] < soon
    ]  # fmt: skip
    chosen = [event[2] for event in events if event[1] == Kind.CHOSEN]
    return len(quick), sum(chosen.count(item) > rules[UBAH].batas for item in set(chosen))


@given(st.sampled_from((ADAPTIVE, LINEAR)), st.lists(moves, max_size=60))
def test_what_is_counted_is_what_the_rules_say(mode, drawn):
    events = record_of(mode, drawn)
    trail = Trail(mode)
    for event in events:
        trail.take(*event)

    assert (trail.quick, trail.often) == counted_by_hand(mode, events)
    assert trail.seq == len(events)


@pytest.mark.both
def test_a_record_read_on_gives_the_marks_of_one_read_at_once(working, clock):
    sesi_id = working.stored().sesi_id
    for turn in range(24):
        clock.tick(2 if turn % 3 else 70)
        for letter in "ABCDABCDABC" if turn == 5 else "A":
            working.marks(letter)
        working.answers("A")
        marks_of(db.session(), sesi_id, clock.at)
    clock.tick(120)

    on = marks_of(db.session(), sesi_id, clock.at)
    tanda._kept.clear()

    assert marks_of(db.session(), sesi_id, clock.at) == on
    assert on == {working.sitting_id: {"menjawab_cepat": 16, "sering_mengubah": 1}}


def test_who_asks_while_somebody_reckons_gets_the_marks_of_before(working, clock, monkeypatch):
    sesi_id = working.stored().sesi_id
    engine, before = db.engine, marks_of(db.session(), sesi_id, clock.at)
    db.session.rollback()
    clock.tick(120)
    reckons, may_go_on = threading.Event(), threading.Event()

    def slow(*_):
        reckons.set()
        assert may_go_on.wait(20)

    monkeypatch.setattr(tanda, "_take_in", slow)

    def reckon() -> None:
        with Session(engine) as session:
            marks_of(session, sesi_id, clock.at)

    other = threading.Thread(target=reckon)
    other.start()
    assert reckons.wait(20)
    assert marks_of(db.session(), sesi_id, clock.at) is before
    may_go_on.set()
    other.join(20)
