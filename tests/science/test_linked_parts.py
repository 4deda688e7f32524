"""An earlier part informs the next: a help where the correlation is right, a harm where not.

In the exam the link decides only with which items a part begins; people are scored under the prior
of the population (`progress.posterior`). Scoring under the linked prior itself is studied too, for
whoever thinks of it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from cat.irt import items as irt
from cat.irt.items import logistic_items
from cat.itembank.blueprint import Blueprint
from cat.scoring import eap, linked_prior
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.policy import Policy
from cat.selection.randomness import random_bits
from cat.simulation import cohort
from cat.simulation.cohort import Controls, PartRun, SimulatedAnswers

pytestmark = pytest.mark.slow

BANK, FIRST, PEOPLE, CORRELATION = 300, 25, 8000, 0.8
QUADRATURE = normal_quadrature()
RNG = np.random.default_rng(71)
Z = RNG.normal(size=(PEOPLE, 2))
THETA = np.stack([Z[:, 0], CORRELATION * Z[:, 0] + np.sqrt(1 - CORRELATION**2) * Z[:, 1]], axis=1)


def part_of(length: int, stream: int) -> AdaptivePart:
    rng = np.random.default_rng(stream)
    a, b = rng.lognormal(0.2, 0.25, BANK), rng.normal(0, 1.2, BANK)
    tables = tabulate(logistic_items(a, b), QUADRATURE)
    blueprint = Blueprint("x", length, (), {})
    return adaptive_part("x", tables, ["x"] * BANK, blueprint, Policy(), stream=stream)


@cache
def sat(length: int, believed: float | None) -> tuple[PartRun, PartRun]:
    """Both parts, the second of this length, linked by a believed correlation or not at all."""
    parts = [part_of(FIRST, 0), part_of(length, 1)]
    numbers = np.arange(PEOPLE)
    answers = SimulatedAnswers(parts, THETA, random_bits(1, numbers))
    link = None if believed is None else linked_prior.transition(QUADRATURE, believed)
    first, second = cohort.run(parts, answers, random_bits(2, numbers), Controls(transition=link))
    return first, second


def rmse(run: PartRun) -> float:
    return float(np.sqrt(((run.theta - THETA[:, 1]) ** 2).mean()))


def scored_under(believed: float) -> tuple[np.ndarray, np.ndarray]:
    """Errors and standard errors after five answers, the link being the prior of the estimate."""
    first, second = sat(5, None)
    heights = np.log(irt.probability(QUADRATURE.nodes, part_of(FIRST, 0).tables.items))
    taken = sum(heights[:, first.items[:, n], first.categories[:, n]].T for n in range(FIRST))
    posterior = np.exp(taken) * QUADRATURE.weights
    posterior /= posterior.sum(axis=1, keepdims=True)
    prior = linked_prior.prior_after(posterior, linked_prior.transition(QUADRATURE, believed))
    answers = np.full((PEOPLE, BANK), -1)
    np.put_along_axis(answers, second.items.astype(int), second.categories.astype(int), axis=1)
    found = eap.score(answers, part_of(5, 1).tables.items, QUADRATURE, prior)
    return found.theta - THETA[:, 1], found.se


def coverage(error: np.ndarray, se: np.ndarray) -> float:
    return float((np.abs(error) < 1.96 * se).mean())


# Coverage of 8,000 people has a standard error of 0.24 %.
COVERAGE = pytest.approx(0.95, abs=0.01)
ABLE = THETA[:, 0] > 1


def test_as_a_prior_the_right_link_makes_five_answers_say_much_more():
    linked, se = scored_under(CORRELATION)
    apart, se_apart = scored_under(0.0)

    assert se.mean() < 0.9 * se_apart.mean()
    assert np.sqrt((linked**2).mean()) < 0.9 * np.sqrt((apart**2).mean())
    assert coverage(linked, se) == COVERAGE
    # Who was able in the first part is no longer taken for average in the second.
    assert abs(linked[ABLE].mean()) < 0.06 < 0.15 < abs(apart[ABLE].mean())


@pytest.mark.parametrize("believed", [-0.8, 0.95])
def test_as_a_prior_a_wrong_link_is_sure_of_what_is_not_so(believed):
    """Negative control: a link of the wrong sign, and one that is merely too strong."""
    linked, se = scored_under(believed)

    assert coverage(linked, se) != COVERAGE
    assert coverage(linked, se) < 0.85
    assert abs(linked[ABLE].mean()) > 0.06


def test_for_choosing_alone_the_right_link_helps_a_little_and_never_harms():
    """Error falls by 1 to 2 % at five items: scores forget the link, so little more can come."""
    for length in (5, 10):
        (_, apart), (_, linked) = sat(length, None), sat(length, CORRELATION)

        assert 0.96 * rmse(apart) < rmse(linked) < rmse(apart)


def test_for_choosing_alone_a_link_of_the_wrong_sign_wastes_the_first_items():
    for length, loss in ((5, 1.15), (10, 1.05)):
        (_, apart), (_, linked) = sat(length, None), sat(length, -CORRELATION)

        assert rmse(linked) > loss * rmse(apart)
