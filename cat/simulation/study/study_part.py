"""What a study knows of the parts of its test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.scoring.scale import ReferenceForm
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.policy import Policy
from cat.simulation.measuring.results import Cut

# What the parts of the law are called; other parts say their name or go by their code.
TITLES = {
    "twk": "Tes Wawasan Kebangsaan",
    "tiu": "Tes Intelegensia Umum",
    "tkp": "Tes Karakteristik Pribadi",
}


@dataclass(frozen=True, eq=False)
class StudyPart:
    """One part of a study.

    title : readable name. codes : (I,) of its items.
    form : reference form for the nilai; None where the bank has none.
    cuts : thresholds at which decisions are compared with the truth.
    """

    adaptive: AdaptivePart
    title: str
    codes: tuple[str, ...]
    form: ReferenceForm | None
    cuts: tuple[Cut, ...]

    @property
    def code(self) -> str:
        return self.adaptive.code

    @property
    def needs_solver(self) -> bool:
        """Whether an integer program is solved while people are tested."""
        return self.adaptive.rows is not None and self.adaptive.rivals is None

    @property
    def domains(self) -> tuple[str, ...]:
        """(I,) content domain of each item."""
        return tuple(self.adaptive.tree.leaves[leaf] for leaf in self.adaptive.leaf)


@dataclass(frozen=True, eq=False)
class Bank:
    """The parts of a study and where they come from.

    name : of the pool, or what else it is. digest : of the pool, "" where there is none.
    transition : how the pool lets earlier parts inform later ones, as in `cohort.Controls`.
    notes : what readers of the results must know of the items.
    """

    name: str
    digest: str
    parts: tuple[StudyPart, ...]
    transition: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()


def needs_every_item(policy: Policy, is_post_hoc: bool) -> bool:
    """Whether people may need items far down the ranking.

    Recorded people can be given only what they once answered, and exposure control sets aside what
    others have seen too often.
    """
    return is_post_hoc or policy.exposure is not None
