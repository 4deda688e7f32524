"""Draws the values of an item model's variables, from a generator that the caller seeds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from cat.errors import BadItem
from cat.itembank.models.expressions import Value, evaluate, names_in, truth
from cat.itembank.models.model import ItemModel, Variable


class Rejected(BadItem):
    """This draw makes no item; another may."""


class Turns:
    """Who comes when: each sibling takes the next stem, context or other text of the model."""

    def __init__(self, model: ItemModel, rng: np.random.Generator) -> None:
        self._stems = _order(rng, len(model.stems))
        self._choices = {
            each.name: _order(rng, len(each.choices)) for each in model.variables if each.rotates
        }

    def stem(self, turn: int) -> int:
        """Which stem child number `turn` takes."""
        return self._stems[turn % len(self._stems)]

    def choice(self, variable: Variable, turn: int) -> int:
        """Which value of a variable in rotation child number `turn` takes."""
        order = self._choices[variable.name]
        return order[turn % len(order)]


def _order(rng: np.random.Generator, length: int) -> list[int]:
    return [int(each) for each in rng.permutation(length)]


def draw(
    model: ItemModel, rng: np.random.Generator, turns: Turns | None, turn: int
) -> dict[str, Value]:
    """Values of all variables and of what follows from them.

    turns : None for values that are drawn all at random, where those in turn led nowhere.

    Raises Rejected where a condition fails, and BadItem naming model and place where an
    expression cannot be computed.
    """
    values: dict[str, Value] = {}
    for variable in model.variables:
        if turns is not None and variable.rotates:
            values[variable.name] = variable.choices[turns.choice(variable, turn)]
        else:
            values[variable.name] = _drawn(variable, rng)
    # Conditions on variables alone go first: they keep the derived values computable.
    with Place(model, "syarat"):
        early = [each for each in model.conditions if not names_in(each) & set(model.derived)]
    _require(model, early, values)
    for name, expression in model.derived.items():
        with Place(model, f"turunan {name}"):
            values[name] = evaluate(expression, values)
    _require(model, [each for each in model.conditions if each not in early], values)
    return values


def _require(model: ItemModel, conditions: list[str], values: Mapping[str, Value]) -> None:
    for condition in conditions:
        with Place(model, "syarat"):
            if not truth(condition, values):
                raise Rejected(f"syarat {condition!r} tidak terpenuhi", rule=condition)


def _drawn(variable: Variable, rng: np.random.Generator) -> Value:
    if variable.take:
        chosen = rng.permutation(len(variable.choices))[: variable.take]
        return tuple(variable.choices[int(each)] for each in chosen)
    return variable.choices[int(rng.integers(len(variable.choices)))]


class Place:
    """Within it every refusal names the model and the place in it."""

    def __init__(self, model: ItemModel, place: str) -> None:
        self._model, self._place = model.code, place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BadItem) and not isinstance(error, Rejected):
            evidence = {**error.evidence, "model": self._model, "place": self._place}
            raise BadItem(f"{self._model}, {self._place}: {error}", **evidence) from error


def difficulty(model: ItemModel, values: Mapping[str, Value]) -> float:
    """b in logits: base + sum of weight x feature, to one decimal; an expert's guess.

    The linear logistic test model's form (Fischer, 1973), with weights that nobody has estimated.
    Raises BadItem where a feature is no number or b leaves [-3, 3].
    """
    b = model.base
    for driver in model.drivers:
        with Place(model, f"pendorong {driver.name}"):
            value = evaluate(driver.value, values)
            if isinstance(value, bool):
                value = Fraction(int(value))
            if not isinstance(value, Fraction):
                raise BadItem(f"perlu bilangan (terbaca: {value!r})", value=str(value))
            b += driver.weight * value
    if abs(b) > 3:
        what = f"{model.code}, kesukaran: b harus dalam [-3, 3] (terbaca: {float(b):.2f})"
        raise BadItem(what, model=model.code, place="kesukaran", value=float(b))
    return round(float(b), 1)
