"""Nominal response model. Its cases with published numbers are those of the models it contains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadParameters
from cat.irt import logistic, nominal, partial_credit

abilities = st.floats(-8, 8)
three = st.lists(st.floats(-3, 3), min_size=3, max_size=3)


@given(theta=abilities, a=st.floats(0.1, 4), b=three)
def test_slopes_in_equal_steps_are_the_generalised_partial_credit_model(theta, a, b):
    # Muraki (1992); Thissen & Steinberg (1986), Psychometrika 51, 567-577
    slopes = a * np.arange(4)
    intercepts = np.concatenate([[0.0], -a * np.cumsum(b)])

    ours = nominal.curves([theta], [slopes], [intercepts])
    theirs = partial_credit.curves([theta], [a], [b])

    assert ours.p == pytest.approx(theirs.p, rel=1e-9, abs=1e-300)
    assert ours.score == pytest.approx(theirs.score, rel=1e-9, abs=1e-12)
    assert ours.observed == pytest.approx(theirs.observed, rel=1e-9)


@given(theta=abilities, a=st.floats(0.1, 4), b=st.floats(-3, 3))
def test_two_options_are_the_2pl(theta, a, b):
    ours = nominal.probability([theta], [[0.0, a]], [[0.0, -a * b]])[0, 0, 1]

    assert ours == pytest.approx(logistic.probability([theta], [a], [b])[0, 0])


@given(theta=abilities, slopes=three, intercepts=three, shift=st.floats(-5, 5))
def test_only_differences_between_options_matter(theta, slopes, intercepts, shift):
    # Bock (1972): the parameters are identified up to a constant
    if np.ptp(slopes) < 1e-3:
        slopes = [0.0, 1.0, -1.0]
    here = nominal.probability([theta], [slopes], [intercepts])
    shifted = nominal.probability(
        [theta], [np.array(slopes) + shift], [np.array(intercepts) - shift]
    )

    assert here == pytest.approx(shifted, rel=1e-9)


def test_any_two_options_follow_a_logistic_curve_in_their_differences():
    # Bock (1972): the multinomial logit, log P_h - log P_k linear in theta
    theta = np.linspace(-3, 3, 7)
    p = nominal.probability(theta, [[0.2, -0.7, 1.5]], [[0.1, 0.4, -0.5]])[:, 0]

    assert np.log(p[:, 2] / p[:, 1]) == pytest.approx(2.2 * theta - 0.9)


def test_the_option_of_largest_slope_wins_at_the_top_and_of_smallest_at_the_bottom():
    p = nominal.probability([-8.0, 8.0], [[0.2, -0.7, 1.5]], [[0.1, 0.4, -0.5]])[:, 0]

    assert p.argmax(axis=1).tolist() == [1, 2]


def test_information_is_the_variance_of_the_slopes():
    # Bock (1972), Psychometrika 37, 29-51
    slopes = np.array([0.2, -0.7, 1.5])
    p = nominal.probability([0.3], [slopes], [[0.1, 0.4, -0.5]])[0, 0]

    info = nominal.information([0.3], [slopes], [[0.1, 0.4, -0.5]])[0, 0]

    assert info == pytest.approx((p * slopes**2).sum() - (p * slopes).sum() ** 2)


def test_renumbering_the_options_renumbers_their_curves():
    order = [2, 0, 1]
    slopes, intercepts = np.array([0.2, -0.7, 1.5]), np.array([0.1, 0.4, -0.5])

    here = nominal.curves([0.3], [slopes], [intercepts])
    renumbered = nominal.curves([0.3], [slopes[order]], [intercepts[order]])

    assert renumbered.p == pytest.approx(here.p[..., order])
    assert renumbered.score == pytest.approx(here.score[..., order])


@pytest.mark.parametrize(
    ("slopes", "intercepts", "message"),
    [
        ([[0, 1], [1, 1]], [[0, 0], [0, 0]], r"slopes must not all be equal; item 1"),
        ([[0, 1], [0, np.inf]], [[0, 0], [0, 0]], "slopes must be finite; item 1"),
        ([[0, 1], [0, np.nan]], [[0, 0], [0, np.nan]], "slopes must be finite; item 1"),
        ([[0, 1], [0, 1]], [[0, 0], [0, np.nan]], "intercepts must be finite; item 1"),
        ([[0, 1, 2]], [[0, 0, np.nan]], "intercepts must have as many numbers as slopes; item 0"),
        ([[0, 1]], [[0, 0, 0]], r"must both be \(I, K\); got \(1, 2\) and \(1, 3\)"),
    ],
)
def test_impossible_options_are_refused_by_item(slopes, intercepts, message):
    with pytest.raises(BadParameters, match=message):
        nominal.probability([0.0], slopes, intercepts)
