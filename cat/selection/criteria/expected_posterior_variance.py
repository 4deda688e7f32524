"""Minimum expected posterior variance: the item whose answer should settle the most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring.tables import ItemTables
from cat.selection.criteria.preposterior import preposteriors
from cat.selection.known import Known


@dataclass(frozen=True)
class ExpectedPosteriorVariance:
    """Posterior variance expected after one more answer, with its sign turned: larger is better.

    The posterior variance falls, on average, by the variance of the mean that the answer moves.
    van der Linden & Pashley (2000), in van der Linden & Glas (eds), Computerized Adaptive
    Testing, 1-25; Owen (1975), Journal of the American Statistical Association 70, 351-356.
    """

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I) minus the expected variance, logit**2."""
        scores = np.empty((len(known.posterior), len(tables)))
        for after in preposteriors(known, tables):
            fall = (after.chance * after.shift**2).sum(axis=2)
            scores[after.persons] = fall - after.se[:, None] ** 2
        return scores
