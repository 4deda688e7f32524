"""The state of a sitting as a pure function of its record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cat.errors import RecordBroken
from cat.exam.answer_log import Answer, AnswerLog, PretestAnswer, broken, progress_of
from cat.exam.linear import LinearState, fold_linear
from cat.exam.pretest import slots as pretest_slots
from cat.exam.record import LINEAR, Event, Kind, Terms
from cat.exam.standing import TRANSITIONS, Course, Phase, State
from cat.itembank.pool import PartPool, Pool, PoolItem
from cat.selection import step
from cat.selection.progress import Progress
from cat.selection.published import adaptive_parts
from cat.selection.stopping import Reason

__all__ = [
    "TRANSITIONS",
    "AdaptiveState",
    "LinearState",
    "Phase",
    "State",
    "apply",
    "begin",
    "replay",
]


@dataclass(frozen=True)
class AdaptiveState(State):
    """The state of an adaptive sitting.

    answers : final answers that count, in order; pretest : those to items on trial.
    options : own letter of each final answer, in the order given.
    starts : how many answers that count there were when each part reached so far began; parts
    whose rules ended them are followed by the next.
    endings : why each part before the current one ended.
    draft : own letter of the option chosen for the current item, not yet final.
    changes : how often an option of the current item was chosen. turn : the page's number of the
    last of these choices.
    """

    answers: tuple[Answer, ...] = ()
    starts: tuple[int, ...] = (0,)
    endings: tuple[Reason, ...] = ()
    draft: str | None = None
    changes: int = 0
    pretest: tuple[PretestAnswer, ...] = ()
    options: tuple[str, ...] = ()
    turn: int = 0

    @property
    def part(self) -> int:
        """Position of the part being answered; the number of parts when all are done."""
        return len(self.endings)

    @property
    def number(self) -> int:
        """Number of the current item, 1 for the first; one more than the items answered."""
        return len(self.options) + 1

    @property
    def length(self) -> int:
        """Items that this sitting has at most."""
        return self.pool.length

    @property
    def answered(self) -> int:
        """Items answered, those on trial included."""
        return len(self.options)

    @property
    def is_complete(self) -> bool:
        """Whether every part has ended."""
        return self.part == len(self.pool.parts)

    @property
    def answered_in_part(self) -> int:
        """Items answered in the current part, those on trial included."""
        on_trial = sum(answer.part == self.part for answer in self.pretest)
        return len(self.answers) - self.starts[-1] + on_trial

    @property
    def current_part(self) -> PartPool:
        """The part being answered."""
        return self.pool.parts[self.part]

    def answers_in(self, part: int) -> tuple[Answer, ...]:
        """Answers to one part, in order; none for a part not reached yet."""
        if part >= len(self.starts):
            return ()
        end = self.starts[part + 1] if part + 1 < len(self.starts) else len(self.answers)
        return self.answers[self.starts[part] : end]

    def progress(self, part: int) -> Progress:
        """What the answers to one part say."""
        given = [self.answers_in(p) for p in range(part + 1)]
        return progress_of(self.pool, given, self.terms.burnt)

    def ending(self, part: int) -> Reason:
        """Why a part ended by its own rules; GOING_ON where it has not, or was broken off."""
        return self.endings[part] if part < len(self.endings) else Reason.GOING_ON

    def turn_of(self, number: int) -> int:
        """The page's number of the last choice for the current item; 0 for any other."""
        return self.turn if number == self.number else 0

    @cached_property
    def trial(self) -> int | None:
        """Position among the part's trial items of the one to answer now; None for a scored one."""
        slots = pretest_slots(self.terms.seed, self.part, self.current_part, self.terms.burnt)
        met = sum(answer.part == self.part for answer in self.pretest)
        if met < len(slots) and slots[met].after == len(self.answers) - self.starts[-1]:
            return slots[met].item
        return None

    @cached_property
    def current(self) -> int:
        """Position, in the current part, of the scored item to answer now or next."""
        part = adaptive_parts(self.pool, self.terms.burnt)[self.part]
        seed = np.array([self.terms.seed], dtype=np.uint64)
        # Counted without items on trial: they must not change which scored ones come.
        count = len(self.answers) + 1
        return int(step.choose(part, self.progress(self.part), seed, count)[0])

    @property
    def current_item(self) -> PoolItem:
        """The item to answer now, scored or on trial."""
        if self.trial is not None:
            return self.current_part.pretest[self.trial]
        return self.current_part.items[self.current]

    @property
    def order(self) -> str:
        """Own letters of the current item's options in the order shown."""
        return self.order_at(self.number)


def begin(terms: Terms, pool: Pool) -> State:
    """The state before any event; raises RecordBroken when pool or form are not those agreed on."""
    if pool.digest != terms.pool:
        raise RecordBroken(f"sitting {terms.sitting} runs on pool {terms.pool}, not {pool.digest}")
    if terms.mode != LINEAR:
        return AdaptiveState(terms, pool)
    if terms.form not in pool.forms:
        raise RecordBroken(f"sitting {terms.sitting} runs on form {terms.form!r}, not in the pool")
    return LinearState(terms, pool)


def replay(terms: Terms, pool: Pool, events: Iterable[Event]) -> State:
    """The state after all events; raises RecordBroken naming the first impossible one."""
    return _fold(begin(terms, pool), events)


def apply(state: State, event: Event) -> State:
    """The state after one more event; raises RecordBroken when it cannot follow."""
    return _fold(state, (event,))


def _fold(state: State, events: Iterable[Event]) -> State:
    """The state after the events, taken in one by one without a state in between: a record of a
    hundred answers is folded again at each of them.
    """
    if isinstance(state, LinearState):
        return fold_linear(state, events)
    if isinstance(state, AdaptiveState):
        return _fold_adaptive(state, events)
    raise TypeError(f"no such way of delivery: {type(state)}")


def _fold_adaptive(state: AdaptiveState, events: Iterable[Event]) -> AdaptiveState:
    course = Course(state)
    draft, changes, turn = state.draft, state.changes, state.turn
    answers = AnswerLog(
        state.pool,
        state.terms,
        answers=state.answers,
        starts=state.starts,
        endings=state.endings,
        pretest=state.pretest,
        options=state.options,
    )
    for event in events:
        kind = event.kind
        course.take(event)
        if kind is Kind.ANSWERED:
            answers.add(event)
            draft, changes, turn = None, 0, 0
        elif kind is Kind.CHOSEN:
            if not answers.is_on_trial(event):
                answers.check(event)
            draft, changes = event.option, changes + 1
            turn = event.data.get("urut", turn)
        elif kind is Kind.FLAGGED:
            raise broken(event, "an adaptive sitting has no flags")
    return AdaptiveState(
        state.terms,
        state.pool,
        course.phase,
        course.clock,
        course.seq,
        course.last_at,
        tuple(answers.given),
        tuple(answers.starts),
        tuple(answers.endings),
        draft,
        changes,
        tuple(answers.pretest),
        tuple(answers.options),
        turn,
    )
