"""Maximum a posteriori ability."""

from __future__ import annotations

import numpy as np
import pytest
from girth import ability_map
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from cat.errors import BadInput
from cat.irt import items as irt
from cat.irt.items import logistic_items
from cat.scoring import map


def log_posterior(theta, answers, items, mean, sd):
    p = irt.probability(np.atleast_1d(theta), items)
    given = np.flatnonzero(np.array(answers) >= 0)
    likelihood = np.log(p[:, given, np.array(answers)[given]]).sum(axis=1)
    return likelihood - ((np.atleast_1d(theta) - mean) / sd) ** 2 / 2


@pytest.mark.parametrize(
    ("answers", "theta", "se"),
    [
        ([0, 0, 0, 0, 0], -1.895, 0.795),
        ([0, 0, 0, 0, 1], -1.479, 0.796),
        ([0, 0, 0, 1, 0], -1.460, 0.796),
        ([0, 0, 1, 0, 0], -1.331, 0.797),
    ],
)
def test_law_school_scores_of_the_r_package_ltm(answers, theta, se):
    # ltm (Rizopoulos, 2006, Journal of Statistical Software 17(5)), factor.scores(ltm(LSAT ~ z1)):
    # posterior modes under the 2PL estimates for LSAT section 6 that summary() prints
    items = logistic_items(
        [0.8254, 0.7229, 0.8905, 0.6886, 0.6575], [-3.3597, -1.3696, -0.2799, -1.8659, -3.1236]
    )

    found = map.score([answers], items)

    assert found.theta[0] == pytest.approx(theta, abs=1e-3)
    assert found.se[0] == pytest.approx(se, abs=1e-3)


def test_law_school_scores_of_the_r_package_mirt():
    # mirt (Chalmers, 2012, Journal of Statistical Software 48(6)), tests/tests/test-01-mirtOne.R:
    # slopes, intercepts and MAP scores for LSAT section 7, asserted there to 0.01
    a, d = (
        np.array([0.9876, 1.0808, 1.7075, 0.7650, 0.7357]),
        [1.8559, 0.8080, 1.8052, 0.4860, 1.8545],
    )
    answers = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0, 0, 0, 1, 1], [0, 0, 1, 0, 0]]

    found = map.score(answers, logistic_items(a, -np.array(d) / a))

    published = [-1.8165552, -1.4946906, -1.4822982, -1.1789899, -1.0958928]
    assert found.theta == pytest.approx(published, abs=1e-3)


@pytest.mark.parametrize(("right", "theta"), [(4, -0.7436), (6, 0.0), (7, 0.3706), (11, 1.9069)])
def test_rasch_scores_of_the_r_package_pp(right, theta):
    # PP 0.6.3, example of PP_4pl, as in test_mle.py
    items = logistic_items(1.0, np.linspace(-3, 3, 12))

    found = map.score([[1] * right + [0] * (12 - right)], items)

    assert found.theta[0] == pytest.approx(theta, abs=1e-4)


def test_the_estimate_agrees_with_girth():
    rng = np.random.default_rng(12)
    a, b = rng.uniform(0.7, 1.8, 15), rng.normal(size=15)
    answers = rng.integers(0, 2, (25, 15))

    ours = map.score(answers, logistic_items(a, b))

    assert ours.theta == pytest.approx(ability_map(answers.T, b, a), abs=1e-3)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), mean=st.floats(-30, 30), sd=st.floats(0.02, 30))
def test_no_ability_whatever_has_a_higher_posterior(seed, mean, sd, create_items):
    items = create_items(2, seed % 97)
    rng = np.random.default_rng(seed)
    answers = rng.integers(-1, items.categories)

    found = map.score([answers], items, mean, sd).theta[0]

    near = np.linspace(found - 1, found + 1, 2001)
    grid = np.concatenate([near, np.linspace(-40, 40, 4001)])
    height = log_posterior(found, answers, items, mean, sd)[0]
    with np.errstate(divide="ignore"):
        assert log_posterior(grid, answers, items, mean, sd).max() <= height + 1e-9 * abs(height)


def test_the_estimate_is_where_scipy_finds_the_top(create_items, simulate):
    items = create_items(4, 3)
    answers = simulate(items, np.linspace(-2, 2, 15), 4, missing=0.3)

    found = map.score(answers, items, 0.3, 0.8, information="observed")

    for row, theta, se in zip(answers, *found, strict=True):
        top = optimize.minimize_scalar(
            lambda t, row=row: -log_posterior(t, row, items, 0.3, 0.8)[0],
            bounds=(-6, 6),
            method="bounded",
            options={"xatol": 1e-10},
        )
        assert theta == pytest.approx(top.x, abs=1e-5)
        heights = log_posterior(theta + np.array([-1e-3, 0, 1e-3]), row, items, 0.3, 0.8)
        assert se == pytest.approx((-np.diff(heights, 2)[0] / 1e-6) ** -0.5, rel=1e-4)


def test_everybody_may_have_a_prior_of_their_own():
    items, answers = logistic_items([1.2, 0.8], [0, 1]), [[1, 0], [1, 0], [1, 1]]
    mean, sd = [-1.0, 2.0, 0.5], [0.5, 1.0, 2.0]

    together = map.score(answers, items, mean, sd)

    for person in range(3):
        alone = map.score([answers[person]], items, mean[person], sd[person])
        assert together.theta[person] == pytest.approx(alone.theta[0], abs=1e-9)
        assert together.se[person] == pytest.approx(alone.se[0], abs=1e-9)


@pytest.mark.parametrize(
    ("prior", "named"),
    [
        ({"sd": 0}, "sd must be positive; person 0"),
        ({"sd": [1, -1]}, "person 1 has -1"),
        ({"mean": np.nan}, "mean must be finite"),
        ({"mean": [0, 1, 2]}, r"one number or \(2,\)"),
    ],
)
def test_an_impossible_prior_is_refused(prior, named):
    with pytest.raises(BadInput, match=named):
        map.score([[1], [0]], logistic_items([1.0], [0.0]), **prior)
