"""Answers as they were given: one record for each (person, item, category).

Memory grows with the answers, never with persons x items: a bank of a thousand items of which
everybody sees a hundred costs a tenth of its matrix.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.calibration.answer_checks import (
    as_categories,
    as_groups,
    as_positions,
    as_weights,
    check_names,
    check_once,
    first_bad,
)
from cat.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SmallInts = NDArray[np.int32]

ONE_GROUP = ("semua",)


@dataclass(frozen=True, eq=False)
class Answers:
    """N answers of J persons to I items, in order of person and then item.

    persons : J names, or range(J) where nobody has one; a person may have no answer at all.
    items : I different names.
    person, item : (N,) positions in `persons` and `items`.
    category : (N,) from 0.
    groups : G names; the first is the one whose abilities set the scale.
    group : (J,) position in `groups`.
    weight : (J,) how many persons each stands for, > 0.
    categories : (I,) how many categories each item has; 0 where nobody answered it and nobody
        said.

    Made by `of_matrix` and `of_long`, which check and sort; the arrays are read-only.
    """

    persons: Sequence[object]
    items: tuple[str, ...]
    person: SmallInts
    item: SmallInts
    category: SmallInts
    groups: tuple[str, ...]
    group: SmallInts
    weight: Floats
    categories: Ints

    @classmethod
    def of_matrix(
        cls,
        items: Sequence[str],
        matrix: ArrayLike,
        *,
        persons: Sequence[object] | None = None,
        group: Sequence[object] | None = None,
        weight: ArrayLike | None = None,
        categories: ArrayLike | None = None,
    ) -> Answers:
        """Answers of a table.

        matrix : (J, I) categories from 0; -1 and NaN are answers not given.
        The rest as for `of_long`. Raises BadInput, whose evidence holds `rule` and, where there
        is one, `item`, `person` and `value`.
        """
        if np.ma.isMaskedArray(matrix):
            matrix = np.ma.filled(np.ma.asarray(matrix).astype(float), np.nan)
        try:
            given = np.asarray(matrix)
            given = given.astype(float) if given.dtype.kind == "O" else given
        except (TypeError, ValueError) as error:
            raise BadInput(f"answers must be a table of numbers: {error}", rule="shape") from error
        names = check_names(items)
        if given.ndim != 2 or given.shape[1] != len(names) or given.dtype.kind not in "biuf":
            raise BadInput(
                f"answers must be numbers (persons, items) with {len(names)} columns; got"
                f" {given.dtype} {given.shape}",
                rule="shape",
                value=str(given.shape),
            )
        there = ~np.isnan(given) if given.dtype.kind == "f" else np.ones(given.shape, bool)
        there &= given != -1
        person, item = (axis.astype(np.int32) for axis in np.nonzero(there))
        return cls.of_long(
            person,
            item,
            given[there],
            items=names,
            persons=range(len(given)) if persons is None else persons,
            group=group,
            weight=weight,
            categories=categories,
        )

    @classmethod
    def of_long(
        cls,
        person: ArrayLike,
        item: ArrayLike,
        category: ArrayLike,
        *,
        items: Sequence[str],
        persons: Sequence[object],
        group: Sequence[object] | None = None,
        weight: ArrayLike | None = None,
        categories: ArrayLike | None = None,
    ) -> Answers:
        """Answers from records in any order, each (person, item) at most once.

        person, item : (N,) positions in `persons` and `items`. category : (N,) whole, from 0.
        group : (J,) label of each person's group; None for one group. The first label met is the
            group that sets the scale.
        weight : (J,) > 0; None for 1.
        categories : (I,) how many categories the items have, where that is known; the highest
            one seen plus one otherwise.

        Raises BadInput, whose evidence holds `rule` (shape, names, persons, person, item,
        category, duplicate, group, weight, categories) and, where there is one, `item`, `person`
        and `value`.
        """
        names = check_names(items)
        if not len(persons):
            raise BadInput("there must be at least one person", rule="persons", value=0)
        who = as_positions("person", person, len(persons))
        what = as_positions("item", item, len(names))
        if not len(who) == len(what) == np.size(category):
            raise BadInput(
                f"person, item and category must be equally long; got {len(who)}, {len(what)},"
                f" {np.size(category)}",
                rule="shape",
            )
        how = as_categories(category, who, what, persons, names)
        who, what, how = _sorted(who, what, how, len(names))
        check_once(who, what, persons, names)
        labels, group_of = as_groups(group, persons, ONE_GROUP)
        found = cls(
            persons=persons,
            items=names,
            person=who,
            item=what,
            category=how,
            groups=labels,
            group=group_of,
            weight=as_weights(weight, persons),
            categories=_categories(categories, what, how, names),
        )
        for array in (found.person, found.item, found.category, found.group, found.weight):
            array.setflags(write=False)
        found.categories.setflags(write=False)
        return found

    def __len__(self) -> int:
        return len(self.person)

    @cached_property
    def counts(self) -> Ints:
        """(I,) how many answers each item has."""
        return np.bincount(self.item, minlength=len(self.items))

    @cached_property
    def starts(self) -> Ints:
        """(J + 1,) where each person's answers begin, and where the last one's end."""
        given = np.bincount(self.person, minlength=len(self.persons))
        return np.concatenate([[0], np.cumsum(given)])

    @cached_property
    def sha256(self) -> str:
        """Hash of names, groups, weights and answers in order of person and item, as hex digits.

        Names of persons do not enter: what was answered counts, not by whom.
        """
        digest = hashlib.sha256(repr((self.items, self.groups, len(self.persons))).encode())
        for array, kind in (
            (self.categories, "<i4"),
            (self.group, "<i4"),
            (self.weight, "<f8"),
            (self.person, "<i4"),
            (self.item, "<i4"),
            (self.category, "<i4"),
        ):
            digest.update(np.ascontiguousarray(array, dtype=kind).data)
        return digest.hexdigest()

    def only_items(self, names: Sequence[str]) -> Answers:
        """The answers to some items, in the order given; all persons stay.

        Raises BadInput for a name that is not among the items.
        """
        wanted = check_names(names)
        position = {name: i for i, name in enumerate(self.items)}
        unknown = [name for name in wanted if name not in position]
        if unknown:
            raise BadInput(
                f"item {unknown[0]!r} is not among the answers", rule="item", item=unknown[0]
            )
        kept = np.array([position[name] for name in wanted])
        place = np.full(len(self.items), -1, dtype=np.int32)
        place[kept] = np.arange(len(kept))
        there = place[self.item] >= 0
        return Answers.of_long(
            self.person[there],
            place[self.item[there]],
            self.category[there],
            items=wanted,
            persons=self.persons,
            group=[self.groups[g] for g in self.group] if len(self.groups) > 1 else None,
            weight=self.weight,
            categories=self.categories[kept],
        )

    def matrix(self) -> NDArray[np.int16]:
        """(J, I) categories, -1 where not answered. For small data: it grows with J x I."""
        table = np.full((len(self.persons), len(self.items)), -1, dtype=np.int16)
        table[self.person, self.item] = self.category
        return table


def _sorted(
    person: SmallInts, item: SmallInts, category: SmallInts, items: int
) -> tuple[SmallInts, SmallInts, SmallInts]:
    """The records in order of person and item; untouched where they already are."""
    later = np.diff(person)
    if not ((later > 0) | ((later == 0) & (np.diff(item) >= 0))).all():
        order = np.argsort(person.astype(np.int64) * items + item, kind="stable")
        person, item, category = person[order], item[order], category[order]
    return person, item, category


def _categories(
    declared: ArrayLike | None, item: SmallInts, category: SmallInts, names: tuple[str, ...]
) -> Ints:
    width = int(category.max(initial=0)) + 1
    seen = np.bincount(item * np.int64(width) + category, minlength=len(names) * width) > 0
    highest: Ints = np.where(seen.reshape(-1, width), np.arange(width), -1).max(axis=1)
    if declared is None:
        return highest + 1
    stated = np.asarray(declared)
    if stated.shape != highest.shape or stated.dtype.kind not in "iu":
        raise BadInput(
            f"categories must be {len(names)} whole numbers; got {stated.dtype} {stated.shape}",
            rule="categories",
        )
    bad = first_bad(highest >= stated)
    if bad is not None:
        raise BadInput(
            f"item {names[bad]} has {stated[bad]} categories, but an answer in category"
            f" {highest[bad]}",
            rule="categories",
            item=names[bad],
            value=int(highest[bad]),
        )
    return stated.astype(np.int64)
