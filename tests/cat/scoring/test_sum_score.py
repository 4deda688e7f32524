"""Raw scores: the Lord-Wingersky recursion and what each score says of ability."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logit

from cat.errors import BadInput
from cat.irt import items as irt
from cat.irt.items import logistic_items
from cat.scoring import eap, sum_score

QUADRATURE = eap.normal_quadrature()


def test_kolen_and_brennans_example_of_three_items():
    # Kolen & Brennan (2004), Test Equating, Scaling, and Linking, 2nd ed., p. 183: chances .26,
    # .27 and .18 of a right answer; as quoted with its output in the manual of the R package
    # classify, function w_lord
    items = logistic_items(1.0, -logit([0.26, 0.27, 0.18]))

    found = sum_score.score_distribution(items, [0.0])[0]

    assert found == pytest.approx([0.442964, 0.416708, 0.127692, 0.012636], abs=1e-12)


def test_three_item_table_of_the_r_package_mirt():
    # mirt (Chalmers), manual of pirt(): slopes and intercepts of a short form, and its
    # fscores(method = "EAPsum") with the score counts expected among 10 000 persons
    a, d = np.array([1.373519, 1.258891, 1.267997]), [-0.7865537, 0.6686416, -0.9550822]

    found = sum_score.table(logistic_items(a, -np.array(d) / a), QUADRATURE)

    assert found.theta == pytest.approx([-0.903, -0.198, 0.468, 1.148], abs=5e-4)
    assert found.se == pytest.approx([0.769, 0.722, 0.710, 0.738], abs=5e-4)
    expected = [2460.334, 3430.762, 2668.943, 1439.961]
    assert found.probability * 10_000 == pytest.approx(expected, abs=2e-3)


# mirt (Chalmers, 2012, Journal of Statistical Software 48(6)), tests/tests/test-01-mirtOne.R:
# slopes and intercepts of LSAT section 7, and the score counts expected among its 1000 people.
LSAT7_A = np.array([0.9876, 1.0808, 1.7075, 0.7650, 0.7357])
LSAT7_D = np.array([1.8559, 0.8080, 1.8052, 0.4860, 1.8545])
LSAT7_EXPECTED = np.array(
    [10.0777318, 44.6534534, 109.7764735, 207.7529945, 319.1929723, 308.5463746]
)


def test_law_school_table_of_the_r_package_mirt():
    items = logistic_items(LSAT7_A, -LSAT7_D / LSAT7_A)

    # mirt then took 40 nodes from -4 to 4, and asserts its EAPsum table to 0.01
    found = sum_score.table(items, eap.normal_quadrature(40, 4))

    theta = [-1.86658193, -1.43145812, -0.94876895, -0.41319750, 0.15168844, 0.72698343]
    se = [0.68727477, 0.68315166, 0.69418612, 0.72108663, 0.75875039, 0.80046204]
    assert found.theta == pytest.approx(theta, abs=1e-3)
    assert found.se == pytest.approx(se, abs=1e-3)
    assert found.probability * 1000 == pytest.approx(LSAT7_EXPECTED, abs=0.02)


def test_people_got_the_law_school_scores_that_the_model_expects(lsat7):
    table = sum_score.table(logistic_items(LSAT7_A, -LSAT7_D / LSAT7_A), QUADRATURE)

    observed, expected = np.bincount(lsat7.sum(axis=1)), table.probability * 1000

    assert observed.tolist() == [12, 40, 114, 205, 321, 308]
    assert ((observed - expected) ** 2 / expected).sum() < 5  # five degrees of freedom


def test_the_law_school_population_is_where_its_parameters_put_it(lsat7):
    # marginal maximum likelihood makes the mean posterior mean that of the prior: 0
    found = eap.score(lsat7, logistic_items(LSAT7_A, -LSAT7_D / LSAT7_A), QUADRATURE)

    assert found.theta.mean() == pytest.approx(0, abs=0.01)
    assert (found.se**2).mean() + found.theta.var() == pytest.approx(1, abs=0.01)


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_the_recursion_counts_every_pattern_once(seed, create_items):
    items = create_items(1, seed)
    nodes = np.array([-2.0, 0.3, 1.7])
    p = irt.probability(nodes, items)
    by_hand = np.zeros((3, (items.categories - 1).sum() + 1))
    for pattern in itertools.product(*(range(k) for k in items.categories)):
        by_hand[:, sum(pattern)] += p[:, np.arange(len(items)), pattern].prod(axis=1)

    found = sum_score.score_distribution(items, nodes)

    assert found == pytest.approx(by_hand, abs=1e-14)


def test_chances_add_to_one_and_average_to_the_expected_score(create_items):
    items, nodes = create_items(20, 4), np.linspace(-6, 6, 13)

    found = sum_score.score_distribution(items, nodes)

    assert found.sum(axis=1) == pytest.approx(np.ones(13), abs=1e-12)
    mean = found @ np.arange(found.shape[1])
    assert mean == pytest.approx(irt.expected_category(nodes, items).sum(axis=1), abs=1e-9)


def test_where_the_raw_score_says_it_all_both_estimates_are_one():
    # given Rasch items, whose raw score is sufficient
    items = logistic_items(1.3, np.linspace(-2, 2, 9))
    answers = np.random.default_rng(1).integers(0, 2, (40, 9))

    by_score = sum_score.score(answers, items, QUADRATURE)

    by_pattern = eap.score(answers, items, QUADRATURE)
    assert by_score.theta == pytest.approx(by_pattern.theta, abs=1e-10)
    assert by_score.se == pytest.approx(by_pattern.se, abs=1e-10)


def test_the_table_averages_over_the_patterns_of_each_score(create_items):
    items = create_items(1, 8)
    patterns = np.array(list(itertools.product(*(range(k) for k in items.categories))))
    p = irt.probability(QUADRATURE.nodes, items)
    likelihood = np.prod([p[:, i, patterns[:, i]] for i in range(len(items))], axis=0)
    chance = QUADRATURE.weights @ likelihood
    theta = eap.score(patterns, items, QUADRATURE).theta

    table = sum_score.table(items, QUADRATURE)

    for score, found in enumerate(table.theta):
        of_score = patterns.sum(axis=1) == score
        assert table.probability[score] == pytest.approx(chance[of_score].sum(), abs=1e-12)
        assert found == pytest.approx(np.average(theta[of_score], weights=chance[of_score]))
    assert table.probability @ table.theta == pytest.approx(0, abs=1e-12)


def test_higher_scores_mean_higher_abilities(create_items):
    assert (np.diff(sum_score.table(create_items(6, 2), QUADRATURE).theta) > 0).all()


def test_people_are_looked_up_in_the_table_of_the_items_they_saw(create_items, simulate):
    items = create_items(3, 5)
    answers = simulate(items, np.linspace(-2, 2, 30), 6)
    answers[:10, [1, 4, 9]] = -1
    answers[20:25, :12] = -1

    found = sum_score.score(answers, items, QUADRATURE)

    for row, theta, se in zip(answers, *found, strict=True):
        seen = np.flatnonzero(row >= 0)
        table = sum_score.table(items.only(seen), QUADRATURE)
        assert (theta, se) == (table.theta[row[seen].sum()], table.se[row[seen].sum()])


def test_a_score_that_cannot_happen_says_nothing():
    # given a thousand items so easy that nobody on the scale fails them all
    table = sum_score.table(logistic_items(1.0, np.full(1000, -10.0)), QUADRATURE)

    assert table.probability[0] == 0
    assert np.isnan(table.theta[0])
    assert table.se[0] == np.inf
    assert np.isfinite(table.theta[-1])


def test_nodes_must_be_abilities():
    with pytest.raises(BadInput):
        sum_score.score_distribution(logistic_items([1.0], [0.0]), [np.nan])
