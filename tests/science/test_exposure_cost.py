"""What it costs to hold exposure down: rates stay at the target, and little is lost in error."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from cat.irt.items import logistic_items
from cat.itembank.blueprint import Blueprint
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.exposure.rates import exposure_rate, overlap_rate
from cat.selection.policy import ExposurePlan, Policy
from cat.selection.randomness import random_bits
from cat.simulation import cohort, rehearsal
from cat.simulation.cohort import Controls, PartRun, SimulatedAnswers

pytestmark = pytest.mark.slow

BANK, LENGTH, PEOPLE, R_MAX = 240, 20, 6000, 0.25
# Of a rate from 6,000 people; the rehearsals have as much; the highest of 240 is looked at.
ERROR = np.sqrt(R_MAX * (1 - R_MAX) / PEOPLE)
TOLERANCE = 5 * ERROR
ROUNDS = {"sympson_hetter": 12, "kelayakan": 40, "batas_keras": 0}
THETA = np.random.default_rng(61).normal(size=PEOPLE)


def part_of(method: str | None) -> AdaptivePart:
    rng = np.random.default_rng(240)
    a, b = rng.lognormal(0.0, 0.3, BANK), rng.normal(0, 1, BANK)
    tables = tabulate(logistic_items(a, b, rng.uniform(0.1, 0.3, BANK)), normal_quadrature())
    plan = None if method is None else ExposurePlan(method, R_MAX)
    policy = Policy("posterior_information", exposure=plan)
    return adaptive_part("x", tables, ["x"] * BANK, Blueprint("x", LENGTH, (), {}), policy)


@cache
def sat(method: str | None, rounds: int | None = None) -> PartRun:
    part = part_of(method)
    controls = None
    if method == "batas_keras":
        controls = Controls(capacity=[np.full(BANK, int(R_MAX * PEOPLE))])
    elif method is not None:
        again = ROUNDS[method] if rounds is None else rounds
        (part,) = rehearsal.control([part], population, seed=1, rounds=again)
    numbers = np.arange(PEOPLE)
    answers = SimulatedAnswers([part], THETA[:, None], random_bits(1, numbers))
    (run,) = cohort.run([part], answers, random_bits(2, numbers), controls)
    return run


def population(numbers: np.ndarray) -> np.ndarray:
    return np.random.default_rng(7_000_000 + int(numbers[0])).normal(size=(len(numbers), 1))


def rmse(run: PartRun) -> float:
    return float(np.sqrt(((run.theta - THETA) ** 2).mean()))


def highest(run: PartRun) -> float:
    return float(exposure_rate(run.items, BANK).max())


def test_without_control_some_items_are_given_to_everybody():
    assert highest(sat(None)) == 1.0


@pytest.mark.parametrize("method", ["kelayakan", "sympson_hetter", "batas_keras"])
def test_rates_stay_at_the_target_and_error_grows_by_less_than_a_sixth(method):
    run, free = sat(method), sat(None)

    assert highest(run) < R_MAX + TOLERANCE
    assert rmse(free) < rmse(run) < rmse(free) * 7 / 6
    # Two people share fewer items: with all rates at the target it would be a quarter of the test.
    assert overlap_rate(run.items, BANK) < R_MAX + 0.01 < overlap_rate(free.items, BANK)


@pytest.mark.parametrize("method", ["kelayakan", "sympson_hetter"])
def test_after_a_single_rehearsal_rates_are_far_above_the_target(method):
    """Negative control: the chances come from the rehearsals, not from luck."""
    assert highest(sat(method, rounds=1)) > R_MAX + 3 * TOLERANCE


def test_a_cap_by_counting_is_kept_to_the_last_person():
    times = np.bincount(sat("batas_keras").items.ravel(), minlength=BANK)

    assert times.max() == R_MAX * PEOPLE
