"""A bank of 48 items under each response model, and how simulees sit a test from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from cat.irt.families import nominal_items, partial_credit_items, rating_scale_items
from cat.irt.items import Items, Model, concatenate, logistic_items, polytomous_items
from cat.itembank.blueprint import Blueprint, Bound
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import ItemTables, tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.criteria import CRITERIA
from cat.selection.policy import Policy
from cat.selection.randomness import random_bits
from cat.simulation import cohort
from cat.simulation.cohort import Controls, PartRun, SimulatedAnswers

ITEMS, LENGTH, PERSONS = 48, 10, 80
QUADRATURE = normal_quadrature(31, 5.0)
# What a criterion cannot do without.
NEEDED = {"information_at_cut": {"cut": 0.0}}


@cache
def items_of(model: str) -> Items:
    """48 items whose parameters spread as those of real banks do."""
    rng = np.random.default_rng(48)
    a, b = rng.lognormal(0.1, 0.3, ITEMS), rng.normal(0, 1.2, ITEMS)
    steps = 0.7 * b[:, None] + np.array([-1.0, 0.0, 1.0]) + rng.normal(0, 0.2, (ITEMS, 3))
    match model:
        case "1pl":
            return logistic_items(1.0, b)
        case "2pl":
            return logistic_items(a, b)
        case "3pl":
            return logistic_items(a, b, rng.uniform(0.1, 0.3, ITEMS))
        case "4pl":
            return logistic_items(a, b, 0.2, rng.uniform(0.92, 0.99, ITEMS))
        case "grm":
            return polytomous_items(Model.GRADED, a, np.sort(steps, axis=1))
        case "gpcm":
            return polytomous_items(Model.PARTIAL_CREDIT, a, steps)
        case "pcm":
            return partial_credit_items(steps)
        case "rsm":
            return rating_scale_items(b, [-1.0, 0.2, 0.8])
        case "nominal":
            # Options come in no order: each item's slopes are shuffled.
            slopes = rng.permuted(rng.uniform(-1.2, 1.2, (ITEMS, 4)), axis=1)
            return nominal_items(slopes, rng.normal(0, 1, (ITEMS, 4)))
        case "campuran":
            ordered = ("2pl", "3pl", "4pl", "grm", "gpcm", "rsm")
            taken = [np.arange(n, ITEMS, len(ordered)) for n in range(len(ordered))]
            return concatenate([items_of(m).only(at) for m, at in zip(ordered, taken, strict=True)])
    raise KeyError(model)


@cache
def tables_of(model: str) -> ItemTables:
    return tabulate(items_of(model), QUADRATURE)


def policy_of(criterion: str, **others: object) -> Policy:
    """A policy that computes its criterion at every step, unless told to tabulate it."""
    return Policy(criterion, NEEDED.get(criterion, {}), **{"tabulated": False, **others})


def part_of(
    model: str,
    policy: Policy,
    length: int = LENGTH,
    *,
    domains: list[str] | None = None,
    bounds: tuple[Bound, ...] = (),
    **others: object,
) -> AdaptivePart:
    """One part on the bank of a model, with limits on content where they are given."""
    blueprint = Blueprint("tiu", length, bounds, {})
    own = domains or ["semua"] * ITEMS
    return adaptive_part("tiu", tables_of(model), own, blueprint, policy, **others)


def abilities(persons: int = PERSONS, seed: int = 5) -> np.ndarray:
    """(J,) standard normal abilities."""
    return np.random.default_rng(seed).normal(size=persons)


def sit(
    part: AdaptivePart,
    theta: np.ndarray,
    *,
    who: np.ndarray | None = None,
    controls: Controls | None = None,
    watch: cohort.Watch | None = None,
) -> PartRun:
    """The test of simulees of ability theta (J,); `who` picks some of them, luck and all."""
    numbers = np.arange(len(theta)) if who is None else who
    answers = SimulatedAnswers([part], theta[numbers, None], random_bits(11, numbers))
    (run,) = cohort.run([part], answers, random_bits(12, numbers), controls, watch)
    return run


def rmse(run: PartRun, theta: np.ndarray) -> float:
    return float(np.sqrt(((run.theta - theta) ** 2).mean()))


def repeats(run: PartRun) -> int:
    """How often anybody was given an item that they had been given before."""
    tests = [[item for item in row if item >= 0] for row in run.items.tolist()]
    return sum(len(test) - len(set(test)) for test in tests)


def turned_around(criterion: str) -> type:
    """The criterion that prefers what this one likes least: what every check must tell apart."""
    likes = CRITERIA[criterion](**NEEDED.get(criterion, {}))

    @dataclass(frozen=True)
    class Worst:
        def __call__(self, known: object, tables: ItemTables) -> np.ndarray:
            return -likes(known, tables)

    return Worst
