"""EM cycles until the parameters stand still, hastened in two ways that do not move the goal.

The population's mean and sd, which the scale holds at 0 and 1, are estimated in every M step all
the same and then made part of the items (parameter expansion: Liu, Rubin & Wu, 1998, Biometrika
85, 755-770). And steps are extrapolated from the last few (Anderson mixing; Henderson & Varadhan,
2019, Journal of Computational and Graphical Statistics 28, 834-846), measured by each parameter's
own curvature. An extrapolation that loses likelihood is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cat.calibration.estimates import FARTHEST, FARTHEST_C, STEEPEST
from cat.calibration.expectation import Expected, expect
from cat.calibration.item_scores import Kind, is_possible
from cat.calibration.layout import Layout
from cat.calibration.maximisation import free_of, maximise
from cat.calibration.mixing import Memory
from cat.calibration.plan import NO_PARAMETER, Plan
from cat.calibration.population import Population, best_normal, population
from cat.calibration.prior_scores import prior_scores
from cat.calibration.spec import Priors, Quadrature

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

Progress = Callable[[int, float, float], None]

_SLACK = 1e-9
_ROUGH = 0.03


@dataclass
class Problem:
    """Everything that stays as it is while the parameters move, and what was stopped.

    held : (F,) what grew past its limit and moves no more. watched : what did so once.
    """

    plan: Plan
    layouts: Sequence[Layout]
    priors: Priors
    quadrature: Quadrature
    held: Truths = field(init=False)
    watched: Truths = field(init=False)

    def __post_init__(self) -> None:
        self.held = np.zeros(len(self.plan.start), dtype=bool)
        self.watched = self.held.copy()

    def populations(self, values: Floats) -> list[Population]:
        """Every group's grid under the parameters."""
        return [population(self.quadrature, *self.group(values, g)) for g in self._groups]

    def group(self, values: Floats, g: int) -> tuple[float, float]:
        """Mean and log sd of a group; 0 where held."""
        places = self.plan.group_free[g]
        mean, log_sd = np.where(places == NO_PARAMETER, 0.0, values[places])
        return float(mean), float(log_sd)

    def expect(self, values: Floats) -> Expected:
        """The E step."""
        return expect(self.plan, self.layouts, self.populations(values), values)

    def log_prior(self, values: Floats) -> float:
        """Sum of prior log densities over items of which something is estimated."""
        total = 0.0
        for batch in self.plan.batches:
            own = (batch.free != NO_PARAMETER).any(axis=1)
            density = prior_scores(batch.kind, batch.values(values), self.priors).value
            total += float(density[own].sum())
        return total

    @property
    def _groups(self) -> range:
        return range(len(self.plan.group_free))

    @property
    def may_expand(self) -> bool:
        """Whether moving the scale of everything leaves the likelihood as it is.

        A grid that stays where it is cuts other tails off when the scale moves.
        """
        return (
            not self.plan.fixed
            and not self.held.any()
            and self.priors.only_on_c
            and self.quadrature.follows
            and self.quadrature.is_fine
        )


@dataclass(frozen=True)
class Cycled:
    """values : (F,). expected : at these. moves : (F,) what one more EM step would add to each."""

    values: Floats
    expected: Expected
    log_posterior: float
    cycles: int
    moves: Floats
    converged: bool

    @property
    def step(self) -> float:
        return float(np.abs(self.moves).max(initial=0.0))


def cycle(
    problem: Problem, start: Floats, tolerance: float, most: int, progress: Progress | None = None
) -> Cycled:
    """Repeat E and M steps until none moves a parameter by `tolerance`, or `most` were made."""
    memory = Memory()
    values, fallback, best = start, start, -np.inf
    for number in range(1, most + 1):
        expected = problem.expect(values)
        posterior = expected.log_likelihood + problem.log_prior(values)
        # Written so that NaN is a loss.
        is_gain = posterior >= best - _SLACK * abs(best) if number > 1 else True
        if memory.extrapolated and not is_gain and number < most:
            memory.forget()
            values = fallback
            continue
        target, weight = em_step(problem, values, expected)
        moves = np.where(problem.held, 0.0, target - values)
        step = float(np.abs(moves).max(initial=0.0))
        if progress:
            progress(number, expected.log_likelihood, step)
        if step < tolerance or number == most:
            break
        if _hold_runaways(problem, target):
            memory.forget()
            values, best = target, -np.inf
            continue
        fallback, best = target, max(best, posterior)
        weight = np.where(problem.held, 0.0, weight)
        values = memory.next(values, target, weight, partial(_is_sound, problem))
    return Cycled(values, expected, posterior, number, moves, step < tolerance)


def first_values(
    problem: Problem, most: int, progress: Progress | None = None
) -> tuple[Floats, int]:
    """Rough parameters to start from: intercepts and groups, all slopes and c as first guessed.

    Adaptive tests need it. There the able get the hard items, every share tends to one half, and
    cycles that may turn slopes while all difficulties still look alike end in a wrong maximum.
    Where everybody answers everything it is left out.

    Returns the values (F,) and how many cycles, at most `most`, they took.
    """
    plan = problem.plan
    if all(layout.is_full for layout in problem.layouts):
        return plan.start, 0
    for batch in plan.batches:
        shape_of = [0, *([batch.free.shape[1] - 1] if batch.kind is Kind.THREE_PL else [])]
        places = batch.free[:, shape_of]
        problem.held[places[places != NO_PARAMETER]] = True
    if not problem.held.any() or most < 1:
        problem.held[:] = False
        return plan.start, 0
    found = cycle(problem, plan.start, _ROUGH, most, progress)
    problem.held[:] = False
    problem.watched[:] = False
    return found.values, found.cycles


def em_step(problem: Problem, values: Floats, expected: Expected) -> tuple[Floats, Floats]:
    """Parameters (F,) after one M step, and the curvature in each."""
    plan = problem.plan
    target, weight = values.copy(), np.ones(len(values))
    for batch in plan.batches:
        is_free = free_of(batch, problem.held)
        if not is_free.any():
            continue
        found = maximise(
            batch,
            batch.values(values),
            expected.theta,
            expected.counts[batch.cells],
            problem.priors,
            is_free,
        )
        target[batch.free[is_free]] = found.x[is_free]
        weight[batch.free[is_free]] = found.weight[is_free]
    _move_groups(problem, values, expected, target, weight)
    return target, weight


def _move_groups(
    problem: Problem, values: Floats, expected: Expected, target: Floats, weight: Floats
) -> None:
    """New means and sds, in place; then the first group's are made part of everything else."""
    plan, expand = problem.plan, problem.may_expand
    count = len(plan.group_free)
    theta = expected.theta.reshape(count, -1)
    slopes_are_free = not any((batch.free[:, 0] == NO_PARAMETER).any() for batch in plan.batches)
    shift, log_scale = 0.0, 0.0
    for g in range(count):
        places = plan.group_free[g]
        free = (bool(places[0] != NO_PARAMETER), bool(places[1] != NO_PARAMETER))
        may = (True, free[1] or slopes_are_free) if expand and g == 0 else free
        found = best_normal(theta[g], expected.mass[g], *problem.group(values, g), may)
        if expand and g == 0:
            shift, log_scale = found[0], 0.0 if free[1] else found[1]
        persons = expected.mass[g].sum()
        for place, value, curvature in zip(
            places, found, (persons / np.exp(2 * found[1]), 2 * persons), strict=True
        ):
            if place != NO_PARAMETER:
                target[place], weight[place] = value, curvature
    if shift or log_scale:
        _rescale(problem, target, shift, log_scale)


def _rescale(problem: Problem, target: Floats, shift: float, log_scale: float) -> None:
    """Put the origin at `shift` and the unit at exp(log_scale), in place: all curves stay."""
    plan, scale = problem.plan, np.exp(log_scale)
    for g, (mean, log_sd) in enumerate(plan.group_free):
        if g and mean != NO_PARAMETER:
            target[mean] = (target[mean] - shift) / scale
        if g and log_sd != NO_PARAMETER:
            target[log_sd] -= log_scale
    shared = []
    for batch in plan.batches:
        x = batch.values(target)
        intercepts = slice(1, x.shape[1] - (batch.kind is Kind.THREE_PL))
        moved = x[:, intercepts] + x[:, :1] * shift
        target[batch.free[:, intercepts]] = moved
        slopes = batch.free[:, 0]
        shared.append(np.unique(slopes[slopes != NO_PARAMETER]))
    target[np.concatenate(shared)] *= scale


def _hold_runaways(problem: Problem, target: Floats) -> bool:
    """Stop what grows past any use at its limit, in place; whether anything was changed.

    A first time may be the fault of a bad first guess: the item starts anew and is only watched.
    """
    found = False
    for batch in problem.plan.batches:
        is_free = free_of(batch, problem.held)
        limits = np.full(batch.start.shape, FARTHEST)
        limits[:, 0] = STEEPEST
        if batch.kind is Kind.THREE_PL:
            limits[:, -1] = FARTHEST_C
        over = is_free & (np.abs(batch.values(target)) > limits)
        if not over.any():
            continue
        found = True
        places = batch.free[over]
        again = problem.watched[places]
        stopped = places[again]
        target[stopped] = np.clip(target[stopped], -limits[over][again], limits[over][again])
        problem.held[stopped] = True
        problem.watched[places] = True
        restart = is_free & over.any(axis=1, keepdims=True) & ~problem.held[batch.free]
        restart[(over & problem.held[batch.free]).any(axis=1)] = False
        target[batch.free[restart]] = batch.start[restart]
    return found


def _is_sound(problem: Problem, values: Floats) -> bool:
    if not np.isfinite(values).all():
        return False
    return all(
        is_possible(batch.kind, batch.values(values)).all() for batch in problem.plan.batches
    )
