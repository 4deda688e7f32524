"""Random numbers that are a pure function of a seed and a counter."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def random_bits(seed: ArrayLike, counter: ArrayLike) -> NDArray[np.uint64]:
    """64 random bits for each pair of seed and counter, whatever was drawn before.

    seed, counter : (J,) integers in [0, 2**64). `random_bits(seed, n)` is output n (from 0) of the
        SplitMix64 generator started at `seed`.

    Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators, OOPSLA.
    numpy's own counter-based generators need a new object per person, too slow for a cohort.
    """
    seeds, counters = np.atleast_1d(np.asarray(seed, np.uint64), np.asarray(counter, np.uint64))
    with np.errstate(over="ignore"):
        z = (counters + np.uint64(1)) * _GOLDEN
        z = z + seeds
        # In place: a cohort under exposure control draws for thousands of items at each step.
        shifted = z >> np.uint64(30)
        z ^= shifted
        z *= _FIRST
        z ^= np.right_shift(z, np.uint64(27), out=shifted)
        z *= _SECOND
        z ^= np.right_shift(z, np.uint64(31), out=shifted)
    return np.asarray(z)


def uniform(seed: ArrayLike, counter: ArrayLike) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1), one for each pair of seed and counter; returns (J,)."""
    return np.asarray((random_bits(seed, counter) >> np.uint64(11)) * 2.0**-53, np.float64)
