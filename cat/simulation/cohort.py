"""Simulees sit an adaptive test side by side, through the same step as the live exam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.itembank.pool import PartPool, Pool
from cat.scoring import eap
from cat.selection import step
from cat.selection.randomness import uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class PartRun:
    """What one part gave.

    items, categories : (J, n) positions and response categories in the order given.
    theta, se : (J,) estimates; taken : (J, L) items per domain.
    """

    part: str
    items: Ints
    categories: Ints
    theta: Floats
    se: Floats
    taken: Ints


def simulate(
    pool: Pool, theta: Floats, seeds: NDArray[np.uint64], rng: np.random.Generator
) -> list[PartRun]:
    """Run J simulees through every part of the pool.

    theta : (J, P) true abilities per part, logits.
    seeds : (J,) sitting seeds, which decide the randomesque draws as in a live sitting.
    rng : source of the simulees' luck in answering.
    """
    runs, number = [], 1
    for position, part in enumerate(pool.parts):
        runs.append(_simulate_part(pool, part, theta[:, position], seeds, number, rng))
        number += part.blueprint.length
    return runs


def answer_category(part: PartPool, theta: Floats, items: Ints, chance: Floats) -> Ints:
    """Response categories (J,) that persons of ability theta (J,) give to items (J,).

    chance : (J,) uniform numbers in [0, 1). Chances between the nodes are interpolated.
    """
    nodes = part.quadrature.nodes
    place = np.clip((theta - nodes[0]) / (nodes[1] - nodes[0]), 0, len(nodes) - 1.000001)
    below = place.astype(int)
    weight = (place - below)[:, None]
    low, high = part.likelihood[items, :, below], part.likelihood[items, :, below + 1]
    chances = low + weight * (high - low)
    reached = chances.cumsum(axis=1)[:, :-1] < chance[:, None]
    return np.asarray(reached.sum(axis=1))


def _simulate_part(
    pool: Pool,
    part: PartPool,
    theta: Floats,
    seeds: NDArray[np.uint64],
    first_number: int,
    rng: np.random.Generator,
) -> PartRun:
    progress = step.begin(part, len(theta))
    given, answered = [], []
    for number in range(first_number, first_number + part.blueprint.length):
        items = step.choose(part, progress, pool.top, uniform(seeds, number))
        categories = answer_category(part, theta, items, rng.random(len(theta)))
        progress = step.update(part, progress, items, categories)
        given.append(items)
        answered.append(categories)
    estimate, se = eap.estimate(progress.posterior, part.quadrature)
    return PartRun(
        part=part.part,
        items=np.array(given).T,
        categories=np.array(answered).T,
        theta=estimate,
        se=se,
        taken=progress.taken,
    )
