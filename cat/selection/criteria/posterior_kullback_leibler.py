"""Posterior-weighted Kullback-Leibler information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.scoring.tables import LEAST_LIKELIHOOD, ItemTables
from cat.selection.criteria.weighted_sums import slices, weighted_sums, whole
from cat.selection.known import Known

# Logarithms of chances no smaller than LEAST_LIKELIHOOD stay below 32 in size.
_LOG_UNIT = 2.0**-21


@dataclass(frozen=True)
class PosteriorKullbackLeibler:
    """Divergence of the answers expected at the estimate from those at each ability, averaged over
    the posterior.

    Chang & Ying (1996), Applied Psychological Measurement 20, 213-229, with the posterior in place
    of their window, as in Veldkamp & van der Linden (2002), Psychometrika 67, 575-588.
    """

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I) expected divergence."""
        count, categories, nodes = tables.likelihood.shape
        logarithm = whole(np.log(tables.likelihood), _LOG_UNIT).reshape(count * categories, nodes)
        scores = np.empty((len(known.posterior), count))
        for persons in slices(len(scores), count * categories):
            here = irt.probability(known.theta[persons], tables.items)
            elsewhere = weighted_sums(known.posterior[persons], logarithm, _LOG_UNIT)
            gain = np.log(np.maximum(here, LEAST_LIKELIHOOD)) - elsewhere.reshape(here.shape)
            scores[persons] = (here * gain).sum(axis=2)
        return scores
