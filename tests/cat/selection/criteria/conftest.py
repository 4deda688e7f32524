"""Small banks of mixed items, and persons of whom something is known."""

from __future__ import annotations

import numpy as np
import pytest

from cat.irt.items import Items, Model, concatenate, logistic_items, polytomous_items
from cat.scoring import eap
from cat.scoring.tables import ItemTables, tabulate
from cat.selection.criteria import CRITERIA, named
from cat.selection.known import Criterion, Known
from cat.selection.randomness import uniform

NAMES = sorted(CRITERIA)
NEEDED = {"information_at_cut": {"cut": 0.4}}


def criterion_of(name: str, **parameters) -> Criterion:
    """The criterion with its needed parameters filled in."""
    return named(name, **(NEEDED.get(name, {}) | parameters))


def mixed_items(seed: int = 3, each: int = 3) -> Items:
    """4PL items, and graded and partial credit items of 2 to 5 categories, `each` of each."""
    rng = np.random.default_rng(seed)
    padded = np.full((2, each, 4), np.nan)
    for kind in range(2):
        for item in range(each):
            steps = 1 + (item + kind) % 4
            padded[kind, item, :steps] = np.sort(rng.normal(0, 1, steps))
    return concatenate(
        [
            logistic_items(
                rng.uniform(0.6, 2, each),
                rng.normal(0, 1, each),
                rng.uniform(0, 0.3, each),
                rng.uniform(0.9, 1, each),
            ),
            polytomous_items(Model.GRADED, rng.uniform(0.6, 2, each), padded[0]),
            polytomous_items(Model.PARTIAL_CREDIT, rng.uniform(0.6, 1.5, each), padded[1]),
        ]
    )


def persons_known(
    persons: int,
    quadrature: eap.Quadrature,
    *,
    answered: int = 6,
    length: int = 20,
    seed: int = 5,
) -> Known:
    """Persons with random answers to `answered` made-up items."""
    rng = np.random.default_rng(seed)
    likelihood = np.ones((persons, len(quadrature.nodes)))
    for _ in range(answered):
        right = rng.random((persons, 1)) < 0.5
        logit = rng.uniform(0.8, 2, (persons, 1)) * (
            quadrature.nodes - rng.normal(0, 1, (persons, 1))
        )
        likelihood *= 1 / (1 + np.exp(np.where(right, -logit, logit)))
    posterior = likelihood * quadrature.weights
    seeds = rng.integers(2**63, size=persons).astype(np.uint64)
    return Known(
        posterior=posterior / posterior.sum(axis=1, keepdims=True),
        likelihood=likelihood,
        answered=answered,
        length=length,
        quadrature=quadrature,
        chance=lambda items: uniform(seeds[:, None], 1000 * answered + items),
    )


def only(known: Known, persons: slice | list[int]) -> Known:
    """Some of the persons, as if they had come without the others."""
    return Known(
        posterior=known.posterior[persons],
        likelihood=known.likelihood[persons],
        answered=known.answered,
        length=known.length,
        quadrature=known.quadrature,
        chance=lambda items: known.chance(items)[persons],
    )


@pytest.fixture
def quadrature() -> eap.Quadrature:
    return eap.normal_quadrature(41, 5.0)


@pytest.fixture
def tables(quadrature) -> ItemTables:
    return tabulate(mixed_items(), quadrature)


@pytest.fixture
def known(quadrature) -> Known:
    return persons_known(4, quadrature)
