"""The random numbers of a study: a pure function of its seed, the purpose and the person.

Hence it does not matter in which order, in which chunks or on which machine persons are simulated,
and person 7 of a study of 100 is person 7 of the same study with 1,000.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from cat.selection.randomness import random_bits, uniform


class Purpose(IntEnum):
    """What random numbers are for; each purpose has a stream of its own. Never renumber one."""

    SITTING = 0
    LUCK = 1
    ABILITY = 2
    BANK = 3
    REHEARSAL = 4


def seeds(
    seed: int, purpose: Purpose, numbers: NDArray[np.int64], *path: int
) -> NDArray[np.uint64]:
    """Seeds of persons or things by their numbers (J,), counted from 0; returns (J,).

    seed : the study's, in [0, 2**63). path : tells apart several streams of one purpose.
    """
    start = np.array([seed], np.uint64)
    for step in (purpose, *path):
        start = random_bits(start, step)
    return random_bits(start, numbers)


def uniforms(own: NDArray[np.uint64], number: int) -> NDArray[np.float64]:
    """Uniform numbers in (0, 1), the `number`-th of each seed (J,)."""
    # Neither 0 nor 1, whose normal quantiles are infinite.
    return np.asarray(np.clip(uniform(own, number), 2.0**-54, 1 - 2.0**-53))


def normals(own: NDArray[np.uint64], number: int) -> NDArray[np.float64]:
    """Standard normal numbers, the `number`-th of each seed (J,)."""
    return np.asarray(ndtri(uniforms(own, number)))
