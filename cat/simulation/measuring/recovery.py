"""How well do the estimates recover the truth, on the whole and along the ability scale?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.simulation.measuring import measured
from cat.simulation.measuring.measured import UNDEFINED, Measured, from_influence
from cat.simulation.measuring.results import PartFacts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Groups of half a logit; the two at the ends are open.
GROUP_EDGES = np.arange(-3.0, 3.01, 0.5)
# The middle 95 % of a normal distribution.
_NORMAL_95 = 1.959963984540054
# Where the bound of the bank is drawn: beyond this hardly anybody is found.
_DRAWN_REACH = 3.5


@dataclass(frozen=True)
class Accuracy:
    """Estimates against the truth: bias, rmse, mae in logits, and how honest the SEs are.

    squared_correlation : reliability as the squared correlation of estimate and truth.
    se_ratio : RMSE over the root mean square of the SEs; 1 when the SEs tell the truth, above 1
        when they promise too much.
    coverage : share of people whose truth lies within 1.96 SE of the estimate; 0.95 is due.
    """

    bias: Measured
    rmse: Measured
    mae: Measured
    squared_correlation: Measured
    se_ratio: Measured
    coverage: Measured


@dataclass(frozen=True)
class Precision:
    """mean_se : logits. marginal_reliability : 1 - mean(se**2) / variance of ability."""

    mean_se: Measured
    marginal_reliability: Measured


@dataclass(frozen=True)
class PointsAccuracy:
    """Nilai from the estimate against nilai from the truth, in points."""

    bias: Measured
    rmse: Measured
    mae: Measured


@dataclass(frozen=True)
class ThetaGroup:
    """People of similar ability; by their truth, or by the estimate where no truth is known.

    lower, upper : bounds, lower included, logits; None where open.
    highest_exposure : share of the group who saw the item that most of them saw.
    """

    lower: float | None
    upper: float | None
    persons: int
    bias: Measured
    rmse: Measured
    mean_se: Measured
    coverage: Measured
    highest_exposure: float | None


def group_of(theta: Floats) -> Ints:
    """(J,) group that each ability (J,) falls in, 0 for the lowest."""
    return np.searchsorted(GROUP_EDGES, theta, side="right")


def accuracy(theta: Floats, theta_hat: Floats, se: Floats) -> Accuracy:
    """Compare estimates with the truth; all arguments (J,), logits, J >= 1."""
    error = theta_hat - theta
    return Accuracy(
        bias=measured.mean(error),
        rmse=measured.root_mean(error**2),
        mae=measured.mean(np.abs(error)),
        squared_correlation=_squared_correlation(theta, theta_hat),
        se_ratio=_se_ratio(error, se),
        coverage=_coverage(error, se),
    )


def precision(se: Floats, theta_hat: Floats, theta: Floats | None) -> Precision:
    """What the standard errors themselves promise.

    se, theta_hat : (J,) logits, J >= 1. theta : (J,) true abilities; None where unknown.

    The variance of ability is that of theta. Without it, it is var(theta_hat) + mean(se**2),
    which equals it when theta_hat and se are a posterior mean and standard deviation.
    Green, Bock, Humphreys, Linn & Reckase (1984), J. of Educational Measurement 21, 347-360.
    """
    error_variance = float((se**2).mean())
    spread = theta_hat if theta is None else theta
    deviation = (spread - spread.mean()) ** 2
    per_person = deviation + se**2 if theta is None else deviation
    variance = float(per_person.mean())
    if variance == 0:
        return Precision(measured.mean(se), UNDEFINED)
    influence = -(se**2) / variance + error_variance / variance**2 * per_person
    return Precision(
        mean_se=measured.mean(se),
        marginal_reliability=from_influence(1 - error_variance / variance, influence),
    )


def points_accuracy(nilai: Floats, nilai_true: Floats) -> PointsAccuracy:
    """Compare nilai with the nilai of the truth; (J,) points each, J >= 1."""
    error = nilai.astype(float) - nilai_true
    return PointsAccuracy(
        bias=measured.mean(error),
        rmse=measured.root_mean(error**2),
        mae=measured.mean(np.abs(error)),
    )


def theta_groups(
    theta: Floats | None, theta_hat: Floats, se: Floats, seen_in_group: Ints
) -> tuple[ThetaGroup, ...]:
    """Bias, RMSE, SE and coverage of each ability group; empty groups are kept.

    theta, theta_hat, se : (J,) logits.
    seen_in_group : (G, I) how many people of each group saw each item.
    """
    group = group_of(theta_hat if theta is None else theta)
    bounds = [None, *(float(edge) for edge in GROUP_EDGES), None]
    found = []
    for g in range(len(bounds) - 1):
        inside = group == g
        persons = int(inside.sum())
        error = None if theta is None else theta_hat[inside] - theta[inside]
        found.append(
            ThetaGroup(
                lower=bounds[g],
                upper=bounds[g + 1],
                persons=persons,
                bias=UNDEFINED if error is None else measured.mean(error),
                rmse=UNDEFINED if error is None else measured.root_mean(error**2),
                mean_se=measured.mean(se[inside]),
                coverage=UNDEFINED if error is None else _coverage(error, se[inside]),
                highest_exposure=int(seen_in_group[g].max()) / persons if persons else None,
            )
        )
    return tuple(found)


def least_se(facts: PartFacts, length: int) -> tuple[tuple[float, float], ...]:
    """(theta, se) of the most informative test of `length` items that the bank allows anywhere.

    No blueprint, no exposure control and no doubt about theta: a bound, not a goal. The prior
    adds its own information where there is one. Empty when the facts hold no information or the
    test no items.
    """
    if facts.nodes is None or facts.information is None or length < 1:
        return ()
    drawn = np.abs(facts.nodes) <= _DRAWN_REACH
    best = np.sort(facts.information[:, drawn], axis=0)[-length:].sum(axis=0)
    total = best + (1 / facts.prior_variance if facts.prior_variance else 0.0)
    return tuple(
        (float(theta), 1 / math.sqrt(float(information)))
        for theta, information in zip(facts.nodes[drawn], total, strict=True)
        if information > 0
    )


def _squared_correlation(theta: Floats, theta_hat: Floats) -> Measured:
    x, y = theta - theta.mean(), theta_hat - theta_hat.mean()
    spread = math.sqrt(float((x**2).mean()) * float((y**2).mean()))
    if spread == 0:
        return UNDEFINED
    r = float((x * y).mean()) / spread
    zx, zy = x / math.sqrt(float((x**2).mean())), y / math.sqrt(float((y**2).mean()))
    return from_influence(r**2, 2 * r * (zx * zy - r / 2 * (zx**2 + zy**2)))


def _se_ratio(error: Floats, se: Floats) -> Measured:
    squares, variances = error**2, se**2
    a, b = float(squares.mean()), float(variances.mean())
    if a == 0:
        return Measured(0.0, 0.0)
    ratio = math.sqrt(a / b)
    return from_influence(ratio, ratio / 2 * (squares / a - variances / b))


def _coverage(error: Floats, se: Floats) -> Measured:
    return measured.share(int((np.abs(error) <= _NORMAL_95 * se).sum()), len(error))
