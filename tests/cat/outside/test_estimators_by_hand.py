"""Abilities and their errors from the textbook definitions, in plain loops without numpy's help.

Right-or-wrong, graded and partial credit items are mixed, some answers are missing, and 3PL items
give some persons several maxima: the reference looks at a grid so fine that it misses none.
"""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest
from scipy.integrate import quad

from cat.irt.items import Model, concatenate, logistic_items, polytomous_items
from cat.scoring import eap, map, mle, wle

RIGHT_OR_WRONG = [
    (1.9, -0.8, 0.22, 1.0),
    (0.7, 0.4, 0.0, 1.0),
    (2.8, 0.9, 0.3, 0.95),
    (1.2, -1.6, 0.15, 0.9),
]
GRADED = [(1.4, (-1.2, 0.1, 1.3)), (0.8, (-0.4, 0.9))]
CREDIT = [(1.1, (0.6, -0.7, 0.2)), (0.9, (-1.0, 0.8))]
ITEMS = concatenate(
    [
        logistic_items(*np.array(RIGHT_OR_WRONG).T),
        polytomous_items(Model.GRADED, [1.4, 0.8], [[-1.2, 0.1, 1.3], [-0.4, 0.9, np.nan]]),
        polytomous_items(Model.PARTIAL_CREDIT, [1.1, 0.9], [[0.6, -0.7, 0.2], [-1, 0.8, np.nan]]),
    ]
)
ANSWERS = [
    [1, 0, 1, 0, 2, 1, 3, 0],
    [0, 1, 0, 1, 1, 2, 0, 2],
    [0, 0, 1, 0, 0, 1, 1, 0],
    [1, 1, 0, 1, 3, 1, 2, 1],
    [1, -1, 1, 1, -1, 1, -1, 2],
    [-1, 0, 1, -1, 1, -1, 2, -1],
    [0, 1, 1, 0, 3, 0, 0, 2],
    [-1, 1, 1, 0, -1, 2, -1, 0],
    [-1, 0, 1, -1, -1, -1, -1, 1],
]
STEP = 1e-3


def chances(item: int, theta: float) -> list[float]:
    if item < 4:
        a, b, c, d = RIGHT_OR_WRONG[item]
        right = c + (d - c) / (1 + exp(-a * (theta - b)))
        return [1 - right, right]
    if item < 6:
        a, thresholds = GRADED[item - 4]
        reached = [1.0, *(1 / (1 + exp(-a * (theta - b))) for b in thresholds), 0.0]
        return [reached[k] - reached[k + 1] for k in range(len(reached) - 1)]
    a, steps = CREDIT[item - 6]
    powers = [exp(sum(a * (theta - b) for b in steps[:k])) for k in range(len(steps) + 1)]
    return [power / sum(powers) for power in powers]


def log_likelihood(theta: float, answers: list[int]) -> float:
    return sum(log(chances(i, theta)[k]) for i, k in enumerate(answers) if k >= 0)


def slopes(item: int, theta: float, order: int) -> list[float]:
    """First or second derivative of each chance, by central differences."""
    low, here, high = (chances(item, theta + s) for s in (-STEP, 0, STEP))
    if order == 1:
        return [(y - x) / (2 * STEP) for x, y in zip(low, high, strict=True)]
    return [(y - 2 * p + x) / STEP**2 for x, p, y in zip(low, here, high, strict=True)]


def given(answers: list[int]) -> list[int]:
    return [i for i, k in enumerate(answers) if k >= 0]


def fisher(theta: float, answers: list[int]) -> float:
    return sum(
        slope**2 / p
        for i in given(answers)
        for slope, p in zip(slopes(i, theta, 1), chances(i, theta), strict=True)
    )


def observed(theta: float, answers: list[int]) -> float:
    low, here, high = (log_likelihood(theta + s, answers) for s in (-STEP, 0, STEP))
    return -(high - 2 * here + low) / STEP**2


def warm(theta: float, answers: list[int]) -> float:
    """J / (2 I), the slope of the logarithm of Warm's weight."""
    j = sum(
        first * second / p
        for i in given(answers)
        for first, second, p in zip(
            slopes(i, theta, 1), slopes(i, theta, 2), chances(i, theta), strict=True
        )
    )
    return j / (2 * fisher(theta, answers))


def top(height) -> float:
    """Where the function is highest: the best of a fine grid, then thirds of its neighbourhood."""
    grid = [-7 + g / 50 for g in range(701)]
    best = max(grid, key=height)
    low, high = best - 0.02, best + 0.02
    while high - low > 1e-9:
        third = (high - low) / 3
        if height(low + third) < height(high - third):
            low += third
        else:
            high -= third
    return (low + high) / 2


@pytest.mark.parametrize("answers", ANSWERS, ids=str)
def test_likeliest_ability_and_both_errors(answers):
    theta = top(lambda x: log_likelihood(x, answers))

    expected, seen = (
        mle.score([answers], ITEMS, information=kind) for kind in ("fisher", "observed")
    )

    assert expected.theta[0] == seen.theta[0] == pytest.approx(theta, abs=1e-6)
    assert expected.se[0] == pytest.approx(1 / sqrt(fisher(theta, answers)), rel=1e-5)
    assert seen.se[0] == pytest.approx(1 / sqrt(observed(theta, answers)), rel=1e-5)


@pytest.mark.parametrize("answers", ANSWERS, ids=str)
def test_posterior_mode_and_both_errors(answers):
    mean, sd = 0.3, 1.2
    theta = top(lambda x: log_likelihood(x, answers) - ((x - mean) / sd) ** 2 / 2)

    expected, seen = (
        map.score([answers], ITEMS, mean, sd, information=kind) for kind in ("fisher", "observed")
    )

    assert expected.theta[0] == seen.theta[0] == pytest.approx(theta, abs=1e-6)
    bend = fisher(theta, answers) + 1 / sd**2
    assert expected.se[0] == pytest.approx(1 / sqrt(bend), rel=1e-5)
    bend = observed(theta, answers) + 1 / sd**2
    assert seen.se[0] == pytest.approx(1 / sqrt(bend), rel=1e-5)


@pytest.mark.parametrize("answers", ANSWERS, ids=str)
def test_posterior_mean_and_deviation(answers):
    def moment(power: int, around: float = 0.0) -> float:
        def weight(x: float) -> float:
            return (x - around) ** power * exp(log_likelihood(x, answers) - x**2 / 2)

        return quad(weight, -8, 8, epsabs=1e-13, epsrel=1e-10, limit=200)[0]

    total = moment(0)
    mean = moment(1) / total
    deviation = sqrt(moment(2, mean) / total)

    found = eap.score([answers], ITEMS, eap.normal_quadrature())

    # the usual nodes end at 6, where the tails still hold some 1e-7 of the least certain person
    assert found.theta[0] == pytest.approx(mean, abs=1e-6)
    assert found.se[0] == pytest.approx(deviation, abs=1e-6)


@pytest.mark.parametrize("answers", ANSWERS, ids=str)
def test_weighted_likelihood_with_warms_weight_and_with_jeffreys(answers):
    jeffreys = top(lambda x: log_likelihood(x, answers) + log(fisher(x, answers)) / 2)

    found = wle.score([answers], ITEMS, weight="jeffreys")
    other = wle.score([answers], ITEMS)

    assert found.theta[0] == pytest.approx(jeffreys, abs=1e-6)
    assert found.se[0] == pytest.approx(1 / sqrt(fisher(jeffreys, answers)), rel=1e-5)
    theta = float(other.theta[0])
    high, low = (log_likelihood(theta + s, answers) for s in (STEP, -STEP))
    assert (high - low) / (2 * STEP) + warm(theta, answers) == pytest.approx(0, abs=1e-4)
    assert abs(found.theta[0] - theta) > 1e-3  # with guessing the two weights are not the same


def test_the_last_two_persons_have_two_maxima_and_the_higher_lies_left_and_right():
    for answers, side in ((ANSWERS[-2], -1), (ANSWERS[-1], 1)):
        heights = [log_likelihood(-7 + g / 50, answers) for g in range(701)]
        peaks = [g for g in range(1, 700) if heights[g - 1] < heights[g] > heights[g + 1]]

        assert len(peaks) == 2
        assert np.sign(mle.score([answers], ITEMS).theta[0]) == side
