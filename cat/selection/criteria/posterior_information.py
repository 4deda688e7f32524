"""Posterior-weighted information: the item that measures best over all abilities still likely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring.tables import INFORMATION_UNIT, ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.weighted_sums import weighted_sums
from cat.selection.known import Known


@dataclass(frozen=True)
class PosteriorInformation:
    """Fisher information averaged over the posterior.

    van der Linden (1998), Psychometrika 63, 201-216.
    """

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I) expected information, 1/logit**2."""
        require_fit(known, tables)
        return weighted_sums(known.posterior, tables.information, INFORMATION_UNIT)
