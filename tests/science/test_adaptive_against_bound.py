"""Thirty adaptive items of a bank of 500, against the best that anybody could do with thirty.

A judge who knew each ability would give everybody the thirty items most informative there. With the
prior that makes a posterior variance of about 1 / (1 + information): no test of thirty items from
this bank does much better. The other rival is the best form on which all sit the same thirty.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from cat.irt import items as irt
from cat.irt.items import logistic_items
from cat.itembank.blueprint import Blueprint
from cat.scoring import eap
from cat.scoring.tables import ItemTables, tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.criteria import CRITERIA
from cat.selection.known import Known
from cat.selection.policy import Policy
from cat.selection.randomness import random_bits
from cat.simulation import cohort
from cat.simulation.cohort import PartRun, SimulatedAnswers

pytestmark = pytest.mark.slow

BANK, LENGTH, PEOPLE = 500, 30, 6000
QUADRATURE = eap.normal_quadrature()
THETA = np.random.default_rng(31).normal(size=PEOPLE)
# Of RMSE from 6,000 people, 0.9 %.
ERROR = 1 / np.sqrt(2 * PEOPLE)


@cache
def tables() -> ItemTables:
    rng = np.random.default_rng(500)
    a, b = rng.lognormal(0.0, 0.3, BANK), rng.normal(0, 1, BANK)
    return tabulate(logistic_items(a, b, rng.uniform(0.1, 0.3, BANK)), QUADRATURE)


def part_of(criterion: str) -> AdaptivePart:
    policy = Policy(criterion, tabulated=criterion != "random_item")
    return adaptive_part("x", tables(), ["x"] * BANK, Blueprint("x", LENGTH, (), {}), policy)


def rmse(run: PartRun) -> float:
    return float(np.sqrt(((run.theta - THETA) ** 2).mean()))


def sat(criterion: str) -> PartRun:
    numbers = np.arange(PEOPLE)
    part = part_of(criterion)
    answers = SimulatedAnswers([part], THETA[:, None], random_bits(1, numbers))
    (run,) = cohort.run([part], answers, random_bits(2, numbers))
    return run


@cache
def bound() -> float:
    """RMSE of the judge who knows, over the same abilities."""
    information = np.sort(irt.information(THETA, tables().items), axis=1)[:, -LENGTH:].sum(axis=1)
    return float(np.sqrt((1 / (1 + information)).mean()))


@cache
def best_form() -> np.ndarray:
    """Thirty items for all: each one added is the one that lowers the population's posterior
    variance most, until no exchange of one lowers it further.
    """
    information = irt.information(QUADRATURE.nodes, tables().items)
    weight = QUADRATURE.weights

    def variance(total: np.ndarray) -> np.ndarray:
        return weight @ (1 / (1 + total))

    chosen: list[int] = []
    total = np.zeros((len(weight), 1))
    for _ in range(LENGTH):
        gain = variance(total + information)
        gain[chosen] = np.inf
        chosen.append(int(gain.argmin()))
        total += information[:, chosen[-1:]]
    improved = True
    while improved:
        improved = False
        for place in range(LENGTH):
            without = total - information[:, [chosen[place]]]
            gain = variance(without + information)
            gain[chosen] = np.inf
            if gain.min() < variance(total)[0] - 1e-12:
                chosen[place], improved = int(gain.argmin()), True
                total = without + information[:, [chosen[place]]]
    return np.array(chosen)


def form_rmse(items: np.ndarray) -> float:
    """Of everybody sitting the same items."""
    some = tables().items.only(items)
    chance = np.random.default_rng(3).random((PEOPLE, len(items)))
    answers = (chance < irt.probability(THETA, some)[:, :, 1]).astype(int)
    return float(np.sqrt(((eap.score(answers, some, QUADRATURE).theta - THETA) ** 2).mean()))


def is_near_the_bound(run: PartRun) -> bool:
    return rmse(run) < 1.05 * bound()


@pytest.mark.parametrize(
    "criterion", ["maximum_information", "posterior_information", "expected_posterior_variance"]
)
def test_an_adaptive_test_comes_near_the_bound_and_beats_any_form(criterion):
    run = sat(criterion)

    assert is_near_the_bound(run)
    assert rmse(run) > bound() * (1 - 4 * ERROR)  # nobody beats the judge but by luck
    assert rmse(run) < form_rmse(best_form()) * (1 - 4 * ERROR)
    assert rmse(run) == pytest.approx(np.sqrt((run.se**2).mean()), rel=4 * ERROR)


def test_the_best_form_beats_a_random_one_and_lots_beat_neither():
    form, random_form = form_rmse(best_form()), form_rmse(np.arange(LENGTH))
    by_lots = sat("random_item")

    assert form < random_form * (1 - 4 * ERROR)
    assert rmse(by_lots) > form * (1 + 4 * ERROR)
    assert not is_near_the_bound(by_lots)


@dataclass(frozen=True)
class AtTheMirroredAbility:
    """Chooses as if everybody able were unable."""

    def __call__(self, known: Known, tables: ItemTables) -> np.ndarray:
        return irt.information(-known.theta, tables.items)


def test_choosing_for_the_wrong_ability_is_not_near_the_bound(monkeypatch):
    monkeypatch.setitem(CRITERIA, "maximum_information", AtTheMirroredAbility)

    run = sat("maximum_information")

    assert not is_near_the_bound(run)
    assert rmse(run) > form_rmse(best_form())
