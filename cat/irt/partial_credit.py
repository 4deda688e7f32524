"""Generalised partial credit model for options that are each worth something.

One a for all items gives the partial credit model (Masters, 1982, Psychometrika 47, 149-174);
steps that are the same distances from every item's location, the rating scale model (Andrich,
1978, Psychometrika 43, 561-573).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadParameters
from cat.irt import nominal
from cat.irt.curves import Curves
from cat.irt.parameters import as_numbers, check_discrimination, check_padded, checked_theta

Floats = NDArray[np.float64]


def probability(theta: ArrayLike, a: ArrayLike, steps: ArrayLike) -> Floats:
    """Chance that each person falls into each category of each item.

    theta : (J,) abilities, logits.
    a : (I,) discrimination, > 0.
    steps : (I, K - 1) step difficulties, logits, in any order; where categories k - 1 and k are
        equally likely. NaN beyond an item's own.

    Returns (J, I, K), adding to 1 over K, 0 where an item has no such category.
    Raises BadInput, BadParameters.
    Muraki (1992), Applied Psychological Measurement 16, 159-176.
    """
    theta = checked_theta(theta)
    return _probability(theta, *_checked(a, steps))


def information(theta: ArrayLike, a: ArrayLike, steps: ArrayLike) -> Floats:
    """Fisher information that each item carries about each ability.

    theta, a, steps : as for `probability`.

    Returns (J, I), in 1/logit**2: squared slope times the variance of the category number.
    Raises BadInput, BadParameters.
    Muraki (1993), Applied Psychological Measurement 17, 351-363.
    """
    return curves(theta, a, steps).information


def curves(theta: ArrayLike, a: ArrayLike, steps: ArrayLike) -> Curves:
    """Probability, score and observed information of every category.

    theta, a, steps : as for `probability`.

    Returns Curves of (J, I, K). Raises BadInput, BadParameters.
    """
    theta = checked_theta(theta)
    a, steps = _checked(a, steps)
    return nominal.curves_of(_probability(theta, a, steps), _slopes(a, steps))


def _probability(theta: Floats, a: Floats, steps: Floats) -> Floats:
    rises = a[:, None] * (theta[:, None, None] - steps)
    start = np.zeros((*rises.shape[:-1], 1))
    return nominal.shares(np.concatenate([start, rises.cumsum(axis=-1)], axis=-1))


def _slopes(a: Floats, steps: Floats) -> Floats:
    """(I, K) slopes of the nominal model that is the same: a * k; NaN beyond an item's own."""
    last = np.isfinite(steps).sum(axis=1)
    category = np.arange(steps.shape[1] + 1)
    return np.where(category <= last[:, None], a[:, None] * category, np.nan)


def _checked(a: ArrayLike, steps: ArrayLike) -> tuple[Floats, Floats]:
    a, steps = as_numbers("a", a, 1), as_numbers("steps", steps, 2)
    if len(steps) != len(a):
        raise BadParameters(f"steps must be (I, K - 1) = ({len(a)}, ...); got {steps.shape}")
    check_discrimination(a)
    check_padded("steps", steps)
    return a, steps
