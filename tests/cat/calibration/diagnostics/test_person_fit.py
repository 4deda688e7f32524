"""lz is standard at known abilities, lz* at estimated ones; odd answers stand out."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.diagnostics.person_fit import person_fit
from cat.calibration.em import calibrate


def test_over_all_patterns_lz_has_mean_0_and_variance_1_at_a_known_ability(fitted):
    patterns = np.array(list(product((0, 1), repeat=6)))
    answers = Answers.of_matrix([f"x{i}" for i in range(6)], patterns)
    every = Fitted(answers, fitted.calibrated)
    theta = np.full(len(patterns), 0.4)

    found = person_fit(every, theta=theta)

    chance = every.chances(np.array([0.4]))[:, 0]
    share = np.exp(every.chosen @ np.log(np.nan_to_num(chance, nan=1.0)))
    assert share.sum() == pytest.approx(1)
    assert share @ found.lz == pytest.approx(0, abs=1e-12)
    assert share @ found.lz**2 == pytest.approx(1)
    assert (found.lz == found.lz_star).all()


def test_lz_star_is_closer_to_standard_than_lz_where_abilities_are_estimated(fitted):
    found = person_fit(fitted)

    # 2000 persons: standard error of the spread 0.016. lz* is standard for long tests; 12 items
    # leave it a little narrow.
    assert np.std(found.lz) < np.std(found.lz_star) - 0.05
    assert np.std(found.lz_star) == pytest.approx(1, abs=0.1)
    assert found.is_unusual.mean() < 0.02


def test_modes_are_where_the_posterior_has_no_slope(fitted):
    found = person_fit(fitted)
    step = 1e-4

    def log_posterior(theta):
        chance = fitted.item_chances
        level = -0.5 * theta**2
        for i in range(len(fitted.estimates)):
            level += np.log(chance(i, theta)[fitted.answers.matrix()[:5, i], range(5)])
        return level

    theta = found.theta[:5]
    slope = (log_posterior(theta + step) - log_posterior(theta - step)) / (2 * step)
    assert slope == pytest.approx(np.zeros(5), abs=1e-5)


def test_right_on_hard_items_and_wrong_on_easy_ones_is_unusual(made, fitted):
    odd = (made.b > np.median(made.b)).astype(int)
    careful = 1 - odd
    two = Fitted(Answers.of_matrix(made.items, [odd, careful]), fitted.calibrated)

    found = person_fit(two)

    assert found.is_unusual.tolist() == [True, False]
    assert found.lz_star[0] < -3


def test_ordered_categories_are_judged_too_and_few_answers_are_not():
    rng = np.random.default_rng(9)
    theta = rng.normal(size=1500)
    cuts = np.sort(rng.normal(0, 1.2, (8, 3)), axis=1)
    above = 1 / (1 + np.exp(-1.5 * (theta[:, None, None] - cuts)))
    table = (rng.random((1500, 8, 1)) < above).sum(axis=2).astype(float)
    table[0, 4:] = np.nan
    answers = Answers.of_matrix([f"x{i}" for i in range(8)], table)

    found = person_fit(Fitted(answers, calibrate(answers, "grm", standard_errors="none")))

    assert np.isnan(found.lz_star[0])
    assert found.answers[0] == 4
    assert np.nanstd(found.lz_star) == pytest.approx(1, abs=0.1)
    assert np.nanmean(found.lz_star) == pytest.approx(0, abs=0.15)


def test_the_calibration_need_not_come_from_the_answers_that_are_judged(fitted):
    groups = (replace(fitted.calibrated.groups[0], mean=0.5),)
    moved = replace(fitted.calibrated, groups=groups)

    before, after = person_fit(fitted), person_fit(Fitted(fitted.answers, moved))

    assert (after.theta > before.theta).all()
