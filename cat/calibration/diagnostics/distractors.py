"""Does every option do its work? Who chooses the key, and who is drawn by each distractor.

Curves over the score on the other items come from cat.calibration.keys, which also says where
another option behaves as the key should. Here every option gets its judgement: a distractor that
nobody chooses does no work, and one that the able choose is a second right answer or a trap.
Haladyna & Downing (1993), Educational and Psychological Measurement 53, 999-1010.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from cat.calibration.keys import KeyFinding, OptionTrace, check_keys

# Haladyna & Downing count a distractor as working when 5 % choose it.
FEWEST_SHARE = 0.05
_RISES = 3.0


class OptionRole(StrEnum):
    """What an option does."""

    KEY = "key"
    KEY_FAILS = "key does not rise with ability"
    WORKS = "works"
    IDLE = "hardly anybody chooses it"
    RISES = "the able choose it"


@dataclass(frozen=True)
class Option:
    """An option with its trace over fifths of the rest score, and what it does."""

    trace: OptionTrace
    role: OptionRole


@dataclass(frozen=True)
class Distractors:
    """One item. proposed : the option that should be the key, None where the key stands."""

    item: str
    key: int
    proposed: int | None
    persons: int
    options: tuple[Option, ...]

    @property
    def idle(self) -> tuple[int, ...]:
        """Options that do no work."""
        return tuple(o.trace.option for o in self.options if o.role is OptionRole.IDLE)


def distractors(
    items: Sequence[str], options: ArrayLike, key: Mapping[str, int], omitted: Sequence[int] = (0,)
) -> tuple[Distractors, ...]:
    """Judge all options of all items; arguments and errors as for `check_keys`."""
    shown = (np.nan_to_num(np.asarray(options, dtype=float), nan=-1) >= 0).sum(axis=0)
    return tuple(
        Distractors(
            item=one.item,
            key=one.key,
            proposed=one.proposed,
            persons=int(persons),
            options=tuple(Option(trace, _role(one, trace, persons)) for trace in one.options),
        )
        for one, persons in zip(check_keys(items, options, key, omitted), shown, strict=True)
    )


def _role(finding: KeyFinding, trace: OptionTrace, persons: int) -> OptionRole:
    # Under no relation a point-biserial has standard error 1 / sqrt(persons).
    rises = trace.correlation * np.sqrt(persons) > _RISES
    if trace.option == finding.key:
        return OptionRole.KEY if rises else OptionRole.KEY_FAILS
    if rises:
        return OptionRole.RISES
    return OptionRole.IDLE if trace.share < FEWEST_SHARE else OptionRole.WORKS
