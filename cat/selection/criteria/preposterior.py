"""What would be known of each person after each possible answer to each item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring import eap
from cat.scoring.tables import ItemTables
from cat.selection.criteria.weighted_sums import (
    WEIGHT_UNIT,
    scaled_sums,
    slices,
    weighted_sums,
    whole,
)
from cat.selection.known import Known

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Preposterior:
    """The answers that some of the persons may give next.

    persons : which of the cohort these J are.
    theta, se : (J,) posterior mean and standard deviation now, logits.
    chance : (J, I, K) chance of each answer given those before it; 0 in categories that an item
        does not have.
    shift : (J, I, K) by how much that answer would move the posterior mean, logits.
    spread : (J, I, K) mean squared distance from theta after that answer, logit**2, when asked for.
    """

    persons: slice
    theta: Floats
    se: Floats
    chance: Floats
    shift: Floats
    spread: Floats | None = None

    @property
    def mean(self) -> Floats:
        """(J, I, K) posterior mean after each answer, logits."""
        return self.theta[:, None, None] + self.shift


def preposteriors(
    known: Known, tables: ItemTables, *, with_spread: bool = False
) -> Iterator[Preposterior]:
    """Every person's possible next answers, a slice of the cohort at a time to bound memory.

    van der Linden (1998), Psychometrika 63, 201-216.
    """
    count, categories, nodes = tables.likelihood.shape
    likelihood = whole(tables.likelihood, WEIGHT_UNIT)
    likelihood *= _has_category(tables)[:, :, None]
    likelihood = likelihood.reshape(count * categories, nodes)
    shape = (-1, count, categories)
    # Not `known.theta`: an answer moves the mean that the nodes themselves give. Moments are taken
    # around it, so that nothing cancels.
    theta, se = eap.estimate(known.posterior, known.quadrature)
    away = known.quadrature.nodes - theta[:, None]

    def moments(persons: slice, power: int) -> Floats:
        weights = known.posterior[persons] * away[persons] ** power
        return scaled_sums(weights, likelihood, WEIGHT_UNIT).reshape(shape)

    for persons in slices(len(known.posterior), count * categories):
        chance = weighted_sums(known.posterior[persons], likelihood, WEIGHT_UNIT).reshape(shape)
        shift = _quotient(moments(persons, 1), chance)
        spread = _quotient(moments(persons, 2), chance) if with_spread else None
        yield Preposterior(persons, theta[persons], se[persons], chance, shift, spread)


def _quotient(part: Floats, total: Floats) -> Floats:
    """part / total, 0 where there is nothing of either."""
    return np.asarray(np.divide(part, total, out=np.zeros(part.shape), where=total > 0))


def _has_category(tables: ItemTables) -> NDArray[np.bool_]:
    """(I, K) whether the item has the category."""
    return np.asarray(np.arange(tables.likelihood.shape[1]) < tables.items.categories[:, None])
