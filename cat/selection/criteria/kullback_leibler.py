"""Kullback-Leibler information: the item that best tells the estimate from abilities around it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.scoring.tables import LEAST_LIKELIHOOD, ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.likelihood_information import likelihood_weights
from cat.selection.criteria.parameter_rules import require_positive, require_truth
from cat.selection.criteria.posterior_kullback_leibler import mean_divergence
from cat.selection.criteria.weighted_sums import slices
from cat.selection.known import Known

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class KullbackLeibler:
    """Divergence of the answers expected at the estimate from those at abilities near it.

    The divergence is integrated over theta +- width / sqrt(n) with n answers so far; n = 1 before
    the first. A small window ranks items as Fisher information does.

    width : half the window's width after one answer, logits, > 0.
    by_likelihood : whether, in place of the window, all abilities count by the likelihood of the
        answers so far, as under the name KL in catR; the weights are scaled to add to 1, which
        changes no ranking.

    Chang & Ying (1996), Applied Psychological Measurement 20, 213-229, with width 3; Magis & Raîche
    (2012), Journal of Statistical Software 48(8), for weights by likelihood.
    """

    width: float = 3.0
    by_likelihood: bool = False

    def __post_init__(self) -> None:
        require_positive("width", self.width)
        require_truth("by_likelihood", self.by_likelihood)

    def __call__(self, known: Known, tables: ItemTables) -> Floats:
        """(J, I) integrated divergence, logits; by likelihood the mean divergence."""
        require_fit(known, tables)
        if self.by_likelihood:
            return mean_divergence(likelihood_weights(known), known, tables)
        half = self.width / math.sqrt(max(known.answered, 1))
        points, weights = _gauss_legendre(half)
        scores = np.zeros((len(known.posterior), len(tables)))
        for persons in slices(len(scores), tables.likelihood[:, :, 0].size):
            theta = known.theta[persons]
            expected = irt.probability(theta, tables.items)
            logarithm = _log(expected)
            for point, weight in zip(points, weights, strict=True):
                near = _log(irt.probability(theta + point, tables.items))
                divergence = (expected * (logarithm - near)).sum(axis=2)
                scores[persons] += weight * divergence
        return scores


@lru_cache
def _gauss_legendre(half: float) -> tuple[list[float], list[float]]:
    """Points and weights of an integral over [-half, half].

    So many points that the error is below 1e-10 at a = 2 and below 1e-5 at a = 4, for every width:
    it shrinks with the distance of the curves' poles, pi / a off the real axis.
    """
    points, weights = np.polynomial.legendre.leggauss(3 + math.ceil(8 * half))
    return (half * points).tolist(), (half * weights).tolist()


def _log(probability: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(probability, LEAST_LIKELIHOOD)))
