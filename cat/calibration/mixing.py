"""Anderson mixing: the last few steps of an iteration tell where it is going.

Henderson & Varadhan (2019), Journal of Computational and Graphical Statistics 28, 834-846.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MEMORY = 8


class Memory:
    """The last steps, and the mixture of them that would have moved least."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._values: list[Floats] = []
        self._targets: list[Floats] = []
        self.extrapolated = False

    def next(
        self,
        values: Floats,
        target: Floats,
        weight: Floats,
        is_sound: Callable[[Floats], bool],
    ) -> Floats:
        """Where to look next: an extrapolation, or the EM step itself where that is not sound.

        values, target : (F,) before and after an EM step. weight : (F,) curvature in each, 0 where
        nothing moves.
        """
        self._values = [*self._values[-_MEMORY:], values]
        self._targets = [*self._targets[-_MEMORY:], target]
        self.extrapolated = False
        if len(self._values) < 2:
            return target
        steps = np.array([t - v for t, v in zip(self._targets, self._values, strict=True)])
        root = np.sqrt(weight)
        changes = np.diff(steps, axis=0) * root
        gram = changes @ changes.T
        # A sliver of damping: old steps that point the same way tell the same thing twice.
        gram[np.diag_indices_from(gram)] *= 1 + 1e-8
        try:
            mixture = np.linalg.solve(gram, changes @ (steps[-1] * root))
        except np.linalg.LinAlgError:
            return target
        tried = target - mixture @ np.diff(np.array(self._targets), axis=0)
        if not is_sound(tried):
            return target
        self.extrapolated = True
        return tried
