"""Generalised partial credit model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadParameters
from cat.irt import logistic, partial_credit

steps = st.lists(st.floats(-4, 4), min_size=4, max_size=4)


@given(theta=st.floats(-8, 8), a=st.floats(0.1, 4), b=steps)
def test_categories_add_to_one(theta, a, b):
    assert partial_credit.probability([theta], [a], [b]).sum() == pytest.approx(1)


@given(theta=st.floats(-6, 6), a=st.floats(0.2, 3), b=st.floats(-3, 3))
def test_two_categories_are_the_2pl(theta, a, b):
    two = partial_credit.probability([theta], [a], [[b]])[0, 0, 1]

    assert two == pytest.approx(logistic.probability([theta], [a], [b])[0, 0])


def test_neighbouring_categories_are_equally_likely_at_their_step():
    # Muraki (1992): curves k - 1 and k cross at step difficulty k
    b = [-1.5, -0.5, 0.4, 1.2]
    p = partial_credit.probability(b, [0.8], [b])[:, 0, :]

    for k in range(4):
        assert p[k, k] == pytest.approx(p[k, k + 1])


@given(theta=st.floats(-4, 4), a=st.floats(0.2, 2), b=steps)
def test_information_is_the_mean_squared_slope_of_the_log_probability(theta, a, b):
    h = 1e-5
    low, here, high = partial_credit.probability([theta - h, theta, theta + h], [a], [b])[:, 0]
    slope = (np.log(high) - np.log(low)) / (2 * h)

    expected = (here * slope**2).sum()

    assert partial_credit.information([theta], [a], [b])[0, 0] == pytest.approx(expected, abs=1e-5)


def test_steps_of_the_wrong_shape_are_refused():
    with pytest.raises(BadParameters, match="steps must be"):
        partial_credit.probability([0.0], [1.0, 1.0], [[0.0]])


def test_an_impossible_discrimination_is_refused_by_item():
    with pytest.raises(BadParameters, match="item 1 has a = -1"):
        partial_credit.probability([0.0], [1.0, -1.0], [[0.0], [0.0]])
