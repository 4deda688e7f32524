"""Pairs that share more than the ability are found; expected tables are integrals by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.fitted import Fitted, category_chances
from cat.calibration.diagnostics.local_dependence import local_dependence
from cat.calibration.em import calibrate


def test_the_chi_square_of_a_pair_is_the_one_of_a_table_integrated_by_hand(made, fitted):
    found = local_dependence(fitted)

    def expected(k, m):
        def density(t):
            rows = [category_chances(fitted.estimates[i], np.array([t]))[:, 0] for i in (2, 7)]
            return rows[0][k] * rows[1][m] * norm.pdf(t)

        return len(made.answers) * quad(density, -8, 8)[0]

    table = np.array([[expected(k, m) for m in (0, 1)] for k in (0, 1)])
    observed = np.zeros((2, 2))
    np.add.at(observed, (made.answers[:, 2], made.answers[:, 7]), 1)
    assert found.x2[2, 7] == pytest.approx(((observed - table) ** 2 / table).sum(), rel=1e-4)
    assert found.df[2, 7] == 1
    assert found.x2[7, 2] == pytest.approx(found.x2[2, 7], rel=1e-12)


def test_twin_items_are_found_and_independent_ones_are_not(made):
    answers = made.answers.copy()
    copied = np.random.default_rng(4).random(len(answers)) < 0.6
    answers[copied, 5] = answers[copied, 1]
    twin = type(made)(made.theta, made.a, made.b, answers).fitted()

    found = local_dependence(twin)

    assert [name for name, _ in found.partners("x1")] == ["x5"]
    assert found.q3_flag.sum() == 2
    assert found.v[1, 5] > 0.2
    assert found.p[1, 5] < 1e-20


def test_residuals_of_independent_items_correlate_about_minus_one_over_the_others(fitted):
    assert local_dependence(fitted).q3_mean == pytest.approx(-1 / 11, abs=0.03)


def test_pairs_that_too_few_persons_answered_have_no_figures(made):
    table = made.answers.astype(float)
    table[50:, 0] = np.nan
    table[:1000, 1] = np.nan
    answers = Answers.of_matrix(made.items, table)

    found = local_dependence(Fitted(answers, calibrate(answers, "2pl", standard_errors="none")))

    assert np.isnan(found.x2[0]).all()
    assert np.isnan(found.q3[0, 5])
    assert found.persons[1, 5] == 1000
    assert np.isfinite(found.q3[1, 5])
