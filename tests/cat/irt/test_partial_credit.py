"""Generalised partial credit model and its special cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadParameters
from cat.irt import families, items, logistic, partial_credit

# The R package irt 0.2.9 works at D = 1.702 in some of its tests; its a times D is our a.
D = 1.702

steps = st.lists(st.floats(-4, 4), min_size=4, max_size=4)


def test_probabilities_match_another_program():
    # R package irt (E. Gonulates), tests/testthat/test-prob.R; steps in and out of order
    ordered = partial_credit.probability([1.506], [0.959 * D], [[-0.733, 0.1, 1.419]])[0, 0]
    unordered = partial_credit.probability([0.598], [1.048 * D], [[1.059, 1.338, 0.885]])[0, 0]

    assert ordered == pytest.approx(
        [0.00115574540552809, 0.0446690831664985, 0.443270466924079, 0.510904704503894], rel=1e-11
    )
    assert unordered == pytest.approx(
        [0.614560032837231, 0.270054222262271, 0.0721457026438114, 0.0432400422566862], rel=1e-11
    )


def test_derivatives_match_another_program():
    # R package irt (E. Gonulates), tests/testthat/test-prob.R, D = 1
    slope = partial_credit.curves(
        [1.145], [0.9567], [[-1.4554, -0.8694, -0.4488, 0.1847, 0.5886]]
    ).slope[0, 0]
    curvature = partial_credit.curves(
        [-1.044], [1.0297], [[-1.1961, -0.4787, 0.7638, 1.1222]]
    ).curvature[0, 0]

    assert slope == pytest.approx(
        [-0.0013619, -0.0126137, -0.06071, -0.1597056, -0.1014935, 0.3358849], abs=5e-8
    )
    assert curvature == pytest.approx(
        [0.0694643, -0.3093472, 0.0809761, 0.1254165, 0.0334903], abs=5e-8
    )


def test_the_partial_credit_model_matches_another_program():
    # R package irt (E. Gonulates), tests/testthat/test-prob.R
    set_of_one = families.partial_credit_items([[-1.3333, -0.3407, 0.2952]])

    _, slope, _ = items.derivatives([-1.763], set_of_one)

    assert slope[0, 0] == pytest.approx([-0.3067518, 0.1564259, 0.1235834, 0.0267425], abs=5e-8)


@given(theta=st.floats(-8, 8), a=st.floats(0.1, 4), b=steps)
def test_categories_add_to_one(theta, a, b):
    assert partial_credit.probability([theta], [a], [b]).sum() == pytest.approx(1)


@given(theta=st.floats(-8, 8), a=st.floats(0.1, 4), b=st.floats(-3, 3))
def test_two_categories_are_the_2pl(theta, a, b):
    two, one = partial_credit.curves([theta], [a], [[b]]), logistic.curves([theta], [a], [b])

    for ours, theirs in ((two.p, one.p), (two.score, one.score), (two.observed, one.observed)):
        assert ours == pytest.approx(theirs, rel=1e-10)


def test_neighbouring_categories_are_equally_likely_at_their_step():
    # Muraki (1992): curves k - 1 and k cross at step difficulty k
    b = [-1.5, -0.5, 0.4, 1.2]
    p = partial_credit.probability(b, [0.8], [b])[:, 0, :]

    for k in range(4):
        assert p[k, k] == pytest.approx(p[k, k + 1])


@given(theta=st.floats(-6, 6), a=st.floats(0.1, 4), b=steps)
def test_the_log_odds_of_neighbours_rise_by_a_per_logit_from_their_step(theta, a, b):
    # Masters (1982) and Muraki (1992) define the model by this
    p = partial_credit.probability([theta], [a], [b])[0, 0]

    assert np.diff(np.log(p)) == pytest.approx(a * (theta - np.array(b)), rel=1e-9, abs=1e-9)


@given(theta=st.floats(-4, 4), a=st.floats(0.2, 2), b=steps)
def test_information_is_squared_a_times_the_variance_of_the_category(theta, a, b):
    # Muraki (1993), Applied Psychological Measurement 17, 351-363
    p = partial_credit.probability([theta], [a], [b])[0, 0]
    category = np.arange(5)
    variance = (p * category**2).sum() - (p * category).sum() ** 2

    info = partial_credit.information([theta], [a], [b])[0, 0]

    assert info == pytest.approx(a**2 * variance, rel=1e-6, abs=1e-12)


@given(theta=st.floats(-4, 4), a=st.floats(0.2, 2), b=steps)
def test_information_is_the_mean_squared_slope_of_the_log_probability(theta, a, b):
    h = 1e-5
    low, here, high = partial_credit.probability([theta - h, theta, theta + h], [a], [b])[:, 0]
    slope = (np.log(high) - np.log(low)) / (2 * h)

    expected = (here * slope**2).sum()

    assert partial_credit.information([theta], [a], [b])[0, 0] == pytest.approx(expected, abs=1e-5)


def test_every_answer_to_an_item_is_equally_informative_afterwards():
    # the exponential family: observed information does not depend on what was observed
    observed = partial_credit.curves([0.4], [1.2], [[-1.0, 0.3, 0.1]]).observed[0, 0]

    assert observed == pytest.approx(np.full(4, observed[0]))
    assert observed[0] == pytest.approx(
        partial_credit.information([0.4], [1.2], [[-1.0, 0.3, 0.1]])[0, 0]
    )


def test_a_rating_scale_has_the_same_curves_around_every_location():
    # Andrich (1978): one set of thresholds for all items
    scale = families.rating_scale_items([-0.5, 1.2], [-1.0, 0.1, 0.9])

    first = items.probability([0.3 - 0.5], scale)[0, 0]
    second = items.probability([0.3 + 1.2], scale)[0, 1]

    assert first == pytest.approx(second)
    assert scale.b == pytest.approx(np.array([[-1.5, -0.4, 0.4], [0.2, 1.3, 2.1]]))


def test_steps_of_the_wrong_shape_are_refused():
    with pytest.raises(BadParameters, match="steps must be"):
        partial_credit.probability([0.0], [1.0, 1.0], [[0.0]])


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([[0.0, np.inf], [0.0, 1.0]], "steps must be finite; item 0"),
        ([[0.0, 1.0], [np.nan, np.nan]], "steps must be finite; item 1"),
        ([[0.0, np.nan, 1.0], [0.0, 1.0, 2.0]], "must not have NaN between its numbers; item 0"),
    ],
)
def test_steps_that_are_not_numbers_are_refused_by_item(steps, message):
    with pytest.raises(BadParameters, match=message):
        partial_credit.probability([0.0], [1.0, 1.0], steps)


def test_an_impossible_discrimination_is_refused_by_item():
    with pytest.raises(BadParameters, match="item 1 has a = -1"):
        partial_credit.probability([0.0], [1.0, -1.0], [[0.0], [0.0]])
