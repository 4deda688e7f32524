"""What would be known of each person after each possible answer to each item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring import eap
from cat.scoring.tables import ItemTables
from cat.selection.criteria.weighted_sums import WEIGHT_UNIT, slices, weighted_sums, whole
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
    """

    persons: slice
    theta: Floats
    se: Floats
    chance: Floats
    shift: Floats

    @property
    def mean(self) -> Floats:
        """(J, I, K) posterior mean after each answer, logits."""
        return self.theta[:, None, None] + self.shift


def preposteriors(known: Known, tables: ItemTables) -> Iterator[Preposterior]:
    """Every person's possible next answers, a slice of the cohort at a time to bound memory.

    van der Linden (1998), Psychometrika 63, 201-216.
    """
    count, categories, nodes = tables.likelihood.shape
    likelihood = whole(tables.likelihood, WEIGHT_UNIT)
    likelihood *= _has_category(tables)[:, :, None]
    likelihood = likelihood.reshape(count * categories, nodes)
    # Moments are taken around the mean, so that nothing cancels, and in shares of the node range,
    # so that they add to less than 1.
    span = known.quadrature.nodes[-1] - known.quadrature.nodes[0]
    # Not `known.theta`: an answer moves the mean that the nodes themselves give.
    theta, se = eap.estimate(known.posterior, known.quadrature)
    away = (known.quadrature.nodes - theta[:, None]) / span
    for persons in slices(len(known.posterior), count * categories):
        posterior = known.posterior[persons]
        shape = (len(posterior), count, categories)
        chance = weighted_sums(posterior, likelihood, WEIGHT_UNIT).reshape(shape)
        moment = weighted_sums(posterior * away[persons], likelihood, WEIGHT_UNIT).reshape(shape)
        moment *= span
        shift = np.divide(moment, chance, out=np.zeros(shape), where=chance > 0)
        yield Preposterior(persons, theta[persons], se[persons], chance, shift)


def _has_category(tables: ItemTables) -> NDArray[np.bool_]:
    """(I, K) whether the item has the category."""
    return np.asarray(np.arange(tables.likelihood.shape[1]) < tables.items.categories[:, None])
