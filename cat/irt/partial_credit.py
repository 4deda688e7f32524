"""Generalised partial credit model for options that are each worth something."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax

from cat.errors import BadParameters

Floats = NDArray[np.float64]


def probability(theta: ArrayLike, a: ArrayLike, steps: ArrayLike) -> Floats:
    """Chance that each person falls into each category of each item.

    theta : (J,) abilities, logits.
    a : (I,) discrimination, > 0.
    steps : (I, K - 1) step difficulties, logits; where categories k - 1 and k are equally likely.

    Returns (J, I, K), adding to 1 over K. Raises BadParameters.
    Muraki (1992), Applied Psychological Measurement 16, 159-176, equation 4.
    """
    a, steps = _checked(a, steps)
    theta = np.asarray(theta, dtype=float)
    rises = a[:, None] * (theta[:, None, None] - steps)
    start = np.zeros((*rises.shape[:-1], 1))
    return np.asarray(softmax(np.concatenate([start, rises.cumsum(axis=-1)], axis=-1), axis=-1))


def information(theta: ArrayLike, a: ArrayLike, steps: ArrayLike) -> Floats:
    """Fisher information that each item carries about each ability.

    theta, a, steps : as for `probability`.

    Returns (J, I), in 1/logit**2: squared slope times the variance of the category number.
    Raises BadParameters. Muraki (1993), Applied Psychological Measurement 17, 351-363, equation 11.
    """
    p = probability(theta, a, steps)
    category = np.arange(p.shape[-1])
    mean = (p * category).sum(axis=-1, keepdims=True)
    variance = (p * (category - mean) ** 2).sum(axis=-1)
    return np.asarray(np.asarray(a, dtype=float) ** 2 * variance)


def _checked(a: ArrayLike, steps: ArrayLike) -> tuple[Floats, Floats]:
    a, steps = np.atleast_1d(np.asarray(a, dtype=float)), np.asarray(steps, dtype=float)
    if steps.ndim != 2 or len(steps) != len(a):
        raise BadParameters(f"steps must be (I, K - 1) = ({len(a)}, ...); got {steps.shape}")
    positive, finite = np.isfinite(a) & (a > 0), np.isfinite(steps).all(axis=1)
    if not positive.all():
        item = int(np.argmin(positive))
        raise BadParameters(f"a must be positive; item {item} has a = {a[item]}", item=item)
    if not finite.all():
        item = int(np.argmin(finite))
        raise BadParameters(f"steps must be finite; item {item} has {steps[item]}", item=item)
    return a, steps
