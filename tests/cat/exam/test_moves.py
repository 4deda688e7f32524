"""The legal moves of a sitting, as lists of moves and what they lead to."""

from __future__ import annotations

import pytest

from cat.errors import (
    AlreadyAnswered,
    NotAdmitted,
    NotTheCurrentItem,
    NotWorking,
    SittingClosed,
    TimeIsUp,
    TooManyChanges,
    UnknownOption,
)
from cat.exam import moves
from cat.exam.record import MICROSECONDS, Kind, Terms
from cat.exam.state import Phase, apply, begin

LIMIT = 600


class Peserta:
    """A candidate in a pure sitting; time in seconds."""

    def __init__(self, pool):
        self.state = begin(Terms("s-1", pool.digest, "r", "adaptif", 42, LIMIT), pool)
        self.events = []

    def does(self, move, at, *args, **kwargs):
        made = move(self.state, int(at * MICROSECONDS), *args, **kwargs)
        for event in made:
            self.state = apply(self.state, event)
        self.events += made
        return [event.kind for event in made]

    def answers(self, shown, at=10):
        return self.does(moves.answer, at, self.state.number, shown)

    def left(self, at):
        return self.state.left(int(at * MICROSECONDS)) / MICROSECONDS


@pytest.fixture
def peserta(pool):
    return Peserta(pool)


@pytest.fixture
def working(peserta):
    peserta.does(moves.admit, 0, by="pengawas")
    peserta.does(moves.start, 0)
    return peserta


def test_a_whole_sitting_ends_by_itself_after_the_last_item(working, pool):
    for _ in range(pool.length - 1):
        assert working.answers("B") == [Kind.ANSWERED]

    assert working.answers("C") == [Kind.ANSWERED, Kind.FINISHED]
    assert working.state.phase is Phase.FINISHED


def test_nobody_starts_before_the_proctor_lets_them_in(peserta):
    with pytest.raises(NotAdmitted):
        peserta.does(moves.start, 0)


def test_admitting_and_starting_twice_changes_nothing(working):
    assert working.does(moves.admit, 5, by="pengawas") == []
    assert working.does(moves.start, 5) == []
    assert working.left(5) == LIMIT - 5


def test_the_same_answer_again_is_silently_accepted(working):
    working.answers("A")

    assert working.does(moves.answer, 20, 1, "A") == []
    assert working.state.number == 2


def test_another_answer_to_an_answered_item_is_refused(working):
    working.answers("A")

    with pytest.raises(AlreadyAnswered):
        working.does(moves.answer, 20, 1, "B")


def test_marking_an_option_again_late_changes_nothing_that_is_final(working):
    working.answers("A")

    assert working.does(moves.choose, 20, 1, "B") == []
    assert working.state.answers[0].option == working.state.order_at(1)[0]


def test_a_mark_may_be_changed_often_but_not_without_end(working):
    for turn in range(moves.MOST_CHANGES):
        assert working.does(moves.choose, 10 + turn, 1, "AB"[turn % 2]) == [Kind.CHOSEN]

    with pytest.raises(TooManyChanges):
        working.does(moves.choose, 90, 1, "C")
    assert working.answers("C", at=91) == [Kind.ANSWERED]
    assert working.does(moves.choose, 92, 2, "A") == [Kind.CHOSEN]


@pytest.mark.parametrize("number", [0, -1, 2, 9, 999])
def test_an_item_that_is_not_on_the_screen_cannot_be_answered(working, number):
    with pytest.raises(NotTheCurrentItem):
        working.does(moves.answer, 20, number, "A")


@pytest.mark.parametrize("shown", ["F", "", "AB", "a", "1"])
def test_an_option_that_does_not_exist_is_refused(working, shown):
    with pytest.raises(UnknownOption):
        working.does(moves.answer, 20, 1, shown)


def test_the_letter_on_the_screen_is_stored_as_the_items_own_letter(working):
    order = working.state.order
    working.answers("D")

    assert working.events[-1].option == order[3]


def test_an_answer_after_time_is_refused(working):
    with pytest.raises(TimeIsUp):
        working.answers("A", at=LIMIT)


def test_the_option_on_the_screen_counts_when_time_runs_out(working):
    working.does(moves.choose, 30, 1, "C")

    made = working.does(moves.time_up, LIMIT + 500)

    assert made == [Kind.ANSWERED, Kind.FINISHED]
    assert [event.at for event in working.events[-2:]] == [LIMIT * MICROSECONDS] * 2
    assert len(working.state.answers) == 1


def test_time_that_is_not_up_closes_nothing(working):
    assert working.does(moves.time_up, LIMIT - 1) == []


def test_a_pause_stops_the_clock_and_the_answers(working):
    working.does(moves.pause, 100, by="pengawas", reason="listrik padam")

    with pytest.raises(NotWorking):
        working.answers("A", at=200)
    assert working.left(5_000) == LIMIT - 100

    working.does(moves.resume, 5_000, by="pengawas")
    assert working.left(5_010) == LIMIT - 110
    assert working.answers("A", at=5_010) == [Kind.ANSWERED]


def test_pausing_and_resuming_twice_changes_nothing(working):
    working.does(moves.pause, 100, by="p", reason="x")
    assert working.does(moves.pause, 120, by="p", reason="x") == []
    working.does(moves.resume, 200, by="p")
    assert working.does(moves.resume, 220, by="p") == []
    assert working.left(220) == LIMIT - 120


def test_a_sitting_that_never_started_cannot_be_paused_or_resumed(peserta):
    for move in (
        lambda: peserta.does(moves.pause, 1, by="p", reason="x"),
        lambda: peserta.does(moves.resume, 1, by="p"),
    ):
        with pytest.raises(NotWorking):
            move()


def test_a_finished_sitting_takes_no_more_moves_but_repeats(working, pool):
    for _ in range(pool.length):
        working.answers("B")
    attempts = [
        lambda: working.does(moves.answer, 30, pool.length, "C"),
        lambda: working.does(moves.choose, 30, pool.length, "C"),
        lambda: working.does(moves.pause, 30, by="p", reason="x"),
        lambda: working.does(moves.resume, 30, by="p"),
        lambda: working.does(moves.start, 30),
        lambda: working.does(moves.admit, 30, by="p"),
    ]

    assert working.does(moves.answer, 30, pool.length, "B") == []
    for attempt in attempts:
        with pytest.raises(SittingClosed):
            attempt()


def test_a_clock_set_back_never_makes_time_run_backwards(working):
    working.answers("A", at=50)
    working.answers("A", at=20)

    assert [event.at for event in working.events[-2:]] == [50 * MICROSECONDS] * 2
