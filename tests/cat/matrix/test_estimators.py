"""Response models x estimators: answers simulated under a model lead back to the abilities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from cat.errors import NoFiniteEstimate
from cat.irt import items as irt
from cat.irt.items import Items
from cat.irt.metric import rescaled
from cat.scoring import eap, map, mle, sum_score, wle
from cat.scoring.estimate import Estimate
from tests.cat.matrix.banks import QUADRATURE, items_of
from tests.cat.matrix.cells import ESTIMATORS, MODELS, each, grid

PERSONS = 200
# The middle nine tenths of the population: a bank of ordinary difficulty can measure them all.
THETA = ndtri(np.linspace(0.05, 0.95, PERSONS))
# How far RMSE may lie above what information theory promises of an infinitely long test: it has a
# standard error of 5 % with 200 people. Where people guess, likelihood has the longest tails.
MARGIN = dict.fromkeys(ESTIMATORS, 1.2) | {"mle": 1.35}
# Option numbers of nominal items are names, not points; their sum says little.
WEAK = [("nominal", "sum_score")]


def estimate(name: str, answers: np.ndarray, items: Items) -> Estimate:
    match name:
        case "eap":
            return eap.score(answers, items, QUADRATURE)
        case "sum_score":
            return sum_score.score(answers, items, QUADRATURE)
    return {"map": map, "mle": mle, "wle": wle}[name].score(answers, items)


def simulated(items: Items, theta: np.ndarray, seed: int = 7) -> np.ndarray:
    """Answers (J, I), drawn here and not by the engine."""
    reached = irt.probability(theta, items).cumsum(axis=-1)[..., :-1]
    return (np.random.default_rng(seed).random((len(theta), len(items), 1)) > reached).sum(axis=-1)


def misses(found: Estimate, items: Items) -> float:
    """RMSE of the finite estimates, in units of the asymptotic one, 1 / sqrt(test information)."""
    ideal = np.sqrt((1 / irt.information(THETA, items).sum(axis=1)).mean())
    error = (found.theta - THETA)[found.finite]
    return float(np.sqrt((error**2).mean()) / ideal)


@pytest.mark.parametrize(("model", "estimator"), each(grid(MODELS, ESTIMATORS, WEAK)))
def test_true_abilities_are_recovered_and_wrong_parameters_are_found_out(model, estimator):
    items = items_of(model)
    answers = simulated(items, THETA)

    found = estimate(estimator, answers, items)
    easier = estimate(estimator, answers, rescaled(items, 1.0, -1.0))
    of_others = estimate(estimator, np.random.default_rng(1).permutation(answers), items)

    error = (found.theta - THETA)[found.finite]
    assert found.finite.mean() > 0.97
    assert misses(found, items) < MARGIN[estimator]
    # The standard errors are honest, to four standard errors of their own.
    assert 0.8 < np.sqrt(((error / found.se[found.finite]) ** 2).mean()) < 1.2
    assert misses(easier, items) > 1.5 * MARGIN[estimator]
    assert misses(of_others, items) > 1.5 * MARGIN[estimator]


@pytest.mark.parametrize(("model", "estimator"), each(WEAK))
def test_the_sum_of_option_numbers_is_scored_but_says_little(model, estimator):
    items = items_of(model)
    answers = simulated(items, THETA)

    by_sum, by_answers = estimate(estimator, answers, items), estimate("eap", answers, items)

    assert by_sum.se.mean() > 2 * by_answers.se.mean()
    assert np.abs((by_sum.theta - THETA) / by_sum.se).max() < 4  # weak, and says so


@pytest.mark.parametrize(("model", "estimator"), each(grid(MODELS, ["mle_sempurna"])))
def test_a_perfect_score_has_no_likelihood_estimate_and_every_other_one(model, estimator):
    items = items_of(model)
    perfect = irt.probability([1e6], items).argmax(axis=-1)

    with pytest.raises(NoFiniteEstimate, match=r"person 0 \(upwards\)"):
        mle.score(perfect, items, refuse=True)

    assert mle.score(perfect, items).theta[0] == np.inf
    for other in set(ESTIMATORS) - {"mle"}:
        assert estimate(other, perfect, items).finite.all(), other
