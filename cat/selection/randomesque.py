"""Randomesque exposure control: draw among the best few instead of taking the best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.errors import PoolExhausted


def draw(
    scores: NDArray[np.float64], eligible: NDArray[np.bool_], top: int, chance: NDArray[np.float64]
) -> NDArray[np.int64]:
    """One of the `top` best eligible items for each person.

    scores : (J, I) larger is better; equal scores rank by position.
    eligible : (J, I) items that may be given.
    chance : (J,) uniform numbers in [0, 1).

    Returns (J,) positions. Raises PoolExhausted when a person has no eligible item.
    Kingsbury & Zara (1989), Applied Measurement in Education 2, 359-375.
    """
    ranked = np.where(eligible, scores, -np.inf)
    persons = np.arange(len(scores))
    best = np.empty((len(scores), top), dtype=np.int64)
    for rank in range(top):
        best[:, rank] = ranked.argmax(axis=1)
        ranked[persons, best[:, rank]] = -np.inf
    available = eligible.sum(axis=1)
    if not available.all():
        raise PoolExhausted("no eligible item is left", persons=np.flatnonzero(available == 0))
    pick = (chance * np.minimum(available, top)).astype(np.int64)
    return np.asarray(best[persons, pick])
