"""EAP ability on quadrature nodes."""

from __future__ import annotations

import numpy as np
import pytest
from girth import ability_eap
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from cat.errors import BadInput
from cat.irt import items as irt
from cat.irt import logistic
from cat.irt.items import logistic_items
from cat.scoring import eap, mle
from cat.scoring.eap import Quadrature

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


def test_law_school_scores_of_the_r_package_mirt():
    # mirt (Chalmers, 2012, Journal of Statistical Software 48(6)), tests/tests/test-01-mirtOne.R:
    # slopes, intercepts and EAP scores for LSAT section 7, asserted there to 0.01
    a, d = (
        np.array([0.9876, 1.0808, 1.7075, 0.7650, 0.7357]),
        [1.8559, 0.8080, 1.8052, 0.4860, 1.8545],
    )
    answers = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0, 0, 0, 1, 1], [0, 0, 1, 0, 0]]

    # mirt then took 40 nodes from -4 to 4, whose cut tails show in the first score
    found = eap.score(answers, logistic_items(a, -np.array(d) / a), eap.normal_quadrature(40, 4))

    published = [-1.8665957, -1.5266920, -1.5134024, -1.1852276, -1.0946830]
    assert found.theta == pytest.approx(published, abs=1e-3)


def test_the_score_of_mixed_items_is_the_integral_that_defines_it(create_items, simulate):
    items = create_items(3, 2)
    answers = simulate(items, np.array([-2.0, 0.0, 1.5]), 3, missing=0.3)

    found = eap.score(answers, items, QUADRATURE)

    for row, theta, se in zip(answers, *found, strict=True):
        given = np.flatnonzero(row >= 0)

        def density(t, row=row, given=given):
            return np.prod(irt.probability([t], items)[0, given, row[given]]) * stats.norm.pdf(t)

        mass, mean, square = (
            integrate.quad(lambda t, k=k, f=density: t**k * f(t), -8, 8, epsabs=0, epsrel=1e-9)[0]
            for k in range(3)
        )
        assert theta == pytest.approx(mean / mass, abs=1e-6)
        assert se == pytest.approx(np.sqrt(square / mass - (mean / mass) ** 2), abs=1e-6)


def test_scoring_at_once_is_scoring_answer_by_answer():
    a, b, c = np.array([1.2, 0.8, 1.5, 1.0]), np.array([-1.0, 0.3, 0.5, 1.2]), 0.2
    posterior = posterior_of([1, 1, 0, 1], a, b, c)

    at_once = eap.score([[1, 1, 0, 1]], logistic_items(a, b, c), QUADRATURE)

    theta, se = eap.estimate(posterior, QUADRATURE)
    assert (at_once.theta[0], at_once.se[0]) == pytest.approx((theta[0], se[0]), abs=1e-12)


def test_a_thousand_answers_do_not_underflow():
    # given answers whose likelihood is below 1e-400 everywhere
    items = logistic_items(1.0, np.tile([-0.5, 0.5], 1000))

    found = eap.score([[1, 0] * 1000], items, QUADRATURE)

    assert found.theta[0] == pytest.approx(mle.score([[1, 0] * 1000], items).theta[0], abs=1e-2)


def test_everybody_may_have_a_prior_of_their_own():
    items, answers = logistic_items([1.2, 0.8], [0, 1]), [[1, 0], [1, 1]]
    priors = [eap.normal_quadrature().weights, np.roll(eap.normal_quadrature().weights, 5)]

    together = eap.score(answers, items, QUADRATURE, prior=priors)

    for person in range(2):
        own = Quadrature(QUADRATURE.nodes, priors[person])
        alone = eap.score([answers[person]], items, own)
        assert together.theta[person] == pytest.approx(alone.theta[0], abs=1e-12)


@settings(max_examples=50)
@given(
    centre=st.floats(-3, 3),
    pairs=st.lists(st.tuples(st.floats(0.3, 2.5), st.floats(-2, 2)), min_size=1, max_size=12),
)
def test_a_symmetric_likelihood_puts_the_estimate_between_prior_mean_and_maximum(centre, pairs):
    # A theorem where the likelihood is symmetric about its maximum and falls off to both sides:
    # each item answered right has a twin as far above the centre, answered wrong.
    a, distance = np.repeat([a for a, _ in pairs], 2), [d for _, d in pairs]
    b = centre + np.array([[-d, d] for d in distance]).ravel()
    answers = [[1, 0] * len(pairs)]
    items, quadrature = logistic_items(a, b), eap.normal_quadrature(121, 8)

    likeliest = mle.score(answers, items).theta[0]
    mean = eap.score(answers, items, quadrature).theta[0]

    assert likeliest == pytest.approx(centre, abs=1e-6)
    assert min(0, centre) - 1e-9 <= mean <= max(0, centre) + 1e-9


def test_a_skewed_likelihood_can_put_the_estimate_elsewhere():
    # The negative control of the last test. One wrong answer to a steep item cuts the likelihood
    # off just above its maximum; right answers to flat easy items let it trail off below.
    items = logistic_items([4.0, 0.4, 0.4, 0.4], [0.8, -4.0, -4.0, -4.0])
    answers = [[0, 1, 1, 1]]

    likeliest = mle.score(answers, items).theta[0]
    mean = eap.score(answers, items, QUADRATURE).theta[0]

    assert likeliest > 0.05
    assert mean < -0.1


def test_the_prior_may_be_moved_and_stretched():
    quadrature = eap.normal_quadrature(mean=1.5, sd=0.5)

    theta, se = eap.estimate(eap.start(quadrature, 1), quadrature)

    assert (quadrature.nodes[0], quadrature.nodes[-1]) == (-1.5, 4.5)
    assert (theta[0], se[0]) == pytest.approx((1.5, 0.5), abs=1e-6)


def test_any_weights_will_do_and_are_made_to_add_to_one():
    quadrature = Quadrature([-1, 0, 2], [1, 2, 1])

    assert quadrature.weights.tolist() == [0.25, 0.5, 0.25]


def test_stored_weights_keep_their_bits():
    # given weights whose sum is 1 but for rounding, as a published pool holds them
    weights = eap.normal_quadrature(count=37).weights
    assert weights.sum() != 1

    again = Quadrature(QUADRATURE.nodes[:37], weights)

    assert again.weights.tobytes() == weights.tobytes()


@pytest.mark.parametrize(
    ("nodes", "weights", "named"),
    [
        ([0, 1, 1], [1, 1, 1], "nodes must ascend; number 2"),
        ([0, 2, 1], [1, 1, 1], "nodes must ascend; number 2 is 1"),
        ([0, np.inf], [1, 1], "nodes must be finite"),
        ([0, 1], [1, -0.1], "number 1 is -0.1"),
        ([0, 1], [1, np.nan], "weights must be finite"),
        ([0, 1], [0, 0], "more than 0"),
        ([0, 1], [1, 1, 1], "shapes"),
        ([[0, 1]], [[1, 1]], "shapes"),
        ([0], [1], "Q >= 2"),
    ],
)
def test_nodes_and_weights_that_are_no_quadrature_are_refused(nodes, weights, named):
    with pytest.raises(BadInput, match=named):
        Quadrature(nodes, weights)


@pytest.mark.parametrize("wrong", [{"count": 1}, {"reach": 0}, {"sd": 0}, {"sd": np.nan}])
def test_a_normal_quadrature_needs_nodes_and_width(wrong):
    with pytest.raises(BadInput, match=next(iter(wrong))):
        eap.normal_quadrature(**wrong)


def test_answers_that_the_prior_rules_out_are_refused_by_name():
    # given a prior on abilities so high that a wrong answer has probability 0 in float64
    items = logistic_items([4.0], [0.0])

    with pytest.raises(BadInput, match="person 1"):
        eap.score([[1], [0]], items, Quadrature([200, 300], [1, 1]))


@pytest.mark.parametrize("prior", [np.ones((1, 61)), -np.ones((2, 61)), np.full((2, 61), np.nan)])
def test_a_prior_that_does_not_fit_is_refused(prior):
    with pytest.raises(BadInput, match="prior"):
        eap.score([[1], [0]], logistic_items([1.0], [0.0]), QUADRATURE, prior=prior)


def test_a_score_has_the_same_bits_alone_and_in_a_cohort(create_items, simulate):
    items = create_items(3, 1)
    answers = simulate(items, np.linspace(-3, 3, 60), 2, missing=0.4)

    together = eap.score(answers, items, QUADRATURE)

    alone = [eap.score(row[None, :], items, QUADRATURE) for row in answers]
    assert np.concatenate([a.theta for a in alone]).tobytes() == together.theta.tobytes()
    assert np.concatenate([a.se for a in alone]).tobytes() == together.se.tobytes()
