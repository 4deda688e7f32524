"""Posterior-weighted information as the criterion for the next item."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_POSTERIOR_UNIT = 2.0**-26


def criterion(posterior: Floats, information: Floats) -> Floats:
    """Information that each item is expected to give about each person; larger is better.

    posterior : (J, Q), adding to 1 over Q.
    information : (I, Q) at the same nodes, in whole units (`pool.INFORMATION_UNIT`).

    Returns (J, I), in units of no meaning beyond their order.
    van der Linden (1998), Psychometrika 63, 201-216, equation 15. Rounding the posterior makes the
    matrix product exact, hence the same for one person and for a cohort: see `pool.py`.
    """
    return np.asarray(np.rint(posterior / _POSTERIOR_UNIT) @ information.T)
