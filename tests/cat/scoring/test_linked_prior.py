"""A prior for the next part from the posterior of the last."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cat.errors import BadInput
from cat.scoring import eap, linked_prior
from cat.scoring.eap import Quadrature

QUADRATURE = eap.normal_quadrature()


def posteriors(persons: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centre, width = rng.normal(size=(persons, 1)), rng.uniform(0.2, 1, (persons, 1))
    density = np.exp(-(((QUADRATURE.nodes - centre) / width) ** 2) / 2)
    return density / density.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.3, 0.8])
def test_each_row_is_the_conditional_normal_distribution(correlation):
    found = linked_prior.transition(QUADRATURE, correlation) * linked_prior.UNIT

    for row, node in zip(found[10:51], QUADRATURE.nodes[10:51], strict=True):
        density = stats.norm.pdf(QUADRATURE.nodes, correlation * node, np.sqrt(1 - correlation**2))
        assert row == pytest.approx(density / density.sum(), abs=2 * linked_prior.UNIT)


def test_mean_and_spread_of_the_prior_are_those_of_a_regression():
    # given a person known to be at 1.5 (+- 0.4) where the population is at 0.5 (+- 1.2)
    quadrature = eap.normal_quadrature(mean=0.5, sd=1.2)
    density = stats.norm.pdf(quadrature.nodes, 1.5, 0.4)

    prior = linked_prior.prior_after(
        density[None, :] / density.sum(), linked_prior.transition(quadrature, 0.7)
    )

    theta, se = eap.estimate(prior, quadrature)
    assert theta[0] == pytest.approx(0.5 + 0.7 * (1.5 - 0.5), abs=1e-4)
    assert se[0] == pytest.approx(np.sqrt(0.49 * 0.4**2 + 0.51 * 1.2**2), abs=1e-4)


def test_unrelated_parts_leave_the_plain_prior():
    found = linked_prior.prior_after(posteriors(5, 1), linked_prior.transition(QUADRATURE, 0))

    assert found == pytest.approx(np.tile(QUADRATURE.weights, (5, 1)), abs=2 * linked_prior.UNIT)


@pytest.mark.parametrize("correlation", [-0.9, 0.4, 0.8])
def test_knowing_nothing_of_the_first_part_is_knowing_nothing_of_the_second(correlation):
    transition = linked_prior.transition(QUADRATURE, correlation)

    found = linked_prior.prior_after(eap.start(QUADRATURE, 1), transition)[0]

    assert found == pytest.approx(QUADRATURE.weights, abs=1e-6)


def test_nodes_need_neither_even_spacing_nor_a_normal_prior():
    quadrature = Quadrature([-2, -0.5, 0, 1, 3], [0.1, 0.4, 0.2, 0.3, 0.0])

    found = linked_prior.transition(quadrature, 0.0) * linked_prior.UNIT

    assert found == pytest.approx(np.tile(quadrature.weights, (5, 1)), abs=linked_prior.UNIT)


def test_no_ability_is_ever_ruled_out_by_an_earlier_part():
    # given parts that nearly measure the same, and a person nailed to the lowest node
    transition = linked_prior.transition(QUADRATURE, 0.99)
    lowest = np.eye(61)[:1]

    found = linked_prior.prior_after(lowest, transition)

    assert (found > 0).all()
    assert found[0, -1] < 1e-6


@settings(max_examples=30)
@given(st.integers(1, 200), st.integers(0, 2**32), st.floats(-0.99, 0.99))
def test_a_person_gets_the_same_bits_alone_and_in_a_cohort(persons, seed, correlation):
    transition = linked_prior.transition(QUADRATURE, correlation)
    posterior = posteriors(persons, seed)

    together = linked_prior.prior_after(posterior, transition)

    order = np.random.default_rng(seed).permutation(persons)
    assert linked_prior.prior_after(posterior[order], transition).tobytes() == (
        together[order].tobytes()
    )
    for person in range(min(persons, 20)):
        alone = linked_prior.prior_after(posterior[person : person + 1], transition)
        assert alone.tobytes() == together[person].tobytes()


def test_every_sum_on_the_way_is_a_whole_number_that_float64_holds():
    transition = linked_prior.transition(QUADRATURE, 0.95)
    posterior = np.vstack([posteriors(20, 3), np.eye(61), QUADRATURE.weights[None, :]])

    units = [[round(x / linked_prior.UNIT) for x in row] for row in posterior]
    rows = [[int(x) for x in row] for row in transition]
    assert all(x == int(x) for x in transition.ravel())
    exact = [
        [sum(p * row[k] for p, row in zip(person, rows, strict=True)) for k in range(61)]
        for person in units
    ]

    assert max(sum(person) for person in exact) < 2**53
    expected = np.array([[x / sum(person) for x in person] for person in exact])
    assert linked_prior.prior_after(posterior, transition).tobytes() == expected.tobytes()


@pytest.mark.parametrize("correlation", [-1, 1, 1.5, np.nan])
def test_abilities_cannot_be_more_than_correlated(correlation):
    with pytest.raises(BadInput, match="strictly between -1 and 1"):
        linked_prior.transition(QUADRATURE, correlation)


@pytest.mark.parametrize("shape", [(61,), (2, 60)])
def test_a_posterior_on_other_nodes_is_refused(shape):
    with pytest.raises(BadInput, match="shapes"):
        linked_prior.prior_after(np.ones(shape), linked_prior.transition(QUADRATURE, 0.5))
