"""Maximum information: the item that measures best at the current estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.scoring.tables import ItemTables
from cat.selection.criteria.contract import require_fit
from cat.selection.criteria.weighted_sums import slices
from cat.selection.known import Known


@dataclass(frozen=True)
class MaximumInformation:
    """Fisher information at the expected a posteriori ability.

    Lord (1980), Applications of Item Response Theory to Practical Testing Problems, ch. 10.
    """

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I) information, 1/logit**2."""
        require_fit(known, tables)
        scores = np.empty((len(known.posterior), len(tables)))
        # The response models make arrays of persons x items x categories on the way.
        for persons in slices(len(scores), tables.likelihood[:, :, 0].size):
            scores[persons] = irt.information(known.theta[persons], tables.items)
        return scores
