"""A number that a simulation measured, with the chance error that comes from its finite size."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """value : the figure; mcse : its Monte-Carlo standard error; None where undefined."""

    value: float | None
    mcse: float | None


UNDEFINED = Measured(None, None)


def from_influence(value: float, influence: Floats) -> Measured:
    """A figure whose chance error follows from what each person contributes to it.

    influence : (J,) first-order effect of each person on the figure. For a mean that is the
        person's own value; for a function of means, its gradient times the person's values.

    The Monte-Carlo standard error is sd(influence) / sqrt(J), the delta method.
    Koehler, Brown & Haneuse (2009), The American Statistician 63, 155-162.
    """
    if len(influence) < 2:
        return Measured(float(value), None)
    return Measured(float(value), float(influence.std(ddof=1)) / math.sqrt(len(influence)))


def mean(values: Floats) -> Measured:
    """Mean of (J,) values; undefined for nobody."""
    return from_influence(float(values.mean()), values) if len(values) else UNDEFINED


def root_mean(squares: Floats) -> Measured:
    """Square root of the mean of (J,) squares, as in an RMSE."""
    if not len(squares):
        return UNDEFINED
    root = math.sqrt(float(squares.mean()))
    return from_influence(root, squares / (2 * root)) if root > 0 else Measured(0.0, 0.0)


def share(part: int, whole: int) -> Measured:
    """A share of people with a binomial standard error that does not vanish at none and all.

    Two successes and two failures are added for the standard error only.
    Agresti & Coull (1998), The American Statistician 52, 119-126.
    """
    if whole == 0:
        return UNDEFINED
    p = (part + 2) / (whole + 4)
    return Measured(part / whole, math.sqrt(p * (1 - p) / (whole + 4)))
