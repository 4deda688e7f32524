"""Criteria x exposure methods: nobody sees an item twice, and none is given too often."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from cat.selection.policy import ExposurePlan
from cat.simulation.cohort import PartRun
from tests.cat.matrix.banks import abilities, part_of, policy_of, repeats, sit
from tests.cat.matrix.cells import CRITERIA, EXPOSURE, TABULATED, each, grid
from tests.cat.matrix.control import (
    CONTROLLED,
    LENGTH,
    PERSONS,
    R_MAX,
    TOP,
    prepared,
    rehearse_few,
    watched,
)

# Rates of 400 people have a standard error of 2 %, those of the rehearsal as much; of the dozens of
# items the one that came out highest is looked at. A group of ability has a third of the people.
TOLERANCE = {"kelayakan_bersyarat": 0.14, "batas_keras": 0.0}
OTHERWISE = 0.11
# These two draw lots from the start, so that nobody's first item is everybody's.
BY_LOT = {"random_item", "progressive"}
LOTS = "random_item"
THETA = abilities(PERSONS, seed=8)
RANDOMESQUE = [(criterion, "acak_teratas") for criterion in CRITERIA]
UNCONTROLLED = [(criterion, "tanpa") for criterion in CRITERIA]


@cache
def without_control(criterion: str) -> PartRun:
    policy = policy_of(criterion, tabulated=criterion in TABULATED)
    return sit(part_of("2pl", policy, LENGTH), THETA)


def highest_rate(run: PartRun) -> float:
    """Counted one by one."""
    times = Counter(item for row in run.items.tolist() for item in row if item >= 0)
    return times.most_common(1)[0][1] / len(run.items)


@pytest.mark.parametrize(("criterion", "method"), each(UNCONTROLLED))
def test_without_control_the_best_items_are_given_to_nearly_everybody(criterion, method):
    run = without_control(criterion)

    assert method == "tanpa"
    assert repeats(run) == 0
    assert len(set(run.items[:, 0].tolist())) == 1 or criterion in BY_LOT
    # Else nothing that follows would prove anything.
    assert highest_rate(run) > R_MAX + 0.4 or criterion == LOTS


@pytest.mark.parametrize(("criterion", "method"), each(RANDOMESQUE))
def test_randomesque_spreads_the_first_item_evenly_over_the_best_few(criterion, method):
    policy = policy_of(criterion, tabulated=criterion in TABULATED, top=TOP)

    run = sit(part_of("2pl", policy, LENGTH), THETA)

    assert method == "acak_teratas"
    assert repeats(run) == 0
    assert highest_rate(run) < highest_rate(without_control(criterion)) or criterion == LOTS
    if criterion not in BY_LOT:
        times = sorted(Counter(run.items[:, 0].tolist()).values())
        assert len(times) == TOP
        assert PERSONS / TOP - 40 < times[0] <= times[-1] < PERSONS / TOP + 40  # four SDs


@pytest.mark.parametrize(("criterion", "method"), each(grid(CRITERIA, CONTROLLED)))
def test_a_controlled_item_is_not_given_more_often_than_the_plan_allows(
    criterion, method, monkeypatch
):
    rehearse_few(monkeypatch, criterion)

    seen = watched(prepared(criterion, method), THETA, method)

    assert repeats(seen.run) == 0
    highest = seen.rates.max()
    assert highest <= R_MAX + TOLERANCE.get(method, OTHERWISE)
    assert seen.run.se.mean() < 1.2 * without_control(criterion).se.mean()


def test_a_hard_cap_leaves_room_for_randomesque():
    plan = ExposurePlan("batas_keras", 1.0)
    policy = policy_of("posterior_information", tabulated=True, top=TOP, exposure=plan)

    run = watched(part_of("2pl", policy, LENGTH), THETA, "batas_keras", 1.0).run

    assert len(set(run.items[:, 0].tolist())) == TOP


def test_every_method_has_its_test():
    assert {"tanpa", "acak_teratas", *CONTROLLED} == set(EXPOSURE)
