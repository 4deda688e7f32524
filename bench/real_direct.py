"""The multi-group Rasch likelihood maximised head-on: a third opinion where two programs differ.

Nothing here is shared with the calibration: fixed nodes, one vector of parameters, a general
optimiser.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from cat.calibration.answers import Answers

_NODES = np.linspace(-8, 8, 81)


def rasch_groups(answers: Answers) -> tuple[np.ndarray, np.ndarray, float]:
    """Means (G,) and sds (G,) of the groups, the first mean 0, and the log-likelihood."""
    table = answers.matrix()
    right, wrong = (table == 1).astype(float), (table == 0).astype(float)
    items, groups = len(answers.items), len(answers.groups)

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        b, mean = x[:items], np.concatenate([[0.0], x[items : items + groups - 1]])
        sd = np.exp(x[items + groups - 1 :])
        p = expit(_NODES - b[:, None])
        levels = right @ np.log(p) + wrong @ np.log1p(-p)
        total, slope = 0.0, np.zeros(len(x))
        for g in range(groups):
            z = (_NODES - mean[g]) / sd[g]
            log_prior = -0.5 * z**2 - logsumexp(-0.5 * z**2)
            here = answers.group == g
            joint = levels[here] + log_prior
            each = logsumexp(joint, axis=1)
            weight = answers.weight[here]
            total -= float(weight @ each)
            belief = np.exp(joint - each[:, None]) * weight[:, None]
            slope[:items] += (right[here].T @ belief * (1 - p) - wrong[here].T @ belief * p).sum(
                axis=1
            )
            mass, prior = belief.sum(axis=0), np.exp(log_prior)
            if g:
                slope[items + g - 1] -= mass @ (z / sd[g] - z / sd[g] @ prior)
            slope[items + groups - 1 + g] -= mass @ (z**2 - z**2 @ prior)
        return total, slope

    found = minimize(
        loss,
        np.zeros(items + 2 * groups - 1),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 2000, "ftol": 1e-14, "gtol": 1e-5},
    )
    means = np.concatenate([[0.0], found.x[items : items + groups - 1]])
    return means, np.exp(found.x[items + groups - 1 :]), -float(found.fun)
