"""Item parameters by marginal maximum likelihood, from complete or sparse answers.

Bock & Aitkin (1981), Psychometrika 46, 443-459; several groups: Bock & Zimowski (1997), in van der
Linden & Hambleton, Handbook of Modern Item Response Theory, 433-448; items held fixed, the
population free: Kim (2006), Journal of Educational Measurement 43, 355-381.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version

import numpy as np
import scipy
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from cat.calibration.answers import Answers
from cat.calibration.cycles import Cycled, Problem, Progress, cycle, first_values
from cat.calibration.estimates import Calibrated, Group
from cat.calibration.information import Information, information
from cat.calibration.item_estimates import ItemEstimates
from cat.calibration.layout import laid_out
from cat.calibration.plan import NO_PARAMETER, Plan, planned
from cat.calibration.spec import (
    FixedItem,
    ItemModel,
    Models,
    Priors,
    Quadrature,
    check_fixed,
    models_of,
)
from cat.errors import BadInput, RunCancelled

Floats = NDArray[np.float64]

SE_METHODS = ("oakes", "crossprod", "sandwich", "none")
_MOST_FIRST = 30


def calibrate(
    answers: Answers,
    models: Models,
    *,
    priors: Priors | None = None,
    fixed: Sequence[FixedItem] = (),
    quadrature: Quadrature | None = None,
    tolerance: float = 1e-5,
    max_cycles: int = 1000,
    standard_errors: str = "oakes",
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Calibrated:
    """Estimate item parameters and groups.

    models : one word of ItemModel for all items, a mapping of item to word, or one for each.
    priors : Priors() unless given: a normal one on logit c and none elsewhere.
    fixed : items with known parameters; then every group's mean and sd are estimated. Without
        any, the first group has mean 0 and sd 1 (its sd is free where all slopes are 1).
    quadrature : Quadrature() unless given: 61 nodes within 6 sd of each group's mean.
    tolerance : the run ends when one more EM step moves no parameter (a, d, logit c, mean, log
        sd) by as much. max_cycles : or after so many evaluations of the likelihood.
    standard_errors : "oakes", observed information; "crossprod", sum of squared gradients;
        "sandwich", both; "none".
    progress : called after each cycle with its number, the log-likelihood and the largest move.
    cancelled : asked before each cycle and between chunks of the standard errors.

    Nothing is bounded in silence: what is left out, joined, stopped or doubtful is said item by
    item in `doubts`. Raises BadInput for what cannot be calibrated, RunCancelled.
    """
    priors = priors or Priors()
    quadrature = quadrature or Quadrature()
    _check_run(tolerance, max_cycles, standard_errors)
    held = check_fixed(fixed, answers.items)
    chosen = _with_fixed(models, answers, held)
    plan = planned(answers, chosen, held)
    layouts = [laid_out(answers, plan, g) for g in range(len(answers.groups))]
    problem = Problem(plan, layouts, priors, quadrature)

    def check() -> None:
        if cancelled and cancelled():
            raise RunCancelled("the calibration was cancelled")

    def report(number: int, log_likelihood: float, step: float) -> None:
        check()
        if progress:
            progress(number, log_likelihood, step)

    check()
    # One thread: blocks are too small for two, and the other cores belong to candidates.
    with threadpool_limits(limits=1, user_api="blas"):
        start, used = first_values(problem, min(_MOST_FIRST, max_cycles // 2), report)

        def report_on(number: int, log_likelihood: float, step: float) -> None:
            report(used + number, log_likelihood, step)

        found = cycle(problem, start, tolerance, max_cycles - used, report_on)
        found = replace(found, cycles=used + found.cycles)
        covariance = _errors(problem, found, standard_errors, check)
    return _described(answers, problem, found, covariance, tolerance, standard_errors)


def _check_run(tolerance: float, max_cycles: int, standard_errors: str) -> None:
    rules = (
        ("tolerance", tolerance, 0 < tolerance < 1, "between 0 and 1"),
        ("max_cycles", max_cycles, max_cycles >= 1, "at least 1"),
        (
            "standard_errors",
            standard_errors,
            standard_errors in SE_METHODS,
            f"one of {', '.join(SE_METHODS)}",
        ),
    )
    for name, value, holds, rule in rules:
        if not holds:
            raise BadInput(f"{name} must be {rule}; got {value}", rule=name, value=value)


def _with_fixed(
    models: Models, answers: Answers, held: Mapping[str, FixedItem]
) -> tuple[ItemModel, ...]:
    """One model for each item; a fixed one follows the model it was fixed with."""
    if isinstance(models, Mapping):
        models = {**models, **{name: one.model for name, one in held.items()}}
    chosen = models_of(models, answers.items)
    return tuple(
        held[name].item_model if name in held else model
        for name, model in zip(answers.items, chosen, strict=True)
    )


def _errors(problem: Problem, found: Cycled, method: str, check: Callable[[], None]) -> Floats:
    """(F, F) covariance of the free parameters; NaN where it was not asked for."""
    if method == "none" or not len(found.values):
        return np.full((len(found.values),) * 2, np.nan)
    known = information(problem, found.values, found.expected, check)
    return _covariance(known, method, problem.held)


def _covariance(known: Information, method: str, stopped: NDArray[np.bool_]) -> Floats:
    """(F, F) covariance of the free parameters; NaN for what was stopped or is not identified."""
    found = np.full(known.observed.shape, np.nan)
    kept = np.flatnonzero(~stopped)
    block = np.ix_(kept, kept)
    bread, meat = known.observed[block], known.crossproduct[block]
    if method == "crossprod":
        found[block] = _inverse(meat)
    else:
        inverse = _inverse(bread)
        found[block] = inverse @ meat @ inverse if method == "sandwich" else inverse
    return found


def _inverse(information: Floats) -> Floats:
    """The inverse; NaN in rows that take part in a direction of which nothing is known."""
    size = np.sqrt(np.maximum(np.abs(np.diag(information)), 1e-300))
    scaled = information / np.outer(size, size)
    values, vectors = np.linalg.eigh(scaled)
    # Relative to the information that each parameter seems to have when the rest is known; what
    # is 0 in truth comes out at 1e-9 or so, for the run ends a little before the top.
    known = values > 1e-7
    inverse = (vectors[:, known] / values[known]) @ vectors[:, known].T / np.outer(size, size)
    lost = (vectors[:, ~known] ** 2).sum(axis=1) > 1e-6
    inverse[lost] = np.nan
    inverse[:, lost] = np.nan
    return np.asarray(inverse)


def _described(
    answers: Answers,
    problem: Problem,
    found: Cycled,
    covariance: Floats,
    tolerance: float,
    method: str,
) -> Calibrated:
    plan = problem.plan
    return Calibrated(
        items=ItemEstimates(answers, problem, found, covariance, tolerance, method != "none").all(),
        groups=_groups(answers, problem, found.values, covariance),
        log_likelihood=found.expected.log_likelihood,
        log_posterior=found.log_posterior,
        free_parameters=len(found.values),
        cycles=found.cycles,
        converged=found.converged,
        step=found.step,
        tolerance=tolerance,
        quadrature=problem.quadrature,
        priors=problem.priors,
        se_method=method,
        parameters=plan.parameters,
        covariance=covariance,
        data_sha256=answers.sha256,
        software=_software(),
    )


@cache
def _software() -> Mapping[str, str]:
    return {
        "python": platform.python_version(),
        "cat-cpns": version("cat-cpns"),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }


def _groups(
    answers: Answers, problem: Problem, values: Floats, covariance: Floats
) -> tuple[Group, ...]:
    plan, groups = problem.plan, []
    for g, name in enumerate(answers.groups):
        mean, log_sd = problem.group(values, g)
        persons = len(problem.layouts[g].persons)
        mean_se, log_sd_se = (_se(plan, covariance, g, k) for k in (0, 1))
        sd = float(np.exp(log_sd)) if persons else float("nan")
        groups.append(
            Group(
                name=name,
                persons=persons,
                mean=mean if persons else float("nan"),
                sd=sd,
                mean_se=mean_se,
                sd_se=sd * log_sd_se,
                moved=(mean, sd) if plan.fixed else None,
            )
        )
    return tuple(groups)


def _se(plan: Plan, covariance: Floats, group: int, which: int) -> float:
    place = plan.group_free[group, which]
    return float("nan") if place == NO_PARAMETER else float(np.sqrt(covariance[place, place]))
