"""Parallel analysis counts the dimensions that were put in; polychoric correlations by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.dimensionality import (
    bivariate_normal,
    parallel_analysis,
    polychoric,
)
from cat.errors import BadInput


@pytest.mark.parametrize("r", [-0.95, -0.3, 0.0, 0.5, 0.99])
def test_the_bivariate_normal_integral_agrees_with_scipy(r):
    points = [(-1.2, 0.4), (0.0, 0.0), (2.5, -2.0), (1.0, 1.1)]

    ours = [bivariate_normal(*(np.array(x) for x in (h, k, r))) for h, k in points]

    theirs = [
        multivariate_normal.cdf([h, k], cov=[[1, r], [r, 1]], rng=np.random.default_rng(1))
        for h, k in points
    ]
    assert np.array(ours) == pytest.approx(np.array(theirs), abs=2e-6)


def test_polychoric_correlations_find_the_normal_variables_behind_the_categories():
    rng = np.random.default_rng(8)
    r = np.array([[1, 0.6, -0.3], [0.6, 1, 0.1], [-0.3, 0.1, 1]])
    normal = rng.multivariate_normal(np.zeros(3), r, size=20_000)
    table = np.stack(
        [np.digitize(normal[:, i], cuts) for i, cuts in enumerate(([-1, 0.2, 1.5], [0.7], [-1.1]))],
        axis=1,
    )

    # Standard errors of tetrachoric correlations here: about 0.015.
    assert polychoric(table.astype(np.int16)) == pytest.approx(r, abs=0.05)


def test_one_ability_counts_as_one_dimension_and_two_as_two(made, draw):
    other = draw(77)
    rng = np.random.default_rng(1)
    one = Answers.of_matrix(made.items, made.answers)
    mixed = np.concatenate([made.answers[:, :6], other.answers[:, :6]], axis=1)

    single = parallel_analysis(one, rng, shuffles=10)
    double = parallel_analysis(Answers.of_matrix(made.items, mixed), rng, shuffles=10)

    assert (single.dimensions, double.dimensions) == (1, 2)
    assert single.first_to_second > 3
    assert sum(single.eigenvalues) == pytest.approx(12)


def test_unrelated_items_have_no_dimension_at_all():
    answers = np.random.default_rng(3).integers(0, 2, (3000, 8))

    found = parallel_analysis(
        Answers.of_matrix([f"x{i}" for i in range(8)], answers), np.random.default_rng(4)
    )

    assert found.dimensions == 0


def test_items_that_nobody_answers_together_are_refused_by_name(made):
    table = made.answers.astype(float)
    table[:1000, 3] = np.nan
    table[1000:, 9] = np.nan

    with pytest.raises(BadInput, match="x3 and x9 were answered together by 0 persons"):
        parallel_analysis(Answers.of_matrix(made.items, table), np.random.default_rng(1))
