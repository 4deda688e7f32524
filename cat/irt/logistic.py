"""Two- and three-parameter logistic models for items that are right or wrong."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from cat.errors import BadParameters

Floats = NDArray[np.float64]


def probability(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0) -> Floats:
    """Chance that each person answers each item right.

    theta : (J,) abilities, logits.
    a, b, c : (I,) discrimination (a > 0), difficulty (logits), lower asymptote (0 <= c < 1);
        c = 0 gives the 2PL.

    Returns (J, I). Raises BadParameters.
    Birnbaum (1968), in Lord & Novick, Statistical Theories of Mental Test Scores, chs 17-20.
    """
    a, b, c = _checked(a, b, c)
    return c + (1 - c) * _logistic(theta, a, b)


def information(theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0) -> Floats:
    """Fisher information that each item carries about each ability.

    theta, a, b, c : as for `probability`.

    Returns (J, I), in 1/logit**2; add over items for test information. Raises BadParameters.
    Birnbaum (1968), equation 20.4.16, in the form that stays finite at extreme abilities.
    """
    a, b, c = _checked(a, b, c)
    logistic = _logistic(theta, a, b)
    # p' ** 2 / (p q) with q = (1 - c)(1 - L): dividing by q would be 0/0 once L rounds to 1.
    complement = expit(-a * (np.asarray(theta, dtype=float)[:, None] - b))
    return np.asarray(a**2 * (1 - c) * logistic**2 * complement / (c + (1 - c) * logistic))


def _logistic(theta: ArrayLike, a: Floats, b: Floats) -> Floats:
    return np.asarray(expit(a * (np.asarray(theta, dtype=float)[:, None] - b)))


def _checked(a: ArrayLike, b: ArrayLike, c: ArrayLike) -> tuple[Floats, Floats, Floats]:
    a, b, c = np.broadcast_arrays(*(np.atleast_1d(np.asarray(x, dtype=float)) for x in (a, b, c)))
    for name, rule, legal in (
        ("a", "must be positive", np.isfinite(a) & (a > 0)),
        ("b", "must be finite", np.isfinite(b)),
        ("c", "must lie in [0, 1)", (c >= 0) & (c < 1)),
    ):
        if not legal.all():
            item = int(np.argmin(legal))
            value = {"a": a, "b": b, "c": c}[name][item]
            raise BadParameters(f"{name} {rule}; item {item} has {name} = {value}", item=item)
    return a, b, c
