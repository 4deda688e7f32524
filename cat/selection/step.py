"""The adaptive step: what is known of each person, learning from an answer, choosing the next item.

The live exam calls it with one person, the simulation with a cohort; what a person gets is the same
to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.itembank.pool import PartPool
from cat.scoring import eap
from cat.selection import posterior_information, randomesque


@dataclass(frozen=True)
class Progress:
    """What a part has learned of J persons.

    posterior : (J, Q); used : (J, I) items already given; taken : (J, L) counts per domain.
    """

    posterior: NDArray[np.float64]
    used: NDArray[np.bool_]
    taken: NDArray[np.int64]


def begin(part: PartPool, persons: int) -> Progress:
    """Progress of persons who enter the part."""
    return Progress(
        posterior=eap.start(part.quadrature, persons),
        used=np.zeros((persons, len(part.items)), dtype=np.bool_),
        taken=np.zeros((persons, len(part.tree.leaves)), dtype=np.int64),
    )


def update(
    part: PartPool, progress: Progress, items: NDArray[np.int64], categories: NDArray[np.int64]
) -> Progress:
    """Progress after each person answered one item.

    items : (J,) positions; categories : (J,) response categories from 0.
    """
    persons = np.arange(len(items))
    used, taken = progress.used.copy(), progress.taken.copy()
    used[persons, items] = True
    taken[persons, part.leaf[items]] += 1
    likelihood = part.likelihood[items, categories]
    return Progress(eap.update(progress.posterior, likelihood), used, taken)


def choose(
    part: PartPool, progress: Progress, top: int, chance: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The next item of each person: one of the `top` most informative from which the blueprint
    can still be completed.

    chance : (J,) uniform numbers in [0, 1).

    Returns (J,) positions. Raises PoolExhausted.
    """
    scores = posterior_information.criterion(progress.posterior, part.information)
    eligible = part.tree.open_leaves(progress.taken)[:, part.leaf] & ~progress.used
    return randomesque.draw(scores, eligible, top, chance)
