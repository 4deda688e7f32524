"""Setting up exposure control: the test is rehearsed until no item is given too often.

A simulee counts in every group of ability in which they were given an item, as van der Linden &
Veldkamp (2007), Journal of Educational and Behavioral Statistics 32, 398-418, count the abilities
that a person visits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cat.selection import step
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.appraisal import admission_chance
from cat.selection.exposure import eligibility, sympson_hetter
from cat.selection.exposure.admission import Admission
from cat.selection.policy import ExposurePlan
from cat.selection.randomness import random_bits
from cat.simulation import cohort
from cat.simulation.cohort import Controls, SimulatedAnswers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Draws abilities of as many simulees as asked for, from their numbers: (J,) -> (J, P) logits.
Population = Callable[[Ints], Floats]

ROUNDS = 40
# Sympson-Hetter looks at a whole rehearsal before it changes anything, item eligibility learns as
# it goes: small batches, many of them.
_PERSONS = {"sympson_hetter": 3000, "kelayakan": 400}
# Where shadow tests are assembled a person costs some hundred times as much; one in so many sits.
_FEWER_WITH_SHADOWS = 4
_STREAM = 0x5E7_0001


def control(
    parts: Sequence[AdaptivePart],
    population: Population,
    seed: int,
    transition: Floats | None = None,
    rounds: int = ROUNDS,
) -> tuple[AdaptivePart, ...]:
    """The parts with the admission that their exposure plans ask for; other parts stay as they are.

    population : abilities of the people for whom exposure is to be held down.
    seed : of all luck in the rehearsals. transition : as in `cohort.Controls`.

    Raises BadInput when a plan asks for less exposure than a full test needs.
    """
    rehearsed = list(parts)
    for place, part in enumerate(parts):
        plan = part.policy.exposure
        if plan is not None and plan.method in _PERSONS:
            # Earlier parts, controlled already as they will be in the exam, matter only where
            # they inform this one.
            earlier = rehearsed[:place] if transition is not None else []
            keep = (
                _Sympson(part, plan) if plan.method == "sympson_hetter" else _Eligible(part, plan)
            )
            persons = _PERSONS[plan.method] // (_FEWER_WITH_SHADOWS if part.shadow else 1)
            for number in range(rounds):
                present = [*earlier, part.controlled(keep.admission)]
                numbers = np.arange(persons) + number * persons
                theta = population(numbers)[:, place + 1 - len(present) : place + 1]
                keep.learn(_rehearse(present, theta, numbers, seed, transition))
            rehearsed[place] = part.controlled(keep.admission)
    return tuple(rehearsed)


class _Sympson:
    """Chances after each round."""

    def __init__(self, part: AdaptivePart, plan: ExposurePlan) -> None:
        self.part, self.plan = part, plan
        self.admission = Admission.of_everything(len(part.tables), plan.edges)

    def learn(self, watch: _Watch) -> None:
        seen = sympson_hetter.Observed(
            selected=(watch.given | watch.refused).sum(axis=1),
            administered=watch.given.sum(axis=1),
            persons=watch.visited.sum(axis=1),
        )
        self.admission = sympson_hetter.adjust(
            self.admission, seen, self.plan.r_max, self.part.longest
        )


class _Eligible:
    """Chances that follow the counts of all simulees so far, older ones faded."""

    def __init__(self, part: AdaptivePart, plan: ExposurePlan) -> None:
        self.plan = plan
        self.state = eligibility.start(len(part.tables), plan.edges)

    @property
    def admission(self) -> Admission:
        return eligibility.admission(self.state, self.plan.r_max)

    def learn(self, watch: _Watch) -> None:
        admitted = watch.chance < self.admission.probability[:, None, :]
        opened = (admitted | ~watch.feasible[..., None]) & watch.visited[..., None]
        seen = eligibility.Observed(
            administered=watch.given.sum(axis=1),
            eligible=(opened | watch.given).sum(axis=1),
            persons=watch.visited.sum(axis=1),
            feasible=(watch.visited & watch.feasible).sum(axis=1),
        )
        self.state = eligibility.adjust(self.state, seen, self.plan.fading)


class _Watch:
    """Looks on while items are drawn in one part; everything by the group G of ability in which a
    person was at that moment.

    visited, feasible : (G, J) whether the person was ever there, and always found an open item.
    given, refused : (G, J, I) items given there, and items that came up but were not open.
    """

    def __init__(self, place: int, part: AdaptivePart, seeds: NDArray[np.uint64]) -> None:
        self.place, self.part = place, part
        groups = 1 if part.admission is None else len(part.admission.probability)
        people, everything = (groups, len(seeds)), (groups, len(seeds), len(part.tables))
        self.visited = np.zeros(people, dtype=np.bool_)
        self.feasible = np.ones(people, dtype=np.bool_)
        self.given = np.zeros(everything, dtype=np.bool_)
        self.refused = np.zeros(everything, dtype=np.bool_)
        self.chance = admission_chance(part, seeds, np.arange(len(part.tables))[None, :])

    def __call__(self, part: int, persons: Ints, found: step.Candidates, items: Ints) -> None:
        if part != self.place or self.part.admission is None or found.admitted is None:
            return
        group = self.part.admission.group_of(found.theta)
        before = (found.ranked == items[:, None]).cumsum(axis=1) == 0
        row, column = np.nonzero(before & found.fits & ~found.admitted)
        self.refused[group[row], persons[row], found.ranked[row, column]] = True
        self.given[group, persons, items] = True
        self.visited[group, persons] = True
        self.feasible[group, persons] &= (found.fits & found.admitted).any(axis=1)


def _rehearse(
    parts: Sequence[AdaptivePart],
    theta: Floats,
    numbers: Ints,
    seed: int,
    transition: Floats | None,
) -> _Watch:
    """What happens in the last of the parts."""
    seeds = random_bits(seed ^ _STREAM, numbers)
    watch = _Watch(len(parts) - 1, parts[-1], seeds)
    luck = random_bits(seed ^ _STREAM ^ 1, numbers)
    answers = SimulatedAnswers(parts, theta, luck)
    cohort.run(parts, answers, seeds, Controls(transition=transition), watch)
    return watch
