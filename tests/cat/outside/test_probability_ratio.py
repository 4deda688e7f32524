"""Wald's sequential probability ratio test, computed from the items instead of from the nodes."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from cat.irt.items import logistic_items
from cat.scoring import eap
from cat.scoring.tables import tabulate
from cat.selection.stopping import SequentialRatio, Standing

QUADRATURE = eap.normal_quadrature()
COUNT = 30


def exact_ratio(a, b, c, answers, low: float, high: float) -> float:
    """Log likelihood ratio of two abilities, answer by answer."""
    total = 0.0
    for slope, place, guess, right in zip(a, b, c, answers, strict=True):
        p, q = (guess + (1 - guess) / (1 + exp(-slope * (x - place))) for x in (high, low))
        total += log(p / q) if right else log((1 - p) / (1 - q))
    return total


def standing(tables, answers) -> Standing:
    """Where persons stand who answered all items."""
    likelihood = np.ones((len(answers), len(QUADRATURE.nodes)))
    for item in range(COUNT):
        likelihood *= tables.likelihood[item, answers[:, item]]
    nothing = np.zeros(len(answers))
    return Standing(
        answered=np.full(len(answers), COUNT),
        theta=nothing,
        se=nothing,
        likelihood=likelihood,
        nodes=QUADRATURE.nodes,
        seconds=nothing,
        best_information=lambda: nothing,
    )


@pytest.mark.parametrize(
    ("cut", "delta", "alpha", "beta"),
    [
        (0.0, 0.2, 0.05, 0.05),
        (0.37, 0.15, 0.1, 0.05),
        (-1.1, 0.33, 0.01, 0.2),
        (2.5, 0.5, 0.2, 0.01),
    ],
)
def test_the_decision_is_walds_for_random_items_and_answers(cut, delta, alpha, beta):
    rng = np.random.default_rng(31)
    a, b, c = rng.uniform(0.5, 2.5, COUNT), rng.normal(0, 1, COUNT), rng.uniform(0, 0.3, COUNT)
    theta = rng.normal(cut, 0.7, 300)
    p = c + (1 - c) / (1 + np.exp(-a * (theta[:, None] - b)))
    answers = (rng.random(p.shape) < p).astype(int)
    passing, failing = log((1 - beta) / alpha), log(beta / (1 - alpha))
    ratio = np.array([exact_ratio(a, b, c, row, cut - delta, cut + delta) for row in answers])

    decided = SequentialRatio(cut, delta, alpha, beta).met(
        standing(tabulate(logistic_items(a, b, c), QUADRATURE), answers)
    )

    # Between nodes the log likelihood is interpolated, 0.004 off at most: nobody so close counts.
    clear = np.minimum(np.abs(ratio - passing), np.abs(ratio - failing)) > 0.01
    assert clear.mean() > 0.95
    expected = (ratio >= passing) | (ratio <= failing)
    assert np.array_equal(decided[clear], expected[clear])
    assert 0.02 < expected.mean() < 0.98
