"""From free parameters to the item parameters that people read, with standard errors and doubts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from cat.calibration.answers import Answers
from cat.calibration.cycles import Cycled, Problem
from cat.calibration.estimates import FEWEST_ANSWERS, RARE, Doubt, Estimate
from cat.calibration.item_scores import Kind
from cat.calibration.plan import NO_PARAMETER, Batch, category_counts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NAN = float("nan")
# Of a normal population, one person in 3.5 million lies beyond 5 sd on one side.
_BEYOND = 5.0
# The answers have not halved the variance that the prior gave to logit c.
_STILL_PRIOR = 0.5


@dataclass(frozen=True)
class ItemEstimates:
    """Reads one estimate after the other out of a finished run.

    covariance : (F, F) of the free parameters. has_errors : whether standard errors were wanted.
    """

    answers: Answers
    problem: Problem
    found: Cycled
    covariance: Floats
    tolerance: float
    has_errors: bool

    def all(self) -> tuple[Estimate, ...]:
        """One estimate for each item of the answers, in their order."""
        estimates = {}
        for batch in self.problem.plan.batches:
            values = batch.values(self.found.values)
            own = _own_covariances(batch.free, self.covariance)
            for row, i in enumerate(batch.items.tolist()):  # records for people, one by one
                estimates[i] = self._estimate(batch, values[row], own[row], row)
        everyone = range(len(self.answers.items))
        return tuple(estimates[i] if i in estimates else self._left_out(i) for i in everyone)

    @cached_property
    def _weighted(self) -> Floats:
        """(I, K) sums of weights."""
        weight = self.answers.weight[self.answers.person]
        return np.asarray(category_counts(self.answers, weight), dtype=float)

    def _estimate(self, batch: Batch, x: Floats, own: Floats, row: int) -> Estimate:
        free, i = batch.free[row], int(batch.items[row])
        is_three = batch.kind is Kind.THREE_PL
        d = x[1 : len(x) - is_three]
        b, b_se = _difficulties(x[0], d, own)
        se = np.where(free == NO_PARAMETER, np.nan, np.sqrt(np.diag(own)))
        c = float(expit(x[-1])) if is_three else 0.0
        name = self.answers.items[i]
        is_fixed = name in self.problem.plan.fixed
        estimate = Estimate(
            item=name,
            model=self.problem.plan.models[i],
            a=float(x[0]),
            b=tuple(b.tolist()),
            c=c,
            a_se=float(se[0]),
            b_se=tuple((b_se * np.nan if is_fixed else b_se).tolist()),
            c_se=float(c * (1 - c) * se[-1]) if is_three else _NAN,
            d=tuple(d.tolist()),
            d_se=tuple(se[1 : 1 + len(d)].tolist()),
            logit_c=float(x[-1]) if is_three else _NAN,
            logit_c_se=float(se[-1]) if is_three else _NAN,
            covariance=own,
            answers=int(self.answers.counts[i]),
            counts=self._counts_of(i),
            used=self.problem.plan.used[i],
            is_fixed=is_fixed,
            doubts=(),
        )
        doubts = () if is_fixed else self._doubts(estimate, x, free, i)
        return replace(estimate, doubts=doubts)

    def _left_out(self, i: int) -> Estimate:
        doubt = Doubt.ALL_SAME if self.answers.counts[i] else Doubt.NO_ANSWERS
        return Estimate(
            item=self.answers.items[i],
            model=self.problem.plan.models[i],
            a=_NAN,
            b=(),
            c=_NAN,
            a_se=_NAN,
            b_se=(),
            c_se=_NAN,
            d=(),
            d_se=(),
            logit_c=_NAN,
            logit_c_se=_NAN,
            covariance=np.zeros((0, 0)),
            answers=int(self.answers.counts[i]),
            counts=self._counts_of(i),
            used=(),
            is_fixed=False,
            doubts=(doubt,),
        )

    def _counts_of(self, i: int) -> tuple[float, ...]:
        return tuple(self._weighted[i, : self.answers.categories[i]].tolist())

    def _doubts(self, estimate: Estimate, x: Floats, free: Ints, i: int) -> tuple[Doubt, ...]:
        counts = np.array(estimate.counts)
        places = free[free != NO_PARAMETER]
        stopped = np.zeros(len(x), dtype=bool)
        stopped[free != NO_PARAMETER] = self.problem.held[places]
        moves = np.abs(self.found.moves[places]).max(initial=0.0)
        variances = np.diag(estimate.covariance)[(free != NO_PARAMETER) & ~stopped]
        is_fitted_slope = bool(free[0] != NO_PARAMETER)
        found = (
            (Doubt.FEW_ANSWERS, bool(counts.sum() < FEWEST_ANSWERS)),
            (Doubt.EMPTY_CATEGORY, bool((counts == 0).any())),
            (Doubt.RARE_CATEGORY, bool(((counts > 0) & (counts < RARE)).any())),
            (Doubt.REVERSED_KEY, estimate.a < 0),
            (Doubt.FLAT, is_fitted_slope and abs(estimate.a) < 2 * estimate.a_se),
            (Doubt.SLOPE_RUNS_AWAY, bool(stopped[0])),
            (Doubt.INTERCEPT_RUNS_AWAY, bool(stopped[1 : 1 + len(estimate.d)].any())),
            (Doubt.GUESSING_RUNS_AWAY, bool(stopped[1 + len(estimate.d) :].any())),
            (Doubt.OUTSIDE_THE_GRID, self._is_beyond(estimate.b)),
            (Doubt.GUESSING_IS_PRIOR, self._is_prior(estimate.logit_c_se)),
            (Doubt.NO_STANDARD_ERROR, self.has_errors and not (variances > 0).all()),
            (Doubt.NOT_CONVERGED, not self.found.converged and moves >= self.tolerance),
        )
        return tuple(doubt for doubt, holds in found if holds)

    def _is_beyond(self, b: tuple[float, ...]) -> bool:
        low, high = self._inhabited
        return any(not low <= each <= high for each in b)

    @cached_property
    def _inhabited(self) -> tuple[float, float]:
        present = [g for g, layout in enumerate(self.problem.layouts) if len(layout.persons)]
        people = [self.problem.group(self.found.values, g) for g in present]
        low = min(mean - _BEYOND * np.exp(log_sd) for mean, log_sd in people)
        return low, max(mean + _BEYOND * np.exp(log_sd) for mean, log_sd in people)

    def _is_prior(self, logit_c_se: float) -> bool:
        prior = self.problem.priors.logit_c
        return bool(prior and logit_c_se**2 > _STILL_PRIOR * prior.sd**2)


def _own_covariances(free: Ints, covariance: Floats) -> Floats:
    """(n, P, P) covariances of each item's parameters; 0 where held."""
    padded = np.pad(covariance, ((0, 1), (0, 1)))  # NO_PARAMETER is the last
    return np.asarray(padded[free[:, :, None], free[:, None, :]])


def _difficulties(a: float, d: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """b = -d / a and its standard errors, (K - 1,) each; not finite where the slope is 0."""
    if a == 0:
        return np.full(len(d), np.nan), np.full(len(d), np.nan)
    k = np.arange(1, len(d) + 1)
    in_a, in_d = d / a**2, -1 / a
    variance = (
        in_a**2 * covariance[0, 0] + 2 * in_a * in_d * covariance[0, k] + in_d**2 * covariance[k, k]
    )
    return -d / a, np.sqrt(variance)
