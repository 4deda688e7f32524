"""Sums over quadrature nodes that come out the same to the last bit in any batch.

Weights are rounded to multiples of 2**-26 and tables to whole multiples of a unit that leaves them
26 bits. Every product and partial sum is then a whole number of units below 2**53: exact in
float64, in whatever order a matrix product adds them (docs/decisions/0002).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WEIGHT_UNIT = 2.0**-26
# Arrays of persons x items x categories are worked on in slices of at most this many numbers, 8 MB.
SLICE_CELLS = 2**20


def whole(table: Floats, unit: float) -> Floats:
    """The table in whole multiples of `unit`, a power of two of at least max |table| * 2**-26."""
    return np.asarray(np.rint(table / unit))


def weighted_sums(weights: Floats, table: Floats, unit: float) -> Floats:
    """Sum over nodes of each row of weights times each row of the table; exact once rounded.

    weights : (J, Q), each row adding to 1 or less in absolute value; rounded here.
    table : (N, Q) whole numbers below 2**26, multiples of `unit`.

    Returns (J, N), in the units of the table before it was rounded.
    """
    # Scaling by powers of two is exact, and on the weights it costs the least.
    scaled = np.rint(weights / WEIGHT_UNIT) * (WEIGHT_UNIT * unit)
    return np.asarray(scaled @ table.T)


def scaled_sums(weights: Floats, table: Floats, unit: float) -> Floats:
    """`weighted_sums` for weights of any size: each row is first scaled by a power of two of its
    own so that its absolute values add to 1 or less, and its sums back afterwards."""
    _, exponent = np.frexp(np.abs(weights).sum(axis=1, keepdims=True))
    return np.ldexp(weighted_sums(np.ldexp(weights, -exponent), table, unit), exponent)


def slices(persons: int, cells_per_person: int) -> Iterator[slice]:
    """Consecutive slices of the persons, each of at most SLICE_CELLS numbers or one person."""
    step = max(1, SLICE_CELLS // max(1, cells_per_person))
    for start in range(0, persons, step):
        yield slice(start, start + step)
