"""Enemies without a solver: once an item is given, its enemies are out.

A kernel is a set of items none of which are enemies of each other. While the blueprint can be
completed from unused kernel items alone, the test can be completed whatever is given next, and that
is a count along the domain tree. It is enough, not necessary: where a bank is so tight that only
items outside the kernel could save a test, the kernel says no and shadow tests must be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.itembank.attributes import Attributes
from cat.itembank.constraints import ITEM, ConstraintTable
from cat.itembank.domain_tree import DomainTree

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rivals:
    """The enemies of I items in L domains.

    of : (I, D) positions of each item's enemies, -1 beyond the last.
    kernel : (I,) items of the kernel. stock : (L,) how many of them each domain has.
    reaches : (I,) items that cost the kernel more than one item of their own domain when given.
    cost : (L,) the most kernel items that one such item costs each domain.
    """

    of: Ints
    kernel: Flags
    stock: Ints
    reaches: Flags
    cost: Ints

    def leave(self, used: Flags, left: Ints, items: Ints, leaf: Ints) -> None:
        """Take items out for persons who were given them, and their enemies, in place.

        used : (J, I). left : (J, L) kernel items still usable. items : (J,) positions given.
        """
        persons = np.arange(len(items))
        for gone in (items, *self.of[items].T):
            fresh = (gone >= 0) & ~used[persons, gone]
            left[persons, leaf[gone]] -= fresh & self.kernel[gone]
            used[persons[fresh], gone[fresh]] = True


def enemy_groups(table: ConstraintTable, attributes: Attributes) -> list[Ints] | None:
    """Positions of the items of each enemy row; None when another row is active in the table."""
    groups = []
    for row in table.rows:
        if not row.active:
            continue
        if (row.kind, row.what) != ("enemy", ITEM):
            return None
        groups += [np.flatnonzero(members) for _, members in row.groups(attributes)]
    return groups


def find(groups: Sequence[Ints], tree: DomainTree, leaf: Ints) -> Rivals | None:
    """Rivals of the groups, of each of which a test may hold one item.

    leaf : (I,) domain of each item.

    Returns None when no kernel was found from which the blueprint can be filled.
    """
    enemies: list[set[int]] = [set() for _ in leaf]
    for group in groups:
        for item in map(int, group):
            enemies[item] |= set(map(int, group)) - {item}
    kernel = _kernel(enemies, tree, leaf)
    of = np.full((len(leaf), max(map(len, enemies), default=0)), -1, dtype=np.int64)
    cost = np.zeros((len(leaf), len(tree.leaves)), dtype=np.int64)
    for item, others in enumerate(enemies):
        of[item, : len(others)] = sorted(others)
        for other in others:
            cost[item, leaf[other]] += kernel[other]
    own = np.zeros_like(cost)
    own[np.arange(len(leaf)), leaf] = 1
    reaches = ~kernel & (cost > own).any(axis=1)
    stock = np.bincount(leaf[kernel], minlength=len(tree.leaves))
    rivals = Rivals(of, kernel, stock, reaches, cost[reaches].max(axis=0, initial=0))
    nothing = np.zeros((1, len(tree.leaves)), dtype=np.int64)
    return rivals if tree.open_leaves(nothing, stock[None, :]).any() else None


def _kernel(enemies: Sequence[set[int]], tree: DomainTree, leaf: Ints) -> Flags:
    """Leave out the item with most enemies among those that are in, one by one; where equal, one
    of the domain that has most to spare.
    """
    kernel = np.ones(len(leaf), dtype=np.bool_)
    among = np.array([len(others) for others in enemies])
    stock = np.bincount(leaf, minlength=len(tree.leaves))
    while among.any():
        most = np.flatnonzero(among == among.max())
        out = int(most[np.argmax((stock - tree.most_per_leaf)[leaf[most]])])
        kernel[out] = False
        stock[leaf[out]] -= 1
        among[out] = 0
        for other in enemies[out]:
            among[other] -= kernel[other]
    return kernel
