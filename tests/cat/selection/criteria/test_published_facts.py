"""What the literature says of the criteria, and where they must agree with each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cat.irt.items import Model, concatenate, logistic_items, polytomous_items
from cat.scoring import eap
from cat.scoring.tables import tabulate
from tests.cat.selection.criteria.conftest import NAMES, criterion_of, mixed_items, persons_known

FINE = eap.normal_quadrature(121, 6.0)


def order(scores):
    return np.argsort(-scores, axis=1, kind="stable")


def test_greatest_3pl_information_and_its_place_are_those_of_birnbaum():
    # Birnbaum (1968), equations 20.4.21 to 20.4.24: where, and how much, at D = 1
    a, b, c = 1.3, -0.4, 0.2
    root = np.sqrt(1 + 8 * c)
    place = b + np.log((1 + root) / 2) / a
    most = a**2 / (8 * (1 - c) ** 2) * (1 - 20 * c - 8 * c**2 + root**3)
    tables, known = tabulate(logistic_items(a, b, c), FINE), persons_known(1, FINE)

    at = [
        criterion_of("information_at_cut", cut=place + s)(known, tables)[0, 0]
        for s in (-1e-3, 0, 1e-3)
    ]

    assert at[1] == pytest.approx(most, abs=1e-12)
    assert at[1] > max(at[0], at[2])


def test_with_equal_discrimination_maximum_information_takes_the_closest_difficulty():
    # 1PL: Lord (1980), chapter 10
    tables = tabulate(logistic_items(1.1, np.linspace(-2.9, 3.1, 25)), FINE)
    known = persons_known(40, FINE)

    by_information = order(criterion_of("maximum_information")(known, tables))

    assert np.array_equal(by_information, order(criterion_of("closest_difficulty")(known, tables)))


def test_a_posterior_of_one_point_makes_posterior_information_the_fisher_information():
    tables, known = tabulate(mixed_items(), FINE), persons_known(3, FINE)
    point = np.zeros_like(known.posterior)
    point[np.arange(3), [40, 60, 75]] = 1.0
    sure = replace(known, posterior=point, likelihood=point)

    fisher = criterion_of("maximum_information")(sure, tables)

    assert criterion_of("posterior_information")(sure, tables) == pytest.approx(fisher, abs=1e-6)
    assert criterion_of("likelihood_information")(sure, tables) == pytest.approx(fisher, abs=1e-6)


def test_one_cannot_learn_about_a_person_of_whom_everything_is_known():
    tables, known = tabulate(mixed_items(), FINE), persons_known(1, FINE)
    point = np.zeros_like(known.posterior)
    point[0, 60] = 1.0
    sure = replace(known, posterior=point, likelihood=point)

    assert criterion_of("expected_posterior_variance")(sure, tables) == pytest.approx(0, abs=1e-12)
    assert criterion_of("posterior_kullback_leibler")(sure, tables) == pytest.approx(0, abs=1e-5)
    fisher = criterion_of("maximum_information")(sure, tables)
    expected = criterion_of("expected_information", observed=False)(sure, tables)
    assert expected == pytest.approx(fisher, abs=1e-6)


def test_a_flat_prior_makes_posterior_and_likelihood_information_the_same():
    flat = eap.Quadrature(FINE.nodes, np.full(len(FINE.nodes), 1 / len(FINE.nodes)))
    tables, known = tabulate(mixed_items(), flat), persons_known(10, flat, answered=12)

    by_posterior = criterion_of("posterior_information")(known, tables)

    assert criterion_of("likelihood_information")(known, tables) == pytest.approx(
        by_posterior, rel=2e-3
    )


def test_in_a_small_window_kullback_leibler_is_fisher_information():
    # Chang & Ying (1996): the divergence is half the information times the squared distance, hence
    # the index tends to I(theta) * half ** 3 / 3, and the ranking to that of maximum information.
    tables, known = tabulate(mixed_items(), FINE), persons_known(10, FINE, answered=16)
    width = 0.08

    index = criterion_of("kullback_leibler", width=width)(known, tables)

    fisher = criterion_of("maximum_information")(known, tables)
    assert index == pytest.approx(fisher * (width / 4) ** 3 / 3, rel=1e-3)
    assert np.array_equal(order(index), order(fisher))


def test_after_many_answers_kullback_leibler_ranks_as_maximum_information_but_not_after_one():
    tables = tabulate(mixed_items(each=8), FINE)
    known = persons_known(20, FINE, answered=1)
    index, fisher = criterion_of("kullback_leibler"), criterion_of("maximum_information")

    late = index(replace(known, answered=10**6), tables)

    assert np.array_equal(order(late), order(fisher(known, tables)))
    assert not np.array_equal(order(index(known, tables)), order(fisher(known, tables)))


def test_the_window_before_the_first_answer_is_that_after_it():
    tables, known = tabulate(mixed_items(), FINE), persons_known(3, FINE, answered=0)
    index = criterion_of("kullback_leibler")

    assert np.array_equal(index(known, tables), index(replace(known, answered=1), tables))


def test_global_information_prefers_a_flatter_item_where_the_estimate_is_uncertain():
    # Chang & Ying (1996): early in a test a sharp item in the wrong place tells little
    items = logistic_items([2.5, 1.0], [0.0, 1.9])
    tables, known = tabulate(items, FINE), persons_known(1, FINE, answered=1)
    density = np.exp(-((FINE.nodes - 1.9) ** 2) / 2 / 0.9**2)[None, :]
    vague = replace(known, posterior=density / density.sum(), likelihood=density)

    sharp_there, flat_there = criterion_of("maximum_information")(vague, tables)[0]
    sharp_around, flat_around = criterion_of("kullback_leibler")(vague, tables)[0]

    assert flat_there > sharp_there
    assert sharp_around > flat_around


def test_on_average_an_answer_never_makes_the_posterior_wider():
    tables, known = tabulate(mixed_items(each=6), FINE), persons_known(20, FINE)

    expected = -criterion_of("expected_posterior_variance")(known, tables)

    assert (expected < known.se[:, None] ** 2).all()
    assert (expected > 0).all()


def test_observed_and_fisher_information_agree_for_2pl_and_partial_credit_only():
    two_pl_and_gpcm = concatenate(
        [
            logistic_items([0.8, 1.7], [0.3, -1.0]),
            polytomous_items(Model.PARTIAL_CREDIT, [1.2], [[-1.0, 0.2, 0.7]]),
        ]
    )
    three_pl = logistic_items([0.8, 1.7], [0.3, -1.0], 0.25)
    known = persons_known(5, FINE)
    observed = criterion_of("expected_information")
    fisher = criterion_of("expected_information", observed=False)

    same, other = tabulate(two_pl_and_gpcm, FINE), tabulate(three_pl, FINE)

    assert observed(known, same) == pytest.approx(fisher(known, same), abs=1e-9)
    assert np.abs(observed(known, other) - fisher(known, other)).min() > 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_a_two_category_polytomous_item_is_a_2pl_item(name):
    a, b = np.array([0.7, 1.4, 2.0]), np.array([-0.5, 0.1, 1.2])
    known = persons_known(6, FINE)
    criterion = criterion_of(name)

    as_logistic = criterion(known, tabulate(logistic_items(a, b), FINE))

    for model in (Model.GRADED, Model.PARTIAL_CREDIT):
        scores = criterion(known, tabulate(polytomous_items(model, a, b[:, None]), FINE))
        assert scores == pytest.approx(as_logistic, abs=2e-6)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "information_at_cut"])
def test_turning_the_scale_around_turns_nothing_else(name):
    a, b = np.array([0.7, 1.4, 2.0]), np.array([-0.5, 0.1, 1.2])
    steps = np.array([[-1.0, 0.3, 0.6], [0.1, 0.9, 1.1], [-2.0, -0.4, 0.0]])
    model = Model.PARTIAL_CREDIT
    items = concatenate([logistic_items(a, b), polytomous_items(model, a, steps)])
    mirrored = concatenate([logistic_items(a, -b), polytomous_items(model, a, -steps[:, ::-1])])
    known = persons_known(6, FINE)
    other_way = replace(
        known,
        posterior=known.posterior[:, ::-1].copy(),
        likelihood=known.likelihood[:, ::-1].copy(),
    )

    scores = criterion_of(name)(known, tabulate(items, FINE))

    turned = criterion_of(name)(other_way, tabulate(mirrored, FINE))
    assert turned == pytest.approx(scores, abs=1e-6)


@pytest.mark.parametrize("name", ["maximum_information", "posterior_information"])
def test_doubling_the_unit_of_the_scale_quarters_the_information(name):
    wide = eap.Quadrature(2 * FINE.nodes, FINE.weights)
    a, b, c = np.array([0.7, 1.4]), np.array([-0.5, 1.2]), 0.2
    known = persons_known(6, FINE)

    scores = criterion_of(name)(known, tabulate(logistic_items(a, b, c), FINE))

    stretched = tabulate(logistic_items(a / 2, 2 * b, c), wide)
    wider = criterion_of(name)(replace(known, quadrature=wide), stretched)
    assert 4 * wider == pytest.approx(scores, abs=4e-6)
