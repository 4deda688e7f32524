"""The state of a sitting as a pure function of its record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np

from cat.errors import RecordBroken
from cat.exam.answer_log import Answer, AnswerLog, PretestAnswer, broken, progress_of
from cat.exam.display import option_order
from cat.exam.pretest import slots as pretest_slots
from cat.exam.record import MICROSECONDS, Event, Kind, Terms
from cat.exam.served_time import ServedTime
from cat.itembank.pool import PartPool, Pool, PoolItem
from cat.selection import step
from cat.selection.progress import Progress
from cat.selection.published import adaptive_parts
from cat.selection.stopping import Reason


class Phase(StrEnum):
    """Where a sitting stands."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    WORKING = "working"
    PAUSED = "paused"
    FINISHED = "finished"


# Which phases each kind of event may find, and the phase it leaves.
TRANSITIONS: dict[Kind, tuple[frozenset[Phase], Phase]] = {
    Kind.ADMITTED: (frozenset({Phase.WAITING}), Phase.ADMITTED),
    Kind.STARTED: (frozenset({Phase.ADMITTED}), Phase.WORKING),
    Kind.CHOSEN: (frozenset({Phase.WORKING}), Phase.WORKING),
    Kind.ANSWERED: (frozenset({Phase.WORKING}), Phase.WORKING),
    Kind.PAUSED: (frozenset({Phase.WORKING}), Phase.PAUSED),
    Kind.RESUMED: (frozenset({Phase.PAUSED}), Phase.WORKING),
    Kind.FINISHED: (frozenset({Phase.WORKING, Phase.PAUSED}), Phase.FINISHED),
}


@dataclass(frozen=True)
class State:
    """Everything that follows from a record up to some event.

    answers : final answers that count, in order; pretest : those to items on trial.
    options : own letter of each final answer, in the order given.
    starts : how many answers that count there were when each part reached so far began; parts
    whose rules ended them are followed by the next.
    endings : why each part before the current one ended.
    draft : own letter of the option chosen for the current item, not yet final.
    changes : how often an option of the current item was chosen.
    """

    terms: Terms
    pool: Pool
    phase: Phase = Phase.WAITING
    clock: ServedTime = field(default_factory=ServedTime)
    seq: int = 0
    last_at: int = 0
    answers: tuple[Answer, ...] = ()
    starts: tuple[int, ...] = (0,)
    endings: tuple[Reason, ...] = ()
    draft: str | None = None
    changes: int = 0
    pretest: tuple[PretestAnswer, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def part(self) -> int:
        """Position of the part being answered; the number of parts when all are done."""
        return len(self.endings)

    @property
    def number(self) -> int:
        """Number of the current item, 1 for the first; one more than the items answered."""
        return len(self.options) + 1

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
        return progress_of(self.pool, [self.answers_in(p) for p in range(part + 1)])

    @cached_property
    def trial(self) -> int | None:
        """Position among the part's trial items of the one to answer now; None for a scored one."""
        slots = pretest_slots(self.terms.seed, self.part, self.current_part)
        met = sum(answer.part == self.part for answer in self.pretest)
        if met < len(slots) and slots[met].after == len(self.answers) - self.starts[-1]:
            return slots[met].item
        return None

    @cached_property
    def current(self) -> int:
        """Position, in the current part, of the scored item to answer now or next."""
        part = adaptive_parts(self.pool)[self.part]
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

    def order_at(self, number: int) -> str:
        """Own letters of the options in the order shown for the item with this number."""
        return option_order(self.terms.seed, number, shuffle=self.pool.shuffle_options)

    @property
    def limit(self) -> int:
        """Served time allowed, microseconds."""
        return self.terms.seconds * MICROSECONDS

    def left(self, now: int) -> int:
        """Served time left, microseconds, never negative."""
        return max(0, self.limit - self.clock.served(now))

    def is_overdue(self, now: int) -> bool:
        """Whether the time ran out while nobody closed the sitting."""
        deadline = self.clock.deadline(self.limit)
        return self.phase is Phase.WORKING and deadline is not None and now >= deadline


def begin(terms: Terms, pool: Pool) -> State:
    """The state before any event; raises RecordBroken when the pool is not the one agreed on."""
    if pool.digest != terms.pool:
        raise RecordBroken(f"sitting {terms.sitting} runs on pool {terms.pool}, not {pool.digest}")
    return State(terms, pool)


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
    phase, clock, seq, last_at = state.phase, state.clock, state.seq, state.last_at
    draft, changes = state.draft, state.changes
    answers = AnswerLog(
        state.pool,
        state.terms.seed,
        answers=state.answers,
        starts=state.starts,
        endings=state.endings,
        pretest=state.pretest,
        options=state.options,
    )
    for event in events:
        kind = event.kind
        if event.seq != seq + 1:
            raise broken(event, f"follows event {seq}")
        # Nearly all events are answers while working; looking those up doubles the time they take.
        if phase is not Phase.WORKING or (kind is not Kind.ANSWERED and kind is not Kind.CHOSEN):
            before, after = TRANSITIONS[kind]
            if phase not in before:
                raise broken(event, f"cannot happen while {phase}")
            phase = after
        if event.at < last_at:
            raise broken(event, "happened before the event that it follows")
        seq, last_at = event.seq, event.at
        if kind is Kind.ANSWERED:
            answers.add(event)
            draft, changes = None, 0
        elif kind is Kind.CHOSEN:
            if not answers.is_on_trial(event):
                answers.check(event)
            draft, changes = event.option, changes + 1
        elif kind is Kind.STARTED:
            clock = clock.start(event.at)
        elif kind is Kind.PAUSED:
            clock = clock.stop(event.at)
        elif kind is Kind.RESUMED:
            clock = clock.resume(event.at)
    return State(
        state.terms,
        state.pool,
        phase,
        clock,
        seq,
        last_at,
        tuple(answers.given),
        tuple(answers.starts),
        tuple(answers.endings),
        draft,
        changes,
        tuple(answers.pretest),
        tuple(answers.options),
    )
