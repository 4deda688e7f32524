"""Two- and three-parameter logistic models against published values and their own mathematics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadParameters
from cat.irt import logistic

THETAS = np.arange(-3.0, 4.0)

abilities = st.floats(-8, 8)
discriminations = st.floats(0.1, 4)
asymptotes = st.floats(0, 0.5)


def test_3pl_probabilities_match_the_published_table():
    # Baker (2001), The Basics of Item Response Theory, ch. 2: b = 1.5, a = 1.3, c = .2
    p = logistic.probability(THETAS, [1.3], [1.5], [0.2])[:, 0]

    assert p.round(2).tolist() == [0.20, 0.21, 0.23, 0.30, 0.47, 0.73, 0.90]


def test_2pl_information_matches_the_published_table():
    # Baker (2001), ch. 6: b = 1.0, a = 1.5
    info = logistic.information(THETAS, [1.5], [1.0])[:, 0]

    assert info.round(2).tolist() == [0.01, 0.02, 0.10, 0.34, 0.56, 0.34, 0.10]


def test_3pl_information_at_its_difficulty_matches_the_published_value():
    # Baker (2001), ch. 6: b = 1.0, a = 1.5, c = .2 gives .375 at theta = 1
    assert logistic.information([1.0], [1.5], [1.0], [0.2])[0, 0] == pytest.approx(0.375)


@given(theta=abilities, a=discriminations, b=st.floats(-3, 3), c=asymptotes)
def test_information_is_squared_slope_over_variance(theta, a, b, c):
    p = logistic.probability([theta], [a], [b], [c])[0, 0]
    share = (p - c) / (1 - c)
    slope = a * (1 - c) * share * (1 - share)

    info = logistic.information([theta], [a], [b], [c])[0, 0]

    if p * (1 - p) > 1e-6:  # beyond that the right side loses its digits, not the left
        assert info == pytest.approx(slope**2 / (p * (1 - p)), rel=1e-6)
    assert np.isfinite(info)
    assert info >= 0


def test_shapes_are_persons_by_items():
    assert logistic.probability(np.zeros(4), np.ones(3), np.zeros(3), np.zeros(3)).shape == (4, 3)


@pytest.mark.parametrize(
    ("a", "b", "c", "message"),
    [
        ([1, 0], [0, 0], [0, 0], "a must be positive; item 1 has a = 0.0"),
        ([1, 1], [0, np.inf], [0, 0], "b must be finite; item 1 has b = inf"),
        ([1, 1], [0, 0], [1.02, 0], r"c must lie in \[0, 1\); item 0 has c = 1.02"),
        ([np.nan, 1], [0, 0], [0, 0], "a must be positive; item 0 has a = nan"),
    ],
)
def test_impossible_parameters_are_refused_by_name(a, b, c, message):
    with pytest.raises(BadParameters, match=message):
        logistic.probability([0.0], a, b, c)
