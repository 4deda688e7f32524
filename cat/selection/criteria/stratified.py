"""A-stratified: items of low discrimination first, the sharp ones kept for the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.irt.items import Items
from cat.scoring.tables import ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.location import location
from cat.selection.criteria.parameter_rules import require_count, require_truth
from cat.selection.known import Known

# Further than any two items lie apart, so that no distance makes up for another stratum.
_APART = 1000.0


@dataclass(frozen=True)
class Stratified:
    """The item nearest to the estimate within the stratum of the current stage of the test.

    The bank is cut by discrimination into strata of equal size, the test into as many stages of
    equal length. Items of other strata follow, the nearest stratum first, so that a stage whose
    stratum is used up can still go on. Items of equal discrimination share a stratum.

    strata : number of strata and stages.
    block_difficulty : whether each stratum gets its share of items of every difficulty: the bank
        is first cut into blocks of neighbouring difficulty, and each block into strata.

    Chang & Ying (1999), Applied Psychological Measurement 23, 211-222; blocks: Chang, Qian & Ying
    (2001), Applied Psychological Measurement 25, 333-341.
    """

    strata: int = 4
    block_difficulty: bool = False

    def __post_init__(self) -> None:
        require_count("strata", self.strata)
        require_truth("block_difficulty", self.block_difficulty)

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I) minus the distance, logits; _APART more for each stratum away."""
        require_fit(known, tables)
        stage = known.answered * self.strata // known.length
        away = np.abs(self.stratum(tables.items) - stage)
        distance = np.abs(known.theta[:, None] - location(tables.items))
        return np.asarray(-(distance + _APART * away))

    def stratum(self, items: Items) -> NDArray[np.int64]:
        """(I,) stratum of each item, from 0 for the least discriminating."""
        if not self.block_difficulty:
            return _strata(items.a, self.strata)
        stratum = np.empty(len(items), dtype=np.int64)
        by_difficulty = np.lexsort((items.a, location(items)))
        for start in range(0, len(items), self.strata):
            block = by_difficulty[start : start + self.strata]
            stratum[block] = _strata(items.a[block], self.strata)
        return stratum


def _strata(a: NDArray[np.float64], strata: int) -> NDArray[np.int64]:
    """(I,) stratum by the number of items that discriminate less."""
    less = np.searchsorted(np.sort(a), a, side="left")
    return np.asarray(less * strata // len(a), dtype=np.int64)
