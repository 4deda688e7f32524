"""What callers hand in, as numbers and arrays that the arithmetic may trust.

Refused are text, complex numbers, dates, ragged lists, and masked entries: numpy would drop the
mask in silence and compute with what lies under it.
"""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput

Floats = NDArray[np.float64]

# What measures ability or counts points lies within this; sums and products cannot overflow.
LARGEST = 1e9


def numbers(
    name: str, values: ArrayLike, shape: str | None = None, error: type[BadInput] = BadInput
) -> Floats:
    """The values as float64, with as many axes as `shape` names, such as "(J, Q)"; None for any.

    None counts as NaN. Raises `error`, naming the argument and what it got.
    """
    array = _array(name, values, "numbers", error)
    if array.dtype.kind not in "biufO":
        raise error(f"{name} must be numbers; got {array.dtype}")
    try:
        array = np.asarray(array, dtype=float)
    except (TypeError, ValueError) as problem:
        raise error(f"{name} must be numbers: {problem}") from problem
    return _shaped(name, array, shape, error)


def whole_numbers(name: str, values: ArrayLike, shape: str) -> NDArray[Any]:
    """The values as integers of any width, with as many axes as `shape` names.

    Raises BadInput, naming the argument and what it got.
    """
    array = _array(name, values, "whole numbers", BadInput)
    if array.dtype.kind not in "iu":
        if array.size:
            raise BadInput(f"{name} must be whole numbers; got {array.dtype} {array.shape}")
        array = array.astype(np.int64)
    return _shaped(name, array, shape, BadInput)


def truths(name: str, values: ArrayLike, shape: str) -> NDArray[np.bool_]:
    """The values as booleans, with as many axes as `shape` names.

    Raises BadInput, naming the argument and what it got; 0 and 1 are not booleans.
    """
    array = _array(name, values, "True or False", BadInput)
    if array.dtype.kind != "b" and array.size:
        raise BadInput(f"{name} must be True or False; got {array.dtype}")
    return _shaped(name, array.astype(np.bool_), shape, BadInput)


def real(name: str, value: Any) -> float:
    """The value as a float; raises BadInput unless it is one number, be it NaN or infinite."""
    value = _one(value)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise BadInput(f"{name} must be one number; got {value!r}", value=value)
    return float(value)


def number(name: str, value: Any) -> float:
    """The value as a float; raises BadInput unless it is one finite number, of LARGEST at most."""
    found = real(name, value)
    if not abs(found) <= LARGEST:
        rule = f"at most {LARGEST:g} in size" if np.isfinite(found) else "finite"
        raise BadInput(f"{name} must be {rule}; got {value}", value=value)
    return found


def positive(name: str, value: Any) -> float:
    """The value as a float; raises BadInput unless it is one number of 1 / LARGEST to LARGEST."""
    found = real(name, value)
    if not 0 < found < np.inf:
        raise BadInput(f"{name} must be positive and finite; got {value}", value=value)
    if not 1 / LARGEST <= found <= LARGEST:
        raise BadInput(
            f"{name} must lie between {1 / LARGEST:g} and {LARGEST:g}; got {value}", value=value
        )
    return found


def count(name: str, value: Any, least: int = 0) -> int:
    """The value as an int; raises BadInput unless it is one whole number of at least `least`."""
    value = _one(value)
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise BadInput(f"{name} must be a whole number; got {value!r}", value=value)
    if value < least:
        raise BadInput(f"{name} must be at least {least}; got {value}", value=value)
    return int(value)


def _array(name: str, values: ArrayLike, words: str, error: type[BadInput]) -> NDArray[Any]:
    if np.ma.is_masked(values):
        raise error(f"{name} must not have masked entries: say what each is, or leave it out")
    try:
        return np.asarray(values)
    except (TypeError, ValueError) as problem:
        raise error(f"{name} must be {words}: {problem}") from problem


def _shaped(
    name: str, array: NDArray[Any], shape: str | None, error: type[BadInput]
) -> NDArray[Any]:
    axes = array.ndim if shape is None else len([x for x in shape.strip("()").split(",") if x])
    if array.ndim != axes:
        raise error(f"{name} must be {shape}; got shape {array.shape}")
    return array


def _one(value: Any) -> Any:
    """A scalar of numpy as one of Python."""
    return value.item() if isinstance(value, np.generic | np.ndarray) and value.ndim == 0 else value
