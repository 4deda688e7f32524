"""A part for somebody who may not be given some of its items, having seen them in another exam.

The burnt items count as used from the start and as missing from the stock, so that content is as
sure as without them. Items are then looked at one and all: a stored ranking lists only as many as
people need who may be given every item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadRules, BlueprintInfeasible, PoolExhausted
from cat.itembank.domain_tree import DomainTree
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.rivals import Rivals, find

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Choosing without a stored ranking must give the same bits on every machine; only its sums are
# exact, see `cat.selection.criteria.weighted_sums`.
EXACT = "posterior_information"


def without(part: AdaptivePart, away: Flags, groups: Sequence[Ints] | None) -> AdaptivePart:
    """The part when the items that are away (I,) are not to be given.

    groups : positions of the items of each group of enemies; None where the limits need shadow
        tests.

    Raises BlueprintInfeasible when the rest cannot fill the blueprint, BadRules for a policy whose
    choices rest on a stored ranking.
    """
    if part.policy.criterion != EXACT:
        raise BadRules(
            f"{part.code}: kriteria {part.policy.criterion} tidak dapat melewati butir yang sudah"
            f" pernah dilihat; perlu {EXACT}"
        )
    gone = np.bincount(part.leaf[away], minlength=len(part.tree.leaves))
    tree = replace(part.tree, stock=part.tree.stock - gone)
    if not tree.completable(np.zeros(len(tree.leaves), dtype=np.int64)):
        raise _infeasible(part, away)
    rivals = None
    if part.rivals is not None:
        rivals = _rivals(part, away, groups or (), tree)
        if rivals is None:
            raise _infeasible(part, away)
    left = replace(part, tree=tree, ranking=None, rivals=rivals, away=away)
    if part.shadow is not None:
        try:
            part.shadow.assemble(np.zeros(len(away)), np.zeros(0, dtype=np.int64), away)
        except PoolExhausted:
            raise _infeasible(part, away) from None
        # The solver is the same for everybody; what is away is closed at each of its runs.
        vars(left)["shadow"] = part.shadow
    return left


def _rivals(
    part: AdaptivePart, away: Flags, groups: Sequence[Ints], tree: DomainTree
) -> Rivals | None:
    """Enemies among what is left, and a kernel of that; None when it cannot fill the blueprint."""
    found = find([group[~away[group]] for group in groups], tree, part.leaf)
    if found is None:
        return None
    kernel = found.kernel & ~away
    stock = np.bincount(part.leaf[kernel], minlength=len(tree.leaves))
    is_enough = tree.open_leaves(np.zeros((1, len(stock)), dtype=np.int64), stock[None, :]).any()
    return replace(found, kernel=kernel, stock=stock) if is_enough else None


def _infeasible(part: AdaptivePart, away: Flags) -> BlueprintInfeasible:
    return BlueprintInfeasible(
        f"{part.code}: kisi-kisi tidak dapat dipenuhi tanpa {int(away.sum())} butir yang sudah"
        " pernah dilihat peserta; perlu pool lain",
        part=part.code,
        burnt=int(away.sum()),
    )
