"""In which order a sitting shows the options of an item."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.itembank.content import LETTERS
from cat.selection.randomness import random_bits

# Item choice draws from counters below this; the order of options from counters above it.
_OPTION_STREAM = 1 << 32


def option_order(seed: int, number: int, *, shuffle: bool) -> str:
    """The item's own letters in the order shown: "CABED" shows option C first, as A.

    number : 1 for the first item of the sitting, and so on.
    """
    return _arranged(int(random_bits(seed, _OPTION_STREAM + number)[0])) if shuffle else LETTERS


def order_codes(
    seeds: NDArray[np.uint64], numbers: NDArray[np.int64], *, shuffle: bool
) -> NDArray[np.uint8]:
    """Where in ORDERS the `option_order` of each sitting's item stands, (J,).

    seeds : (J,) of the sittings. numbers : (J,) of the items, 1 for the first.
    """
    if not shuffle:
        return np.full(len(seeds), _AS_WRITTEN, np.uint8)
    bits = random_bits(seeds, numbers + _OPTION_STREAM)
    return np.asarray(bits % np.uint64(len(ORDERS)), np.uint8)


def _arranged(bits: int) -> str:
    """The order that these random bits give."""
    letters = list(LETTERS)
    for last in range(len(letters) - 1, 0, -1):  # Fisher-Yates; 5! divides 2**64 well enough
        bits, pick = divmod(bits, last + 1)
        letters[last], letters[pick] = letters[pick], letters[last]
    return "".join(letters)


# Every order: random bits give the one at their remainder by 5!.
ORDERS = tuple(_arranged(bits) for bits in range(120))
_AS_WRITTEN = ORDERS.index(LETTERS)
