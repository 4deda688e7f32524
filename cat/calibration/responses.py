"""The answer matrix at the room's door: what may be calibrated, and what is refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MODELS = ("2pl", "pcm")
NOT_PRESENTED = -1

# Below this a two-parameter fit without priors is guesswork: studies of marginal maximum
# likelihood ask for 250 to 500 persons and more (Harwell & Janosky, 1991, Applied Psychological
# Measurement 15, 279-291; Stone, 1992, ibid. 16, 1-16). 200 refuses only the hopeless.
FEWEST_PERSONS = 200
# Two items give one covariance for two discriminations: nothing separates them.
FEWEST_ITEMS = 3
# From 17 steps on, girth's exp(a * sum of steps) leaves the floating-point range at its own bounds.
HIGHEST_CATEGORY = 15


@dataclass(frozen=True)
class Responses:
    """A complete matrix that has passed every rule of `checked`.

    items : I names.
    matrix : (J, I) read-only categories, 0..K-1 for each item; K may differ between items.
    """

    items: tuple[str, ...]
    matrix: Ints


def checked(items: Sequence[str], answers: ArrayLike, model: str) -> Responses:
    """The answers as a matrix that may be calibrated.

    items : I different names.
    answers : (J, I) scored categories, persons first; 0/1 for "2pl", 0..K-1 for "pcm".
    model : "2pl" or "pcm".

    Raises BadInput; its evidence holds `rule` (model, shape, names, persons, items, missing,
    category, constant, gap) and, where there is one, `item`, `person` (row, from 0) and `value`.
    """
    if model not in MODELS:
        raise BadInput(
            f"model must be one of {', '.join(MODELS)}; got {model!r} (3PL: girth 0.8.0 raises)",
            rule="model",
            value=model,
        )
    names, numbers = tuple(items), _as_numbers(answers)
    _check_size(names, numbers)
    _check_cells(names, numbers, model)
    matrix = numbers.astype(np.int64)
    for name, column in zip(names, matrix.T, strict=True):
        _check_item(name, column)
    matrix.setflags(write=False)
    return Responses(names, matrix)


def _as_numbers(answers: ArrayLike) -> Floats:
    if np.ma.isMaskedArray(answers):
        answers = np.ma.filled(np.ma.asarray(answers).astype(float), np.nan)
    try:
        numbers = np.asarray(answers, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadInput(
            f"answers must be a rectangular matrix of numbers: {error}", rule="shape", value=""
        ) from error
    if numbers.ndim != 2:
        raise BadInput(
            f"answers must be (persons, items); got shape {numbers.shape}",
            rule="shape",
            value=str(numbers.shape),
        )
    return numbers


def _check_size(names: tuple[str, ...], numbers: Floats) -> None:
    persons, columns = numbers.shape
    if columns != len(names):
        raise BadInput(
            f"answers must have one column for each item: {len(names)} items, shape "
            f"{numbers.shape}; persons come first",
            rule="shape",
            value=str(numbers.shape),
        )
    for name in names:
        if not name.strip() or names.count(name) > 1:
            raise BadInput(
                f"item names must be different and not empty; got {name!r}",
                rule="names",
                value=name,
            )
    if columns < FEWEST_ITEMS:
        raise BadInput(
            f"at least {FEWEST_ITEMS} items are needed to tell discriminations apart; "
            f"got {columns}",
            rule="items",
            value=columns,
        )
    if persons < FEWEST_PERSONS:
        raise BadInput(
            f"at least {FEWEST_PERSONS} persons are needed; got {persons}",
            rule="persons",
            value=persons,
        )


def _check_cells(names: tuple[str, ...], numbers: Floats, model: str) -> None:
    missing = np.isnan(numbers) | (numbers == NOT_PRESENTED)
    allowed = np.isin(numbers, (0, 1)) if model == "2pl" else _is_category(numbers)
    for rule, bad, sentence in (
        ("missing", missing, "every person must have answered every item"),
        ("category", ~allowed, _category_rule(model)),
    ):
        if bad.any():
            person, column = (int(n) for n in np.argwhere(bad)[0])
            value = float(numbers[person, column])
            raise BadInput(
                f"{sentence}; item {names[column]}, person {person} has {value:g}",
                rule=rule,
                item=names[column],
                person=person,
                value="" if np.isnan(value) else f"{value:g}",
            )


def _is_category(numbers: Floats) -> NDArray[np.bool_]:
    within = (numbers >= 0) & (numbers <= HIGHEST_CATEGORY)
    return np.asarray(within & (numbers == np.floor(numbers)))


def _category_rule(model: str) -> str:
    return (
        "2pl takes 0 and 1"
        if model == "2pl"
        else f"categories are 0, 1, ... K-1, at most {HIGHEST_CATEGORY}"
    )


def _check_item(name: str, column: Ints) -> None:
    used = np.unique(column)
    if len(used) == 1:
        raise BadInput(
            f"everybody has {used[0]} on item {name}: such an item has no finite difficulty",
            rule="constant",
            item=name,
            value=str(used[0]),
        )
    # girth renumbers the categories it sees, so a gap would shift every later step in silence.
    unused = np.flatnonzero(used != np.arange(len(used)))
    if len(unused):
        raise BadInput(
            f"categories must run 0..K-1 without a gap; item {name} has {used[unused[0]]} "
            f"but nobody has {unused[0]}",
            rule="gap",
            item=name,
            value=str(used[unused[0]]),
            unused=int(unused[0]),
        )
