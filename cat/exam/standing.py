"""What the states of both ways of delivery share: phase and clock, and how events move them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum

from cat.exam.answer_log import Answer, broken
from cat.exam.display import option_order
from cat.exam.record import MICROSECONDS, Event, Kind, Terms
from cat.exam.served_time import ServedTime
from cat.itembank.pool import Pool
from cat.selection.progress import Progress
from cat.selection.stopping import Reason

# So long after the deadline acts are still taken that the page sent before it. The slowest line
# that an exam room may have delivers within it.
GRACE_SECONDS = 10


class Phase(StrEnum):
    """Where a sitting stands."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    WORKING = "working"
    PAUSED = "paused"
    FINISHED = "finished"


# Which phases each kind of event may find, and the phase it leaves. `docs/ujian.md` draws it.
TRANSITIONS: dict[Kind, tuple[frozenset[Phase], Phase]] = {
    Kind.ADMITTED: (frozenset({Phase.WAITING}), Phase.ADMITTED),
    Kind.REVOKED: (frozenset({Phase.ADMITTED}), Phase.WAITING),
    Kind.STARTED: (frozenset({Phase.ADMITTED}), Phase.WORKING),
    Kind.CHOSEN: (frozenset({Phase.WORKING}), Phase.WORKING),
    Kind.ANSWERED: (frozenset({Phase.WORKING}), Phase.WORKING),
    Kind.FLAGGED: (frozenset({Phase.WORKING}), Phase.WORKING),
    Kind.PAUSED: (frozenset({Phase.WORKING}), Phase.PAUSED),
    Kind.RESUMED: (frozenset({Phase.PAUSED}), Phase.WORKING),
    Kind.FINISHED: (frozenset({Phase.WORKING, Phase.PAUSED}), Phase.FINISHED),
    Kind.REOPENED: (frozenset({Phase.FINISHED}), Phase.PAUSED),
}


@dataclass(frozen=True)
class State(ABC):
    """Everything that follows from a record up to some event, whatever the way of delivery.

    seq, last_at : of the last event. clock : stands still while paused and once finished.
    """

    terms: Terms
    pool: Pool
    phase: Phase = Phase.WAITING
    clock: ServedTime = field(default_factory=ServedTime)
    seq: int = 0
    last_at: int = 0

    @property
    @abstractmethod
    def number(self) -> int:
        """Number of the current item, 1 for the first."""

    @property
    @abstractmethod
    def length(self) -> int:
        """Items that this sitting has at most."""

    @property
    @abstractmethod
    def answered(self) -> int:
        """Items that have an answer which counts, or would if they were not on trial."""

    @property
    @abstractmethod
    def is_complete(self) -> bool:
        """Whether there is nothing left that the candidate could do."""

    @abstractmethod
    def answers_in(self, part: int) -> tuple[Answer, ...]:
        """Answers that count to one part, in order; none for a part not reached yet."""

    @abstractmethod
    def progress(self, part: int) -> Progress:
        """What the answers to one part say."""

    @abstractmethod
    def ending(self, part: int) -> Reason:
        """Why a part ended; GOING_ON where it has not, or was broken off."""

    @abstractmethod
    def turn_of(self, number: int) -> int:
        """The last turn that the page gave an act on this item; 0 where there was none."""

    def order_at(self, number: int) -> str:
        """Own letters of the options in the order shown for the item with this number."""
        return option_order(self.terms.seed, number, shuffle=self.pool.shuffle_options)

    @property
    def limit(self) -> int:
        """Served time allowed, microseconds."""
        return self.terms.seconds * MICROSECONDS

    @property
    def deadline(self) -> int | None:
        """When the time will be used up; None while the clock is not running."""
        return self.clock.deadline(self.limit)

    def left(self, now: int) -> int:
        """Served time left, microseconds, never negative."""
        return max(0, self.limit - self.clock.served(now))

    def is_late(self, now: int) -> bool:
        """Whether the time is used up, the grace not counted. A clock set back gives none back."""
        return self.deadline is not None and max(now, self.last_at) >= self.deadline

    def is_overdue(self, now: int) -> bool:
        """Whether time and grace ran out while nobody closed the sitting."""
        grace = GRACE_SECONDS * MICROSECONDS
        return self.deadline is not None and now >= self.deadline + grace


class Course:
    """Phase, clock and order of the events while a record is folded."""

    def __init__(self, state: State) -> None:
        self.phase, self.clock = state.phase, state.clock
        self.seq, self.last_at = state.seq, state.last_at

    def take(self, event: Event) -> None:
        """Take in one event of any kind; raises RecordBroken when it cannot follow."""
        kind = event.kind
        if event.seq != self.seq + 1:
            raise broken(event, f"follows event {self.seq}")
        if event.at < self.last_at:
            raise broken(event, "happened before the event that it follows")
        # Nearly all events are acts on items; looking those up doubles the time they take.
        if self.phase is not Phase.WORKING or kind not in _ACTS:
            before, after = TRANSITIONS[kind]
            if self.phase not in before:
                raise broken(event, f"cannot happen while {self.phase}")
            self.phase = after
            if kind is Kind.STARTED:
                self.clock = self.clock.start(event.at)
            elif kind is Kind.PAUSED or kind is Kind.FINISHED:
                self.clock = self.clock.stop(event.at)
            elif kind is Kind.RESUMED:
                self.clock = self.clock.resume(event.at)
        self.seq, self.last_at = event.seq, event.at


_ACTS = frozenset({Kind.CHOSEN, Kind.ANSWERED, Kind.FLAGGED})
