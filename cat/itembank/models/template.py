"""How do values get into the texts and data of an item model?

In a text `[p]` is the value of an expression and `[p:rupiah]` the same in another notation; in the
data of a figure a text that begins with "=" is an expression as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cat.errors import BadItem
from cat.itembank.models.expressions import Value, Values, evaluate
from cat.itembank.models.notation import write

MOST_WRITTEN = 50_000  # characters and places of a text with the texts inside it
# Brackets of Markdown (empty) and of LaTeX (the degree of a root, large brackets) are left alone.
_OPENING = re.compile(r"(?<!\\sqrt)(?<!\\left)(?<!\\right)\[(?!\])")


def fill(template: str, values: Values, depth: int = 3) -> str:
    """The text with every [expression] and [expression:notation] written out; raises BadItem.

    depth : texts within texts that are filled; contexts speak of the numbers of the item.
    """
    return _fill(template, values, depth, _Room(MOST_WRITTEN))


class _Room:
    """What may still be written: texts within texts multiply."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, text: str) -> str:
        """The text, which takes its room; raises BadItem where there is none."""
        self.left -= len(text) + 1
        if self.left < 0:
            rule = f"teks yang terisi paling banyak {MOST_WRITTEN} huruf"
            raise BadItem(rule, rule=rule)
        return text


def _fill(template: str, values: Values, depth: int, room: _Room) -> str:
    written, rest = [], template
    while opening := _OPENING.search(rest):
        closing = _closing(rest, opening.start())
        written.append(rest[: opening.start()])
        written.append(_written(rest[opening.end() : closing], values, depth, room))
        rest = rest[closing + 1 :]
    return "".join([*written, rest])


def _closing(text: str, opening: int) -> int:
    """Where the bracket that opens here is closed, with the brackets inside it."""
    open_brackets = 0
    for position in range(opening, len(text)):
        open_brackets += {"[": 1, "]": -1}.get(text[position], 0)
        if not open_brackets:
            return position
    what = f"teks {text[opening : opening + 40]!r}: kurung siku tidak ditutup"
    raise BadItem(what, value=text, rule="kurung siku berpasangan")


def _written(place: str, values: Values, depth: int, room: _Room) -> str:
    expression, _, style = place.partition(":")
    value = evaluate(expression, values)
    if isinstance(value, str) and depth > 1:
        value = _fill(value, values, depth - 1, room)
    return room.take(write(value, style or "angka"))


def fill_all(data: Any, values: Values) -> Any:
    """Data with all its texts filled, however deep."""
    if isinstance(data, str):
        return fill(data, values)
    if isinstance(data, Mapping):
        return {key: fill_all(each, values) for key, each in data.items()}
    return [fill_all(each, values) for each in data] if isinstance(data, list) else data


def resolve(data: Any, values: Values) -> Any:
    """Data of a figure: "=expression" becomes its value, whole numbers or lists."""
    if isinstance(data, str):
        return as_data(evaluate(data[1:], values)) if data.startswith("=") else data
    if isinstance(data, Mapping):
        return {key: resolve(each, values) for key, each in data.items()}
    return [resolve(each, values) for each in data] if isinstance(data, list) else data


def as_data(value: Value) -> Any:
    """A value as data files hold it: a fraction must be whole."""
    if isinstance(value, Fraction):
        if value.denominator != 1:
            raise BadItem(f"gambar memerlukan bilangan bulat (terbaca: {value})", value=str(value))
        return int(value)
    if isinstance(value, tuple):
        return [as_data(each) for each in value]
    return value
