"""From theta to the statutory points scale, through the reference form.

The reference form is a published list of items of the legal length. Its test characteristic curve
says how many points a person of given ability would be expected to earn on it; that is the nilai
of an adaptive part, so everybody's nilai refers to one and the same form.
Lord (1980), Applications of Item Response Theory to Practical Testing Problems, ch. 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.irt import logistic, partial_credit

Floats = NDArray[np.float64]

# Central difference of the curve for its slope: wide enough for rounding, narrow for curvature.
_HALF_STEP = 1e-4


@dataclass(frozen=True)
class ReferenceForm:
    """Parameters of the reference form of one part.

    a : (I,); b : (I, K - 1); c : (I,). K = 2 for right-or-wrong items.
    points_per_category : what one category step is worth: 5 for a right answer, 1 in tkp.
    base_points : points of the lowest category: 0, or 1 in tkp.
    """

    a: Floats
    b: Floats
    c: Floats
    points_per_category: int
    base_points: int

    @property
    def maximum(self) -> int:
        """Points of a perfect answer sheet."""
        steps = int(self.b.shape[1])
        return len(self.a) * (self.base_points + self.points_per_category * steps)

    def only(self, items: Sequence[int]) -> ReferenceForm:
        """The form made of the items at these positions."""
        chosen = list(items)
        return replace(self, a=self.a[chosen], b=self.b[chosen], c=self.c[chosen])


def expected_points(theta: ArrayLike, form: ReferenceForm) -> Floats:
    """Points that persons of ability theta (J,) are expected to earn on the form; returns (J,)."""
    if form.b.shape[1] == 1:
        category = logistic.probability(theta, form.a, form.b[:, 0], form.c)
    else:
        p = partial_credit.probability(theta, form.a, form.b)
        category = (p * np.arange(p.shape[-1])).sum(axis=-1)
    return np.asarray((form.base_points + form.points_per_category * category).sum(axis=1))


def slope(theta: ArrayLike, form: ReferenceForm) -> Floats:
    """Points gained on the form per logit at theta (J,); returns (J,)."""
    theta = np.asarray(theta, dtype=float)
    rise = expected_points(theta + _HALF_STEP, form) - expected_points(theta - _HALF_STEP, form)
    return np.asarray(rise / (2 * _HALF_STEP))


def nilai(theta: float, form: ReferenceForm, answered: int, length: int) -> int:
    """The nilai of one part: expected points, less the share of the part that was left unanswered.

    answered, length : items answered and items that the part has. An unanswered item earns
        nothing in the law, so a part broken off after 10 of 20 items keeps half of the points.

    Returns whole points, halves rounded up.
    """
    points = float(expected_points([theta], form)[0]) * answered / length
    return math.floor(points + 0.5)


def nilai_se(theta: float, se: float, form: ReferenceForm, answered: int, length: int) -> float:
    """Standard error of the nilai in points, by the delta method."""
    return float(slope([theta], form)[0]) * se * answered / length
