"""Minimum expected posterior variance: the item whose answer should settle the most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.scoring.tables import ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.parameter_rules import require_truth
from cat.selection.criteria.preposterior import preposteriors
from cat.selection.known import Known

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ExpectedPosteriorVariance:
    """Posterior variance expected after one more answer, with its sign turned: larger is better.

    at_estimate : whether an answer counts with its chance at the current estimate, as in catR;
        otherwise with its chance given the answers before it (posterior predictive).

    van der Linden & Pashley (2000), in van der Linden & Glas (eds), Computerized Adaptive
    Testing, 1-25; Owen (1975), Journal of the American Statistical Association 70, 351-356.
    """

    at_estimate: bool = False

    def __post_init__(self) -> None:
        require_truth("at_estimate", self.at_estimate)

    def __call__(self, known: Known, tables: ItemTables) -> Floats:
        """(J, I) minus the expected variance, logit**2."""
        require_fit(known, tables)
        scores = np.empty((len(known.posterior), len(tables)))
        for after in preposteriors(known, tables, with_spread=self.at_estimate):
            if after.spread is not None:
                chance = irt.probability(known.theta[after.persons], tables.items)
                variance = np.maximum(after.spread - after.shift**2, 0.0)
                scores[after.persons] = -(chance * variance).sum(axis=2)
            else:
                # The variance falls, on average, by that of the mean which the answer moves.
                fall = (after.chance * after.shift**2).sum(axis=2)
                scores[after.persons] = fall - after.se[:, None] ** 2
        return scores
