"""What a condition means on a bank: which items it picks, and which of its values nobody has."""

from __future__ import annotations

import difflib
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput, BadRules
from cat.itembank.attributes import Attributes
from cat.itembank.condition_text import (
    Comparison,
    Condition,
    EachValue,
    Everything,
    Joined,
    Negated,
    number,
)

Bools = NDArray[np.bool_]

_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def meets(condition: Condition, attributes: Attributes) -> Bools:
    """Which items, (I,), meet a condition.

    Raises BadRules naming the unknown attribute, or the value that does not fit its column.
    """
    match condition:
        case Everything():
            return np.ones(attributes.count, dtype=bool)
        case Negated(part):
            return ~meets(part, attributes)
        case Joined(every, parts):
            masks = np.stack([meets(part, attributes) for part in parts])
            return np.asarray(masks.all(axis=0) if every else masks.any(axis=0))
        case Comparison():
            return _compare(condition, _column(attributes, condition.column))


def groups(condition: Condition | EachValue, attributes: Attributes) -> list[tuple[str, Bools]]:
    """The groups of items that one constraint bounds: (what sets the group apart, (I,) members).

    One group with an empty text, except for EachValue: "kunci = A", "kunci = B" and so on.
    """
    if not isinstance(condition, EachValue):
        return [("", meets(condition, attributes))]
    column = _column(attributes, condition.column)
    if column.dtype.kind == "U":
        return [(f"{condition.column} = {v}", column == v) for v in np.unique(column) if v]
    return [(f"{condition.column} = {v:g}", column == v) for v in np.unique(column)]


def unknown_values(condition: Condition | EachValue, attributes: Attributes) -> Iterator[str]:
    """Values that a condition names and no item has, each as a phrase with what may be meant."""
    match condition:
        case Negated(part):
            yield from unknown_values(part, attributes)
        case Joined(_, parts):
            for part in parts:
                yield from unknown_values(part, attributes)
        case Comparison(name, sign, values) if sign not in _ORDER:
            column = _column(attributes, name)
            positive = "=" if sign == "!=" else sign
            for value in values:
                if value and not _compare(Comparison(name, positive, (value,)), column).any():
                    hint = _hint(value, column) if column.dtype.kind == "U" else ""
                    yield f"tidak ada butir dengan {name} {positive} {value!r}{hint}"


def _hint(value: str, column: NDArray[Any]) -> str:
    """The value, or the branch of a dotted path, that is written most like this one."""
    steps = [str(known).split(".") for known in np.unique(column)]
    branches = {".".join(path[: depth + 1]) for path in steps for depth in range(len(path))}
    near = difflib.get_close_matches(value, sorted(branches), 1)
    return f" (mungkin maksudnya {near[0]!r})" if near else ""


def _column(attributes: Attributes, name: str) -> NDArray[Any]:
    try:
        return attributes.column(name)
    except BadInput as wrong:
        raise BadRules(str(wrong)) from wrong


def _compare(comparison: Comparison, column: NDArray[Any]) -> Bools:
    sign, values = comparison.sign, comparison.values
    is_text = column.dtype.kind == "U"
    if is_text and sign in _ORDER:
        raise BadRules(f"{comparison.column} berisi teks: {sign} hanya untuk bilangan")
    if not is_text and sign == "under":
        raise BadRules(f"{comparison.column} berisi bilangan: under hanya untuk jalur bertitik")
    if sign == "under":
        inside = np.char.startswith(column, values[0] + ".")
        return np.asarray((column == values[0]) | inside)
    wanted = np.array(values) if is_text else np.array([number(value) for value in values])
    if sign in _ORDER:
        return np.asarray(_ORDER[sign](column, wanted[0]))
    return np.isin(column, wanted, invert=sign == "!=")
