"""Who chooses which option of an item, where everybody answered other items.

Persons are put in order of the ability that the calibration gives them, as the score on the other
items cannot be compared between persons of an adaptive test. Rules as in
`cat.calibration.diagnostics.distractors`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.distractors import (
    FEWEST_SHARE,
    Distractors,
    Option,
    OptionRole,
)
from cat.calibration.keys import GROUPS, OptionTrace
from cat.itembank.content import LETTERS

Floats = NDArray[np.float64]

_RISES, _DIFFERS = 3.0, 2.0  # standard errors
_FEWEST = 50


def traces(
    answers: Answers, options: NDArray[np.int8], theta: Floats, keys: Mapping[str, int]
) -> list[Distractors]:
    """The options of some items.

    options : (N,) 0 for A and so on, for each answer. theta : (J,) abilities. keys : item -> its
    keyed option, 0 for A; items with fewer than 50 answers are passed over.
    """
    found = []
    for item, key in keys.items():
        here = answers.item == answers.items.index(item)
        if here.sum() >= _FEWEST:
            found.append(_of_item(item, key, options[here], theta[answers.person[here]]))
    return found


def _of_item(item: str, key: int, chosen: NDArray[np.int8], theta: Floats) -> Distractors:
    z = (theta - theta.mean()) / max(theta.std(), 1e-12)
    order = np.argsort(np.argsort(z, kind="stable"), kind="stable")
    fifth = np.minimum(GROUPS * order // len(z), GROUPS - 1)
    all_traces = [_trace(k, chosen == k, z, fifth) for k in range(len(LETTERS))]
    own = all_traces[key]
    rivals = [one for k, one in enumerate(all_traces) if k != key and _beats(one, own, len(z))]
    best = max(rivals, key=lambda one: one.correlation, default=None)
    return Distractors(
        item=item,
        key=own.option,
        proposed=best.option if best else None,
        persons=len(z),
        options=tuple(Option(one, _role(one, own, len(z))) for one in all_traces),
    )


def _trace(
    option: int, chose: NDArray[np.bool_], z: Floats, fifth: NDArray[np.int64]
) -> OptionTrace:
    share = float(chose.mean())
    spread = np.sqrt(share * (1 - share))
    size = np.maximum(np.bincount(fifth, minlength=GROUPS), 1)
    return OptionTrace(
        option=option + 1,
        count=int(chose.sum()),
        share=share,
        correlation=float((chose - share) @ z / len(z) / spread) if spread > 0 else float("nan"),
        mean_rest=float(z[chose].mean()) if chose.any() else float("nan"),
        trace=tuple((np.bincount(fifth[chose], minlength=GROUPS) / size).tolist()),
    )


def _beats(rival: OptionTrace, own: OptionTrace, persons: int) -> bool:
    """Whether an option rises with ability, and more so than the key; see `keys.check_keys`."""
    keyed = own.correlation if np.isfinite(own.correlation) else 0.0
    odds = [one.share / max(1 - one.share, 1e-12) for one in (rival, own)]
    spread = np.sqrt(2 * (1 + np.sqrt(odds[0] * odds[1])) / persons)
    return bool(
        rival.correlation > _RISES / np.sqrt(persons)
        and rival.correlation - keyed > _DIFFERS * spread
    )


def _role(one: OptionTrace, key: OptionTrace, persons: int) -> OptionRole:
    rises = bool(one.correlation * np.sqrt(persons) > _RISES)
    if one is key:
        return OptionRole.KEY if rises else OptionRole.KEY_FAILS
    if rises:
        return OptionRole.RISES
    return OptionRole.IDLE if one.share < FEWEST_SHARE else OptionRole.WORKS
