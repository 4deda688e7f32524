"""The end of the time: what counts as in time, and a clock that was stopped in hindsight."""

from __future__ import annotations

import pytest

from cat.errors import NeedsSecondPerson, SittingClosed, TimeIsUp
from cat.exam import moves
from cat.exam.moves import GRACE_SECONDS
from cat.exam.record import ADAPTIVE, LINEAR, MICROSECONDS, Kind, Terms
from cat.exam.state import Phase, apply, begin
from tests.conftest import toy_pool

LIMIT = 600
ADAPTIVE_POOL, LINEAR_POOL = toy_pool(), toy_pool(forms=3)


class Peserta:
    """A candidate who started at second 0."""

    def __init__(self, mode):
        pool, form = (LINEAR_POOL, "A") if mode == LINEAR else (ADAPTIVE_POOL, "")
        self.state = begin(Terms("s-1", pool.digest, "r", mode, 42, LIMIT, form), pool)
        self.events = []
        self.does(moves.admit, 0, "pengawas")
        self.does(moves.start, 0)

    def does(self, move, at, *args, **kwargs):
        made = move(self.state, int(at * MICROSECONDS), *args, **kwargs)
        for event in made:
            self.state = apply(self.state, event)
        self.events += made
        return [event.kind for event in made]


def seconds(event):
    return event.at / MICROSECONDS


@pytest.mark.parametrize(
    ("at", "in_time", "taken"),
    [
        (LIMIT - 0.001, False, True),
        (LIMIT - 0.001, True, True),
        (LIMIT, False, False),
        (LIMIT, True, True),
        (LIMIT + GRACE_SECONDS - 0.001, True, True),
        (LIMIT + GRACE_SECONDS - 0.001, False, False),
        (LIMIT + GRACE_SECONDS, True, False),
    ],
)
@pytest.mark.parametrize("mode", [ADAPTIVE, LINEAR])
def test_an_act_sent_in_time_is_taken_until_the_grace_has_passed(mode, at, in_time, taken):
    candidate = Peserta(mode)
    move = moves.answer if mode == ADAPTIVE else moves.choose

    if not taken:
        with pytest.raises(TimeIsUp):
            candidate.does(move, at, 1, "A", in_time=in_time)
        return
    candidate.does(move, at, 1, "A", in_time=in_time)
    assert seconds(candidate.events[2]) == min(at, LIMIT)


def test_an_adaptive_answer_in_the_grace_ends_the_sitting_at_the_deadline():
    candidate = Peserta(ADAPTIVE)
    candidate.does(moves.choose, 10, 1, "C")

    made = candidate.does(moves.answer, LIMIT + 4, 1, "A", in_time=True)

    assert made == [Kind.ANSWERED, Kind.FINISHED]
    assert [seconds(event) for event in candidate.events[-2:]] == [LIMIT, LIMIT]
    assert candidate.events[-1].data == {"sebab": "waktu habis"}


def test_a_mark_that_arrives_in_the_grace_is_what_the_end_submits():
    candidate = Peserta(ADAPTIVE)
    candidate.does(moves.choose, LIMIT + 3, 1, "D", in_time=True)
    letter = candidate.state.draft

    candidate.does(moves.time_up, LIMIT + GRACE_SECONDS)

    assert candidate.state.options == (letter,)
    assert candidate.state.phase is Phase.FINISHED


def test_a_linear_page_may_drain_its_queue_in_the_grace_and_then_finish():
    candidate = Peserta(LINEAR)
    for number in (1, 2, 3):
        candidate.does(moves.choose, LIMIT + number, number, "A", turn=1, in_time=True)
    candidate.does(moves.flag, LIMIT + 4, 1, True, turn=2, in_time=True)

    assert candidate.does(moves.finish, LIMIT + 5) == [Kind.FINISHED]
    assert candidate.state.answered == 3
    assert {seconds(event) for event in candidate.events[2:]} == {LIMIT}


def test_nobody_but_the_clock_ends_a_sitting_in_the_grace():
    candidate = Peserta(ADAPTIVE)

    for move in (moves.end, moves.pause):
        with pytest.raises(TimeIsUp):
            candidate.does(move, LIMIT + 1, "pengawas", "sakit")
    assert candidate.does(moves.time_up, LIMIT + GRACE_SECONDS - 0.001) == []
    assert candidate.does(moves.time_up, LIMIT + GRACE_SECONDS) == [Kind.FINISHED]


def test_a_clock_set_back_in_the_grace_gives_no_time_back():
    candidate = Peserta(LINEAR)
    candidate.does(moves.choose, LIMIT + 1, 1, "A", in_time=True)

    with pytest.raises(TimeIsUp):
        candidate.does(moves.choose, LIMIT - 100, 2, "A")


@pytest.mark.parametrize(
    ("since", "counts_from"),
    [(200, 200), (50, 100), (500, 300), (None, 300)],
    ids=["the last contact", "never before the last event", "never after now", "now"],
)
def test_a_technical_pause_is_dated_back_as_far_as_the_last_event(since, counts_from):
    candidate = Peserta(ADAPTIVE)
    candidate.does(moves.answer, 100, 1, "A")
    back = None if since is None else since * MICROSECONDS

    candidate.does(moves.pause, 300, "pengawas", "jaringan", since=back)

    assert seconds(candidate.events[-1]) == counts_from
    assert candidate.state.left(10**12) == (LIMIT - counts_from) * MICROSECONDS
    noted = candidate.events[-1].data.get("dicatat")
    assert noted == (None if since is None else 300 * MICROSECONDS)


def test_a_fault_before_the_deadline_may_still_be_noted_in_the_grace():
    candidate = Peserta(LINEAR)
    candidate.does(moves.choose, 400, 1, "A")

    made = candidate.does(moves.pause, LIMIT + 5, "pengawas", "jaringan", since=450 * MICROSECONDS)

    assert made == [Kind.PAUSED]
    assert candidate.state.left(10**12) == 150 * MICROSECONDS


def test_the_proctor_ends_a_paused_sitting_and_what_was_final_counts():
    candidate = Peserta(ADAPTIVE)
    candidate.does(moves.answer, 10, 1, "A")
    candidate.does(moves.choose, 20, 2, "B")
    candidate.does(moves.pause, 30, "pengawas", "sakit")

    candidate.does(moves.end, 900, "pengawas", "dibawa ke rumah sakit")

    assert candidate.events[-1].data == {
        **{"sebab": "diakhiri pengawas", "oleh": "pengawas"},
        "alasan": "dibawa ke rumah sakit",
    }
    assert candidate.state.answered == 1
    assert candidate.state.left(10**12) == (LIMIT - 30) * MICROSECONDS


def test_reopening_keeps_the_mark_that_was_on_the_screen():
    candidate = Peserta(ADAPTIVE)
    candidate.does(moves.choose, 20, 1, "B")
    draft = candidate.state.draft
    candidate.does(moves.end, 30, "pengawas", "salah tekan")

    candidate.does(moves.reopen, 90, "staf", "staf2", "salah tekan")

    assert candidate.state.draft == draft
    assert candidate.does(moves.reopen, 91, "staf", "staf2", "salah tekan") == []


@pytest.mark.parametrize(
    ("prepare", "people", "error"),
    [
        ([(moves.end, 30, "p", "x")], ("staf", "staf"), NeedsSecondPerson),
        ([(moves.end, 30, "p", "x")], ("staf", ""), NeedsSecondPerson),
        ([(moves.time_up, LIMIT + 60)], ("staf", "staf2"), TimeIsUp),
        (
            [(moves.answer, n, n, "A") for n in range(1, ADAPTIVE_POOL.length + 1)],
            ("staf", "staf2"),
            SittingClosed,
        ),
    ],
    ids=["by one person", "without a second", "no time left", "every item answered"],
)
def test_what_cannot_be_opened_again(prepare, people, error):
    candidate = Peserta(ADAPTIVE)
    for move, *arguments in prepare:
        candidate.does(move, *arguments)
    assert candidate.state.phase is Phase.FINISHED

    with pytest.raises(error):
        candidate.does(moves.reopen, LIMIT + 90, *people, "alasan")
