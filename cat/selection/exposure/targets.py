"""The greatest exposure rate that exposure control is asked to keep."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt.arguments import numbers


def checked_r_max(r_max: ArrayLike, groups: int) -> NDArray[np.float64]:
    """(G, 1) targets, one for each group of ability.

    r_max : one number for all or (G,), in (0, 1]. Raises BadInput.
    """
    targets = numbers("r_max", r_max)
    if targets.shape not in ((), (groups,)):
        raise BadInput(f"r_max must be one number or ({groups},); got shape {targets.shape}")
    targets = np.broadcast_to(targets, groups)
    if not (legal := (targets > 0) & (targets <= 1)).all():
        group = int(np.argmin(legal))
        raise BadInput(f"r_max must lie in (0, 1]; group {group} has {targets[group]}", group=group)
    return targets[:, None]
