"""The state of a sitting as a pure function of its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cat.errors import RecordBroken
from cat.exam.display import option_order
from cat.exam.record import MICROSECONDS, Event, Kind, Terms
from cat.exam.served_time import ServedTime
from cat.itembank.pool import PartPool, Pool, PoolItem
from cat.scoring import linked_prior
from cat.selection import step
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.ending import reasons_to_stop
from cat.selection.progress import Progress, posterior, refold
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


class Answer(NamedTuple):
    """One final answer: part, position of the item in that part, its category, option letter."""

    part: int
    item: int
    category: int
    option: str


@dataclass(frozen=True)
class State:
    """Everything that follows from a record up to some event.

    answers : final answers in order. starts : how many answers there were when each part reached
    so far began; parts whose rules ended them are followed by the next.
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

    @property
    def part(self) -> int:
        """Position of the part being answered; the number of parts when all are done."""
        return len(self.endings)

    @property
    def number(self) -> int:
        """Number of the current item, 1 for the first; one more than the items answered."""
        return len(self.answers) + 1

    @property
    def is_complete(self) -> bool:
        """Whether every part has ended."""
        return self.part == len(self.pool.parts)

    @property
    def answered_in_part(self) -> int:
        """Items answered in the current part."""
        return len(self.answers) - self.starts[-1]

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
        return _progress(self.pool, [self.answers_in(p) for p in range(part + 1)])

    @cached_property
    def current(self) -> int:
        """Position, in the current part, of the item to answer now."""
        part = adaptive_parts(self.pool)[self.part]
        seed = np.array([self.terms.seed], dtype=np.uint64)
        return int(step.choose(part, self.progress(self.part), seed, self.number)[0])

    @property
    def current_item(self) -> PoolItem:
        """The item to answer now."""
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
    answers = _Answers(state)
    for event in events:
        kind = event.kind
        if event.seq != seq + 1:
            raise _broken(event, f"follows event {seq}")
        # Nearly all events are answers while working; looking those up doubles the time they take.
        if phase is not Phase.WORKING or (kind is not Kind.ANSWERED and kind is not Kind.CHOSEN):
            before, after = TRANSITIONS[kind]
            if phase not in before:
                raise _broken(event, f"cannot happen while {phase}")
            phase = after
        if event.at < last_at:
            raise _broken(event, "happened before the event that it follows")
        seq, last_at = event.seq, event.at
        if kind is Kind.ANSWERED:
            answers.add(event)
            draft, changes = None, 0
        elif kind is Kind.CHOSEN:
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
    )


_NO_ITEM: tuple[int, Mapping[str, int]] = (-1, {})


class _Answers:
    """The answers of a record while it is folded."""

    def __init__(self, state: State) -> None:
        self.pool = state.pool
        self.given, self.starts = list(state.answers), list(state.starts)
        self.endings = list(state.endings)
        self._enter()
        self.seen = {answer.item for answer in self.given[self.starts[-1] :]}

    def _enter(self) -> None:
        """Turn to the part that follows those which have ended."""
        self.place = len(self.endings)
        self.is_complete = self.place == len(self.pool.parts)
        if not self.is_complete:
            self.part = self.pool.parts[self.place]
            self.known = self.part.answers
            self.adaptive = adaptive_parts(self.pool)[self.place]
            self.has_rules = bool(self.adaptive.policy.stopping.rules)
            self.full = self.starts[-1] + self.adaptive.longest

    def check(self, event: Event) -> tuple[int, int]:
        """Position and category that the event names, when it may name them."""
        if self.is_complete:
            raise _broken(event, "all items have been answered")
        item, categories = self.known.get(event.item or "", _NO_ITEM)
        if item < 0:
            raise _broken(event, f"item {event.item} is not in part {self.part.part} of the pool")
        if item in self.seen:
            raise _broken(event, f"item {event.item} was answered before")
        category = categories.get(event.option or "")
        if category is None:
            raise _broken(event, f"option {event.option} does not exist")
        return item, category

    def add(self, event: Event) -> None:
        item, categories = self.known.get(event.item or "", _NO_ITEM)
        category = categories.get(event.option or "")
        if self.is_complete or category is None or item in self.seen:
            item, category = self.check(event)  # says what is wrong
        self.given.append(Answer(self.place, item, category, event.option or ""))
        self.seen.add(item)
        if self.has_rules or len(self.given) == self.full:
            self._end_if_due()

    def _end_if_due(self) -> None:
        bounds = [*self.starts, len(self.given)]
        so_far = [self.given[a:b] for a, b in pairwise(bounds)]
        reason = Reason(int(reasons_to_stop(self.adaptive, _progress(self.pool, so_far))[0]))
        if reason is not Reason.GOING_ON:
            self.endings.append(reason)
            self.seen = set()
            if self.place + 1 < len(self.pool.parts):
                self.starts.append(len(self.given))
            self._enter()


def _progress(pool: Pool, answers: Sequence[Sequence[Answer]]) -> Progress:
    """Progress in the last of the parts whose answers are given, informed by those before it."""
    parts, prior = adaptive_parts(pool), None
    if pool.transition is None:
        return _refold(parts[len(answers) - 1], answers[-1], None)
    for part, given in zip(parts, answers[:-1], strict=False):
        earlier = posterior(part, _refold(part, given, prior))
        prior = linked_prior.prior_after(earlier, pool.transition)
    return _refold(parts[len(answers) - 1], answers[-1], prior)


def _refold(
    part: AdaptivePart, answers: Sequence[Answer], prior: NDArray[np.float64] | None
) -> Progress:
    _, items, categories, _ = zip(*answers, strict=True) if answers else ((), (), (), ())
    return refold(part, np.array(items, np.int64), np.array(categories, np.int64), prior)


def _broken(event: Event, why: str) -> RecordBroken:
    return RecordBroken(f"event {event.seq} ({event.kind}): {why}", seq=event.seq)
