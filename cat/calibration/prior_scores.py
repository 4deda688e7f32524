"""Log densities of priors on item parameters, with their slopes and bends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.calibration.item_scores import Kind
from cat.calibration.spec import Normal, Priors

Floats = NDArray[np.float64]

_LOG_ROOT = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True)
class PriorScores:
    """n items with P parameters each.

    value : (n,) log density; -inf where a prior forbids the values. slope : (n, P).
    information : (n, P, P) minus second derivatives. curvature : the same without terms that
        may be negative, for steps that must go uphill.
    """

    value: Floats
    slope: Floats
    information: Floats
    curvature: Floats


def prior_scores(kind: Kind, x: Floats, priors: Priors) -> PriorScores:
    """The priors at x (n, P)."""
    n, size = x.shape
    found = PriorScores(
        np.zeros(n), np.zeros((n, size)), np.zeros((n, size, size)), np.zeros((n, size, size))
    )
    intercepts = range(1, size - (kind is Kind.THREE_PL))
    if priors.logit_c and kind is Kind.THREE_PL:
        _add_normal(found, priors.logit_c, x, size - 1)
    if priors.d:
        for k in intercepts:
            _add_normal(found, priors.d, x, k)
    if priors.log_a:
        _add_log_a(found, priors.log_a, x[:, 0])
    if priors.b:
        for k in intercepts:
            _add_b(found, priors.b, x[:, 0], x[:, k], k)
    return found


def _add_normal(found: PriorScores, prior: Normal, x: Floats, k: int) -> None:
    z = (x[:, k] - prior.mean) / prior.sd
    found.value[:] += -0.5 * z**2 - np.log(prior.sd) - _LOG_ROOT
    found.slope[:, k] -= z / prior.sd
    for bend in (found.information, found.curvature):
        bend[:, k, k] += 1 / prior.sd**2


def _add_log_a(found: PriorScores, prior: Normal, a: Floats) -> None:
    """Log a normal, as a density of a: -log a - z**2 / 2 with z = (log a - mean) / sd."""
    fine = a > 0
    log_a = np.log(np.where(fine, a, 1.0))
    z = (log_a - prior.mean) / prior.sd
    value = -0.5 * z**2 - np.log(prior.sd) - _LOG_ROOT - log_a
    found.value[:] += np.where(fine, value, -np.inf)
    safe = np.where(fine, a, 1.0)
    found.slope[:, 0] += np.where(fine, -(1 + z / prior.sd) / safe, 0.0)
    bend = np.where(fine, (1 / prior.sd**2 - 1 - z / prior.sd) / safe**2, 0.0)
    found.information[:, 0, 0] += bend
    found.curvature[:, 0, 0] += np.where(fine, 1 / (prior.sd * safe) ** 2, 0.0)


def _add_b(found: PriorScores, prior: Normal, a: Floats, d: Floats, k: int) -> None:
    """b = -d / a normal."""
    b = -d / a
    off = (b - prior.mean) / prior.sd**2
    found.value[:] += -0.5 * (b - prior.mean) ** 2 / prior.sd**2 - np.log(prior.sd) - _LOG_ROOT
    in_a, in_d = -b / a, -1 / a
    found.slope[:, 0] -= off * in_a
    found.slope[:, k] -= off * in_d
    for bend in (found.information, found.curvature):
        bend[:, 0, 0] += in_a**2 / prior.sd**2
        bend[:, k, k] += in_d**2 / prior.sd**2
        bend[:, 0, k] += in_a * in_d / prior.sd**2
        bend[:, k, 0] += in_a * in_d / prior.sd**2
    found.information[:, 0, 0] += off * 2 * b / a**2
    found.information[:, 0, k] += off / a**2
    found.information[:, k, 0] += off / a**2
