"""Closest difficulty: the item that lies nearest to the current estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring.tables import ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.location import location
from cat.selection.known import Known


@dataclass(frozen=True)
class ClosestDifficulty:
    """Distance between item and ability, with its sign turned; blind to discrimination.

    Urry (1970), Purdue University, doctoral dissertation; Owen (1975), Journal of the American
    Statistical Association 70, 351-356.
    """

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I) minus the distance, logits."""
        require_fit(known, tables)
        return np.asarray(-np.abs(known.theta[:, None] - location(tables.items)))
