"""Who sends what when: people at their own pace, which together arrive at random.

Each person takes a time over each item that is drawn anew; fifty thousand such independent rows of
moments laid over each other are a Poisson process for all that a server can tell. A choice is saved
before some of the answers, and a page that has sent nothing for a while asks where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from bench.load.mid_exam import DRAFTS, SECONDS_PER_ITEM, VARIATION, gaps

HEARTBEAT_SECONDS = 45.0  # the page asks when it has sent nothing for so long
DRAFT_LEAD = (0.05, 0.5)  # how long before the answer it was chosen, as a share of the time taken
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Kind(IntEnum):
    """What is sent. The last three belong to nobody's pace: see `visits`."""

    ANSWER = 0
    DRAFT = 1
    HEARTBEAT = 2
    LOGIN_PAGE = 3
    EXAM_PAGE = 4
    ITEM = 5


LABELS = {
    Kind.ANSWER: "answer (jawab)",
    Kind.DRAFT: "choice saved (pilih)",
    Kind.HEARTBEAT: "heartbeat (keadaan)",
    Kind.LOGIN_PAGE: "login page",
    Kind.EXAM_PAGE: "exam page with its static files",
    Kind.ITEM: "current item (soal)",
}


@dataclass(frozen=True)
class Schedule:
    """N requests in order. due : (N,) seconds from the start. person : (N,). kind : (N,)."""

    due: Floats
    person: NDArray[np.int32]
    kind: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.due)

    def count(self, kind: Kind) -> int:
        """How many there are of a kind."""
        return int((self.kind == kind).sum())


def plan(
    left: Ints, seconds: float, *, per_second: float, rng: np.random.Generator, pages: float = 5.0
) -> Schedule:
    """What people send within so many seconds.

    left : (J,) items that each has before them. per_second : answers of all together.
    pages : login pages, exam pages and requests for the current item, of each so many a second.
    """
    answers = _answers(left, seconds, per_second, rng)
    drafts = _drafts(*answers, rng)
    due, person = np.hstack([answers[0], drafts[0]]), np.hstack([answers[1], drafts[1]])
    beats = _heartbeats(due, person, left, answers, seconds, rng)
    calls = [visits(seconds, pages, len(left), rng) for _ in range(3)]
    kinds = (Kind.ANSWER, Kind.DRAFT, Kind.HEARTBEAT, Kind.LOGIN_PAGE, Kind.EXAM_PAGE, Kind.ITEM)
    parts = [answers[:2], drafts, beats, *calls]
    return _in_order(
        np.hstack([part[0] for part in parts]),
        np.hstack([part[1] for part in parts]),
        np.repeat(kinds, [len(part[0]) for part in parts]),
        seconds,
    )


def visits(
    seconds: float, per_second: float, people: int, rng: np.random.Generator
) -> tuple[Floats, Ints]:
    """Requests of anybody at any time: a Poisson process."""
    count = rng.poisson(seconds * per_second)
    return rng.uniform(0, seconds, count), rng.integers(0, people, count)


def _answers(
    left: Ints, seconds: float, per_second: float, rng: np.random.Generator
) -> tuple[Floats, Ints, Floats]:
    """When who answers, and how long each had taken over the item.

    People who finish leave gaps in the load; all moments are drawn together by that much, so that
    the rate is the one asked for.
    """
    people = len(left)
    pace = people / per_second
    most = int(min(left.max(initial=1), seconds / pace * 2 + 8))
    taken = gaps(rng, (people, most)) * (pace / SECONDS_PER_ITEM)
    # A moment picked at random falls into a long wait rather than a short one, in the midst of it.
    taken[:, 0] *= 1 + VARIATION**2
    times = taken.cumsum(axis=1)
    times -= (taken[:, 0] * rng.random(people))[:, None]
    is_there = np.arange(most) < left[:, None]
    for _ in range(3):
        sent = int((is_there & (times < seconds)).sum())
        if sent:
            times *= sent / (per_second * seconds)
    # A little beyond the end: what is answered then may have been chosen before it.
    is_sent = is_there & (times < seconds + 2 * pace)
    return times[is_sent], np.nonzero(is_sent)[0], taken[is_sent]


def _drafts(
    due: Floats, person: Ints, taken: Floats, rng: np.random.Generator
) -> tuple[Floats, Ints]:
    chosen = rng.random(len(due)) < DRAFTS
    lead = rng.uniform(*DRAFT_LEAD, len(due)) * taken
    before = due - lead
    chosen &= before > 0
    return before[chosen], person[chosen]


def _heartbeats(
    due: Floats,
    person: Ints,
    left: Ints,
    answers: tuple[Floats, Ints, Floats],
    seconds: float,
    rng: np.random.Generator,
) -> tuple[Floats, Ints]:
    """One for each whole wait in which a page sent nothing else, until the exam is finished."""
    people = len(left)
    everybody = np.arange(people)
    given = np.bincount(answers[1], minlength=people)
    last = np.zeros(people)
    np.maximum.at(last, answers[1], answers[0])
    # Before the beginning something was sent at some moment, too; after the last answer nothing is.
    ends = np.where(given >= left, last, seconds)
    moments = np.hstack([-rng.uniform(0, HEARTBEAT_SECONDS, people), due, ends])
    owner = np.hstack([everybody, person, everybody])
    order = np.lexsort((moments, owner))
    moments, owner = moments[order], owner[order]
    waits = np.where(owner[1:] == owner[:-1], np.diff(moments), 0.0)
    counts = np.floor(np.maximum(waits, 0.0) / HEARTBEAT_SECONDS).astype(np.int64)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    turn = np.arange(counts.sum()) - first + 1
    beats = np.repeat(moments[:-1], counts) + turn * HEARTBEAT_SECONDS
    return beats, np.repeat(owner[:-1], counts)


def _in_order(due: Floats, person: Ints, kind: Ints, seconds: float) -> Schedule:
    inside = (due >= 0) & (due < seconds)
    due, person, kind = due[inside], person[inside], kind[inside]
    order = np.argsort(due, kind="stable")
    return Schedule(due[order], person[order].astype(np.int32), kind[order].astype(np.int8))
