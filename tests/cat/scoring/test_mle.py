"""Maximum likelihood ability."""

from __future__ import annotations

import numpy as np
import pytest
from girth import ability_mle
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from cat.errors import NoFiniteEstimate
from cat.irt import items as irt
from cat.irt.items import Model, concatenate, logistic_items, polytomous_items
from cat.scoring import map, mle


def log_likelihood(theta, answers, items):
    """Of one person, at many abilities; straight from the probabilities."""
    p = irt.probability(np.atleast_1d(theta), items)
    given = np.flatnonzero(np.array(answers) >= 0)
    with np.errstate(divide="ignore"):
        return np.log(p[:, given, np.array(answers)[given]]).sum(axis=1)


def test_bakers_example_of_three_items():
    # Baker (2001), The Basics of Item Response Theory, 2nd ed., ch. 5: .3249 after the third
    # iteration by hand, standard error 1.23
    found = mle.score([[1, 0, 1]], logistic_items([1.0, 1.2, 0.8], [-1, 0, 1]))

    assert found.theta[0] == pytest.approx(0.3249, abs=2e-4)
    assert found.se[0] == pytest.approx(1.23, abs=5e-3)


@pytest.mark.parametrize(
    ("right", "theta", "se"),
    [(4, -1.1966, 0.7880), (6, 0.0, 0.7668), (7, 0.5903, 0.7715), (11, 3.5841, 1.1379)],
)
def test_rasch_scores_of_the_r_package_pp(right, theta, se):
    # PP 0.6.3, example of PP_4pl: 12 items from -3 to 3; printed estimates, of which raw scores
    # are all that counts (https://github.com/manuelreif/PP, docs/reference/PP_4pl.html)
    items = logistic_items(1.0, np.linspace(-3, 3, 12))

    found = mle.score([[1] * right + [0] * (12 - right)], items)

    assert found.theta[0] == pytest.approx(theta, abs=1e-4)
    assert found.se[0] == pytest.approx(se, abs=1e-4)


def test_rasch_scores_of_fischer_and_molenaar():
    # Fischer & Molenaar (1995), Rasch Models, table 4.1, p. 59, as quoted in the Winsteps manual
    items = logistic_items(1.0, [-1.5, -0.75, 0, 0.75, 1.5])

    found = mle.score(np.tri(6, 5, -1, dtype=int), items)

    assert found.theta.round(2).tolist() == [-np.inf, -1.70, -0.51, 0.51, 1.70, np.inf]


def test_equal_rasch_items_have_the_log_odds_as_estimate():
    answers = np.tri(6, 7, -1, dtype=int)[1:]
    right = answers.sum(axis=1)

    found = mle.score(answers, logistic_items(1.0, np.full(7, 0.4)))

    assert found.theta == pytest.approx(0.4 + np.log(right / (7 - right)), abs=1e-12)


def test_the_estimate_agrees_with_girth():
    rng = np.random.default_rng(11)
    a, b = rng.uniform(0.7, 1.8, 15), rng.normal(size=15)
    answers = rng.integers(0, 2, (25, 15))

    ours = mle.score(answers, logistic_items(a, b))

    # girth stops at 1e-5 of its interval and knows no ability beyond 6
    assert ours.theta == pytest.approx(ability_mle(answers.T, b, a), abs=1e-3)


@pytest.mark.parametrize("model", [Model.GRADED, Model.PARTIAL_CREDIT])
@settings(max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_polytomous_estimates_are_where_scipy_finds_the_top(model, seed):
    rng = np.random.default_rng(seed)
    b = np.sort(rng.normal(size=(6, 3)), axis=1)
    items = polytomous_items(model, rng.uniform(0.5, 2, 6), b)
    answers = rng.integers(0, 4, 6)
    answers[:2] = 0, 3  # so that there is a finite estimate

    found = mle.score([answers], items).theta[0]

    top = optimize.minimize_scalar(
        lambda t: -log_likelihood(t, answers, items)[0],
        bounds=(found - 5, found + 5),
        method="bounded",
        options={"xatol": 1e-10},
    )
    assert found == pytest.approx(top.x, abs=1e-5)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), slip=st.booleans())
def test_no_ability_whatever_is_likelier_than_the_estimate(seed, slip):
    # given steep items with guessing, whose likelihoods have several maxima
    rng = np.random.default_rng(seed)
    d = rng.uniform(0.7, 1, 8) if slip else 1.0
    items = logistic_items(
        rng.uniform(0.4, 4, 8), rng.uniform(-3, 3, 8), rng.uniform(0.05, 0.4, 8), d
    )
    answers = rng.integers(0, 2, (6, 8))

    found = mle.score(answers, items)

    everywhere = np.concatenate([-np.geomspace(1e5, 8, 99), np.linspace(-8, 8, 4001), [1e5]])
    for row, theta in zip(answers, found.theta, strict=True):
        height = log_likelihood(np.clip(theta, -1e6, 1e6), row, items)[0]
        assert log_likelihood(everywhere, row, items).max() <= height + 1e-9


@pytest.mark.parametrize(
    ("items", "answers", "lower", "higher"),
    [
        (
            logistic_items([0.5, 4, 2, 2, 3], [-1, 1, 2, 2, -2], [0.3, 0.25, 0.25, 0.1, 0.3]),
            [0, 1, 0, 0, 1],
            -1.32,
            1.13,
        ),
        (
            logistic_items([4, 2, 4, 0.5, 3], [1, 0, 1, -2, -2], [0.25, 0.3, 0.3, 0.3, 0.2]),
            [1, 0, 1, 1, 1],
            1.155,
            -1.01,
        ),
    ],
)
def test_the_higher_of_two_maxima_wins_on_whichever_side_it_lies(items, answers, lower, higher):
    # given answers that luck at a low ability explains about as well as skill at a high one
    grid = np.linspace(-6, 6, 2401)
    heights = log_likelihood(grid, answers, items)
    peaks = grid[1:-1][(heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])]
    assert sorted(peaks) == pytest.approx(sorted([lower, higher]), abs=1e-9)

    found = mle.score([answers], items).theta[0]

    assert found == pytest.approx(higher, abs=5e-3)


@pytest.mark.parametrize(
    ("answers", "end"),
    [([1, 1, 2, 3], np.inf), ([0, 0, 0, 0], -np.inf), ([1, -1, -1, 3], np.inf)],
)
def test_answers_all_at_one_end_have_their_estimate_there(answers, end):
    items = concatenate(
        [
            logistic_items([1, 2], [0, 1], [0, 0.2]),
            polytomous_items(Model.GRADED, 1.5, [[-1, 1]]),
            polytomous_items(Model.PARTIAL_CREDIT, 0.7, [[1, 0, -1]]),
        ]
    )

    found = mle.score([answers], items)

    assert found.theta[0] == end
    assert found.se[0] == np.inf
    assert not found.finite[0]


def test_worse_than_guessing_has_no_finite_estimate_either():
    # given one hard item got right and two easy ones wrong: luck explains it best
    items = logistic_items([2.0, 1.0, 1.0], [2.0, -1.0, -1.0], 0.25)

    found = mle.score([[1, 0, 0]], items)

    assert found.theta[0] == -np.inf


def test_answers_that_either_end_explains_as_well_point_nowhere():
    # given an item that is passed by those who know too little to be misled, as it were
    items = logistic_items([1.0, 1.0], [-3.0, 3.0], 0.2, 0.8)

    found = mle.score([[0, 1]], items)

    assert np.isnan(found.theta[0])


def test_whoever_asks_for_finite_estimates_only_is_told_who_has_none():
    items = logistic_items([1.0, 1.0], [0.0, 1.0])

    with pytest.raises(
        NoFiniteEstimate, match=r"person 1 \(upwards\), person 2 \(downwards\)"
    ) as e:
        mle.score([[1, 0], [1, 1], [0, 0], [-1, -1]], items, refuse=True)

    assert e.value.evidence["persons"].tolist() == [1, 2, 3]
    assert mle.score([[1, 0]], items, refuse=True).finite.all()


def test_an_estimate_far_beyond_every_item_is_not_bounded():
    # given 199 of 200 equal flat items answered right: log(199) / 0.1 = 52.9 logits
    items = logistic_items(np.full(200, 0.1), np.zeros(200))

    found = mle.score([[1] * 199 + [0]], items)

    assert found.theta[0] == pytest.approx(np.log(199) / 0.1, rel=1e-9)


def test_observed_information_is_the_bend_of_the_log_likelihood():
    rng = np.random.default_rng(2)
    items = logistic_items(rng.uniform(0.8, 2, 20), rng.normal(size=20), 0.2)
    answers = (rng.random((5, 20)) < irt.probability(np.zeros(5), items)[..., 1]).astype(int)

    found = mle.score(answers, items, information="observed")

    for row, theta, se in zip(answers, *found, strict=True):
        below, here, above = log_likelihood(theta + np.array([-1e-3, 0, 1e-3]), row, items)
        assert se == pytest.approx((-(below - 2 * here + above) / 1e-6) ** -0.5, rel=1e-4)
    assert not np.allclose(found.se, mle.score(answers, items).se, rtol=1e-3)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), mean=st.floats(-2, 2), sd=st.floats(0.3, 3))
def test_the_mode_lies_between_prior_mean_and_maximum_likelihood_without_guessing(seed, mean, sd):
    # A theorem where the log likelihood is concave: its slope and the prior's must cancel.
    rng = np.random.default_rng(seed)
    items = logistic_items(rng.uniform(0.5, 2, 10), rng.normal(size=10))
    answers = rng.integers(0, 2, (20, 10))

    likeliest, mode = mle.score(answers, items).theta, map.score(answers, items, mean, sd).theta

    assert (np.minimum(likeliest, mean) <= mode + 1e-8).all()
    assert (mode <= np.maximum(likeliest, mean) + 1e-8).all()
