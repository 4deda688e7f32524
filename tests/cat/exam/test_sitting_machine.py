"""Every move, legal or not, in every phase, in both ways of delivery, in any order."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from cat.errors import (
    AlreadyAnswered,
    AlreadyStarted,
    ExamError,
    NeedsSecondPerson,
    NotAdmitted,
    NotInThisMode,
    NotTheCurrentItem,
    NotWorking,
    SittingClosed,
    TimeIsUp,
    TooManyChanges,
    UnknownOption,
)
from cat.exam import moves
from cat.exam.moves import GRACE_SECONDS
from cat.exam.outcome import outcome
from cat.exam.record import ADAPTIVE, LINEAR, MICROSECONDS, Kind, Terms, first_seal, seal
from cat.exam.state import LinearState, Phase, apply, begin, replay
from cat.exam.verify import Head, SealedEvent, verify
from cat.itembank.pool import Pool
from tests.conftest import toy_pool

KEY = b"kunci rekaman untuk tes"
LIMIT = 120
WAITING, ADMITTED, WORKING, PAUSED, FINISHED = Phase
NOT_YET = {WAITING: NotWorking, ADMITTED: NotWorking}
CLOSED = {FINISHED: SittingClosed}
# move -> the error that it meets in each phase; a phase that is not named allows the move, or the
# move changes nothing there.
REFUSED_IN: dict[str, dict[Phase, type[Exception]]] = {
    "admit": CLOSED,
    "revoke": {WORKING: AlreadyStarted, PAUSED: AlreadyStarted, **CLOSED},
    "start": {WAITING: NotAdmitted, **CLOSED},
    "act": {**NOT_YET, PAUSED: NotWorking, **CLOSED},
    "finish": {**NOT_YET, PAUSED: NotWorking},
    "end": NOT_YET,
    "pause": {**NOT_YET, **CLOSED},
    "resume": {**NOT_YET, **CLOSED},
    "reopen": {**NOT_YET, WORKING: NotWorking},
}


@lru_cache
def pool_for(mode: str) -> Pool:
    """Small, so that whole sittings happen: 11 or 14 items in three parts."""
    if mode == LINEAR:
        return toy_pool(forms=3)
    return toy_pool(lengths=(2, 5, 4), pretest=1)


class Sitting(RuleBasedStateMachine):
    """A sitting to which anybody does anything; what is wrong must be refused and change nothing.

    now : what the server's clock says, microseconds; it may be set back.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000 * MICROSECONDS
        self.events = []
        self.sent = []

    @initialize(
        mode=st.sampled_from([ADAPTIVE, LINEAR]),
        seed=st.integers(0, 2**63 - 1),
        is_under_way=st.booleans(),
    )
    def open(self, mode: str, seed: int, is_under_way: bool) -> None:
        pool = pool_for(mode)
        form = "B" if mode == LINEAR else ""
        self.terms = Terms("s-1", pool.digest, "r", mode, seed, LIMIT, form)
        self.pool, self.state = pool, begin(self.terms, pool)
        self.is_linear = mode == LINEAR
        if is_under_way:
            self.the_candidate_goes_on()

    # What happens

    def does(self, move, *arguments, refused=None) -> list[Kind]:
        """Make a move, as `advance` does after an overdue clock has run out."""
        self._take(moves.time_up(self.state, self.now))
        before, phase = self.state, self.state.phase
        rule = REFUSED_IN.get(refused or move.__name__, {}).get(phase)
        try:
            made = move(self.state, self.now, *arguments)
        except (ExamError, NeedsSecondPerson) as error:
            assert self.state is before
            self.check_refusal(error, rule)
            return []
        # Only what was done before, or was overtaken, is accepted in a phase that refuses it.
        assert rule is None or made == [], (move, phase)
        self._take(made)
        return [event.kind for event in made]

    def check_refusal(self, error: Exception, rule: type[Exception] | None) -> None:
        other = (
            *(NotTheCurrentItem, UnknownOption, NotInThisMode, AlreadyAnswered, TooManyChanges),
            *(NeedsSecondPerson,),
        )
        if isinstance(error, other):
            return
        if rule is not None:
            assert type(error) is rule
        elif self.state.phase is FINISHED:  # reopening what has no time, or no item, left
            is_timed_out = self.state.left(self.now) == 0
            assert type(error) is (TimeIsUp if is_timed_out else SittingClosed)
        else:
            assert type(error) is TimeIsUp
            assert self.state.is_late(self.now)

    def _take(self, made) -> None:
        for event in made:
            self.state = apply(self.state, event)
            self.events.append(event)

    @rule(seconds=st.one_of(st.floats(0, 3), st.floats(0, 40), st.just(LIMIT)))
    def time_passes(self, seconds: float) -> None:
        self.now += int(seconds * MICROSECONDS)

    @rule(seconds=st.floats(0, 60))
    def the_clock_is_set_back(self, seconds: float) -> None:
        self.now -= int(seconds * MICROSECONDS)

    @precondition(lambda self: self.state.deadline is not None)
    @rule(offset=st.sampled_from([-1, 0, 1]), grace=st.booleans())
    def the_deadline_comes(self, offset: int, grace: bool) -> None:
        self.now = self.state.deadline + grace * GRACE_SECONDS * MICROSECONDS + offset

    @rule()
    def the_proctor_admits(self) -> None:
        self.does(moves.admit, "pengawas")

    @rule()
    def the_admission_is_taken_back(self) -> None:
        self.does(moves.revoke, "pengawas", "salah orang")

    @rule()
    def the_candidate_starts(self) -> None:
        self.does(moves.start)

    @rule()
    def the_candidate_goes_on(self) -> None:
        """Straight to work, so that most examples get there."""
        self.does(moves.admit, "pengawas") if self.state.phase is WAITING else None
        self.does(moves.start) if self.state.phase is ADMITTED else None
        self.does(moves.resume, "pengawas") if self.state.phase is PAUSED else None

    @rule(letters=st.text("ABCDE", min_size=1, max_size=14))
    def a_spell_of_work(self, letters: str) -> None:
        for number, letter in enumerate(letters, start=1):
            self.now += MICROSECONDS
            if self.is_linear:
                self.acts(moves.choose, number, letter, 0, False)
            elif self.state.phase is WORKING:
                self.acts(moves.answer, self.state.number, letter, False)

    @rule(
        number=st.integers(-1, 13),
        shown=st.sampled_from([*"ABCDE", "F", "", "AB"]),
        turn=st.integers(0, 6),
        in_time=st.booleans(),
    )
    def an_option_is_chosen(self, number: int, shown: str, turn: int, in_time: bool) -> None:
        self.acts(moves.choose, number, shown, turn, in_time)

    @rule(shown=st.sampled_from("ABCDE"), turn=st.integers(0, 6), in_time=st.booleans())
    def the_open_item_is_marked(self, shown: str, turn: int, in_time: bool) -> None:
        self.acts(moves.choose, self.state.number, shown, turn, in_time)

    @rule(number=st.integers(-1, 13), shown=st.sampled_from("ABCDEF"), in_time=st.booleans())
    def an_option_is_made_final(self, number: int, shown: str, in_time: bool) -> None:
        self.acts(moves.answer, number, shown, in_time)

    @rule(shown=st.sampled_from("ABCDE"), in_time=st.booleans())
    def the_open_item_is_answered(self, shown: str, in_time: bool) -> None:
        self.acts(moves.answer, self.state.number, shown, in_time)

    @rule(
        number=st.integers(-1, 13),
        on=st.booleans(),
        turn=st.integers(0, 6),
        in_time=st.booleans(),
    )
    def an_item_is_flagged(self, number: int, on: bool, turn: int, in_time: bool) -> None:
        self.acts(moves.flag, number, on, turn, in_time)

    def acts(self, move, *arguments) -> None:
        made = self.does(move, *arguments, refused="act")
        wrong_mode = {True: moves.answer, False: moves.flag}[self.is_linear]
        assert not (made and move is wrong_mode)
        self.sent.append((move, arguments))
        if made:  # a duplicate of what was just taken
            assert self.does(move, *arguments, refused="act") == [] or arguments[2:3] == (0,)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def an_old_request_arrives_again(self, data) -> None:
        move, arguments = data.draw(st.sampled_from(self.sent))
        known = len(self.events)
        self.does(move, *arguments, refused="act")
        turned = move is not moves.answer and arguments[2] > 0
        again = [e for e in self.events[known:] if e.kind in (Kind.CHOSEN, Kind.FLAGGED)]
        if turned and self.is_linear:
            number, turn = arguments[0], arguments[2]
            taken = [e.data.get("urut") for e in self.events if e.item == self._key(number)]
            assert not again or taken.count(turn) == 1

    def _key(self, number: int) -> str:
        return self.state.item_at(number).key if 1 <= number <= self.state.length else "-"

    @rule()
    def the_candidate_finishes(self) -> None:
        made = self.does(moves.finish)
        assert self.is_linear or not made

    @rule()
    def the_proctor_ends_it(self) -> None:
        self.does(moves.end, "pengawas", "sakit")

    @rule(since=st.none() | st.floats(-90, 30))
    def the_proctor_pauses(self, since: float | None) -> None:
        at = None if since is None else self.now + int(since * MICROSECONDS)
        self.does(moves.pause, "pengawas", "listrik", at)

    @rule()
    def the_proctor_resumes(self) -> None:
        self.does(moves.resume, "pengawas")

    @rule(second=st.sampled_from(["pengawas", "", "pengawas2"]))
    def it_is_opened_again(self, second: str) -> None:
        made = self.does(moves.reopen, "pengawas", second, "salah tekan")
        assert not made or second == "pengawas2"

    # What must hold, whatever happened

    @invariant()
    def the_record_replays_to_the_same_state(self) -> None:
        assert replay(self.terms, self.pool, self.events) == self.state

    @invariant()
    def no_more_than_the_allowed_time_is_served(self) -> None:
        worked, running = 0, None
        for event in self.events:
            if event.kind in (Kind.STARTED, Kind.RESUMED):
                running = event.at
            elif event.kind in (Kind.PAUSED, Kind.FINISHED) and running is not None:
                worked, running = worked + event.at - running, None
        assert 0 <= worked <= LIMIT * MICROSECONDS
        if running is None and self.state.clock.started is not None:
            assert self.state.left(self.now) == LIMIT * MICROSECONDS - worked

    @invariant()
    def an_item_has_one_final_answer_at_most(self) -> None:
        final = [event.item for event in self.events if event.kind is Kind.ANSWERED]
        assert len(final) == len(set(final))
        if isinstance(self.state, LinearState):
            chosen = {e.item: e.option for e in self.events if e.kind is Kind.CHOSEN}
            stand = {self.state.item_at(n).key: m.option for n, m in self.state.marks if m.option}
            assert (final, stand) == ([], chosen)

    def teardown(self) -> None:
        if not hasattr(self, "terms"):
            return
        previous, record = first_seal(KEY, self.terms), []
        for event in self.events:
            previous = seal(KEY, previous, event)
            record.append(SealedEvent(event, previous))
        result = outcome(self.state) if self.state.phase is FINISHED else ()
        head = Head(len(record), previous)
        assert verify(self.terms, self.pool, record, head, result, KEY) == []


Sitting.TestCase.settings = settings(
    settings.get_profile("house"), max_examples=30, stateful_step_count=40
)
test_whatever_is_done_a_sitting_stays_lawful = Sitting.TestCase


# The same table, by hand: one move in one phase, so that no phase depends on luck.


def at(phase: Phase, mode: str):
    pool = pool_for(mode)
    state = begin(Terms("s-1", pool.digest, "r", mode, 5, LIMIT, "A" * (mode == LINEAR)), pool)
    path = {
        WAITING: [],
        ADMITTED: [(moves.admit, "p")],
        WORKING: [(moves.admit, "p"), (moves.start,)],
        PAUSED: [(moves.admit, "p"), (moves.start,), (moves.pause, "p", "x")],
        FINISHED: [(moves.admit, "p"), (moves.start,), (moves.end, "p", "x")],
    }
    for move, *arguments in path[phase]:
        for event in move(state, MICROSECONDS, *arguments):
            state = apply(state, event)
    return state


MOVES = {
    "admit": (moves.admit, "p"),
    "revoke": (moves.revoke, "p", "salah orang"),
    "start": (moves.start,),
    "choose": (moves.choose, 1, "A"),
    "answer": (moves.answer, 1, "A"),
    "flag": (moves.flag, 1, True),
    "finish": (moves.finish,),
    "end": (moves.end, "p", "sakit"),
    "pause": (moves.pause, "p", "listrik"),
    "resume": (moves.resume, "p"),
    "reopen": (moves.reopen, "p", "p2", "salah tekan"),
}
ACTS = ("choose", "answer", "flag")
ELSEWHERE = {LINEAR: ("answer",), ADAPTIVE: ("flag", "finish")}


@pytest.mark.parametrize("mode", [ADAPTIVE, LINEAR])
@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("phase", list(Phase))
def test_each_move_in_each_phase_is_made_or_refused_as_the_table_says(
    phase: Phase, name: str, mode: str
) -> None:
    state, (move, *arguments) = at(phase, mode), MOVES[name]
    rules = REFUSED_IN["act" if name in ACTS else name]
    expected = NotInThisMode if name in ELSEWHERE[mode] else rules.get(phase)

    if expected is None:
        for event in move(state, 2 * MICROSECONDS, *arguments):
            apply(state, event)
    else:
        with pytest.raises(expected):
            move(state, 2 * MICROSECONDS, *arguments)


def test_terms_without_form_and_burnt_items_keep_the_seal_that_they_had() -> None:
    terms = Terms("s-1", "p", "r", ADAPTIVE, 5, LIMIT)

    assert first_seal(KEY, terms) == (
        "7fac8f0d20cfd0b4c4918887a4e691a915c02646d82a90ce610997af766c9a1b"
    )
    assert (
        len(
            {
                first_seal(KEY, t)
                for t in (
                    terms,
                    replace(terms, form="A"),
                    replace(terms, burnt=("TWK-1",)),
                )
            }
        )
        == 3
    )
