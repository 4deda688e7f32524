"""One- to four-parameter logistic models against published values and their own mathematics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from cat.errors import BadInput, BadParameters
from cat.irt import logistic

THETAS = np.arange(-3.0, 4.0)
# The R package irt 0.2.9 works at D = 1.702 in its tests; its a times D is our a.
D = 1.702

abilities = st.floats(-8, 8)
discriminations = st.floats(0.1, 4)
asymptotes = st.floats(0, 0.5)


def test_1pl_probabilities_match_the_published_table():
    # Baker (2001), The Basics of Item Response Theory, ch. 2: Rasch model, b = 1.0
    p = logistic.probability(THETAS, [1.0], [1.0])[:, 0]

    assert p.round(2).tolist() == [0.02, 0.05, 0.12, 0.27, 0.50, 0.73, 0.88]


def test_3pl_probabilities_match_the_published_table():
    # Baker (2001), The Basics of Item Response Theory, ch. 2: b = 1.5, a = 1.3, c = .2
    p = logistic.probability(THETAS, [1.3], [1.5], [0.2])[:, 0]

    assert p.round(2).tolist() == [0.20, 0.21, 0.23, 0.30, 0.47, 0.73, 0.90]


def test_4pl_probabilities_match_another_program():
    # R package irt (E. Gonulates), tests/testthat/test-prob.R
    theta = [1.216, 1.712, -0.384, 1.87, 1.214]
    p = logistic.probability(theta, [1.671 * D], [1.246], [0.068], [0.962])[:, 0]

    assert p == pytest.approx(
        [
            0.495942258235406,
            0.774319045715691,
            0.0765871387194444,
            0.832404851239597,
            0.494673439580967,
        ],
        rel=1e-12,
    )


def test_2pl_information_matches_the_published_table():
    # Baker (2001), ch. 6: b = 1.0, a = 1.5
    info = logistic.information(THETAS, [1.5], [1.0])[:, 0]

    assert info.round(2).tolist() == [0.01, 0.02, 0.10, 0.34, 0.56, 0.34, 0.10]


def test_3pl_information_at_its_difficulty_matches_the_published_value():
    # Baker (2001), ch. 6: b = 1.0, a = 1.5, c = .2 gives .375 at theta = 1
    assert logistic.information([1.0], [1.5], [1.0], [0.2])[0, 0] == pytest.approx(0.375)


def test_3pl_and_4pl_information_match_another_program():
    # R package irt (E. Gonulates), tests/testthat/test-info.R
    three = logistic.information(
        [-1.575],
        D * np.array([1.489, 1.235, 0.93, 1.555, 1.999]),
        [-1.163, -0.977, -0.79, -0.284, 0.704],
        [0.118, 0.289, 0.218, 0.184, 0.243],
    )[0]
    four = logistic.information(
        [-1.479],
        D * np.array([0.913, 1.291, 1.18, 1.551, 1.766]),
        [-1.54, -0.4, -0.4, 1.091, 1.253],
        [0.289, 0.116, 0.269, 0.343, 0.293],
        [0.983, 0.924, 0.937, 0.936, 0.908],
    )[0]

    assert three == pytest.approx(
        [
            0.816980470555487,
            0.268723586337344,
            0.194023741905176,
            0.0266167442914817,
            6.62213613273249e-06,
        ],
        rel=1e-11,
    )
    assert four == pytest.approx(
        [
            0.319106179781748,
            0.127585971221441,
            0.0684054134021274,
            1.3844056224489e-05,
            1.2139206400796e-06,
        ],
        rel=1e-11,
    )


@pytest.mark.parametrize(
    ("theta", "a", "b", "c", "d", "category", "expected"),
    [
        (0.832, 1.0, -0.682, 0.0, 1.0, 1, 0.19018685),
        (0.452, 1.714, 0.898, 0.116, 1.0, 1, -0.35163524),
        (-1.101, 1.683, 1.808, 0.078, 1.0, 0, 0.00197251),
        (1.301, 1.283, -1.586, 0.234, 0.97, 1, 0.00658582),
    ],
)
def test_observed_information_matches_another_program(theta, a, b, c, d, category, expected):
    # R package irt (E. Gonulates), tests/testthat/test-info.R; a lucky guess carries negative
    # information, as in the second row
    observed = logistic.curves([theta], [a * D], [b], [c], [d]).observed[0, 0, category]

    assert observed == pytest.approx(expected, abs=5e-9)


@pytest.mark.parametrize(
    ("theta", "a", "b", "c", "d", "first", "second"),
    [
        (1.184, 1.851, -1.058, 0.0, 1.0, 0.00269223774834802, None),
        (0.003, 1.511, 0.579, 0.339, 1.0, 0.256549196945928, None),
        (-0.876, 0.852, 0.397, 0.096, 0.932, 0.142753163853866, None),
        (-1.928, 1.0, -0.458, 0.0, 1.0, None, 0.172038459572945),
        (-0.437, 0.779, 0.491, 0.133, 1.0, None, 0.146089105331744),
        (0.378, 1.05, -1.213, 0.299, 0.904, None, -0.0894192189688905),
    ],
)
def test_derivatives_match_another_program(theta, a, b, c, d, first, second):
    # R package irt (E. Gonulates), tests/testthat/test-prob.R
    here = logistic.curves([theta], [a * D], [b], [c], [d])

    if first is not None:
        assert here.slope[0, 0, 1] == pytest.approx(first, rel=1e-11)
    if second is not None:
        assert here.curvature[0, 0, 1] == pytest.approx(second, rel=1e-11)


@pytest.mark.parametrize(("a", "b", "c"), [(1.0, 0.0, 0.2), (2.5, -1.2, 0.05), (0.7, 1.4, 0.35)])
def test_3pl_information_peaks_where_birnbaum_says(a, b, c):
    # Birnbaum (1968), in Lord & Novick, ch. 20: b + log((1 + sqrt(1 + 8c)) / 2) / a
    peak = minimize_scalar(
        lambda theta: -logistic.information([theta], [a], [b], [c])[0, 0],
        bounds=(b - 3, b + 3),
        method="bounded",
        options={"xatol": 1e-9},
    ).x

    assert peak == pytest.approx(b + np.log((1 + np.sqrt(1 + 8 * c)) / 2) / a, abs=1e-6)


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


@given(theta=abilities, a=discriminations, b=st.floats(-3, 3), c=asymptotes)
def test_an_upper_asymptote_of_one_is_the_3pl(theta, a, b, c):
    # the 3PL as Lord (1980), equation 2-1, writes it
    three = c + (1 - c) / (1 + np.exp(-a * (theta - b)))

    assert logistic.probability([theta], [a], [b], [c], [1.0])[0, 0] == pytest.approx(three)


@given(
    theta=abilities,
    a=discriminations,
    b=st.floats(-3, 3),
    c=st.floats(0, 0.4),
    slip=st.floats(0, 0.4),
)
def test_wrong_answers_mirror_right_ones_when_guessing_and_slipping_change_places(
    theta, a, b, c, slip
):
    c, slip = 1 - (1 - c), 1 - (1 - slip)  # what is left of small ones once taken from 1

    here = logistic.curves([theta], [a], [b], [c], [1 - slip])
    mirrored = logistic.curves([-theta], [a], [-b], [slip], [1 - c])

    assert here.p[0, 0, 0] == pytest.approx(mirrored.p[0, 0, 1], rel=1e-9, abs=1e-12)
    assert here.score[0, 0, 0] == pytest.approx(-mirrored.score[0, 0, 1], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("c", "d"), [(0.0, 1.0), (0.0, 0.9), (0.2, 1.0), (0.2, 0.9)])
def test_everything_stays_finite_where_the_logistic_function_has_vanished(c, d):
    # 4 * 300 logits: exp(-1200) is 0 in float64
    here = logistic.curves([-300.0, 300.0], [4.0], [0.0], [c], [d])

    # the score of the unlikelier answer tends to a, unless guessing or slipping explains it
    assert here.score[:, 0].tolist() == [
        [0.0, 0.0 if c > 0 else 4.0],
        [0.0 if d < 1 else -4.0, 0.0],
    ]
    assert (here.observed == 0).all()
    assert (logistic.information([-300.0, 300.0], [4.0], [0.0], [c], [d]) == 0).all()


def test_shapes_are_persons_by_items():
    assert logistic.probability(np.zeros(4), np.ones(3), np.zeros(3), np.zeros(3)).shape == (4, 3)


@pytest.mark.parametrize(
    ("a", "b", "c", "d", "message"),
    [
        ([1, 0], [0, 0], [0, 0], 1, "a must be positive; item 1 has a = 0.0"),
        ([1, 1], [0, np.inf], [0, 0], 1, "b must be finite; item 1 has b = inf"),
        ([1, 1], [0, 0], [1.02, 0], 1, r"c must lie in \[0, 1\); item 0 has c = 1.02"),
        ([np.nan, 1], [0, 0], [0, 0], 1, "a must be positive; item 0 has a = nan"),
        ([1, 1], [0, 0], 0.3, [1, 0.3], r"d must lie in \(c, 1\]; item 1 has d = 0.3"),
        ([1, 1], [0, 0], 0, [1, 1.01], r"d must lie in \(c, 1\]; item 1 has d = 1.01"),
        ([1, 1], [0, 0, 0], 0, 1, r"same I; got a \(2,\), b \(3,\)"),
        (["one"], [0], 0, 1, "a must be numbers"),
    ],
)
def test_impossible_parameters_are_refused_by_name(a, b, c, d, message):
    with pytest.raises(BadParameters, match=message):
        logistic.probability([0.0], a, b, c, d)


@pytest.mark.parametrize(
    ("theta", "message"),
    [
        (0.0, r"theta must be \(J,\), one ability a person; got shape \(\)"),
        ([0.0, np.nan], "theta must be finite; person 1 has theta = nan"),
        ([-np.inf], "theta must be finite; person 0 has theta = -inf"),
        (["x"], "theta must be numbers"),
    ],
)
def test_impossible_abilities_are_refused_by_person(theta, message):
    with pytest.raises(BadInput, match=message):
        logistic.probability(theta, [1.0], [0.0])
