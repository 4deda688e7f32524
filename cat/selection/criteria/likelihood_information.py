"""Likelihood-weighted information: posterior-weighted without a word from the prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring.tables import INFORMATION_UNIT, ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.weighted_sums import weighted_sums
from cat.selection.known import Known

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LikelihoodInformation:
    """Fisher information averaged with the likelihood of the answers so far as its weight.

    The integral runs over the nodes by the trapezoidal rule. Each person's weights are scaled to
    add to 1, which changes no ranking. Before the first answer all abilities weigh the same.
    Veerkamp & Berger (1997), Journal of Educational and Behavioral Statistics 22, 203-226.
    """

    def __call__(self, known: Known, tables: ItemTables) -> Floats:
        """(J, I) average information, 1/logit**2."""
        require_fit(known, tables)
        return weighted_sums(likelihood_weights(known), tables.information, INFORMATION_UNIT)


def likelihood_weights(known: Known) -> Floats:
    """(J, Q) what each node counts in an integral under the likelihood; adds to 1 over Q."""
    weights = known.likelihood * _widths(known.quadrature.nodes)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _widths(nodes: Floats) -> Floats:
    """(Q,) share of the ability scale that each node stands for under the trapezoidal rule."""
    gaps = np.diff(nodes)
    return np.asarray((np.append(gaps, 0.0) + np.insert(gaps, 0, 0.0)) / 2)
