"""Limits beyond the domain tree, compiled: as rows to check, and as rivals where that is enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.assembly.rows import ConstraintRows, compile_rows
from cat.itembank.attributes import Attributes
from cat.itembank.blueprint import Blueprint
from cat.itembank.constraint_tree import as_constraints
from cat.itembank.constraints import ConstraintTable
from cat.itembank.domain_tree import DomainTree
from cat.selection.rivals import Rivals, enemy_groups, find


def whole_table(blueprint: Blueprint, beyond: ConstraintTable) -> ConstraintTable:
    """A blueprint's bounds and the limits beyond its tree as one table; not the length, which
    would forbid an early end.
    """
    bounds = tuple(row for row in as_constraints(blueprint).rows if row.condition)
    return ConstraintTable(bounds + beyond.rows)


def compile_limits(
    blueprint: Blueprint,
    beyond: ConstraintTable,
    attributes: Attributes,
    tree: DomainTree,
    leaf: NDArray[np.int64],
) -> tuple[ConstraintRows | None, Rivals | None]:
    """All limits of a part as rows, and its enemies where nothing else lies beyond the tree.

    beyond : limits that the tree does not hold. tree : the blueprint compiled for these items.
    leaf : (I,) leaf of each item.

    Returns None and None where the tree holds everything; None for the rivals where shadow tests
    are needed. Whether any test keeps the rows is for `feasibility.check` to say.
    """
    if not beyond.rows:
        return None, None
    rows = compile_rows(whole_table(blueprint, beyond), attributes, blueprint.length)
    groups = enemy_groups(beyond, attributes)
    return rows, None if groups is None else find(groups, tree, leaf)
