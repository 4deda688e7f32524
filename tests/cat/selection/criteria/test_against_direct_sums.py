"""Each criterion against its definition, written out in plain loops for one person and one item."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt

import numpy as np
import pytest
from scipy.integrate import quad

from cat.irt.items import Items, Model
from cat.scoring.eap import Quadrature
from cat.scoring.tables import tabulate
from tests.cat.selection.criteria.conftest import criterion_of

TINY = 2.0**-30


def chances(theta: float, items: Items, i: int) -> list[float]:
    """Chance of each own category, from the textbook formula of the item's model."""
    a, b = items.a[i], [x for x in items.b[i] if x == x]
    if items.model[i] is Model.LOGISTIC:
        right = items.c[i] + (items.d[i] - items.c[i]) / (1 + exp(-a * (theta - b[0])))
        return [1 - right, right]
    if items.model[i] is Model.GRADED:
        reached = [1.0, *(1 / (1 + exp(-a * (theta - x))) for x in b), 0.0]
        return [reached[k] - reached[k + 1] for k in range(len(b) + 1)]
    weights = [exp(sum(a * (theta - x) for x in b[:k])) for k in range(len(b) + 1)]
    return [weight / sum(weights) for weight in weights]


def fisher(theta: float, items: Items, i: int) -> float:
    step = 1e-5
    low, here, high = (chances(theta + s, items, i) for s in (-step, 0, step))
    slopes = [(up - down) / (2 * step) for up, down in zip(high, low, strict=True)]
    return sum(slope**2 / p for slope, p in zip(slopes, here, strict=True))


def observed(theta: float, items: Items, i: int, k: int) -> float:
    step = 1e-3
    low, here, high = (log(chances(theta + s, items, i)[k]) for s in (-step, 0, step))
    return -(low - 2 * here + high) / step**2


def mean_and_variance(weights, nodes) -> tuple[float, float]:
    total = sum(weights)
    mean = sum(w * x for w, x in zip(weights, nodes, strict=True)) / total
    return mean, sum(w * (x - mean) ** 2 for w, x in zip(weights, nodes, strict=True)) / total


def each(known, tables, one):
    """one(posterior, likelihood, item) for every person and item."""
    return np.array(
        [
            [one(posterior, likelihood, i) for i in range(len(tables))]
            for posterior, likelihood in zip(known.posterior, known.likelihood, strict=True)
        ]
    )


def after_each_answer(posterior, tables, i):
    """(chance, mean, variance) for every answer to the item, by Bayes' rule node by node."""
    nodes = tables.quadrature.nodes
    for k in range(tables.items.categories[i]):
        joint = [w * chances(x, tables.items, i)[k] for w, x in zip(posterior, nodes, strict=True)]
        yield sum(joint), *mean_and_variance(joint, nodes)


def test_maximum_information_is_fisher_information_at_the_posterior_mean(known, tables):
    nodes = tables.quadrature.nodes

    def one(posterior, _, i):
        return fisher(mean_and_variance(posterior, nodes)[0], tables.items, i)

    scores = criterion_of("maximum_information")(known, tables)
    assert scores == pytest.approx(each(known, tables, one), abs=1e-7)


def test_posterior_information_is_the_posterior_mean_of_information(known, tables):
    nodes = tables.quadrature.nodes

    def one(posterior, _, i):
        return sum(w * fisher(x, tables.items, i) for w, x in zip(posterior, nodes, strict=True))

    scores = criterion_of("posterior_information")(known, tables)
    assert scores == pytest.approx(each(known, tables, one), abs=2e-6)


def test_likelihood_information_is_the_integral_of_information_under_the_likelihood(known, tables):
    nodes = tables.quadrature.nodes

    def one(_, likelihood, i):
        information = [fisher(x, tables.items, i) for x in nodes]
        return np.trapezoid(likelihood * information, nodes) / np.trapezoid(likelihood, nodes)

    scores = criterion_of("likelihood_information")(known, tables)
    assert scores == pytest.approx(each(known, tables, one), abs=2e-6)


def test_the_likelihood_is_integrated_over_unequal_nodes_as_over_equal_ones(known, tables):
    # every node between -1 and 1 twice as often: neighbours stand for half as much each
    nodes = np.unique(np.concatenate([np.linspace(-5, 5, 41), np.linspace(-1, 1, 17)]))
    uneven = Quadrature(nodes, np.full(len(nodes), 1 / len(nodes)))
    curve = np.exp(-((nodes - 0.5) ** 2))[None, :]
    fine = np.linspace(-5, 5, 2001)
    person = replace(known, likelihood=curve, posterior=curve / curve.sum(), quadrature=uneven)

    scores = criterion_of("likelihood_information")(person, tabulate(tables.items, uneven))

    weight = np.exp(-((fine - 0.5) ** 2))
    exact = [
        np.trapezoid(weight * [fisher(x, tables.items, i) for x in fine], fine)
        / np.trapezoid(weight, fine)
        for i in range(len(tables))
    ]
    assert scores[0] == pytest.approx(np.array(exact), rel=0.01)


@pytest.mark.parametrize("width", [0.5, 3.0])
def test_kullback_leibler_integrates_the_divergence_over_the_window(known, tables, width):
    nodes, half = tables.quadrature.nodes, width / sqrt(known.answered)

    def one(posterior, _, i):
        theta = mean_and_variance(posterior, nodes)[0]
        here = chances(theta, tables.items, i)

        def divergence(other):
            there = chances(other, tables.items, i)
            return sum(p * log(p / max(q, TINY)) for p, q in zip(here, there, strict=True))

        return quad(divergence, theta - half, theta + half)[0]

    scores = criterion_of("kullback_leibler", width=width)(known, tables)
    assert scores == pytest.approx(each(known, tables, one), abs=1e-8)


def test_posterior_kullback_leibler_averages_the_divergence_over_the_posterior(known, tables):
    nodes = tables.quadrature.nodes

    def one(posterior, _, i):
        here = chances(mean_and_variance(posterior, nodes)[0], tables.items, i)
        return sum(
            w * p * log(p / max(q, TINY))
            for w, x in zip(posterior, nodes, strict=True)
            for p, q in zip(here, chances(x, tables.items, i), strict=True)
        )

    scores = criterion_of("posterior_kullback_leibler")(known, tables)
    assert scores == pytest.approx(each(known, tables, one), abs=1e-6)


def test_expected_posterior_variance_averages_the_variance_after_each_answer(known, tables):
    def one(posterior, _, i):
        return -sum(p * variance for p, _, variance in after_each_answer(posterior, tables, i))

    scores = criterion_of("expected_posterior_variance")(known, tables)
    assert scores == pytest.approx(each(known, tables, one), abs=2e-7)


def test_answers_can_be_weighed_at_the_estimate_instead_as_in_catr(known, tables):
    def mean(posterior):
        return mean_and_variance(posterior, tables.quadrature.nodes)[0]

    def variance(posterior, _, i):
        now = chances(mean(posterior), tables.items, i)
        after = after_each_answer(posterior, tables, i)
        return -sum(p * spread for p, (_, _, spread) in zip(now, after, strict=True))

    def information(posterior, _, i):
        now = chances(mean(posterior), tables.items, i)
        after = enumerate(after_each_answer(posterior, tables, i))
        return sum(
            p * observed(there, tables.items, i, k)
            for p, (k, (_, there, _)) in zip(now, after, strict=True)
        )

    variances = criterion_of("expected_posterior_variance", at_estimate=True)(known, tables)
    informations = criterion_of("expected_information", at_estimate=True)(known, tables)

    assert variances == pytest.approx(each(known, tables, variance), abs=2e-7)
    assert informations == pytest.approx(each(known, tables, information), abs=1e-5)
    assert (
        np.abs(variances - criterion_of("expected_posterior_variance")(known, tables)).max() > 1e-3
    )


def test_an_estimate_from_elsewhere_moves_no_posterior(known, tables):
    other = replace(known, given_estimate=(known.theta + 1, known.se / 2))

    for name in ("expected_posterior_variance", "expected_information"):
        criterion = criterion_of(name)
        assert np.array_equal(criterion(other, tables), criterion(known, tables))
    moved = criterion_of("maximum_information")(other, tables)
    assert np.abs(moved - criterion_of("maximum_information")(known, tables)).max() > 0.05


def test_expected_information_averages_observed_information_where_each_answer_leads(known, tables):
    def one(posterior, _, i):
        return sum(
            p * observed(mean, tables.items, i, k)
            for k, (p, mean, _) in enumerate(after_each_answer(posterior, tables, i))
        )

    scores = criterion_of("expected_information")(known, tables)
    assert scores == pytest.approx(each(known, tables, one), abs=1e-5)


def test_expected_information_can_average_fisher_information_instead(known, tables):
    def one(posterior, _, i):
        return sum(
            p * fisher(mean, tables.items, i)
            for p, mean, _ in after_each_answer(posterior, tables, i)
        )

    scores = criterion_of("expected_information", observed=False)(known, tables)
    assert scores == pytest.approx(each(known, tables, one), abs=1e-5)


def test_closest_difficulty_is_the_distance_to_the_mean_of_the_steps(known, tables):
    nodes = tables.quadrature.nodes

    def one(posterior, _, i):
        steps = [x for x in tables.items.b[i] if x == x]
        return -abs(mean_and_variance(posterior, nodes)[0] - sum(steps) / len(steps))

    scores = criterion_of("closest_difficulty")(known, tables)
    assert scores == pytest.approx(each(known, tables, one), abs=1e-12)


def test_information_at_cut_is_fisher_information_there_for_everybody(known, tables):
    expected = [fisher(-0.7, tables.items, i) for i in range(len(tables))]

    scores = criterion_of("information_at_cut", cut=-0.7)(known, tables)

    assert scores == pytest.approx(np.tile(expected, (len(scores), 1)), abs=1e-7)


def test_random_item_and_progressive_use_the_numbers_they_are_given(known, tables):
    numbers = known.chance(np.arange(len(tables)))
    information = criterion_of("maximum_information")(known, tables)
    done = known.answered / known.length

    expected = (1 - done) * numbers * information.max(axis=1)[:, None] + done * information

    assert np.array_equal(criterion_of("random_item")(known, tables), numbers)
    assert criterion_of("progressive")(known, tables) == pytest.approx(expected, abs=1e-12)
