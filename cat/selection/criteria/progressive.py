"""Progressive: random at first, by information at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring.tables import ItemTables
from cat.selection.criteria.contract import chances, require_fit
from cat.selection.criteria.maximum_information import MaximumInformation
from cat.selection.criteria.parameter_rules import require_finite
from cat.selection.known import Known


@dataclass(frozen=True)
class Progressive:
    """A mixture of luck and information, (1 - s) R + s I, where s is the share of the test done.

    R is uniform between 0 and the most information that any item of the bank gives this person.
    After n answers of a test of at most L items s is n / L, unless there is an acceleration.

    acceleration : k, with which s is (1**k + ... + n**k) / (1**k + ... + (L - 1)**k): the larger,
        the longer luck prevails; the last item is chosen by information alone. catR has k = 1.

    This is the progressive part of the progressive-restricted method; what restricts it is
    exposure control (`cat.selection.exposure`).
    Revuelta & Ponsoda (1998), Journal of Educational Measurement 35, 311-327; k: Barrada, Olea,
    Ponsoda & Abad (2008), British Journal of Mathematical and Statistical Psychology 61, 493-513.
    """

    acceleration: float | None = None

    def __post_init__(self) -> None:
        if self.acceleration is not None:
            require_finite("acceleration", self.acceleration)

    def __call__(self, known: Known, tables: ItemTables) -> NDArray[np.float64]:
        """(J, I), 1/logit**2."""
        require_fit(known, tables)
        done = self._done(known.answered, known.length)
        information = MaximumInformation()(known, tables)
        luck = chances(known, tables) * information.max(axis=1, keepdims=True)
        return np.asarray((1 - done) * luck + done * information)

    def _done(self, answered: int, length: int) -> float:
        if self.acceleration is None:
            return min(answered / length, 1.0)
        place = np.arange(1, max(length, 2), dtype=float)
        # The largest power is 1 whatever the sign of k, so that none overflows.
        steps = (place / place[-1] if self.acceleration > 0 else place) ** self.acceleration
        return float(steps[:answered].sum() / steps.sum())
