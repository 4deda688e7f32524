"""Simulees sit an adaptive test side by side, through the same step as the live exam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cat.scoring import eap, linked_prior
from cat.selection import step
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.ending import reasons_to_stop
from cat.selection.exposure import hard_cap
from cat.selection.progress import begin, learn, posterior
from cat.selection.randomness import uniform
from cat.selection.stopping import Reason

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Seeds = NDArray[np.uint64]


class Answers(Protocol):
    """Where the answers of simulees come from."""

    def __call__(self, part: int, items: Ints, persons: Ints, numbers: Ints) -> NDArray[np.int8]:
        """Response categories (J,) of persons (J,) to items (J,) of a part, all positions.

        numbers : (J,) of the item in each person's sitting, 1 for the first.
        """
        ...

    def unavailable(self, part: int, persons: Ints) -> NDArray[np.bool_] | None:
        """Items (J, I) that cannot be given because no answer to them exists; None for no item."""
        ...


@dataclass(frozen=True)
class SimulatedAnswers:
    """Answers drawn from the response model.

    theta : (J, P) true abilities in each part, logits. parts : P parts.
    seeds : (J,) luck of each simulee: an answer depends on it and the item's number only.
    """

    parts: Sequence[AdaptivePart]
    theta: Floats
    seeds: Seeds

    def __call__(self, part: int, items: Ints, persons: Ints, numbers: Ints) -> NDArray[np.int8]:
        chance = uniform(self.seeds[persons], numbers)
        return answer_category(self.parts[part], self.theta[persons, part], items, chance)

    def unavailable(self, part: int, persons: Ints) -> None:
        return None


def answer_category(
    part: AdaptivePart, theta: Floats, items: Ints, chance: Floats
) -> NDArray[np.int8]:
    """Response categories (J,) that persons of ability theta (J,) give to items (J,).

    chance : (J,) uniform numbers in [0, 1). Chances between the nodes are interpolated.
    """
    nodes = part.tables.quadrature.nodes
    place = np.clip((theta - nodes[0]) / (nodes[1] - nodes[0]), 0, len(nodes) - 1.000001)
    below = place.astype(np.int64)
    weight = (place - below)[:, None]
    low = part.tables.likelihood[items, :, below]
    high = part.tables.likelihood[items, :, below + 1]
    chances = low + weight * (high - low)
    reached = chances.cumsum(axis=1)[:, :-1] < chance[:, None]
    highest = part.tables.items.categories[items] - 1
    return np.asarray(np.minimum(reached.sum(axis=1), highest), dtype=np.int8)


@dataclass(frozen=True)
class PartRun:
    """What one part gave.

    items, categories : (J, n) positions and response categories in order, -1 after the last.
    length : (J,) items answered. reason : (J,) why the part ended, see `Reason`.
    theta, se : (J,) EAP estimates under the population's prior, logits.
    """

    items: NDArray[np.int32]
    categories: NDArray[np.int8]
    length: NDArray[np.int64]
    reason: NDArray[np.int8]
    theta: Floats
    se: Floats


class Watch(Protocol):
    """Somebody who looks on while items are drawn."""

    def __call__(self, part: int, persons: Ints, found: step.Candidates, items: Ints) -> None:
        """Persons (J,) of a part were given items (J,) out of what was found for them."""
        ...


@dataclass(frozen=True)
class Controls:
    """What a cohort is held to beyond its parts.

    transition : (Q, Q) link between the abilities of neighbouring parts, see `linked_prior`: what
        one part showed is the belief with which the next one begins. None keeps the parts apart.
    capacity : per part, (I,) how often each item may be given to this cohort, or None.
    """

    transition: Floats | None = None
    capacity: Sequence[Ints | None] = ()


def run(
    parts: Sequence[AdaptivePart],
    answers: Answers,
    seeds: Seeds,
    controls: Controls | None = None,
    watch: Watch | None = None,
) -> list[PartRun]:
    """Let J simulees answer all parts.

    seeds : (J,) sitting seeds, which decide all draws as in a live sitting.

    Raises PoolExhausted when somebody who must go on has no item left.
    """
    controls = controls or Controls()
    runs: list[PartRun] = []
    numbers = np.ones(len(seeds), dtype=np.int64)
    prior = None
    for place, part in enumerate(parts):
        capacity = controls.capacity[place] if controls.capacity else None
        sitting = _Sitting(place, part, answers, seeds, numbers, prior, capacity, watch)
        runs.append(sitting.run())
        numbers = numbers + runs[-1].length
        if controls.transition is not None:
            prior = linked_prior.prior_after(sitting.posterior, controls.transition)
    return runs


class _Sitting:
    """One part while a cohort sits it; people leave as their rules end it for them."""

    def __init__(
        self,
        place: int,
        part: AdaptivePart,
        answers: Answers,
        seeds: Seeds,
        numbers: Ints,
        prior: Floats | None,
        capacity: Ints | None,
        watch: Watch | None,
    ) -> None:
        self.place, self.part, self.answers = place, part, answers
        self.capacity = None if capacity is None else capacity.copy()
        self.watch = watch
        self.seeds, self.numbers = seeds, numbers
        self.persons = np.arange(len(seeds))
        self.progress = begin(part, len(seeds), prior)
        self.closed = answers.unavailable(place, self.persons)
        if self.closed is not None:
            self.progress.used |= self.closed
        everyone = (len(seeds), part.longest)
        self.items = np.full(everyone, -1, dtype=np.int32)
        self.categories = np.full(everyone, -1, dtype=np.int8)
        self.reason = np.full(len(seeds), Reason.GOING_ON, dtype=np.int8)
        self.posterior = np.empty_like(self.progress.likelihood)

    def run(self) -> PartRun:
        while len(self.persons):
            items = self._items()
            if len(self.persons):
                self._give(items)
                self._leave(reasons_to_stop(self.part, self.progress))
        theta, se = eap.estimate(self.posterior, self.part.tables.quadrature)
        length = (self.items >= 0).sum(axis=1)
        return PartRun(self.items, self.categories, length, self.reason, theta, se)

    def _items(self) -> Ints:
        """The next item of each person; those for whom no answered item is left leave first."""
        numbers = self.numbers + self.progress.answered
        if self.capacity is not None:
            self.progress.used[:, self.capacity == 0] = True
        if self.closed is None and self.capacity is None and self.watch is None:
            return step.choose(self.part, self.progress, self.seeds, numbers)
        found = step.candidates(self.part, self.progress, self.seeds, numbers)
        stuck = ~found.fits.any(axis=1)
        if self.closed is not None and stuck.any():
            self._leave(np.where(stuck, Reason.NO_ITEM, Reason.GOING_ON).astype(np.int8))
            numbers = numbers[~stuck]
            found = step.candidates(self.part, self.progress, self.seeds, numbers)
        items = step.pick(found, self.part.policy.top, uniform(self.seeds, numbers))
        if self.capacity is not None:
            others = np.where(found.allowed, found.ranked, -1)
            wishes = np.column_stack([items, others]).astype(np.int64)
            items, self.capacity = hard_cap.assign(wishes, self.capacity)
        if self.watch is not None:
            self.watch(self.place, self.persons, found, items)
        return items

    def _give(self, items: Ints) -> None:
        answered = self.progress.answered
        numbers = self.numbers + answered
        categories = self.answers(self.place, items, self.persons, numbers)
        self.items[self.persons, answered] = items
        self.categories[self.persons, answered] = categories
        learn(self.part, self.progress, items, categories)

    def _leave(self, reasons: NDArray[np.int8]) -> None:
        gone = reasons != Reason.GOING_ON
        if not gone.any():
            return
        leaving = self.progress if gone.all() else self.progress.only(gone)
        self.reason[self.persons[gone]] = reasons[gone]
        self.posterior[self.persons[gone]] = posterior(self.part, leaving)
        stay = ~gone
        self.progress = self.progress.only(stay)
        self.persons, self.seeds = self.persons[stay], self.seeds[stay]
        self.numbers = self.numbers[stay]
