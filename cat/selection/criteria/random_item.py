"""A random item: the baseline that every criterion must beat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring.tables import ItemTables
from cat.selection.criteria.contract import chances, require_fit
from cat.selection.known import Known


@dataclass(frozen=True)
class RandomItem:
    """A uniform number for each person and item."""

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I) in [0, 1)."""
        require_fit(known, tables)
        return chances(known, tables)
