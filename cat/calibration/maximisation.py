"""The M step: the item parameters under which the expected counts are likeliest.

Every batch of like items is solved at once by Fisher scoring; an item whose step does not help
is halved back, alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.calibration.item_scores import (
    Kind,
    expected_information,
    is_possible,
    log_probability,
    scores,
)
from cat.calibration.plan import NO_PARAMETER, Batch
from cat.calibration.prior_scores import PriorScores, prior_scores
from cat.calibration.spec import Priors

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

_MOST_STEPS = 4
_MOST_HALVINGS = 12
_CLOSE = 1e-5  # the next step of Newton would be of the order of its square
_LONGEST = 2.0  # no parameter moves by more in one step: first guesses may be far off


@dataclass(frozen=True)
class Maximised:
    """x : (n, P) parameters. weight : (n, P) curvature in each, to measure steps by."""

    x: Floats
    weight: Floats


def maximise(
    batch: Batch, x: Floats, theta: Floats, counts: Floats, priors: Priors, is_free: Truths
) -> Maximised:
    """Better parameters for a batch.

    x : (n, P) where to start. counts : (n, K, Q) expected answers at theta (Q,).
    is_free : (n, P) what may move.
    """
    value = _value(batch.kind, x, theta, counts, priors)
    weight = np.ones(x.shape)
    for _ in range(_MOST_STEPS):
        slope, bend = _slope_and_bend(batch.kind, x, theta, counts, priors)
        weight = np.diagonal(bend, axis1=1, axis2=2)
        step = _step(slope, bend, is_free, batch.shares_slope)
        step *= np.minimum(1.0, _LONGEST / np.maximum(np.abs(step).max(axis=1), 1e-300))[:, None]
        if batch.shares_slope:
            step *= np.minimum(1.0, _LONGEST / max(np.abs(step).max(), 1e-300))
        x, value = _climbed(batch, x, value, step, theta, counts, priors)
        if np.abs(step).max(initial=0.0) < _CLOSE:
            break
    return Maximised(x, weight)


def _climbed(
    batch: Batch,
    x: Floats,
    value: Floats,
    step: Floats,
    theta: Floats,
    counts: Floats,
    priors: Priors,
) -> tuple[Floats, Floats]:
    """x + step where that is better, x + step / 2, / 4, ... where it is not."""
    slack = 1e-10 * (1 + np.abs(value))  # rounding: near the top all values are equal
    for _ in range(_MOST_HALVINGS):
        tried = x + step
        found = _value(batch.kind, tried, theta, counts, priors)
        worse = ~(found >= value - slack)
        if batch.shares_slope:
            worse[:] = not found.sum() >= value.sum() - slack.sum()
        if not worse.any():
            return tried, found
        step = np.where(worse[:, None], step / 2, step)
    return np.where(worse[:, None], x, tried), np.where(worse, value, found)


def _value(kind: Kind, x: Floats, theta: Floats, counts: Floats, priors: Priors) -> Floats:
    """(n,) expected log-likelihood and prior of each item; -inf outside the model."""
    fine = is_possible(kind, x)
    found = np.full(len(x), -np.inf)
    if fine.all():
        table = log_probability(kind, x, theta)
        found = np.einsum("nkq,nkq->n", counts, table)
    elif fine.any():
        table = log_probability(kind, x[fine], theta)
        found[fine] = np.einsum("nkq,nkq->n", counts[fine], table)
    return found + prior_scores(kind, x, priors).value


def _slope_and_bend(
    kind: Kind, x: Floats, theta: Floats, counts: Floats, priors: Priors
) -> tuple[Floats, Floats]:
    """Gradient (n, P) and positive curvature (n, P, P)."""
    found = scores(kind, x, theta)
    flat = found.score.reshape(*found.score.shape[:2], -1)
    slope = (flat @ counts.reshape(len(x), -1, 1))[..., 0]
    prior: PriorScores = prior_scores(kind, x, priors)
    return slope + prior.slope, expected_information(found, counts) + prior.curvature


def _step(slope: Floats, bend: Floats, is_free: Truths, shares_slope: bool) -> Floats:
    slope = np.where(is_free, slope, 0.0)
    both = is_free[:, :, None] & is_free[:, None, :]
    bend = np.where(both, bend, 0.0)
    size = bend.shape[1]
    diagonal = np.arange(size)
    # A sliver keeps a parameter of which nothing is known where it is.
    bend[:, diagonal, diagonal] = np.where(
        is_free, bend[:, diagonal, diagonal] * (1 + 1e-9) + 1e-9, 1.0
    )
    if not shares_slope:
        return np.asarray(np.linalg.solve(bend, slope[..., None])[..., 0])
    return _shared_step(slope, bend, is_free)


def _shared_step(slope: Floats, bend: Floats, is_free: Truths) -> Floats:
    """One slope for all items: the intercepts are eliminated item by item, then put back."""
    step = np.zeros(slope.shape)
    across, own = bend[:, 0, 1], bend[:, 1, 1]
    if is_free[:, 0].any():
        curvature = bend[:, 0, 0].sum() - (across**2 / own).sum()
        step[:, 0] = (slope[:, 0].sum() - (across * slope[:, 1] / own).sum()) / curvature
    step[:, 1] = (slope[:, 1] - across * step[:, 0]) / own
    return np.where(is_free, step, 0.0)


def free_of(batch: Batch, held: Truths) -> Truths:
    """(n, P) what of a batch may move: what is free and not `held` (F,) by a rule of the run."""
    there = batch.free != NO_PARAMETER
    found: Truths = there.copy()
    found[there] = ~held[batch.free[there]]
    return found
