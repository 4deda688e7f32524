"""Levels of a competency: how likely a person has reached each, given theta and its error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from cat.errors import BadInput
from cat.irt.arguments import LARGEST, number, numbers, positive


def chance_of_reaching(theta: float, se: float, cuts: Sequence[float]) -> NDArray[np.float64]:
    """Chance that the person's true ability lies at or above each cut.

    theta, se : estimate and standard error, logits, finite, se > 0.
    cuts : (L - 1,) ascending lower bounds of levels 2..L, logits, finite.

    Returns (L - 1,), descending, under a normal posterior. Raises BadInput.
    """
    bounds = numbers("cuts", cuts, "(L - 1,)")
    if not (np.abs(bounds) <= LARGEST).all() or (np.diff(bounds) <= 0).any():
        raise BadInput(f"cuts must be finite and ascend; got {bounds.tolist()}")
    theta, se = number("theta", theta), positive("se", se)
    return np.asarray(ndtr((theta - bounds) / se))


def likeliest_level(theta: float, se: float, cuts: Sequence[float]) -> int:
    """The level, from 1 to L, with the highest chance.

    theta, se, cuts : as for `chance_of_reaching`. Of levels that are equally likely the
    lowest. Raises BadInput.
    """
    reached = np.concatenate([[1.0], chance_of_reaching(theta, se, cuts), [0.0]])
    return int(np.argmax(reached[:-1] - reached[1:])) + 1
