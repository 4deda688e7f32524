"""Warm's weighted likelihood ability."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize

from cat.errors import NoFiniteEstimate
from cat.irt import items as irt
from cat.irt.items import Model, logistic_items, polytomous_items
from cat.scoring import mle, wle
from cat.scoring.sum_score import score_distribution


def equation(theta, answers, items):
    """l' + J / (2 I), from central differences of the probabilities alone."""
    step = 1e-4
    below, p, above = (irt.probability([theta + k * step], items)[0] for k in (-1, 0, 1))
    first, second = (above - below) / (2 * step), (above - 2 * p + below) / step**2
    given = np.flatnonzero(np.array(answers) >= 0)
    chosen = np.array(answers)[given]
    with np.errstate(divide="ignore", invalid="ignore"):
        information, j = np.nansum(first**2 / p, axis=1), np.nansum(first * second / p, axis=1)
    slope = (first[given, chosen] / p[given, chosen]).sum()
    return slope + j[given].sum() / (2 * information[given].sum())


def test_rasch_scores_of_fischer_and_molenaar():
    # Fischer & Molenaar (1995), Rasch Models, table 4.1, p. 59, as quoted in the Winsteps manual
    items = logistic_items(1.0, [-1.5, -0.75, 0, 0.75, 1.5])

    found = wle.score(np.tri(6, 5, -1, dtype=int), items)

    assert found.theta == pytest.approx([-2.95, -1.45, -0.46, 0.46, 1.45, 2.95], abs=5e-3)


@pytest.mark.parametrize(
    ("right", "theta", "se"),
    [(4, -1.1667, 0.7869), (6, 0.0, 0.7668), (7, 0.5778, 0.7713), (11, 3.2839, 1.0488)],
)
def test_rasch_scores_of_the_r_package_pp(right, theta, se):
    # PP 0.6.3, example of PP_4pl, as in test_mle.py; it stops iterating at 0.001
    items = logistic_items(1.0, np.linspace(-3, 3, 12))

    found = wle.score([[1] * right + [0] * (12 - right)], items)

    assert found.theta[0] == pytest.approx(theta, abs=2e-4)
    assert found.se[0] == pytest.approx(se, abs=2e-4)


@pytest.mark.parametrize("length", [1, 2, 9, 60])
def test_equal_rasch_items_add_half_an_answer_to_either_side(length):
    # weight x likelihood is then that of x + 1/2 right of n + 1: Warm (1989), Haldane (1956)
    right = np.arange(length + 1)

    found = wle.score(np.tri(length + 1, length, -1, dtype=int), logistic_items(1, [-0.7] * length))

    assert found.theta == pytest.approx(
        -0.7 + np.log((right + 0.5) / (length - right + 0.5)), abs=1e-8
    )


@settings(max_examples=50)
@given(seed=st.integers(0, 2**32))
def test_the_estimate_solves_warms_equation_whatever_the_models(seed, create_items):
    items = create_items(2, seed % 89)
    rng = np.random.default_rng(seed)
    answers = rng.integers(-1, items.categories)

    found = wle.score([answers], items).theta[0]

    assert equation(found, answers, items) == pytest.approx(0, abs=2e-5)


@pytest.mark.parametrize("c", [0.0, 0.25])
def test_the_estimate_is_at_the_top_of_weight_times_likelihood(c):
    # given three-parameter items, whose weight has no closed form: integrate its slope instead
    rng = np.random.default_rng(21)
    items = logistic_items(rng.uniform(0.8, 2.5, 6), rng.uniform(-2, 2, 6), c)
    grid = np.linspace(-8, 8, 401)

    for answers in rng.integers(0, 2, (6, 6)):
        slopes = [equation(t, answers, items) for t in grid]
        heights = integrate.cumulative_trapezoid(slopes, grid, initial=0)
        found = wle.score([answers], items).theta[0]
        assert found == pytest.approx(grid[np.argmax(heights)], abs=0.041)


def test_where_no_item_can_be_guessed_the_weight_is_jeffreys_prior():
    rng = np.random.default_rng(5)
    b = rng.normal(size=(5, 3))
    items = polytomous_items(Model.PARTIAL_CREDIT, rng.uniform(0.5, 2, 5), b)

    for answers in rng.integers(0, 4, (10, 5)):
        found = wle.score([answers], items).theta[0]

        def minus_log(theta, answers=answers):
            p = irt.probability([theta], items)[0, np.arange(5), answers]
            return -np.log(p).sum() - np.log(irt.information([theta], items).sum()) / 2

        top = optimize.minimize_scalar(
            minus_log, bounds=(found - 4, found + 4), method="bounded", options={"xatol": 1e-9}
        )
        assert found == pytest.approx(top.x, abs=1e-5)


@settings(max_examples=40)
@given(
    a=st.lists(st.floats(0.3, 4), min_size=1, max_size=12),
    seed=st.integers(0, 2**32),
    right=st.booleans(),
)
def test_perfect_and_empty_sheets_have_a_weighted_estimate_but_no_likeliest_one(a, seed, right):
    items = logistic_items(a, np.random.default_rng(seed).uniform(-4, 4, len(a)))
    answers = [[int(right)] * len(a)]

    assert mle.score(answers, items).theta[0] == (np.inf if right else -np.inf)
    assert np.isfinite(wle.score(answers, items)).all()


def test_a_lone_answer_to_a_guessable_item_still_gives_an_estimate():
    found = wle.score([[0], [1]], logistic_items([1.3], [0.5], 0.3, 0.9))

    assert found.finite.all()
    assert found.theta[0] < found.theta[1]


@pytest.mark.parametrize("length", [12, 24])
def test_weighting_takes_the_first_order_bias_out(length):
    # given Rasch items one logit too easy for a person at 0, and every answer sheet they can give
    items = logistic_items(1.0, np.linspace(-2, 0, length))
    sheets = np.tri(length + 1, length, -1, dtype=int)
    chance = score_distribution(items, [0.0])[0]

    bias = (chance * wle.score(sheets, items).theta).sum()

    # then little is left of what Lord (1983, Psychometrika 48, 233-245) gives for the likeliest:
    # -J / (2 I**2), which for the Rasch model is sum pq(p - q) / (2 (sum pq)**2)
    p = irt.probability([0.0], items)[0, :, 1]
    bias_of_likeliest = (p * (1 - p) * (2 * p - 1)).sum() / (2 * (p * (1 - p)).sum() ** 2)
    assert bias_of_likeliest > 0.04
    assert abs(bias) < bias_of_likeliest / 20


def test_whoever_asks_for_estimates_only_is_told_who_has_none():
    items = logistic_items([1.0, 1.0], [0.0, 1.0])

    with pytest.raises(NoFiniteEstimate, match=r"person 1 \(pointing nowhere\)"):
        wle.score([[1, 1], [-1, -1]], items, refuse=True)
