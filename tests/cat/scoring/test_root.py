"""Zeros of many falling functions at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import DidNotConverge
from cat.scoring import root


def solve(value, slope, low, high, exact_slope=True):
    """value, slope : functions of theta (m,) and which (m,)."""
    return root.of_falling(
        lambda theta, which: (value(theta, which), slope(theta, which)),
        np.array(low, float),
        np.array(high, float),
        (np.array(low) + np.array(high)) / 2,
        exact_slope,
    )


@given(
    zeros=st.lists(st.floats(-50, 50), min_size=1, max_size=20),
    exact=st.booleans(),
)
def test_zeros_of_different_functions_are_found_side_by_side(zeros, exact):
    zeros = np.array(zeros)

    found = solve(
        lambda t, i: -np.arctan(3 * (t - zeros[i])),
        lambda t, i: -3 / (1 + (3 * (t - zeros[i])) ** 2) * (1.0 if exact else 0.2),
        zeros - 70,
        zeros + 40,
        exact,
    )

    assert found == pytest.approx(zeros, abs=1e-8)


def test_a_slope_that_says_nothing_only_costs_time():
    found = solve(lambda t, _: 2 - t**3, lambda t, _: np.zeros(len(t)), [0.0], [10.0])

    assert found[0] == pytest.approx(2 ** (1 / 3), abs=1e-8)


def test_a_step_is_taken_downhill_even_where_the_function_is_a_cliff():
    found = solve(
        lambda t, _: -np.tanh(1e6 * (t - 0.3)), lambda t, _: np.full(len(t), -1e-9), [-5.0], [5.0]
    )

    assert found[0] == pytest.approx(0.3, abs=1e-6)


def test_the_search_ends_with_an_error_rather_than_a_guess():
    def value(theta, which):
        return np.where(which == 1, np.nan, -theta)

    with pytest.raises(DidNotConverge, match="1 of 2") as error:
        solve(value, lambda t, _: -np.ones(len(t)), [-1.0, -1.0], [2.0, 2.0])

    assert error.value.evidence["which"].tolist() == [1]
