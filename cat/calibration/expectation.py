"""The E step: how likely are the answers, and how many persons of which ability gave them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cat.calibration.item_scores import log_probability
from cat.calibration.layout import Layout
from cat.calibration.plan import Plan
from cat.calibration.population import Population

Floats = NDArray[np.float64]

# exp(-600) is a normal number, with room for smaller ones beside it.
_SAFE = -600.0


@dataclass(frozen=True)
class Expected:
    """Of one set of parameters: G groups with Q nodes each, nodes side by side.

    log_likelihood : marginal. counts : (C, G Q) expected answers in each cell.
    mass : (G, Q) expected persons. theta : (G Q,) nodes.
    """

    log_likelihood: float
    counts: Floats
    mass: Floats
    theta: Floats


def cell_table(plan: Plan, free_values: Floats, theta: Floats) -> Floats:
    """(C, Q) log probability of every cell at the nodes."""
    table = np.empty((plan.cells, len(theta)))
    for batch in plan.batches:
        table[batch.cells] = log_probability(batch.kind, batch.values(free_values), theta)
    return table


def expect(
    plan: Plan,
    layouts: Sequence[Layout],
    populations: Sequence[Population],
    free_values: Floats,
) -> Expected:
    """Expected counts under the parameters."""
    total, counts, masses = 0.0, [], []
    for layout, people in zip(layouts, populations, strict=True):
        table = cell_table(plan, free_values, people.theta)
        likelihood, own, mass = _one_group(layout, people, table)
        total += likelihood
        counts.append(own)
        masses.append(mass)
    return Expected(
        log_likelihood=total,
        counts=counts[0] if len(counts) == 1 else np.concatenate(counts, axis=1),
        mass=np.array(masses),
        theta=np.concatenate([people.theta for people in populations]),
    )


def posteriors(
    layout: Layout, people: Population, table: Floats
) -> Iterator[tuple[slice, Floats, Floats]]:
    """Blocks of patterns: rows, log-likelihood of each, posterior (rows, Q) adding to 1."""
    for rows, _, belief, likelihood, total in _beliefs(layout, people, table):
        belief /= total[:, None]
        yield rows, likelihood, belief


def _one_group(layout: Layout, people: Population, table: Floats) -> tuple[float, Floats, Floats]:
    columns = layout.cell_count if layout.mix is None else layout.mix.shape[0]
    gathered = np.zeros((columns, len(people.theta)))
    mass = np.zeros(len(people.theta))
    log_likelihood = 0.0
    for rows, matrix, belief, likelihood, total in _beliefs(layout, people, table):
        weight = layout.weight[rows]
        log_likelihood += float(weight @ likelihood)
        belief *= (weight / total)[:, None]
        gathered += matrix.T @ belief
        mass += np.ones(len(belief)) @ belief
    counts = gathered if layout.mix is None else layout.mix.T @ gathered
    return log_likelihood, counts, mass


def _beliefs(
    layout: Layout, people: Population, table: Floats
) -> Iterator[tuple[slice, Floats | csr_array, Floats, Floats, Floats]]:
    """Blocks of patterns: rows, matrix, posterior times a number, log-likelihood, that number."""
    mixed = table if layout.mix is None else np.ascontiguousarray(layout.mix @ table)
    middle, ones = len(people.theta) // 2, np.ones(len(people.theta))
    if layout.is_full and layout.dense is not None:
        mixed[0] += people.log_prior
    for rows, matrix in layout.blocks():
        belief = matrix @ mixed
        if not (layout.is_full and layout.dense is not None):
            belief += people.log_prior
        # A row is shifted only where its exponentials might all vanish: one column tells.
        top = np.zeros(len(belief))
        if belief[:, middle].min() < _SAFE:
            top = belief.max(axis=1)
            belief -= top[:, None]
        np.exp(belief, out=belief)
        total = belief @ ones
        yield rows, matrix, belief, top + np.log(total), total
