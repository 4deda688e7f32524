"""EAP ability on quadrature nodes."""

from __future__ import annotations

import numpy as np
import pytest
from girth import ability_eap
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from cat.irt import logistic
from cat.scoring import eap

QUADRATURE = eap.normal_quadrature()


def posterior_of(responses, a, b, c):
    posterior = eap.start(QUADRATURE, 1)
    p = logistic.probability(QUADRATURE.nodes, a, b, c)
    for item, right in enumerate(responses):
        chance = p[:, item] if right else 1 - p[:, item]
        posterior = eap.update(posterior, chance[None, :])
    return posterior


def test_eap_equals_the_integral_that_defines_it():
    a, b, c = [1.2, 0.8, 1.5, 1.0], [-1.0, 0.3, 0.5, 1.2], [0.2, 0.15, 0.2, 0.0]
    responses = [1, 1, 0, 1]

    def density(t):
        p = logistic.probability([t], a, b, c)[0]
        return np.prod(np.where(responses, p, 1 - p)) * stats.norm.pdf(t)

    mass, mean, square = (
        integrate.quad(lambda t, k=k: t**k * density(t), -8, 8)[0] for k in range(3)
    )
    theta, se = eap.estimate(posterior_of(responses, a, b, c), QUADRATURE)

    assert theta[0] == pytest.approx(mean / mass, abs=1e-6)
    assert se[0] == pytest.approx(np.sqrt(square / mass - (mean / mass) ** 2), abs=1e-6)


def test_eap_agrees_with_girth():
    rng = np.random.default_rng(7)
    a, b = rng.uniform(0.7, 1.8, 12), rng.normal(size=12)
    responses = rng.integers(0, 2, (20, 12))

    ours = [eap.estimate(posterior_of(r, a, b, 0.0), QUADRATURE)[0][0] for r in responses]

    assert ours == pytest.approx(ability_eap(responses.T, b, a), abs=1e-3)


def test_nobody_who_answered_nothing_is_told_apart_from_the_prior():
    theta, se = eap.estimate(eap.start(QUADRATURE, 1), QUADRATURE)

    assert theta[0] == pytest.approx(0, abs=1e-12)
    assert se[0] == pytest.approx(1, abs=1e-6)


@given(st.integers(1, 40), st.integers(0, 2**32))
def test_a_person_gets_the_same_bits_alone_and_in_a_cohort(persons, seed):
    rng = np.random.default_rng(seed)
    likelihood = rng.uniform(0.01, 1, (persons, 61))
    posterior = eap.update(eap.start(QUADRATURE, persons), likelihood)

    together = eap.estimate(posterior, QUADRATURE)

    for person in range(persons):
        alone = eap.update(eap.start(QUADRATURE, 1), likelihood[person : person + 1])
        theta, se = eap.estimate(alone, QUADRATURE)
        assert alone[0].tobytes() == posterior[person].tobytes()
        assert (theta[0], se[0]) == (together[0][person], together[1][person])
