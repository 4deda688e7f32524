"""The PyPI package mirt on the same answers: a second opinion where nothing was published."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from cat.calibration.answers import Answers


@dataclass(frozen=True)
class Peer:
    """version : of the package. a : (I,). b : (I,) or (I, K - 1)."""

    version: str
    log_likelihood: float
    a: np.ndarray
    b: np.ndarray


def fitted(answers: Answers, model: str) -> Peer | None:
    """Its 2PL or GRM estimates; None where the package is not installed.

    It bounds a to [0.1, 5] and b to [-6, 6] and says nothing of it.
    """
    try:
        import mirt
    except ImportError:
        return None
    matrix = answers.matrix().astype(int)
    repeat = np.round(answers.weight).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = mirt.fit_mirt(
            np.repeat(matrix, repeat, axis=0),
            model=model,
            n_quadpts=61,
            tol=1e-6,
            max_iter=2000,
            compute_standard_errors=False,
        )
    own = found.model.parameters
    b = own["difficulty"] if model == "2PL" else own["thresholds"]
    return Peer(
        _version(), float(found.log_likelihood), np.ravel(own["discrimination"]), np.asarray(b)
    )


def _version() -> str:
    try:
        return version("mirt")
    except PackageNotFoundError:
        return "?"
