"""Maximum expected information: the item that should measure best where its answer leads."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.irt.items import Items
from cat.scoring.tables import ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.parameter_rules import require_truth
from cat.selection.criteria.preposterior import preposteriors
from cat.selection.known import Known

Floats = NDArray[np.float64]

# Where the cost of a call to a response model equals that of its arithmetic.
_CELLS_PER_CALL = 2**14


@dataclass(frozen=True)
class ExpectedInformation:
    """The item's own information at the estimate after its answer, averaged over the answers.

    Each answer moves the expected a posteriori ability. Information that earlier items give there
    is left out, as in catR.

    observed : whether it is the observed information of that answer, else Fisher information; the
        two are equal for 1PL, 2PL and partial credit items.
    at_estimate : whether an answer counts with its chance at the current estimate, as in catR;
        otherwise with its chance given the answers before it (posterior predictive).

    van der Linden (1998), Psychometrika 63, 201-216; Magis & Raîche (2012), Journal of Statistical
    Software 48(8), for the item's own information.
    """

    observed: bool = True
    at_estimate: bool = False

    def __post_init__(self) -> None:
        require_truth("observed", self.observed)
        require_truth("at_estimate", self.at_estimate)

    def __call__(self, known: Known, tables: ItemTables) -> Floats:
        """(J, I) expected information, 1/logit**2."""
        require_fit(known, tables)
        scores = np.empty((len(known.posterior), len(tables)))
        for after in preposteriors(known, tables):
            information = self._information(after.mean, tables.items)
            chance = after.chance
            if self.at_estimate:
                chance = irt.probability(known.theta[after.persons], tables.items)
            scores[after.persons] = (chance * information).sum(axis=2)
        return scores

    def _information(self, theta: Floats, items: Items) -> Floats:
        """(J, I, K) information of each answer to each item at an ability of its own."""
        persons, count, categories = theta.shape
        information = np.empty(theta.shape)
        # The response models take every item at the same abilities: a few items at a time make
        # few calls for one person and waste little work for a cohort.
        width = max(1, math.isqrt(_CELLS_PER_CALL // (persons * categories**2)))
        for start in range(0, count, width):
            block = slice(start, start + width)
            some = items.only(np.arange(count)[block])
            at = theta[:, block].ravel()
            shape = (persons, len(some), categories, len(some))
            if self.observed:
                bend = irt.curves(at, some).observed.reshape(*shape, categories)
                information[:, block] = np.einsum("jikik->jik", bend)
            else:
                fisher = irt.information(at, some).reshape(shape)
                information[:, block] = np.einsum("jiki->jik", fisher)
        return information
