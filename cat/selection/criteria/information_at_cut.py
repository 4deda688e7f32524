"""Information at a cut score: one ranking for everybody, for telling pass from fail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.scoring.tables import ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.parameter_rules import require_finite
from cat.selection.known import Known


@dataclass(frozen=True)
class InformationAtCut:
    """Fisher information at the ability where the decision falls.

    cut : ability that separates the two decisions, logits.

    Spray & Reckase (1996), Journal of Educational and Behavioral Statistics 21, 405-414.
    """

    cut: float

    def __post_init__(self) -> None:
        require_finite("cut", self.cut)

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I) information, 1/logit**2, the same in every row."""
        require_fit(known, tables)
        information = irt.information(np.array([float(self.cut)]), tables.items)
        return np.repeat(information, len(known.posterior), axis=0)
