"""Graded response model against published values and its own mathematics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadParameters
from cat.irt import graded, logistic

# The R package irt 0.2.9 works at D = 1.702 in most of its tests; its a times D is our a.
D = 1.702

abilities = st.floats(-8, 8)
discriminations = st.floats(0.1, 4)
# Neighbouring thresholds closer than this differ by little more than their own rounding.
thresholds = st.lists(st.floats(-4, 4), min_size=2, max_size=5).filter(
    lambda b: np.diff(sorted(b)).min() > 1e-3
)


def test_probabilities_match_the_published_table():
    # Almond, Mislevy, Steinberg, Yan & Williamson (2015), Bayesian Networks in Educational
    # Assessment, DiBello models: a = 1, b = -1 and 1, effective thetas of low, medium, high; table
    # in Almond's notes, pluto.coe.fsu.edu/svn/common/PeanutManual/Talks/DiBelloModels.html
    p = graded.probability([-1.8, -0.4, 1.0], [1.0], [[-1.0, 1.0]])[:, 0]

    assert p.round(3).tolist() == [
        [0.690, 0.253, 0.057],
        [0.354, 0.448, 0.198],
        [0.119, 0.381, 0.500],
    ]


def test_probabilities_match_another_program():
    # R package irt (E. Gonulates), tests/testthat/test-prob.R
    p = graded.probability([0.516, -1.753], [0.926 * D], [[-0.836, 0.184, 1.595]])[:, 0]

    assert p == pytest.approx(
        np.array(
            [
                [0.106136952861801, 0.265955808662458, 0.473515112558898, 0.154392125916843],
                [0.809264735403842, 0.145639069218062, 0.0400125096711436, 0.00508368570695249],
            ]
        ),
        rel=1e-11,
    )


def test_information_matches_another_program():
    # R package irt (E. Gonulates), tests/testthat/test-info.R: 3, 4 and 5 categories
    info = graded.information(
        [0.721],
        D * np.array([1.059, 1.071, 1.152]),
        [
            [0.259, 1.026, np.nan, np.nan],
            [-0.558, 0.576, 1.902, np.nan],
            [-0.215, 1.167, 1.201, 1.624],
        ],
    )[0]

    assert info == pytest.approx(
        [0.960425549030691, 0.950834524804291, 1.03609957317723], rel=1e-11
    )


def test_derivatives_match_another_program():
    # R package irt (E. Gonulates), tests/testthat/test-prob.R, D = 1
    slope = graded.curves([1.443], [1.1585], [[-0.9029, -0.2997, 0.1745]]).slope[0, 0]
    curvature = graded.curves([-0.609], [0.8999], [[-1.4715, -0.6293, 0.594, 1.0234]]).curvature

    assert slope == pytest.approx([-0.0673083, -0.0525824, -0.0562445, 0.1761351], abs=5e-8)
    assert curvature[0, 0] == pytest.approx(
        [0.0646182, -0.0627692, -0.0774531, -0.0014744, 0.0770785], abs=5e-8
    )


@given(theta=abilities, a=discriminations, b=st.floats(-3, 3))
def test_two_categories_are_the_2pl(theta, a, b):
    two, one = graded.curves([theta], [a], [[b]]), logistic.curves([theta], [a], [b])

    for ours, theirs in ((two.p, one.p), (two.score, one.score), (two.observed, one.observed)):
        assert ours == pytest.approx(theirs, rel=1e-12)


@given(theta=abilities, a=discriminations, b=thresholds)
def test_reaching_a_category_is_a_2pl_item_at_its_threshold(theta, a, b):
    # Samejima's definition: P(category k or better) is a cumulative logistic curve
    b = np.sort(b)
    p = graded.probability([theta], [a], [b])[0, 0]
    reached = p[::-1].cumsum()[::-1][1:]

    assert reached == pytest.approx(logistic.probability([theta], np.full(len(b), a), b)[0])


@given(theta=abilities, a=discriminations, b=thresholds)
def test_every_observed_answer_carries_some_information(theta, a, b):
    # Samejima (1969): the model meets the condition for a unique maximum of the likelihood
    observed = graded.curves([theta], [a], [np.sort(b)]).observed

    assert (observed > 0).all()


def test_joining_two_categories_never_adds_information():
    theta = np.linspace(-4, 4, 33)
    all_three = graded.information(theta, [1.5], [[-1.0, 0.2, 1.3]])
    joined = graded.information(theta, [1.5], [[-1.0, 1.3]])

    assert (joined < all_three).all()


def test_a_symmetric_item_is_symmetric():
    here = graded.curves([0.7], [1.3], [[-1.0, 0.0, 1.0]])
    mirrored = graded.curves([-0.7], [1.3], [[-1.0, 0.0, 1.0]])

    assert here.p[0, 0] == pytest.approx(mirrored.p[0, 0, ::-1])
    assert here.slope[0, 0] == pytest.approx(-mirrored.slope[0, 0, ::-1])


@pytest.mark.parametrize(
    ("thresholds", "message"),
    [
        ([[0, 1], [1, 0]], r"thresholds must increase .*; item 1 has thresholds = \[1. 0.\]"),
        ([[0, 1], [1, 1]], "thresholds must increase from category to category; item 1"),
        ([[0, np.inf], [0, 1]], "thresholds must be finite; item 0"),
        ([[0, 1], [np.nan, np.nan]], "thresholds must be finite; item 1"),
        ([[0, 1, 2], [0, np.nan, 2]], "must not have NaN between its numbers; item 1"),
        ([[0, 1]], r"thresholds must be \(I, K - 1\) = \(2, ...\); got \(1, 2\)"),
    ],
)
def test_impossible_thresholds_are_refused_by_item(thresholds, message):
    with pytest.raises(BadParameters, match=message):
        graded.probability([0.0], [1.0, 1.0], thresholds)
