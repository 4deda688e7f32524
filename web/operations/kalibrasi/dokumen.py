"""A calibration as plain data that JSON can hold: for files, for storage, for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

import numpy as np

from cat.calibration.estimates import Calibrated, Estimate, Group
from cat.calibration.spec import ItemModel, Priors, Quadrature
from web.operations.kalibrasi import kata

_CREDIT = (ItemModel.PARTIAL_CREDIT, ItemModel.GENERALISED_PARTIAL_CREDIT)


def number(value: float) -> float | None:
    """The number, or None for what JSON has no word for."""
    return float(value) if isfinite(value) else None


def numbers(values: Iterable[float]) -> list[float | None]:
    """Each as `number` has it."""
    return [number(value) for value in values]


def run_document(found: Calibrated) -> dict[str, Any]:
    """Everything about the run but its items and the covariance of all parameters."""
    return {
        "log_likelihood": number(found.log_likelihood),
        "log_posterior": number(found.log_posterior),
        "free_parameters": found.free_parameters,
        "cycles": found.cycles,
        "converged": found.converged,
        "last_step": number(found.step),
        "tolerance": found.tolerance,
        "se_method": found.se_method,
        "quadrature": _quadrature(found.quadrature),
        "priors": _priors(found.priors),
        "groups": [_group(group) for group in found.groups],
        "data_sha256": found.data_sha256,
        "software": dict(found.software),
    }


def item_document(one: Estimate) -> dict[str, Any]:
    """One item in both forms: a, b, c and slope, intercepts, logit c.

    intercepts : of a logistic or graded item logit = slope theta + intercept; of partial credit
        items those of adjacent categories, whose sums are `intercepts_cumulative`.
    """
    document = {
        "item": one.item,
        "model": one.model.value,
        "answers": one.answers,
        "counts": numbers(one.counts),
        "used": list(one.used),
        "is_fixed": one.is_fixed,
        "a": number(one.a),
        "a_se": number(one.a_se),
        "b": numbers(one.b),
        "b_se": numbers(one.b_se),
        "c": number(one.c),
        "c_se": number(one.c_se),
        "slope": number(one.a),
        "slope_se": number(one.a_se),
        "intercepts": numbers(one.d),
        "intercepts_se": numbers(one.d_se),
        "logit_c": number(one.logit_c),
        "logit_c_se": number(one.logit_c_se),
        "doubts": [{"code": doubt.name, "text": kata.DOUBTS[doubt]} for doubt in one.doubts],
    }
    if one.model in _CREDIT and one.b:
        document |= _cumulative(one)
    return document


def as_document(found: Calibrated) -> dict[str, Any]:
    """The whole calibration."""
    return {**run_document(found), "items": [item_document(one) for one in found.items]}


def _cumulative(one: Estimate) -> dict[str, Any]:
    steps = np.tri(len(one.d))
    own = one.covariance[1 : 1 + len(one.d), 1 : 1 + len(one.d)]
    variance = np.diag(steps @ own @ steps.T)
    se = np.full(len(one.d), np.nan) if one.is_fixed else np.sqrt(variance)
    return {
        "intercepts_cumulative": numbers(steps @ np.array(one.d)),
        "intercepts_cumulative_se": numbers(se),
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "persons": group.persons,
        "mean": number(group.mean),
        "mean_se": number(group.mean_se),
        "sd": number(group.sd),
        "sd_se": number(group.sd_se),
        "moved": None if group.moved is None else numbers(group.moved),
    }


def _quadrature(grid: Quadrature) -> dict[str, Any]:
    return {"nodes": grid.nodes, "low": grid.low, "high": grid.high, "follows": grid.follows}


def _priors(priors: Priors) -> dict[str, Any]:
    named = {"logit_c": priors.logit_c, "log_a": priors.log_a, "b": priors.b, "d": priors.d}
    return {
        name: None if prior is None else [prior.mean, prior.sd] for name, prior in named.items()
    }
