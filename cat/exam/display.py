"""In which order a sitting shows the options of an item."""

from __future__ import annotations

from cat.itembank.content import LETTERS
from cat.selection.randomness import random_bits

# Item choice draws from counters below this; the order of options from counters above it.
_OPTION_STREAM = 1 << 32


def option_order(seed: int, number: int, *, shuffle: bool) -> str:
    """The item's own letters in the order shown: "CABED" shows option C first, as A.

    number : 1 for the first item of the sitting, and so on.
    """
    letters = list(LETTERS)
    if shuffle:
        bits = int(random_bits(seed, _OPTION_STREAM + number)[0])
        for last in range(len(letters) - 1, 0, -1):  # Fisher-Yates; 5! divides 2**64 well enough
            bits, pick = divmod(bits, last + 1)
            letters[last], letters[pick] = letters[pick], letters[last]
    return "".join(letters)
