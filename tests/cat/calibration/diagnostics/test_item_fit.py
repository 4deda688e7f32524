"""S-X2 against enumeration of all answer patterns, and what it says of good and bad items."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.fitted import Fitted, category_chances
from cat.calibration.diagnostics.item_fit import rest_chances, s_x2, score_chances
from cat.calibration.em import calibrate


def test_sums_of_points_have_the_chances_that_counting_every_pattern_gives(fitted):
    theta = np.array([-1.0, 0.3, 2.0])
    rows = [category_chances(one, theta) for one in fitted.estimates[:4]]
    rows.append(np.array([[0.2, 0.1, 0.1], [0.3, 0.2, 0.1], [0.5, 0.7, 0.8]]))

    counted = np.zeros((7, 3))
    for pattern in product(range(2), range(2), range(2), range(2), range(3)):
        counted[sum(pattern)] += np.prod([rows[i][k] for i, k in enumerate(pattern)], axis=0)

    assert score_chances(rows) == pytest.approx(counted, abs=1e-14)
    for i, rest in enumerate(rest_chances(rows)):
        assert rest == pytest.approx(score_chances(rows[:i] + rows[i + 1 :]), abs=1e-14)


def test_items_that_follow_their_curves_have_chi_squares_near_their_degrees_of_freedom(fitted):
    fits = s_x2(fitted)

    ratio = sum(one.x2 for one in fits) / sum(one.df for one in fits)
    # Sum of chi-squares with about 108 degrees of freedom: standard deviation of the ratio 0.14.
    assert ratio == pytest.approx(1, abs=0.42)
    assert min(one.p for one in fits) > 0.001


def test_an_item_whose_curve_turns_back_is_found_and_no_other(made):
    answers = made.answers.copy()
    chance = np.exp(-(made.theta**2))  # right in the middle, wrong at both ends
    answers[:, 3] = np.random.default_rng(2).random(len(chance)) < chance

    fits = s_x2(type(made)(made.theta, made.a, made.b, answers).fitted())

    worst = min(fits, key=lambda one: one.p)
    assert worst.item == "x3"
    assert worst.p < 1e-10
    assert worst.rmsea > 0.1
    assert sum(one.p < 0.001 for one in fits) == 1


def test_booklets_add_their_tables_and_take_the_parameters_off_once(made):
    table = made.answers.astype(float)
    table[:1000, 8:] = np.nan
    table[1000:, :4] = np.nan
    answers = Answers.of_matrix(made.items, table)
    both = Fitted(answers, calibrate(answers, "2pl"))

    fits = s_x2(both)
    halves = [
        s_x2(Fitted(Answers.of_matrix(made.items, half), both.calibrated))
        for half in (table[:1000], table[1000:])
    ]

    assert fits[0].x2 == pytest.approx(halves[0][0].x2)
    assert fits[5].x2 == pytest.approx(halves[0][5].x2 + halves[1][5].x2)
    assert fits[5].df == halves[0][5].df + halves[1][5].df + 2
    assert fits[5].persons == 2000


def test_without_common_sets_of_items_the_figure_is_refused_with_the_reason(made):
    rng = np.random.default_rng(5)
    table = np.where(rng.random(made.answers.shape) < 0.5, made.answers, -1)
    answers = Answers.of_matrix(made.items, table)

    fits = s_x2(Fitted(answers, calibrate(answers, "2pl", standard_errors="none")))

    assert all(np.isnan(one.x2) for one in fits)
    assert fits[0].refused == "tidak ada 100 orang yang menjawab susunan butir yang sama"
