"""Does anything tie every group to the scale? A group with items of its own floats freely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cat.calibration.answer_checks import first_bad
from cat.calibration.answers import Answers
from cat.calibration.spec import FixedItem
from cat.errors import BadInput


def check_linked(
    answers: Answers,
    used: tuple[tuple[int, ...], ...],
    held: Sequence[FixedItem | None],
) -> None:
    """Raises BadInput unless shared or fixed items link every group to the scale."""
    groups, items = len(answers.groups), len(used)
    if groups == 1 and not any(held):
        return
    seen = np.zeros((groups, items), dtype=bool)
    seen[answers.group[answers.person], answers.item] = True
    seen &= np.array([bool(own) for own in used])
    anchors = np.array([one is not None for one in held])
    linked = seen[:, anchors].any(axis=1) if anchors.any() else np.arange(groups) == 0
    for _ in range(groups):
        linked = linked | seen[:, seen[linked].any(axis=0)].any(axis=1)
    bad = first_bad(np.asarray(~linked & seen.any(axis=1)))
    if bad is not None:
        raise BadInput(
            f"no item links group {answers.groups[bad]} to the scale: it shares none with the"
            " others",
            rule="link",
            group=answers.groups[bad],
            value=answers.groups[bad],
        )
