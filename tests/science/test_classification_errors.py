"""Decisions at a cut: how often they are wrong, against the rates that were asked for.

Wald's bounds hold whatever the items are. With thresholds log((1 - beta) / alpha) and
log(beta / (1 - alpha)), of the people at the lower point at most alpha / (1 - beta) pass, and of
those at the upper point at most beta / (1 - alpha) fail: Wald (1947), Sequential Analysis, section
3.2. The rates lie below because the last answer carries the ratio past its threshold.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from cat.irt import items as irt
from cat.irt.items import Items, logistic_items
from cat.itembank.blueprint import Blueprint
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.policy import Policy
from cat.selection.randomness import random_bits
from cat.selection.stopping import ConfidentlyClassified, Reason, SequentialRatio, Stopping
from cat.simulation import cohort
from cat.simulation.cohort import PartRun, SimulatedAnswers

pytestmark = pytest.mark.slow

BANK, LONGEST, PEOPLE = 400, 120, 4000
CUT, DELTA, ALPHA, BETA = 0.4, 0.4, 0.05, 0.1
Z = 1.645


def bank(sharper: float = 1.0) -> Items:
    rng = np.random.default_rng(400)
    a, b = rng.lognormal(0.0, 0.25, BANK), rng.normal(CUT, 0.8, BANK)
    return logistic_items(sharper * a, b, rng.uniform(0.1, 0.25, BANK))


def sat(rule, theta: np.ndarray, *, believed: Items | None = None) -> PartRun:
    """People answer the true items; the test may believe in others."""
    policy = Policy("information_at_cut", {"cut": CUT}, stopping=Stopping(5, (rule,)))

    def part(items: Items) -> AdaptivePart:
        tables = tabulate(items, normal_quadrature())
        return adaptive_part("x", tables, ["x"] * BANK, Blueprint("x", LONGEST, (), {}), policy)

    numbers = np.arange(len(theta))
    answers = SimulatedAnswers([part(bank())], theta[:, None], random_bits(1, numbers))
    (run,) = cohort.run([part(believed or bank())], answers, random_bits(2, numbers))
    return run


def log_ratio(run: PartRun) -> np.ndarray:
    """Of the two points for each person, from the formulas and the answers alone."""
    p = np.log(irt.probability([CUT + DELTA, CUT - DELTA], bank()))
    given = run.items >= 0
    each = (p[0] - p[1])[run.items, run.categories]
    return np.where(given, each, 0.0).sum(axis=1)


def wrong_rates(alpha: float, beta: float) -> tuple[float, float]:
    """How often people at the lower point pass, and people at the upper point fail."""
    rates = []
    for theta, passing_is_wrong in ((CUT - DELTA, True), (CUT + DELTA, False)):
        run = sat(SequentialRatio(CUT, DELTA, alpha, beta), np.full(PEOPLE, theta))
        assert (run.reason == Reason.CLASSIFIED).mean() > 0.99
        rates.append(float(((log_ratio(run) > 0) == passing_is_wrong).mean()))
    return rates[0], rates[1]


def keeps_walds_bounds(rates: tuple[float, float]) -> bool:
    """Within Wald's bounds, to four standard errors of 4,000 people."""
    bounds = np.array([ALPHA / (1 - BETA), BETA / (1 - ALPHA)])
    return bool((np.array(rates) < bounds + 4 * np.sqrt(bounds * (1 - bounds) / PEOPLE)).all())


def test_the_ratio_test_is_wrong_about_as_often_as_asked_for():
    rates = wrong_rates(ALPHA, BETA)

    assert keeps_walds_bounds(rates)
    # Not by answering half as many questions again: no less than half of what was allowed.
    assert rates[0] > ALPHA / 2
    assert rates[1] > BETA / 2


def test_a_ratio_test_that_is_asked_for_less_breaks_those_bounds():
    assert not keeps_walds_bounds(wrong_rates(0.2, 0.2))


def test_people_between_the_points_are_asked_most():
    rule = SequentialRatio(CUT, DELTA, ALPHA, BETA)

    below, at_cut, above = (
        sat(rule, np.full(1000, CUT + shift)).length.mean() for shift in (-2 * DELTA, 0, 2 * DELTA)
    )

    assert at_cut > 2 * max(below, above)


def chance_of_being_wrong(run: PartRun, items: Items) -> np.ndarray:
    """For each person, of the decision by theta, on nodes twenty times finer than the engine's."""
    nodes = np.linspace(-6, 6, 1201)
    p = np.log(irt.probability(nodes, items))
    height = np.tile(-(nodes**2) / 2, (len(run.items), 1))
    for place in range(run.items.shape[1]):
        asked = run.items[:, place] >= 0
        height[asked] += p[:, run.items[asked, place], run.categories[asked, place]].T
    posterior = np.exp(height - height.max(axis=1, keepdims=True))
    above = posterior[:, nodes > CUT].sum(axis=1) / posterior.sum(axis=1)
    return np.where(run.theta > CUT, 1 - above, above)


def decided(believed: Items) -> tuple[np.ndarray, np.ndarray]:
    """Of those whom the rule stopped: who was judged wrongly, and how likely that was thought."""
    theta = np.random.default_rng(5).normal(size=3 * PEOPLE)
    run = sat(ConfidentlyClassified(CUT, Z), theta, believed=believed)
    stopped = run.reason == Reason.CLASSIFIED
    assert stopped.mean() > 0.8
    is_wrong = (run.theta > CUT) != (theta > CUT)
    return is_wrong[stopped], chance_of_being_wrong(run, believed)[stopped]


def test_a_confident_decision_is_wrong_as_often_as_it_thinks_and_less_than_asked_for():
    is_wrong, thought = decided(bank())

    error = np.sqrt((thought * (1 - thought)).sum()) / len(thought)
    assert abs(is_wrong.mean() - thought.mean()) < 4 * error
    assert is_wrong.mean() < ndtr(-Z)


def test_one_that_believes_too_much_of_its_items_is_wrong_more_often_than_it_thinks():
    is_wrong, thought = decided(bank(sharper=1.8))

    error = np.sqrt((thought * (1 - thought)).sum()) / len(thought)
    assert is_wrong.mean() - thought.mean() > 4 * error
