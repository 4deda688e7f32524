"""Which abilities and item parameters are legal, whatever the response model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput, BadParameters
from cat.irt.arguments import LARGEST, numbers

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Discriminations, 1/logit: within these bounds no product of the response models overflows.
STEEPEST = 1e6
_SIZE = f"must be at most {LARGEST:g} in size"


def checked_theta(theta: ArrayLike) -> Floats:
    """Abilities as an array.

    theta : (J,), logits, finite and at most LARGEST in size.

    Raises BadInput, naming the person and the value.
    """
    theta = numbers("theta", theta)
    if theta.ndim != 1:
        raise BadInput(f"theta must be (J,), one ability a person; got shape {theta.shape}")
    # Written so that NaN fails: every comparison with it is false.
    legal = np.abs(theta) <= LARGEST
    if not legal.all():
        person = int(np.argmin(legal))
        rule = f"at most {LARGEST:g} in size" if np.isfinite(theta[person]) else "finite"
        raise BadInput(
            f"theta must be {rule}; person {person} has theta = {theta[person]}", person=person
        )
    return theta


def as_numbers(name: str, values: ArrayLike, dimensions: int) -> Floats:
    """Parameters as a new array with this many axes; a number stands for one item.

    Raises BadParameters, naming the parameter.
    """
    array = np.array(numbers(name, values, error=BadParameters), ndmin=dimensions)
    if array.ndim != dimensions:
        raise BadParameters(f"{name} must have {dimensions} axes; got shape {array.shape}")
    return array


def for_each_item(**named: ArrayLike) -> tuple[Floats, ...]:
    """Parameters as arrays (I,) of the same length; a number stands for all items.

    Raises BadParameters, naming the shapes that do not fit together.
    """
    arrays = [as_numbers(name, values, 1) for name, values in named.items()]
    try:
        return np.broadcast_arrays(*arrays)
    except ValueError as error:
        shapes = ", ".join(f"{name} {x.shape}" for name, x in zip(named, arrays, strict=True))
        raise BadParameters(f"parameters must be (I,) for the same I; got {shapes}") from error


def require(legal: Bools, name: str, rule: str, values: Floats) -> None:
    """Refuse the first item that breaks a rule.

    legal : (I,) whether each item keeps it; values : (I, ...) of the parameter called `name`.

    Raises BadParameters; its evidence holds `parameter`, `item` and `value`.
    """
    if legal.all():
        return
    item = int(np.argmin(legal))
    value = values[item]
    raise BadParameters(
        f"{name} {rule}; item {item} has {name} = {value}", parameter=name, item=item, value=value
    )


def check_discrimination(a: Floats) -> None:
    """Refuse a (I,) that is not positive and finite, or beyond any use; raises BadParameters."""
    require(np.isfinite(a) & (a > 0), "a", "must be positive", a)
    usable = (a >= 1 / STEEPEST) & (a <= STEEPEST)
    require(usable, "a", f"must lie between {1 / STEEPEST:g} and {STEEPEST:g}", a)


def check_finite(name: str, values: Floats) -> None:
    """Refuse values (I,) that are not finite, or beyond any use; raises BadParameters."""
    require(np.isfinite(values), name, "must be finite", values)
    require(np.abs(values) <= LARGEST, name, _SIZE, values)


def check_asymptotes(c: Floats, d: Floats) -> None:
    """Refuse c, d (I,) that break 0 <= c < d <= 1; raises BadParameters."""
    require((c >= 0) & (c < 1), "c", "must lie in [0, 1)", c)
    require((d > c) & (d <= 1), "d", "must lie in (c, 1]", d)


def check_padded(name: str, values: Floats, fewest: int = 1) -> None:
    """Refuse rows that are not finite numbers followed by nothing but NaN.

    values : (I, M), NaN beyond what an item has; fewest : numbers that each item needs.

    Raises BadParameters.
    """
    finite = np.isfinite(values)
    count = finite.sum(axis=1)
    legal = ~np.isinf(values).any(axis=1) & (count >= fewest)
    require(legal, name, "must be finite", values)
    beyond = (np.abs(values) > LARGEST).any(axis=1)
    require(np.logical_not(beyond), name, _SIZE, values)
    unbroken = (finite == (np.arange(values.shape[1]) < count[:, None])).all(axis=1)
    require(unbroken, name, "must not have NaN between its numbers", values)


def check_increasing(name: str, values: Floats) -> None:
    """Refuse rows (I, M) that do not strictly increase, NaN aside; raises BadParameters."""
    # A comparison with NaN is false, so that the padding never counts as a fall.
    falls = np.any(values[:, 1:] <= values[:, :-1], axis=1)
    require(np.logical_not(falls), name, "must increase from category to category", values)


def check_shapes(items: int, arrays: Mapping[str, Floats]) -> None:
    """Refuse arrays of a set of I items that are not shaped as `Items` says.

    arrays : a, c, d : (I,); b : (I, K - 1) with K >= 2; slopes and intercepts, if any : (I, K).

    Raises BadParameters.
    """
    categories = arrays["b"].shape[1] + 1
    if categories < 2:
        raise BadParameters(f"b must be (I, K - 1), K >= 2; got shape {arrays['b'].shape}")
    for name, values in arrays.items():
        shape = (items,) if values.ndim == 1 else (items, categories - (name == "b"))
        if values.shape != shape:
            raise BadParameters(
                f"{name} must have shape {shape}, as there are {items} models and b has shape"
                f" {arrays['b'].shape}; got {values.shape}"
            )


def check_values(
    right_or_wrong: Bools,
    ordered: Bools,
    unordered: Bools,
    a: Floats,
    b: Floats,
    c: Floats,
    d: Floats,
) -> None:
    """Refuse a set of items of several models when a parameter breaks the rule of its item's model.

    right_or_wrong, ordered, unordered : (I,) whose model is logistic, graded, nominal; the others
        are partial credit. a, c, d : (I,); b : (I, K - 1), as in `Items`.

    Raises BadParameters.
    """
    # Items to which a rule does not apply get a value that it allows, so that the message counts
    # items from the start of the whole set.
    check_discrimination(np.where(unordered, 1.0, a))
    check_padded("b", np.where(unordered[:, None], 0.0, b))
    check_increasing("b", np.where(ordered[:, None], b, np.nan))
    single = np.isfinite(b).sum(axis=1) == 1
    require(~right_or_wrong | single, "b", "must be one number where the model is logistic", b)
    check_asymptotes(c, d)
    require(right_or_wrong | (c == 0), "c", "must be 0 unless the model is logistic", c)
    require(right_or_wrong | (d == 1), "d", "must be 1 unless the model is logistic", d)
