"""Posterior-weighted Kullback-Leibler information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.scoring.tables import LEAST_LIKELIHOOD, ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.weighted_sums import slices, weighted_sums, whole
from cat.selection.known import Known

Floats = NDArray[np.float64]

# Logarithms of chances no smaller than LEAST_LIKELIHOOD stay below 32 in size.
_LOG_UNIT = 2.0**-21


@dataclass(frozen=True)
class PosteriorKullbackLeibler:
    """Divergence of the answers expected at the estimate from those at each ability, averaged over
    the posterior.

    Chang & Ying (1996), Applied Psychological Measurement 20, 213-229, with the posterior in place
    of their window, as in Veldkamp & van der Linden (2002), Psychometrika 67, 575-588.
    """

    def __call__(self, known: Known, tables: ItemTables) -> Floats:
        """(J, I) expected divergence."""
        require_fit(known, tables)
        return mean_divergence(known.posterior, known, tables)


def mean_divergence(weights: Floats, known: Known, tables: ItemTables) -> Floats:
    """Divergence of the answers expected at the estimate from those at each node, on average.

    weights : (J, Q) of the nodes, adding to 1 over Q. Returns (J, I).
    """
    count, categories, nodes = tables.likelihood.shape
    logarithm = whole(np.log(tables.likelihood), _LOG_UNIT).reshape(count * categories, nodes)
    scores = np.empty((len(weights), count))
    for persons in slices(len(scores), count * categories):
        here = irt.probability(known.theta[persons], tables.items)
        elsewhere = weighted_sums(weights[persons], logarithm, _LOG_UNIT)
        gain = np.log(np.maximum(here, LEAST_LIKELIHOOD)) - elsewhere.reshape(here.shape)
        scores[persons] = (here * gain).sum(axis=2)
    return scores
