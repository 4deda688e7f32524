"""Where a sitting meets items on trial: unscored, at random places, unknown to the candidate.

A trial item stands between two scored ones, never after the last, so that a part ends exactly as
it would without it. Neither its place nor the item depends on any answer, and its answer reaches no
estimate: theta, nilai and the choice of scored items are those of the same sitting without it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cat.itembank.pool import PartPool
from cat.selection.policy import Policy
from cat.selection.randomness import random_bits

# Item choice draws from counters below 2**32, the order of options from the next 2**32.
_PRETEST_STREAM = 1 << 33
_PER_PART = 1 << 24


class Slot(NamedTuple):
    """One trial item of a sitting: its position among the part's trial items, and the number of
    scored answers in the part after which it is shown.
    """

    after: int
    item: int


def slots(seed: int, place: int, part: PartPool, burnt: tuple[str, ...] = ()) -> tuple[Slot, ...]:
    """The trial items of one part of a sitting, in the order in which they are met.

    seed : of the sitting. place : position of the part in the pool. burnt : codes of items that the
    person may not be given.

    Items and places are simple random samples without replacement; burnt items and enemies of an
    item drawn before are passed over, so that there may be fewer than the pool asks for.
    """
    if not part.pretest or not part.pretest_slots:
        return ()
    gaps = Policy.from_mapping(part.policy).stopping.certain(part.blueprint.length)
    counters = _PRETEST_STREAM + place * _PER_PART + np.arange(len(part.pretest) + gaps)
    keys = random_bits(seed, counters)
    chosen: list[int] = []
    for item in np.argsort(keys[: len(part.pretest)], kind="stable").tolist():
        if len(chosen) == part.pretest_slots or part.pretest[item].code in burnt:
            continue
        if not _has_enemy(part, item, chosen):
            chosen.append(item)
    places = np.argsort(keys[len(part.pretest) :], kind="stable")[: len(chosen)]
    return tuple(map(Slot, sorted(places.tolist()), chosen))


def _has_enemy(part: PartPool, item: int, chosen: list[int]) -> bool:
    candidate = part.pretest[item]
    return any(
        part.pretest[other].code in candidate.enemies
        or candidate.code in part.pretest[other].enemies
        for other in chosen
    )
