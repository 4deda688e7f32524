"""Which weights over the nodes of the ability scale can be a belief about persons."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt.arguments import numbers

Floats = NDArray[np.float64]

# Sums of a few hundred rounded numbers come this close to 1, and far closer.
_ROUNDING = 1e-6
# Sums of numbers up to this do not overflow, however many nodes there are.
_GREATEST = 1e290


def checked_weights(name: str, values: ArrayLike, nodes: int) -> Floats:
    """Weights of persons over the nodes, as an array.

    values : (J, Q), finite and >= 0, each row positive somewhere; nodes : Q.

    Returns (J, Q). Raises BadInput, naming the person.
    """
    return _checked(name, values, nodes)[0]


def checked_posterior(name: str, values: ArrayLike, nodes: int) -> Floats:
    """Posteriors of persons over the nodes, as an array.

    values : (J, Q), finite, >= 0, each row adding to 1; nodes : Q.

    Returns (J, Q). Raises BadInput, naming the person.
    """
    posterior, total = _checked(name, values, nodes)
    _refuse(name, "must add to 1 over the nodes", np.asarray(np.abs(total - 1) <= _ROUNDING))
    return posterior


def _checked(name: str, values: ArrayLike, nodes: int) -> tuple[Floats, Floats]:
    """The weights (J, Q) and their sums (J,), which are added in any order: fit for checks only."""
    weights = numbers(name, values)
    if weights.ndim != 2 or weights.shape[1] != nodes:
        raise BadInput(f"{name} must be (J, Q) = (J, {nodes}); got shape {weights.shape}")
    # Written so that NaN fails: every comparison with it is false. Row by row only when something
    # is amiss, for cohorts come here at every step.
    if not (weights.min(initial=0.0) >= 0 and weights.max(initial=0.0) <= _GREATEST):
        legal = (weights >= 0) & (weights <= _GREATEST)
        _refuse(name, "must be finite and >= 0 at every node", np.asarray(legal.all(axis=1)))
    total: Floats = np.asarray(weights @ np.ones(nodes))
    _refuse(name, "must be positive somewhere", np.asarray(total > 0))
    return weights, total


def _refuse(name: str, rule: str, legal: NDArray[np.bool_]) -> None:
    if not legal.all():
        person = int(np.argmin(legal))
        raise BadInput(f"{name} {rule}; person {person} breaks it", person=person)
