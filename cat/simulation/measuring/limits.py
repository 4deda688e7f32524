"""What every test of a part must keep, recounted from the items given: the exam's own code is not
asked whether it kept its promises.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cat.assembly.draft import LENGTH, STRUCTURAL
from cat.assembly.rows import ConstraintRows, broken
from cat.itembank.domain_tree import DomainTree
from cat.selection.adaptive_part import AdaptivePart
from cat.simulation.measuring.results import Limit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Promises:
    """The limits of one part.

    amounts : limits on how much of something a test holds, each worth a line in the report; the
        rest (enemies, stimulus sets, items forced in or out) is only counted when broken.
    others : sentences of that rest, each once.
    """

    def __init__(self, part: AdaptivePart, is_post_hoc: bool) -> None:
        self._rows = part.rows
        self._others = np.zeros(0, dtype=np.bool_)
        self.others: tuple[str, ...] = ()
        self.amounts = tuple(_of_tree(part, is_post_hoc))
        if part.rows is not None:
            is_amount = _is_amount(part.rows)
            repeated = _repeats_tree(part.rows, part.tree, part.leaf)
            self.amounts += tuple(_of_rows(part.rows, is_amount & ~repeated))
            self._others = ~is_amount & ~repeated & (part.rows.source != LENGTH)
            said = self._others & (part.rows.source != STRUCTURAL)
            self.others = tuple(dict.fromkeys(part.rows.names[r] for r in np.flatnonzero(said)))

    def others_broken(self, items: NDArray[np.integer]) -> Ints | None:
        """How many promises beyond the amounts each test (J, n) breaks; None where there are none.

        items : positions, padded by -1.
        """
        if self._rows is None:
            return None
        return np.asarray(broken(self._rows, items)[:, self._others].sum(axis=1))


def _of_tree(part: AdaptivePart, is_post_hoc: bool) -> Iterator[Limit]:
    tree = part.tree
    for name, lower, upper, holds in zip(
        tree.names, tree.lower, tree.upper, tree.holds, strict=True
    ):
        low, high = float(lower), float(upper)
        if name == "":
            low, high = _lengths(part, is_post_hoc)
        elif low == 0 and high >= tree.length:
            continue
        yield Limit(name or "panjang tes", low, high, holds[part.leaf].astype(float))


def _lengths(part: AdaptivePart, is_post_hoc: bool) -> tuple[float, float]:
    """Fewest and most items; a recorded person may run out of answers, which is nobody's fault."""
    rule = part.policy.stopping
    shortest = rule.shortest if rule.rules else part.longest
    return 0.0 if is_post_hoc else float(shortest), float(part.longest)


def _of_rows(rows: ConstraintRows, chosen: Flags) -> Iterator[Limit]:
    weights = _weights(rows)
    for row in np.flatnonzero(chosen):
        yield Limit(rows.names[row], float(rows.lower[row]), float(rows.upper[row]), weights[row])


def _is_amount(rows: ConstraintRows) -> Flags:
    """(R,) rows over items that bound an amount; the others say what excludes or needs what."""
    bounds_amount = (rows.lower > 0) | ((rows.upper > 1) & np.isfinite(rows.upper))
    from_table = (rows.source != STRUCTURAL) & (rows.source != LENGTH)
    return np.asarray(from_table & bounds_amount & ~_speaks_of_stimuli(rows))


def _repeats_tree(rows: ConstraintRows, tree: DomainTree, leaf: Ints) -> Flags:
    """(R,) rows that say of a branch what the tree says already."""
    weights, lower, upper = _weights(rows), tree.lower.copy(), tree.upper.copy()
    lower[-1] = upper[-1] = tree.length
    found = np.zeros(len(rows.names), dtype=np.bool_)
    for branch, holds in enumerate(tree.holds[:, leaf]):
        covered = (rows.lower <= lower[branch]) & (upper[branch] <= rows.upper)
        found |= (weights == holds).all(axis=1) & covered
    return np.asarray(found & ~_speaks_of_stimuli(rows))


def _weights(rows: ConstraintRows) -> Floats:
    """(R, I) what each item adds to each row."""
    return np.asarray(rows.matrix[:, : len(rows.stimulus)].toarray())


def _speaks_of_stimuli(rows: ConstraintRows) -> Flags:
    return np.asarray(abs(rows.matrix[:, len(rows.stimulus) :]).sum(axis=1) > 0)
