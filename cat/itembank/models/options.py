"""Makes the five options of an item in words or numbers, exactly one of them right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from cat.itembank.content import LETTERS
from cat.itembank.models.draws import Place, Rejected
from cat.itembank.models.expressions import Values, number, truth
from cat.itembank.models.model import ItemModel
from cat.itembank.models.template import fill

WRONG = len(LETTERS) - 1  # options of an item that are not the key


@dataclass(frozen=True)
class Option:
    """One option: what it shows, why somebody takes it, and what it claims in terms of the rule."""

    text: str
    reason: str
    is_right: bool = False
    claim: str = ""
    figure: Mapping[str, Any] = field(default_factory=dict)


def word_options(
    model: ItemModel, values: Values, position: int, rng: np.random.Generator, *, in_order: bool
) -> list[Option]:
    """Five options with the key at `position` (0 to 4).

    in_order : numbers stand in ascending order, so that the key is not the middle one more often
        than the largest or smallest; otherwise, and for texts, the rest stands as drawn.

    Raises Rejected where this draw does not give four different wrong options, or two are right.
    """
    if model.statements:
        return _statements(model, values, position, rng)
    return _values(model, values, position, rng, in_order=in_order)


def _values(
    model: ItemModel, values: Values, position: int, rng: np.random.Generator, *, in_order: bool
) -> list[Option]:
    with Place(model, "kunci"):
        right = number(model.key, values)
    if not _is_plausible(model, values, right):
        raise Rejected("kunci tidak wajar", rule=model.plausible)
    wrong = _wrong_values(model, values, right)
    order = [wrong[int(each)] for each in rng.permutation(len(wrong))]
    if len(order) < WRONG:
        raise Rejected("pengecoh yang berbeda kurang dari empat", rule="empat pengecoh")
    chosen = _around(right, order, position) if in_order else order[:WRONG]
    everything = [*chosen[:position], (right, model.key_reason), *chosen[position:]]
    _require_one_right(model, values, [value for value, _ in everything], position)
    return [_option(model, values, value, reason, right) for value, reason in everything]


def _wrong_values(model: ItemModel, values: Values, right: Fraction) -> list[tuple[Fraction, str]]:
    """Different plausible wrong numbers, each with the misconception that leads to it."""
    found: dict[Fraction, str] = {}
    for place, each in enumerate(model.distractors, start=1):
        with Place(model, f"pengecoh {place}"):
            if each.condition and not truth(each.condition, values):
                continue
            value = number(each.value, values)
            if value != right and _is_plausible(model, values, value):
                found.setdefault(value, each.reason)
    return list(found.items())


def _is_plausible(model: ItemModel, values: Values, value: Fraction) -> bool:
    with Place(model, "wajar"):
        return not model.plausible or truth(model.plausible, {**values, "nilai": value})


def _around(
    right: Fraction, wrong: Sequence[tuple[Fraction, str]], position: int
) -> Sequence[tuple[Fraction, str]]:
    """Four of the wrong numbers, as many of them below the right one as options stand before it."""
    below = [each for each in wrong if each[0] < right][:position]
    above = [each for each in wrong if each[0] > right][: WRONG - position]
    if len(below) + len(above) < WRONG:
        rule = f"pengecoh kurang untuk kunci di {LETTERS[position]} menurut urutan besar"
        raise Rejected(rule, rule="empat pengecoh")
    return [*sorted(below), *sorted(above)]


def _option(
    model: ItemModel, values: Values, value: Fraction, reason: str, right: Fraction
) -> Option:
    known = {**values, "nilai": value, "kunci": right}
    with Place(model, "opsi"):
        text = fill(model.option, known)
    with Place(model, "alasan"):
        return Option(text, fill(reason, known), value == right, _claim(model, known))


def _claim(model: ItemModel, values: Values) -> str:
    claim = model.rule.get("klaim")
    return fill(claim, values) if isinstance(claim, str) else ""


def _require_one_right(
    model: ItemModel, values: Values, options: list[Fraction], position: int
) -> None:
    """The model's own check must hold for the key and for nothing else."""
    for index, value in enumerate(options):
        with Place(model, "benar"):
            holds = truth(model.check, {**values, "nilai": value, "kunci": options[position]})
        if holds and index != position:
            raise Rejected("sebuah pengecoh juga memenuhi benar", rule=model.check)
        if not holds and index == position:
            raise Rejected("kunci tidak memenuhi benar", rule=model.check)


def _statements(
    model: ItemModel, values: Values, position: int, rng: np.random.Generator
) -> list[Option]:
    found = []
    for place, each in enumerate(model.statements, start=1):
        with Place(model, f"pernyataan {place}"):
            is_right = truth(each.holds, values)
            reason = model.key_reason if is_right else each.reason
            claim, text = fill(each.claim, values), fill(each.text, values)
            found.append(Option(text, fill(reason, values), is_right, claim))
    right = [option for option in found if option.is_right]
    wrong = [option for option in found if not option.is_right]
    if len(right) != 1:
        rule = "tepat satu pernyataan benar"
        raise Rejected(f"{rule} (terbaca: {len(right)})", rule=rule)
    order = [wrong[int(each)] for each in rng.permutation(len(wrong))][:WRONG]
    return [*order[:position], right[0], *order[position:]]
