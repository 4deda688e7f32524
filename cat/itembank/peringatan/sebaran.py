"""Whether a writer has a favourite place for the key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scipy.special import bdtrc

from cat.itembank.content import LETTERS, ItemContent
from cat.itembank.peringatan.concern import Concern, Severity

FEWEST = 10  # items; fewer say nothing
CHANCE = 0.01  # of a batch without a favourite, corrected for looking at five letters


def spread_concerns(item: ItemContent, batch_keys: str) -> Iterator[Concern]:
    """A letter that is the key too often in the batch, this item included, to be chance."""
    if item.key is None or item.key not in LETTERS:
        return
    keys = Counter(batch_keys + item.key)
    total = sum(keys.values())
    count = keys[item.key]
    if total < FEWEST or bdtrc(count - 1, total, 1 / len(LETTERS)) * len(LETTERS) > CHANCE:
        return
    rarest = min(LETTERS, key=lambda letter: (keys[letter], letter))
    yield Concern(
        Severity.SEDANG,
        "kunci",
        f"Kunci {item.key} dipakai pada {count} dari {total} butir Anda di domain ini.",
        f"Pindahkan kunci ke huruf yang jarang, misalnya {rarest}.",
    )
