"""Criteria x response models: every criterion gives legal tests, the same alone as in a cohort, and
beats drawing lots.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from cat.errors import BadInput, BadRules
from cat.selection.criteria import CRITERIA as REGISTRY
from cat.selection.stopping import Reason
from cat.simulation.cohort import PartRun
from tests.cat.matrix.banks import (
    ITEMS,
    LENGTH,
    PERSONS,
    abilities,
    part_of,
    policy_of,
    repeats,
    rmse,
    sit,
    turned_around,
)
from tests.cat.matrix.cells import CRITERIA, MODELS, TABULATED, each, grid

LOTS = "random_item"
# Nominal items have no difficulty that an item could be close to.
NEEDS_DIFFICULTY = [("closest_difficulty", "nominal"), ("stratified", "nominal")]
LOTTERY = grid([LOTS], MODELS)
BEATS_LOTS = grid(CRITERIA, MODELS, without=[*NEEDS_DIFFICULTY, *LOTTERY])
# Mean SE as a share of that under lots, at most. Criteria that stay with the estimate, and those
# that take their time to get there or look elsewhere.
KEEN = 0.94
SLOW = {
    *("closest_difficulty", "information_at_cut", "likelihood_information", "progressive"),
    "stratified",
}
PATIENT = 0.97
THETA = abilities()


@cache
def by_lots(model: str) -> PartRun:
    return sit(part_of(model, policy_of(LOTS)), THETA)


def measures_better_than_lots(criterion: str, model: str, run: PartRun) -> bool:
    lots = by_lots(model)
    share = PATIENT if criterion in SLOW else KEEN
    return run.se.mean() < share * lots.se.mean() and rmse(run, THETA) < rmse(lots, THETA)


@pytest.mark.parametrize(("criterion", "model"), each(BEATS_LOTS))
def test_a_criterion_gives_legal_tests_that_measure_better_than_lots(criterion, model):
    part = part_of(model, policy_of(criterion))

    run = sit(part, THETA)
    alone = sit(part, THETA, who=np.array([77]))

    assert run.items.shape == (PERSONS, LENGTH)
    assert ((run.items >= 0) & (run.items < ITEMS)).all()
    assert repeats(run) == 0
    assert (run.reason == Reason.LENGTH).all()
    assert measures_better_than_lots(criterion, model, run)
    # The posterior SD tells the truth: 80 people tell it to within 8 %, here three times that.
    assert 0.76 < rmse(run, THETA) / np.sqrt((run.se**2).mean()) < 1.24
    assert np.array_equal(alone.items[0], run.items[77])


@pytest.mark.parametrize("model", MODELS)
def test_the_worst_item_each_time_gives_legal_tests_that_measure_worse(model, monkeypatch):
    monkeypatch.setitem(REGISTRY, "maximum_information", turned_around("maximum_information"))

    run = sit(part_of(model, policy_of("maximum_information")), THETA)

    assert repeats(run) == 0
    assert not measures_better_than_lots("maximum_information", model, run)


@pytest.mark.parametrize(("criterion", "model"), each(LOTTERY))
def test_lots_give_legal_tests_and_use_all_items_alike(criterion, model):
    run = by_lots(model)

    assert criterion == LOTS
    assert repeats(run) == 0
    given = np.bincount(run.items.ravel(), minlength=ITEMS)
    expected = PERSONS * LENGTH / ITEMS
    # Counts are binomial, about 17 with a standard deviation of 3.6.
    assert np.abs(given - expected).max() < 4 * np.sqrt(expected * (1 - LENGTH / ITEMS))


@pytest.mark.parametrize(("criterion", "model"), each(NEEDS_DIFFICULTY))
def test_criteria_by_difficulty_refuse_items_that_have_none_by_name(criterion, model):
    with pytest.raises(BadInput, match=r"butir 0 \(nominal\) tidak punya tingkat kesukaran"):
        sit(part_of(model, policy_of(criterion)), THETA)


@pytest.mark.parametrize(("criterion", "how"), each(grid(TABULATED, ["tabel"])))
def test_a_table_made_at_publication_measures_as_well_as_computing_at_each_step(criterion, how):
    policy = policy_of(criterion)

    computed = sit(part_of("3pl", policy), THETA)
    looked_up = sit(part_of("3pl", replace(policy, tabulated=True)), THETA)

    assert repeats(looked_up) == 0
    assert looked_up.se.mean() == pytest.approx(computed.se.mean(), rel=0.02)


@pytest.mark.parametrize(
    ("criterion", "how"), each(grid([c for c in CRITERIA if c not in TABULATED], ["tabel"]))
)
def test_what_depends_on_history_or_lots_cannot_be_tabulated(criterion, how):
    with pytest.raises(BadRules, match=f"{criterion} .* tidak dapat ditabelkan"):
        policy_of(criterion, tabulated=True)
