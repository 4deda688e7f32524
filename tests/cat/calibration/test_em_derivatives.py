"""Scores, information and priors against finite differences; curves against cat.irt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from cat.calibration.item_scores import Kind, complete_information, log_probability, scores
from cat.calibration.prior_scores import prior_scores
from cat.calibration.spec import Normal, Priors
from cat.irt import graded, logistic, partial_credit

THETA = np.linspace(-2.5, 2.5, 5)
ALL_PRIORS = Priors(Normal(-1.4, 0.5), log_a=Normal(0.1, 0.4), b=Normal(0.2, 1.5), d=Normal(0, 3))


@st.composite
def items(draw):
    kind = draw(st.sampled_from(Kind))
    slope = draw(st.floats(-3, 3))
    first = draw(st.floats(-2, 2))
    if kind is Kind.LOGISTIC:
        return kind, np.array([[slope, first]])
    if kind is Kind.THREE_PL:
        return kind, np.array([[slope, first, draw(st.floats(-4, 1))]])
    steps = draw(st.lists(st.floats(0.2, 1.5), min_size=1, max_size=3))
    return kind, np.array([[slope, *(first - np.cumsum([0.0, *steps]))]])


def by_differences(function, x, h=1e-5):
    """Slopes of function(x) in each parameter, on a new second axis."""
    moved = [(function(x + h * e) - function(x - h * e)) / (2 * h) for e in np.eye(x.shape[1])]
    return np.stack(moved, axis=1)


@settings(max_examples=40, deadline=None)
@given(items(), st.integers(0, 10**6))
def test_scores_and_information_are_the_derivatives_of_the_log_likelihood(item, seed):
    kind, x = item
    counts = np.random.default_rng(seed).uniform(0.5, 3, log_probability(kind, x, THETA).shape)

    def slope(at):
        return np.einsum("nkq,npkq->np", counts, scores(kind, at, THETA).score)

    found = scores(kind, x, THETA)
    assert np.exp(found.log_p).sum(axis=1) == pytest.approx(1)
    assert found.score == pytest.approx(
        by_differences(lambda at: log_probability(kind, at, THETA), x), abs=1e-6
    )
    assert complete_information(kind, x, THETA, counts) == pytest.approx(
        -by_differences(slope, x), rel=1e-5, abs=1e-4
    )


@settings(max_examples=30, deadline=None)
@given(items())
def test_priors_have_the_derivatives_they_claim(item):
    kind, x = item
    x[:, 0] = np.abs(x[:, 0]) + 0.3  # a lognormal slope is positive

    found = prior_scores(kind, x, ALL_PRIORS)

    assert found.slope == pytest.approx(
        by_differences(lambda at: prior_scores(kind, at, ALL_PRIORS).value, x), rel=1e-4, abs=1e-5
    )
    assert found.information == pytest.approx(
        -by_differences(lambda at: prior_scores(kind, at, ALL_PRIORS).slope, x),
        rel=1e-4,
        abs=1e-4,
    )


def test_curves_are_those_of_the_response_models_the_bank_uses():
    b = np.array([[-0.7, 0.4, 1.1]])
    x = np.column_stack([[1.3], -1.3 * b])

    ours = {
        kind: np.exp(log_probability(kind, x, THETA))[0].T for kind in (Kind.GRADED, Kind.CREDIT)
    }
    three = np.exp(log_probability(Kind.THREE_PL, np.array([[1.3, 0.91, -1.1]]), THETA))[0, 1]

    assert ours[Kind.GRADED] == pytest.approx(graded.probability(THETA, [1.3], b)[:, 0])
    assert ours[Kind.CREDIT] == pytest.approx(partial_credit.probability(THETA, [1.3], b)[:, 0])
    assert three == pytest.approx(logistic.probability(THETA, [1.3], [-0.7], [expit(-1.1)])[:, 0])
