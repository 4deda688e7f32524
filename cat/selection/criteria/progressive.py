"""Progressive: random at first, by information at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring.tables import ItemTables
from cat.selection.criteria.maximum_information import MaximumInformation
from cat.selection.known import Known


@dataclass(frozen=True)
class Progressive:
    """A mixture of luck and information, (1 - s) R + s I, where s is the share of the test done.

    R is uniform between 0 and the most information that any item of the bank gives this person.
    This is the progressive part of the progressive-restricted method; what restricts it is
    exposure control (`cat.selection.exposure`).
    Revuelta & Ponsoda (1998), Journal of Educational Measurement 35, 311-327.
    """

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I), 1/logit**2."""
        done = known.answered / known.length
        information = MaximumInformation()(known, tables)
        luck = known.chance(np.arange(len(tables))) * information.max(axis=1, keepdims=True)
        return np.asarray((1 - done) * luck + done * information)
