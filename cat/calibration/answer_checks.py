"""What records of answers must satisfy, each refusal with the place, the value and the rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput

Floats = NDArray[np.float64]
SmallInts = NDArray[np.int32]

# A category beyond this is a code (9, 99, a year) that was taken for an answer.
HIGHEST_CATEGORY = 50


def check_names(items: Sequence[str]) -> tuple[str, ...]:
    """The names of the items; raises BadInput unless they are different and not empty."""
    names = tuple(items)
    seen: set[str] = set()
    for name in names:
        if not isinstance(name, str) or not name.strip() or name in seen:
            raise BadInput(
                f"item names must be different and not empty; got {name!r}",
                rule="names",
                item=name,
                value=name,
            )
        seen.add(name)
    if not names:
        raise BadInput("there must be at least one item", rule="names", value=0)
    return names


def as_positions(name: str, values: ArrayLike, length: int) -> SmallInts:
    """(N,) positions below `length`. Raises BadInput."""
    given = np.asarray(values)
    if given.ndim != 1 or (given.dtype.kind not in "iu" and given.size):
        raise BadInput(
            f"{name} must be a row of whole numbers; got {given.dtype} {given.shape}", rule="shape"
        )
    bad = first_bad((given < 0) | (given >= length)) if given.size else None
    if bad is not None:
        raise BadInput(
            f"{name} must be from 0 to {length - 1}; record {bad} has {given[bad]}",
            rule=name,
            record=bad,
            value=int(given[bad]),
        )
    return given.astype(np.int32)


def as_categories(
    values: ArrayLike,
    person: SmallInts,
    item: SmallInts,
    persons: Sequence[object],
    names: tuple[str, ...],
) -> SmallInts:
    """(N,) categories from 0. Raises BadInput naming person, item and value."""
    given = np.asarray(values)
    if given.dtype.kind not in "biuf" and given.size:
        raise BadInput(f"categories must be numbers; got {given.dtype}", rule="shape")
    wrong = ~((given >= 0) & (given <= HIGHEST_CATEGORY))  # so that NaN is wrong
    if given.dtype.kind == "f":
        wrong |= given != np.floor(given)
    bad = first_bad(wrong)
    if bad is not None:
        raise BadInput(
            f"an answer must be a whole number from 0 to {HIGHEST_CATEGORY}; item"
            f" {names[item[bad]]}, person {persons[person[bad]]} has {given[bad]:g}",
            rule="category",
            item=names[item[bad]],
            person=persons[person[bad]],
            value=f"{given[bad]:g}",
        )
    return given.astype(np.int32)


def check_once(
    person: SmallInts, item: SmallInts, persons: Sequence[object], names: tuple[str, ...]
) -> None:
    """Raises BadInput where sorted records hold two answers of one person to one item."""
    bad = first_bad((np.diff(person) == 0) & (np.diff(item) == 0))
    if bad is not None:
        raise BadInput(
            f"a person answers an item once; item {names[item[bad]]}, person"
            f" {persons[person[bad]]} has two answers",
            rule="duplicate",
            item=names[item[bad]],
            person=persons[person[bad]],
        )


def as_groups(
    group: Sequence[object] | None, persons: Sequence[object], default: tuple[str, ...]
) -> tuple[tuple[str, ...], SmallInts]:
    """Labels in the order in which they are first met, and the position (J,) of each person's.

    Raises BadInput.
    """
    if group is None:
        return default, np.zeros(len(persons), dtype=np.int32)
    if len(group) != len(persons):
        raise BadInput(
            f"group must name one group for each of {len(persons)} persons; got {len(group)}",
            rule="group",
            value=len(group),
        )
    labels: dict[str, int] = {}
    found = np.empty(len(persons), dtype=np.int32)
    for row, label in enumerate(group):  # labels are text: there is nothing to vectorise over
        name = "" if label is None else str(label)
        if not name.strip():
            raise BadInput(
                f"every person must have a group; person {persons[row]} has {label!r}",
                rule="group",
                person=persons[row],
                value=name,
            )
        found[row] = labels.setdefault(name, len(labels))
    return tuple(labels), found


def as_weights(weight: ArrayLike | None, persons: Sequence[object]) -> Floats:
    """(J,) weights. Raises BadInput unless all are positive and finite."""
    if weight is None:
        return np.ones(len(persons))
    try:
        given = np.array(weight, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadInput(f"weights must be numbers: {error}", rule="weight") from error
    if given.shape != (len(persons),):
        raise BadInput(
            f"weight must be ({len(persons)},); got {given.shape}",
            rule="weight",
            value=str(given.shape),
        )
    bad = first_bad(~((given > 0) & (given < np.inf)))
    if bad is not None:
        raise BadInput(
            f"a weight must be above 0 and finite; person {persons[bad]} has {given[bad]:g}",
            rule="weight",
            person=persons[bad],
            value=f"{given[bad]:g}",
        )
    return given


def first_bad(wrong: NDArray[np.bool_]) -> int | None:
    """Position of the first True; None where there is none."""
    return int(np.argmax(wrong)) if wrong.any() else None
