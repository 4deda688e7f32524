"""A calibration beside its answers: chances of every category, and what is believed of persons.

All diagnostics read item curves from here, so that a reversed key (a slope below 0, which the
response models of cat.irt refuse) can be examined like any other item.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cat.calibration.abilities import abilities
from cat.calibration.answers import Answers
from cat.calibration.estimates import Calibrated, Estimate
from cat.calibration.item_scores import Kind, log_probability, scores
from cat.calibration.plan import KINDS
from cat.calibration.population import Population, population
from cat.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def kind_and_values(estimate: Estimate) -> tuple[Kind, Floats]:
    """How the curve of an item is computed: its family and the (1, P) parameters that it takes.

    Raises BadInput for an item that was left out of the calibration.
    """
    if not estimate.b:
        raise BadInput(
            f"item {estimate.item} was left out of the calibration and has no curve",
            rule="item",
            item=estimate.item,
        )
    kind = KINDS[estimate.model]
    values = [estimate.a, *estimate.d]
    if kind is Kind.THREE_PL and estimate.c == 0:
        kind = Kind.LOGISTIC
    elif kind is Kind.THREE_PL:
        values.append(estimate.logit_c)
    return kind, np.array([values])


def category_chances(estimate: Estimate, theta: Floats) -> Floats:
    """(K, Q) chance of each category at abilities theta (Q,); 0 in those that nobody chose.

    K counts all categories of the item, the joined ones among them.
    """
    kind, values = kind_and_values(estimate)
    found = np.zeros((len(estimate.counts), len(theta)))
    found[list(estimate.used)] = np.exp(log_probability(kind, values, theta)[0])
    return found


def chance_slopes(estimate: Estimate, theta: Floats) -> tuple[Floats, Floats]:
    """(U, Q) log chance of each used category, and its slope in theta."""
    kind, values = kind_and_values(estimate)
    found = scores(kind, values, theta)
    intercepts = slice(1, 1 + len(estimate.d))
    return found.log_p[0], estimate.a * found.score[0, intercepts].sum(axis=0)


@dataclass(frozen=True, eq=False)
class Fitted:
    """Answers and the calibration made of them, or of others on the same scale.

    Items of the answers that the calibration left out take no part. Raises BadInput where an item
    of the answers is unknown to the calibration, or an answer has no chance under it.
    """

    answers: Answers
    calibrated: Calibrated

    def __post_init__(self) -> None:
        known = {one.item: one for one in self.calibrated.items}
        for name in self.answers.items:
            if name not in known:
                raise BadInput(
                    f"item {name} is not part of the calibration", rule="item", item=name
                )
        names = [group.name for group in self.calibrated.groups]
        for group in self.answers.groups:
            if group not in names:
                raise BadInput(f"group {group} is not part of the calibration", rule="group")
        impossible = self.is_counted & ~self._has_chance[self.answers.item, self.answers.category]
        if impossible.any():
            record = int(np.argmax(impossible))
            item = self.answers.items[self.answers.item[record]]
            raise BadInput(
                f"item {item} has an answer in category {self.answers.category[record]}, which"
                " the calibration does not know",
                rule="category",
                item=item,
            )

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        """(I,) in the order of the answers' items."""
        known = {one.item: one for one in self.calibrated.items}
        return tuple(known[name] for name in self.answers.items)

    @cached_property
    def has_curve(self) -> NDArray[np.bool_]:
        """(I,) which items were calibrated."""
        return np.array([bool(one.b) for one in self.estimates])

    @cached_property
    def categories(self) -> Ints:
        """(I,) categories of each item."""
        return np.array([max(len(one.counts), 1) for one in self.estimates])

    @cached_property
    def starts(self) -> Ints:
        """(I + 1,) first cell of each item; a cell is one category of one item."""
        return np.concatenate([[0], np.cumsum(self.categories)])

    @cached_property
    def is_counted(self) -> NDArray[np.bool_]:
        """(N,) answers to items that have curves."""
        return np.asarray(self.has_curve[self.answers.item])

    @cached_property
    def cell(self) -> Ints:
        """(N,) cell of each answer."""
        return np.asarray(self.starts[self.answers.item] + self.answers.category)

    @property
    def _has_chance(self) -> NDArray[np.bool_]:
        """(I, K) categories that the calibration gives a chance."""
        width = max(int(self.answers.categories.max(initial=1)), int(self.categories.max()))
        found = np.zeros((len(self.estimates), width), dtype=bool)
        for i, one in enumerate(self.estimates):  # ragged: items differ in what is used
            found[i, list(one.used)] = True
        return found

    @cached_property
    def populations(self) -> tuple[Population, ...]:
        """Nodes and weights of each group of the answers, by the calibration's quadrature."""
        known = {group.name: group for group in self.calibrated.groups}
        grid = self.calibrated.quadrature
        return tuple(
            population(grid, known[name].mean, float(np.log(known[name].sd)))
            for name in self.answers.groups
        )

    def chances(self, theta: Floats) -> Floats:
        """(C, Q) chance of every cell at theta (Q,); NaN for items without curves."""
        table = np.full((int(self.starts[-1]), len(theta)), np.nan)
        for i in np.flatnonzero(self.has_curve):
            table[self.starts[i] : self.starts[i + 1]] = category_chances(self.estimates[i], theta)
        return table

    def item_chances(self, item: int, theta: Floats) -> Floats:
        """(K, Q) chance of each category of the item in place `item`."""
        return category_chances(self.estimates[item], theta)

    @cached_property
    def chosen(self) -> csr_array:
        """(J, C) 1 in the cells that a person chose."""
        there = self.is_counted
        shape = (len(self.answers.persons), int(self.starts[-1]))
        place = (self.answers.person[there], self.cell[there])
        return csr_array((np.ones(int(there.sum())), place), shape=shape)

    @cached_property
    def answered(self) -> csr_array:
        """(J, I) 1 for the items that a person answered and that have curves."""
        there = self.is_counted
        shape = (len(self.answers.persons), len(self.answers.items))
        place = (self.answers.person[there], self.answers.item[there])
        return csr_array((np.ones(int(there.sum())), place), shape=shape)

    @cached_property
    def eap(self) -> Floats:
        """(J,) expected abilities, logits; the group's mean for persons without answers."""
        return abilities(self.calibrated, self.answers).theta
