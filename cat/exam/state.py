"""The state of a sitting as a pure function of its record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from cat.errors import RecordBroken
from cat.exam.display import option_order
from cat.exam.record import MICROSECONDS, Event, Kind, Terms
from cat.exam.served_time import ServedTime
from cat.itembank.content import LETTERS
from cat.itembank.pool import PartPool, Pool, PoolItem
from cat.selection import step
from cat.selection.randomness import uniform
from cat.selection.step import Progress


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
class Answer:
    """One final answer: part, position of the item in that part, its category, option letter."""

    part: int
    item: int
    category: int
    option: str


@dataclass(frozen=True)
class State:
    """Everything that follows from a record up to some event.

    part : position of the part being answered; equals the number of parts when all are done.
    progress : what each part reached so far has learned; the last one is the current part's.
    draft : own letter of the option chosen for the current item, not yet final.
    changes : how often an option of the current item was chosen.
    """

    terms: Terms
    pool: Pool
    phase: Phase = Phase.WAITING
    clock: ServedTime = field(default_factory=ServedTime)
    seq: int = 0
    last_at: int = 0
    part: int = 0
    progress: tuple[Progress, ...] = ()
    answers: tuple[Answer, ...] = ()
    draft: str | None = None
    changes: int = 0

    @property
    def number(self) -> int:
        """Number of the current item, 1 for the first; one more than the items answered."""
        return len(self.answers) + 1

    @property
    def is_complete(self) -> bool:
        """Whether every item of every part has its answer."""
        return self.part == len(self.pool.parts)

    @property
    def answered_in_part(self) -> int:
        """Items answered in the current part."""
        return sum(answer.part == self.part for answer in self.answers)

    @property
    def current_part(self) -> PartPool:
        """The part being answered."""
        return self.pool.parts[self.part]

    @cached_property
    def current(self) -> int:
        """Position, in the current part, of the item to answer now."""
        chance = uniform(self.terms.seed, self.number)
        chosen = step.choose(self.current_part, self.progress[-1], self.pool.top, chance)
        return int(chosen[0])

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
    return State(terms, pool, progress=(step.begin(pool.parts[0], 1),))


def replay(terms: Terms, pool: Pool, events: Iterable[Event]) -> State:
    """The state after all events; raises RecordBroken naming the first impossible one."""
    state = begin(terms, pool)
    for event in events:
        state = apply(state, event)
    return state


def apply(state: State, event: Event) -> State:
    """The state after one more event; raises RecordBroken when it cannot follow."""
    before, after = TRANSITIONS[event.kind]
    if event.seq != state.seq + 1:
        raise _broken(event, f"follows event {state.seq}")
    if state.phase not in before:
        raise _broken(event, f"cannot happen while {state.phase}")
    if event.at < state.last_at:
        raise _broken(event, "happened before the event that it follows")
    common = replace(state, phase=after, seq=event.seq, last_at=event.at)
    match event.kind:
        case Kind.STARTED:
            return replace(common, clock=state.clock.start(event.at))
        case Kind.PAUSED:
            return replace(common, clock=state.clock.stop(event.at))
        case Kind.RESUMED:
            return replace(common, clock=state.clock.resume(event.at))
        case Kind.CHOSEN:
            _item_and_category(state, event)
            return replace(common, draft=event.option, changes=state.changes + 1)
        case Kind.ANSWERED:
            return _answered(state, common, event)
    return common


def _answered(state: State, common: State, event: Event) -> State:
    item, category = _item_and_category(state, event)
    part, progress = state.current_part, state.progress
    learned = step.update(part, progress[-1], np.array([item]), np.array([category]))
    progress = (*progress[:-1], learned)
    finished = learned.taken.sum() == part.blueprint.length
    following = state.part + finished
    if finished and following < len(state.pool.parts):
        progress = (*progress, step.begin(state.pool.parts[following], 1))
    answer = Answer(state.part, item, category, str(event.option))
    return replace(
        common,
        part=int(following),
        progress=progress,
        answers=(*state.answers, answer),
        draft=None,
        changes=0,
    )


def _item_and_category(state: State, event: Event) -> tuple[int, int]:
    if state.is_complete:
        raise _broken(event, "all items have been answered")
    part = state.current_part
    item = part.position.get(event.item or "")
    if item is None:
        raise _broken(event, f"item {event.item} is not in part {part.part} of the pool")
    if state.progress[-1].used[0, item]:
        raise _broken(event, f"item {event.item} was answered before")
    if event.option is None or event.option not in LETTERS:
        raise _broken(event, f"option {event.option} does not exist")
    return item, int(part.category[item, LETTERS.index(event.option)])


def _broken(event: Event, why: str) -> RecordBroken:
    return RecordBroken(f"event {event.seq} ({event.kind}): {why}", seq=event.seq)
