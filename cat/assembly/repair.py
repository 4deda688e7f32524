"""From a rounded solution that breaks a row or two to a whole one, by swapping variables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.assembly.linear_program import Program

Floats = NDArray[np.float64]

_SWAPS = 3
# Rows times pairs that are looked at in one go: a few milliseconds.
_MOST_ENTRIES = 2_000_000
_TINY = 1e-9


def repaired(program: Program, x: Floats) -> Floats | None:
    """A solution that keeps all rows, a few swaps away from x; None when none was found.

    x : (V,) in {0, 1}. A swap takes one variable out and another in. Each is the one that brings
    the rows nearest to being kept; among those that keep all, the one of most value.
    """
    x, kept = x.copy(), None
    matrix = program.matrix.toarray()
    activity = matrix @ x
    for _ in range(_SWAPS):
        inside = np.flatnonzero((x > 0.5) & (program.low < 1))
        outside = np.flatnonzero((x < 0.5) & (program.high > 0))
        if not 0 < len(inside) * len(outside) * len(matrix) <= _MOST_ENTRIES:
            break
        after = (activity[:, None] - matrix[:, inside])[:, :, None] + matrix[:, None, outside]
        excess = _excess(program, after)
        gain = program.value[outside] - program.value[inside][:, None]
        keeps = excess <= _TINY
        if keeps.any():
            gain = np.where(keeps, gain, -np.inf)
            if kept is not None and gain.max() <= _TINY:
                break
            best = int(gain.argmax())
        else:
            best = int(excess.argmin())
            if excess.ravel()[best] >= _excess(program, activity[:, None]) - _TINY:
                break
        out, into = divmod(best, len(outside))
        x[inside[out]], x[outside[into]] = 0.0, 1.0
        activity = matrix @ x
        if keeps.any():
            kept = x.copy()
    return kept if kept is not None and program.allows(kept) else None


def _excess(program: Program, activity: Floats) -> Floats:
    """How far activities (R, ...) lie outside the rows, added up over the rows."""
    shape = (-1,) + (1,) * (activity.ndim - 1)
    below = np.maximum(program.lower.reshape(shape) - activity, 0.0)
    return np.asarray((below + np.maximum(activity - program.upper.reshape(shape), 0)).sum(axis=0))
