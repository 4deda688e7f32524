"""Which items of a large bank say nearly the same, found by sketches small enough to scan.

A sketch is the MinHash of an item's traits: the share of equal places of two sketches estimates
their Jaccard index. Broder (1997), On the resemblance and containment of documents.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cat.itembank.content import ItemContent
from cat.itembank.peringatan.concern import Concern, Severity
from cat.itembank.quality import traits

PLACES = 64  # of a sketch: standard error of the estimate at most 1 / (2 * sqrt(64)) = 0.06
WORTH_SAYING, NEARLY_EQUAL = 0.5, 0.8  # Jaccard index
FEWEST_TRAITS = 4  # below that everything is alike

Sketch = NDArray[np.uint32]

_RNG = np.random.default_rng(20_241_115)  # the stored sketches are bound to these numbers
_FACTORS = _RNG.integers(1, 2**63, PLACES, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _RNG.integers(0, 2**63, PLACES, dtype=np.uint64)


@dataclass(frozen=True)
class Likeness:
    """Another item and the share of traits (0 to 1) that it has in common with this one."""

    code: str
    share: float


def own_text(item: ItemContent) -> ItemContent:
    """The item without its stimulus: items that share one are meant to share it."""
    return replace(item, stimulus="", stimulus_text="")


def sketch(item: ItemContent) -> bytes:
    """PLACES numbers of 32 bits, little-endian; empty for an item too short to compare."""
    found = traits(own_text(item))
    if len(found) < FEWEST_TRAITS and not item.figures:
        return b""
    digests = [hashlib.blake2b(repr(trait).encode(), digest_size=8).digest() for trait in found]
    hashes = np.frombuffer(b"".join(digests), dtype="<u8")[:, None]
    lowest = ((hashes * _FACTORS + _SHIFTS) >> np.uint64(32)).min(axis=0)
    return bytes(lowest.astype("<u4").tobytes())


def share(one: ItemContent, other: ItemContent) -> float:
    """Jaccard index of what two items say by themselves."""
    first, second = traits(own_text(one)), traits(own_text(other))
    return len(first & second) / max(1, len(first | second))


class Sketches:
    """The sketches of a whole bank, growing as items are stored."""

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}  # item id -> row
        self._ids = np.zeros(0, dtype=np.int64)
        self._table = np.zeros((0, PLACES), dtype=np.uint32)

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, stored: Sequence[tuple[int, bytes]]) -> None:
        """Add items (id, sketch) or replace what is known of them."""
        fresh = sorted({item_id for item_id, _ in stored} - set(self._rows))
        for item_id in fresh:
            self._rows[item_id] = len(self._rows)
        if fresh:
            self._ids = np.concatenate([self._ids, np.array(fresh, dtype=np.int64)])
            room = np.zeros((len(fresh), PLACES), dtype=np.uint32)
            self._table = np.concatenate([self._table, room])
        for item_id, body in stored:
            self._table[self._rows[item_id]] = np.frombuffer(body, "<u4") if body else 0

    def nearest(self, body: bytes, most: int = 20) -> list[int]:
        """Ids of the items whose estimated share is highest, those that cannot matter left out."""
        if not body or not len(self._ids):
            return []
        equal = (self._table == np.frombuffer(body, "<u4")).sum(axis=1)
        lowest = (WORTH_SAYING - 0.2) * PLACES  # more than three standard errors below
        order = np.argsort(-equal, kind="stable")[:most]
        return [int(self._ids[row]) for row in order if equal[row] >= lowest]


def likeness_concerns(alike: Sequence[Likeness]) -> Iterator[Concern]:
    """One warning for each item that shares enough to be worth saying."""
    for other in sorted(alike, key=lambda each: (-each.share, each.code)):
        if other.share >= WORTH_SAYING:
            yield Concern(
                Severity.BERAT if other.share >= NEARLY_EQUAL else Severity.SEDANG,
                "soal",
                f"Mirip dengan {other.code}: {100 * other.share:.0f}% isinya sama.",
                "Bandingkan keduanya; ubah yang ini, atau jadikan seteru bila keduanya perlu.",
                other.code,
            )
