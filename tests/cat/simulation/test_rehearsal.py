"""Rehearsals hold exposure down; without them the same test overuses its best items."""

from __future__ import annotations

import numpy as np
import pytest

from cat.irt.items import logistic_items
from cat.itembank.blueprint import Blueprint
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.adaptive_part import adaptive_part
from cat.selection.policy import ExposurePlan, Policy
from cat.selection.randomness import random_bits
from cat.simulation import cohort, rehearsal
from cat.simulation.cohort import SimulatedAnswers

PERSONS = 4000
R_MAX = 0.3


def part_with(plan):
    rng = np.random.default_rng(1)
    count = 100
    items = logistic_items(rng.lognormal(0.2, 0.3, count), rng.normal(0, 1, count), 0.2)
    tables = tabulate(items, normal_quadrature())
    domains = ["a" if i % 2 else "b" for i in range(count)]
    policy = Policy(criterion="maximum_information", exposure=plan)
    return adaptive_part("tiu", tables, domains, Blueprint("tiu", 15, (), {}), policy)


def population(numbers):
    return np.random.default_rng(int(numbers[0])).normal(size=(len(numbers), 1))


def highest_rate(part, edges=()):
    """Highest share of new simulees who were given one item while in one group of ability."""
    numbers = np.arange(PERSONS)
    theta = np.random.default_rng(99).normal(size=(PERSONS, 1))
    answers = SimulatedAnswers([part], theta, random_bits(5, numbers))
    given = np.zeros((len(edges) + 1, len(part.tables)))
    visited = np.zeros((len(edges) + 1, PERSONS))

    def watch(place, persons, found, items):
        group = np.searchsorted(edges, found.theta, side="right")
        np.add.at(given, (group, items), 1)
        visited[group, persons] = 1

    cohort.run([part], answers, random_bits(6, numbers), watch=watch)
    return (given / visited.sum(axis=1, keepdims=True)).max()


@pytest.mark.parametrize("method", ["sympson_hetter", "kelayakan"])
def test_no_item_is_given_much_more_often_than_the_plan_allows(method):
    part = part_with(ExposurePlan(method, R_MAX))
    assert highest_rate(part) > 0.8  # without control

    (held,) = rehearsal.control([part], population, seed=1)

    assert highest_rate(held) < R_MAX + 0.03


def test_control_by_ability_holds_in_each_group():
    edges = (-0.5, 0.5)
    part = part_with(ExposurePlan("kelayakan", 0.4, edges))
    assert highest_rate(part, edges) > 0.8

    (held,) = rehearsal.control([part], population, seed=1)

    assert highest_rate(held, edges) < 0.4 + 0.06


def test_a_part_without_a_plan_is_left_as_it_is():
    part = part_with(None)

    assert rehearsal.control([part], population, seed=1) == (part,)
