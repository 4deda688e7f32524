"""Graded response model for ordered categories.

The chance of category k or better is L(a(theta - b_k)). A category's own chance, the difference of
two such, is written as a product: L(x) - L(y) = L(x) L(-y) (1 - exp(y - x)). That keeps its digits
where the difference would not, and makes the score and the observed information plain sums.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from cat.errors import BadParameters
from cat.irt.curves import Curves
from cat.irt.parameters import (
    as_numbers,
    check_discrimination,
    check_increasing,
    check_padded,
    checked_theta,
)

Floats = NDArray[np.float64]


def probability(theta: ArrayLike, a: ArrayLike, thresholds: ArrayLike) -> Floats:
    """Chance that each person falls into each category of each item.

    theta : (J,) abilities, logits.
    a : (I,) discrimination, > 0.
    thresholds : (I, K - 1) logits, increasing; where category k or better has chance 1/2. NaN
        beyond an item's own.

    Returns (J, I, K), adding to 1 over K, 0 where an item has no such category.
    Raises BadInput, BadParameters.
    Samejima (1969), Psychometrika Monograph Supplement 17; (1997), in van der Linden & Hambleton,
    Handbook of Modern Item Response Theory, 85-100.
    """
    theta = checked_theta(theta)
    a, thresholds = _checked(a, thresholds)
    above, below, gap = _edges(theta, a, thresholds)
    return above[..., :-1] * below[..., 1:] * gap


def information(theta: ArrayLike, a: ArrayLike, thresholds: ArrayLike) -> Floats:
    """Fisher information that each item carries about each ability.

    theta, a, thresholds : as for `probability`.

    Returns (J, I), in 1/logit**2. Raises BadInput, BadParameters.
    Samejima (1969), Psychometrika Monograph Supplement 17.
    """
    return curves(theta, a, thresholds).information


def curves(theta: ArrayLike, a: ArrayLike, thresholds: ArrayLike) -> Curves:
    """Probability, score and observed information of every category.

    theta, a, thresholds : as for `probability`.

    Returns Curves of (J, I, K). Raises BadInput, BadParameters.
    """
    theta = checked_theta(theta)
    a, thresholds = _checked(a, thresholds)
    above, below, gap = _edges(theta, a, thresholds)
    slant = a[:, None] * _own(thresholds)
    bend = above * below
    return Curves(
        p=above[..., :-1] * below[..., 1:] * gap,
        score=slant * (below[..., :-1] - above[..., 1:]),
        observed=slant**2 * (bend[..., :-1] + bend[..., 1:]),
    )


def _edges(theta: Floats, a: Floats, thresholds: Floats) -> tuple[Floats, Floats, Floats]:
    """L and 1 - L at the K + 1 edges of the categories, and 1 - exp(-a * width) of each category.

    The outer edges lie at -inf and inf, those of categories that an item does not have all at inf.

    Returns (J, I, K + 1) twice and (I, K); the last is 0 where an item has no such category.
    """
    outer = np.full((len(a), 1), np.inf)
    inner = np.where(np.isnan(thresholds), np.inf, thresholds)
    edges = np.concatenate([-outer, inner, outer], axis=1)
    width = np.zeros((len(a), edges.shape[1] - 1))
    np.subtract(edges[:, 1:], edges[:, :-1], out=width, where=_own(thresholds))
    z = a[:, None] * (theta[:, None, None] - edges)
    return np.asarray(expit(z)), np.asarray(expit(-z)), -np.expm1(-a[:, None] * width)


def _own(thresholds: Floats) -> NDArray[np.bool_]:
    """(I, K) which categories each item has: the lowest, and one above each threshold."""
    return np.pad(np.isfinite(thresholds), ((0, 0), (1, 0)), constant_values=True)


def _checked(a: ArrayLike, thresholds: ArrayLike) -> tuple[Floats, Floats]:
    a, thresholds = as_numbers("a", a, 1), as_numbers("thresholds", thresholds, 2)
    if len(thresholds) != len(a):
        raise BadParameters(
            f"thresholds must be (I, K - 1) = ({len(a)}, ...); got {thresholds.shape}"
        )
    check_discrimination(a)
    check_padded("thresholds", thresholds)
    check_increasing("thresholds", thresholds)
    return a, thresholds
