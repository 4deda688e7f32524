"""What a calibration is made of, gathered before the estimation starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.calibration.answers import Answers
from cat.calibration.spec import FixedItem
from web.operations.kalibrasi.rancangan import Plan

COMPLETE = 0.9
MOST_CELLS = 20_000_000  # of a table of persons and items that is still made whole


@dataclass(frozen=True, eq=False)
class Material:
    """What a run was made of, besides the result.

    options : (N,) option behind each answer, or None; keys : item -> keyed option, 0 for A.
    labels : (J,) words of the grouping to be compared, or none.
    """

    plan: Plan
    answers: Answers
    fixed: Sequence[FixedItem]
    options: NDArray[np.int8] | None
    keys: Mapping[str, int]
    labels: Sequence[str]

    @property
    def is_complete(self) -> bool:
        """Whether nearly everybody answered nearly everything."""
        cells = len(self.answers.persons) * len(self.answers.items)
        return cells <= MOST_CELLS and len(self.answers) >= COMPLETE * cells
