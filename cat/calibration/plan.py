"""From answers and wishes to what is computed: cells, batches of like items, free parameters.

A cell is one category of one item; cells of all items are numbered through. A batch holds the
items of one kind and one number of categories, whose arithmetic is done at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.calibration.answers import Answers
from cat.calibration.item_scores import Kind
from cat.calibration.links import check_linked
from cat.calibration.spec import FixedItem, ItemModel
from cat.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]

KINDS = {
    ItemModel.RASCH: Kind.LOGISTIC,
    ItemModel.ONE_PL: Kind.LOGISTIC,
    ItemModel.TWO_PL: Kind.LOGISTIC,
    ItemModel.THREE_PL: Kind.THREE_PL,
    ItemModel.GRADED: Kind.GRADED,
    ItemModel.PARTIAL_CREDIT: Kind.CREDIT,
    ItemModel.GENERALISED_PARTIAL_CREDIT: Kind.CREDIT,
}
NO_PARAMETER = -1


@dataclass(frozen=True, eq=False)
class Batch:
    """n items of one kind with K categories and P parameters each.

    items : (n,) positions. cells : (n, K). start : (n, P) values before the first cycle, and for
        good where nothing is free.
    free : (n, P) position among the free parameters, NO_PARAMETER where held.
    shares_slope : whether all items have one slope, estimated together.
    """

    kind: Kind
    items: Ints
    cells: Ints
    start: Floats
    free: Ints
    shares_slope: bool

    def values(self, free_values: Floats) -> Floats:
        """(n, P) parameters of the items, given the free ones (F,)."""
        found = self.start.copy()
        there = self.free != NO_PARAMETER
        found[there] = free_values[self.free[there]]
        return found


@dataclass(frozen=True, eq=False)
class Plan:
    """What is estimated and from which cells.

    used : categories of each item that were kept, () for an item that was left out.
    cell_of : (I, K) cell of each category, -1 where it is not used.
    group_free : (G, 2) position of mean and log sd among the free parameters, NO_PARAMETER where
        held. parameters : names of the F free parameters; start : their first values.
    """

    models: tuple[ItemModel, ...]
    fixed: Mapping[str, FixedItem]
    used: tuple[tuple[int, ...], ...]
    cell_of: Ints
    cells: int
    batches: tuple[Batch, ...]
    group_free: Ints
    parameters: tuple[tuple[str, str], ...]
    start: Floats


def planned(
    answers: Answers, models: tuple[ItemModel, ...], fixed: Mapping[str, FixedItem]
) -> Plan:
    """Lay out a calibration.

    Raises BadInput where a model does not fit an item's categories, where no item can be
    calibrated, and where nothing links a group to the others.
    """
    counts = category_counts(answers)
    held = [fixed.get(name) for name in answers.items]
    used = tuple(_used(counts[i], models[i], held[i], name) for i, name in enumerate(answers.items))
    if not any(used):
        raise BadInput("no item has answers in two categories", rule="items", value=0)
    cell_of, cells = numbered(used, counts.shape[1])
    names = _Names()
    batches = []
    for (kind, shares, _), members in _alike(models, used, held).items():
        own = [held[i] for i in members]
        start = [
            held_values(one, kind) if one else _first_guess(kind, counts[i][list(used[i])])
            for i, one in zip(members, own, strict=True)
        ]
        free = names.of_items(kind, shares, start, [answers.items[i] for i in members])
        free[[one is not None for one in own]] = NO_PARAMETER
        free[[models[i].has_unit_slope for i in members], 0] = NO_PARAMETER
        batches.append(
            Batch(
                kind=kind,
                items=np.array(members),
                cells=np.array([cell_of[i][list(used[i])] for i in members]),
                start=np.array(start),
                free=free,
                shares_slope=shares,
            )
        )
    check_linked(answers, used, held)
    return _closed(answers, models, fixed, used, cell_of, cells, batches, names)


def category_counts(answers: Answers, weight: Floats | None = None) -> NDArray[Any]:
    """(I, K) how many persons chose each category, K the most categories of any item.

    weight : (N,) what each answer counts; None for 1.
    """
    width = max(int(answers.categories.max(initial=0)), 2)
    flat = answers.item * np.int64(width) + answers.category
    counts = np.bincount(flat, weight, minlength=len(answers.items) * width)
    return counts.reshape(-1, width)


def held_values(item: FixedItem, kind: Kind) -> list[float]:
    """Slope, intercepts and, of the 3PL, logit c of a fixed item."""
    values = [item.a, *(-item.a * b for b in item.b)]
    if kind is Kind.THREE_PL:
        values.append(float(np.log(item.c) - np.log1p(-item.c)))
    return values


class _Names:
    """Gives out places among the free parameters, and drops those that nobody took in the end."""

    def __init__(self) -> None:
        self.names: list[tuple[str, str]] = []
        self.starts: list[float] = []

    def add(self, owner: str, name: str, start: float) -> int:
        self.names.append((owner, name))
        self.starts.append(start)
        return len(self.names) - 1

    def of_items(
        self, kind: Kind, shares: bool, start: list[list[float]], items: list[str]
    ) -> Ints:
        """(n, P) places for every parameter of like items."""
        intercepts = len(start[0]) - (2 if kind is Kind.THREE_PL else 1)
        words = ["a", *(f"d{k}" for k in range(1, intercepts + 1)), "logit_c"]
        common = self.add("", "a", start[0][0]) if shares else NO_PARAMETER
        return np.array(
            [
                [
                    common if shares and word == "a" else self.add(item, word, value)
                    for word, value in zip(words, values, strict=False)
                ]
                for item, values in zip(items, start, strict=True)
            ]
        )


def _closed(
    answers: Answers,
    models: tuple[ItemModel, ...],
    fixed: Mapping[str, FixedItem],
    used: tuple[tuple[int, ...], ...],
    cell_of: Ints,
    cells: int,
    batches: list[Batch],
    names: _Names,
) -> Plan:
    """The plan, with free parameters numbered without gaps and the groups' own at the end."""
    group_free = _group_places(answers, models, fixed, used, names)
    taken = np.unique(np.concatenate([group_free.ravel(), *(b.free.ravel() for b in batches)]))
    taken = taken[taken != NO_PARAMETER]
    place = np.full(len(names.names) + 1, NO_PARAMETER)  # the last stands for NO_PARAMETER
    place[taken] = np.arange(len(taken))
    return Plan(
        models=models,
        fixed=fixed,
        used=used,
        cell_of=cell_of,
        cells=cells,
        batches=tuple(replace(batch, free=place[batch.free]) for batch in batches),
        group_free=place[group_free],
        parameters=tuple(names.names[i] for i in taken),
        start=np.array([names.starts[i] for i in taken]),
    )


def _group_places(
    answers: Answers,
    models: tuple[ItemModel, ...],
    fixed: Mapping[str, FixedItem],
    used: tuple[tuple[int, ...], ...],
    names: _Names,
) -> Ints:
    """(G, 2) places of mean and log sd: the first group sets the scale unless items do."""
    places = np.full((len(answers.groups), 2), NO_PARAMETER)
    unit_is_set = all(
        models[i].has_unit_slope for i, own in enumerate(used) if own
    )  # by slopes that are all held at 1
    present = np.bincount(answers.group[answers.person], minlength=len(places)) > 0
    for g, group in enumerate(answers.groups):
        if present[g] and (g or fixed):
            places[g, 0] = names.add(group, "mean", 0.0)
        if present[g] and (g or fixed or unit_is_set):
            places[g, 1] = names.add(group, "log_sd", 0.0)
    return places


def _used(counts: Ints, model: ItemModel, held: FixedItem | None, name: str) -> tuple[int, ...]:
    """Categories that take part; none of an item that says nothing."""
    seen = np.flatnonzero(counts)
    most = len(held.b) + 1 if held else 2 if model.is_dichotomous else len(counts)
    if len(seen) and seen[-1] >= most:
        raise BadInput(
            f"item {name} is to follow {model.value} with {most} categories, but has an answer in"
            f" category {seen[-1]}",
            rule="category",
            item=name,
            value=int(seen[-1]),
        )
    if held:
        return tuple(range(most))
    return tuple(int(k) for k in seen) if len(seen) > 1 else ()


def numbered(used: Sequence[tuple[int, ...]], width: int) -> tuple[Ints, int]:
    """(I, K) cell of each category, -1 where it is not used, and how many cells there are."""
    width = max([width, *(max(own) + 1 for own in used if own)])
    cell_of = np.full((len(used), width), -1, dtype=np.int64)
    cells = 0
    for i, own in enumerate(used):  # ragged: items differ in what is used
        cell_of[i, list(own)] = np.arange(cells, cells + len(own))
        cells += len(own)
    return cell_of, cells


def _alike(
    models: tuple[ItemModel, ...],
    used: tuple[tuple[int, ...], ...],
    held: Sequence[FixedItem | None],
) -> dict[tuple[Kind, bool, int], list[int]]:
    """Items put together by kind, shared slope and number of categories."""
    batches: dict[tuple[Kind, bool, int], list[int]] = {}
    for i, own in enumerate(used):
        if own:
            one = held[i]
            kind = KINDS[models[i]]
            if one and one.c == 0 and kind is Kind.THREE_PL:
                kind = Kind.LOGISTIC  # the same curve, and logit c would be -inf
            shares = models[i] is ItemModel.ONE_PL and one is None
            batches.setdefault((kind, shares, len(own)), []).append(i)
    return batches


def _first_guess(kind: Kind, counts: Ints) -> list[float]:
    """Slope 1 and the intercepts that give the shares seen in a standard normal population.

    1.17 is sqrt(1 + 1 / 1.7**2): a share's logit shrinks by it when abilities are spread.
    """
    shares = (counts + 0.5) / (counts + 0.5).sum()
    if kind is Kind.CREDIT:
        return [1.0, *np.log(shares[1:] / shares[:-1])]
    above = shares[::-1].cumsum()[::-1][1:]
    if kind is Kind.THREE_PL:
        above = np.maximum(above - 0.15, 0.05) / 0.85
        return [1.0, *(1.17 * np.log(above / (1 - above))), float(np.log(0.15 / 0.85))]
    return [1.0, *(1.17 * np.log(above / (1 - above)))]
