"""Decisions at a cut, against brute force and large-sample theory."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cat.simulation.measuring import measured
from cat.simulation.measuring.classification import classify, kappa
from cat.simulation.measuring.results import Cut


def test_decisions_are_those_of_a_loop_over_people():
    truth = np.array([60, 64, 65, 66, 70, 90, 64, 65])
    estimate = np.array([58, 66, 65, 64, 72, 85, 64, 60])

    found = classify(Cut("umum", 65), estimate, truth)

    # Reached means at or above the cut: 65 itself reaches 65.
    assert (found.rightly_reached, found.wrongly_reached) == (3, 1)
    assert (found.wrongly_missed, found.rightly_missed) == (2, 2)
    assert found.accuracy.value == 5 / 8
    assert found.sensitivity.value == 3 / 5
    assert found.specificity.value == 2 / 3
    near, next_, far = found.by_distance[0], found.by_distance[1], found.by_distance[3]
    assert (near.lower, near.upper, near.persons, near.misclassified.value) == (0, 5, 5, 3 / 5)
    assert (next_.persons, next_.misclassified.value) == (2, 0)
    assert (far.persons, far.misclassified.value) == (1, 0)


def test_kappa_is_agreement_beyond_chance():
    # 35 of 50 agree and 25 would by chance: (0.7 - 0.5) / (1 - 0.5).
    assert kappa(np.array([[20, 5], [10, 15]])).value == pytest.approx(0.4)


def test_the_chance_error_of_kappa_is_that_of_a_multinomial_table():
    counts = np.array([[60.0, 12.0], [9.0, 19.0]])
    p = counts.ravel() / counts.sum()

    # The delta method with a numerical gradient over the four cells.
    gradient = np.empty(4)
    for cell in range(4):
        step = np.zeros(4)
        step[cell] = 1e-6
        gradient[cell] = (_kappa_of(p + step) - _kappa_of(p - step)) / 2e-6
    covariance = (np.diag(p) - np.outer(p, p)) / counts.sum()

    assert kappa(counts).mcse == pytest.approx(math.sqrt(gradient @ covariance @ gradient))


def _kappa_of(p):
    table = p.reshape(2, 2)
    table = table / table.sum()
    by_chance = table.sum(axis=1) @ table.sum(axis=0)
    return (np.trace(table) - by_chance) / (1 - by_chance)


def test_shares_of_nobody_are_undefined():
    found = classify(Cut("umum", 500), np.array([60, 70]), np.array([65, 75]))

    assert found.sensitivity.value is None
    assert found.kappa.value is None
    assert found.accuracy.value == 1


def test_a_share_of_none_is_not_claimed_to_be_exact():
    # The adjusted interval of Agresti & Coull (1998) for 0 of 10: (0 + 2) / (10 + 4) = 1/7.
    found = measured.share(0, 10)

    assert found.value == 0
    assert found.mcse == pytest.approx(math.sqrt(1 / 7 * 6 / 7 / 14))
