"""Nominal response model: which option is chosen, when options have no order.

log P_k is linear in theta up to a common term: slope_k * theta + intercept_k. Slopes that rise in
equal steps make it the generalised partial credit model, which is computed here too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadParameters
from cat.irt.curves import Curves
from cat.irt.parameters import as_numbers, check_padded, checked_theta, require

Floats = NDArray[np.float64]


def probability(theta: ArrayLike, slopes: ArrayLike, intercepts: ArrayLike) -> Floats:
    """Chance that each person chooses each option of each item.

    theta : (J,) abilities, logits.
    slopes, intercepts : (I, K), 1/logit and 1; NaN beyond an item's own options. Adding a number
        to all of an item's slopes or intercepts changes nothing.

    Returns (J, I, K), adding to 1 over K, 0 where an item has no such option.
    Raises BadInput, BadParameters. Bock (1972), Psychometrika 37, 29-51.
    """
    theta = checked_theta(theta)
    slopes, intercepts = checked(slopes, intercepts)
    return shares(slopes * theta[:, None, None] + intercepts)


def information(theta: ArrayLike, slopes: ArrayLike, intercepts: ArrayLike) -> Floats:
    """Fisher information that each item carries about each ability: the variance of its slope.

    theta, slopes, intercepts : as for `probability`.

    Returns (J, I), in 1/logit**2. Raises BadInput, BadParameters. Bock (1972).
    """
    return curves(theta, slopes, intercepts).information


def curves(theta: ArrayLike, slopes: ArrayLike, intercepts: ArrayLike) -> Curves:
    """Probability, score and observed information of every option.

    theta, slopes, intercepts : as for `probability`.

    Returns Curves of (J, I, K). Raises BadInput, BadParameters.
    """
    theta = checked_theta(theta)
    slopes, intercepts = checked(slopes, intercepts)
    return curves_of(shares(slopes * theta[:, None, None] + intercepts), slopes)


def shares(exponents: Floats) -> Floats:
    """exp of each (J, I, K) as a share of their sum over K; NaN exponents get 0."""
    powers = np.exp(exponents - np.fmax.reduce(exponents, axis=-1, keepdims=True))
    np.copyto(powers, 0.0, where=np.isnan(powers))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def curves_of(p: Floats, slopes: Floats) -> Curves:
    """Curves of options chosen with probability p (J, I, K) whose exponents have slopes (I, K)."""
    own = np.isfinite(slopes)
    slopes = np.where(own, slopes, 0.0)
    # Score = slope less mean slope. As a mean of differences it keeps its digits where one option
    # has nearly all the probability and the mean would round to that option's own slope.
    # Summed in a fixed order, unlike a matrix product, so that a person gets the same bits in any
    # cohort.
    score = np.zeros(p.shape)
    for other in range(p.shape[2]):
        score += p[:, :, other, None] * (slopes - slopes[:, other, None])
    score = np.where(own, score, 0.0)
    variance = (p * score**2).sum(axis=-1, keepdims=True)
    return Curves(p=p, score=score, observed=np.where(own, variance, 0.0))


def checked(slopes: ArrayLike, intercepts: ArrayLike) -> tuple[Floats, Floats]:
    """Slopes and intercepts as (I, K) arrays.

    Raises BadParameters when shapes differ, when a value is not finite, or when an item has fewer
    than two options or the same slope for all of them.
    """
    slopes, intercepts = as_numbers("slopes", slopes, 2), as_numbers("intercepts", intercepts, 2)
    if slopes.shape != intercepts.shape:
        raise BadParameters(
            f"slopes and intercepts must both be (I, K); got {slopes.shape} and {intercepts.shape}"
        )
    check(slopes, intercepts, np.ones(len(slopes), dtype=bool))
    return slopes, intercepts


def check(slopes: Floats, intercepts: Floats, which: NDArray[np.bool_]) -> None:
    """Refuse slopes, intercepts (I, K) that break a rule of `checked` in the items `which` (I,).

    Raises BadParameters.
    """
    # The other items pass with values that break no rule.
    category = np.arange(slopes.shape[1])
    harmless = np.where(category < 2, category, np.nan)
    slopes = np.where(which[:, None], slopes, harmless)
    intercepts = np.where(which[:, None], intercepts, harmless)
    check_padded("slopes", slopes, fewest=2)
    check_padded("intercepts", intercepts, fewest=2)
    same = (np.isfinite(slopes) == np.isfinite(intercepts)).all(axis=1)
    require(same, "intercepts", "must have as many numbers as slopes", intercepts)
    differs = np.fmax.reduce(slopes, axis=1) > np.fmin.reduce(slopes, axis=1)
    require(differs, "slopes", "must not all be equal", slopes)
