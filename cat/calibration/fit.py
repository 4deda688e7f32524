"""From an answer matrix to proposed item parameters, each with what is doubtful about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.calibration.girth_bridge import Bounds, Estimates, fit_2pl, fit_pcm
from cat.calibration.responses import Ints, Responses, checked

Floats = NDArray[np.float64]

# girth's search stops a little short of its fences: a reversed key was seen to end at a = 0.238
# (fence 0.2), b = -5.98, and the wrong key of SAT12's item 32 at b = 5.82 (fence 6).
_NEAR_A, _NEAR_B = 0.05, 0.25
# Fewer persons than this in one category leave its difficulty to a handful of answers.
_RARE = 10


class Doubt(Enum):
    """Why an item's parameters should not be taken as they stand."""

    REVERSED_KEY = "item-rest correlation not clearly above 0: possible reversed key"
    A_AT_LOWER_BOUND = "a stopped at girth's lower bound: it is not an estimate"
    A_AT_UPPER_BOUND = "a stopped at girth's upper bound: it is not an estimate"
    B_AT_BOUND = "a difficulty stopped at girth's bound: it is not an estimate"
    RARE_CATEGORY = f"a category holds fewer than {_RARE} persons"


@dataclass(frozen=True)
class CalibratedItem:
    """What one item's answers propose.

    share : mean category over the highest one; of 0/1 items, the share correct.
    item_rest : correlation of the item with the sum of all others.
    a : discrimination, D = 1.
    b : difficulties, logits; one for 2PL, K - 1 step difficulties for pcm.
    doubts : empty where nothing was found, which is not a proof of quality.
    """

    item: str
    share: float
    item_rest: float
    a: float
    b: tuple[float, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Calibration:
    """One calibration: a proposal, which changes no bank."""

    model: str
    persons: int
    items: tuple[CalibratedItem, ...]


def calibrate(items: Sequence[str], answers: ArrayLike, model: str = "2pl") -> Calibration:
    """Fit a response model to a complete answer matrix.

    items : I different names.
    answers : (J, I) scored categories, persons first; 0/1 for "2pl", 0..K-1 for "pcm" (the
        generalised partial credit model: every item has its own a).

    The ability scale is that of these persons: mean 0, standard deviation 1.
    Raises BadInput for everything `responses.checked` refuses, and where girth breaks down.
    Bock & Aitkin (1981), Psychometrika 46, 443-459; Muraki (1992), Applied Psychological
    Measurement 16, 159-176.
    """
    responses = checked(items, answers, model)
    fit = {"2pl": fit_2pl, "pcm": fit_pcm}[model]
    return _described(responses, fit(responses), model)


def item_rest_correlations(matrix: Ints) -> Floats:
    """Correlation (I,) of each item of (J, I) with the sum of all the others; 0 where undefined."""
    rest = matrix.sum(axis=1, keepdims=True) - matrix
    item_gap, rest_gap = matrix - matrix.mean(axis=0), rest - rest.mean(axis=0)
    covariance = (item_gap * rest_gap).sum(axis=0)
    spread = np.sqrt((item_gap**2).sum(axis=0) * (rest_gap**2).sum(axis=0))
    correlations = np.zeros(matrix.shape[1])
    np.divide(covariance, spread, out=correlations, where=spread > 0)
    return correlations


def _described(responses: Responses, estimates: Estimates, model: str) -> Calibration:
    matrix = responses.matrix
    correlations = item_rest_correlations(matrix)
    shares = matrix.mean(axis=0) / matrix.max(axis=0)
    described = []
    for i, name in enumerate(responses.items):  # one value per item is wanted, no arithmetic here
        b = estimates.steps[i][~np.isnan(estimates.steps[i])]
        doubts = _doubts(matrix[:, i], correlations[i], estimates.a[i], b, estimates.bounds)
        described.append(
            CalibratedItem(
                item=name,
                share=float(shares[i]),
                item_rest=float(correlations[i]),
                a=float(estimates.a[i]),
                b=tuple(float(step) for step in b),
                doubts=doubts,
            )
        )
    return Calibration(model, len(matrix), tuple(described))


def _doubts(
    column: Ints, item_rest: float, a: float, b: Floats, bounds: Bounds
) -> tuple[Doubt, ...]:
    # Two standard errors of a correlation of 0.
    not_above_zero = item_rest <= 2 / np.sqrt(len(column))
    found = (
        (Doubt.REVERSED_KEY, not_above_zero),
        (Doubt.A_AT_LOWER_BOUND, a <= bounds.a[0] + _NEAR_A),
        (Doubt.A_AT_UPPER_BOUND, a >= bounds.a[1] - _NEAR_A),
        (Doubt.B_AT_BOUND, b.min() <= bounds.b[0] + _NEAR_B or b.max() >= bounds.b[1] - _NEAR_B),
        (Doubt.RARE_CATEGORY, np.bincount(column).min() < _RARE),
    )
    return tuple(doubt for doubt, holds in found if holds)
