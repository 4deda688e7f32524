"""Which active items should somebody look at next, and why? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cat.irt.items import information
from cat.publication.health import THETA, Need, Stock

SHOWN = 15
# A share of fewer sittings says little; an item that as many never met is not used.
ENOUGH = 100
YEAR = 365.25 * 24 * 3600 * 1_000_000
_FAR = 3.0
# How urgent each reason is; added up. People's doubts come first, then what candidates may know.
_WEIGHT = {
    "komentar": 5,
    "paparan": 4,
    "kalibrasi": 3,
    "umur": 2,
    "informasi": 2,
    "kesukaran": 1,
    "terpakai": 1,
}


@dataclass(frozen=True)
class Facts:
    """What is known of the use of one item.

    rate : exposure rate or None; offered : sittings that could have met it. since : microseconds,
    first answered or else written. sittings : that answered it. comments : open threads.
    """

    rate: float | None
    offered: int
    since: int
    sittings: int
    comments: int


@dataclass(frozen=True)
class Review:
    """One item with the reasons to look at it, the most urgent first; urgency : their sum."""

    code: str
    domain: str
    reasons: tuple[str, ...]
    urgency: int


def to_review(
    stock: Stock, facts: Sequence[Facts], need: Need, r_max: float, now: int, most: int = SHOWN
) -> tuple[Review, ...]:
    """Items with any reason, the most urgent first, at most `most` of them."""
    if stock.items is None:
        return ()
    peak = information(THETA, stock.items).max(axis=0)
    found = []
    for i, fact in enumerate(facts):
        reasons = _reasons(stock, i, fact, float(peak[i]), need, r_max, now)
        if reasons:
            reasons.sort(key=lambda pair: -_WEIGHT[pair[0]])
            urgency = sum(_WEIGHT[kind] for kind, _ in reasons)
            words = tuple(sentence for _, sentence in reasons)
            found.append(Review(stock.codes[i], stock.domains[i], words, urgency))
    found.sort(key=lambda row: (-row.urgency, row.code))
    return tuple(found[:most])


def _reasons(
    stock: Stock, i: int, fact: Facts, peak: float, need: Need, r_max: float, now: int
) -> list[tuple[str, str]]:
    found = []
    years = (now - fact.since) / YEAR
    difficulty = float(stock.difficulty[i])
    if fact.comments:
        found.append(("komentar", f"{fact.comments} komentar telaah belum selesai"))
    if fact.rate is not None and fact.offered >= ENOUGH and fact.rate > r_max:
        words = f"paparan {_percent(fact.rate)} di atas batas {_percent(r_max)}"
        found.append(("paparan", words))
    if not stock.calibrated[i]:
        words = "belum dikalibrasi"
        if fact.sittings >= ENOUGH:
            words += f" padahal sudah dijawab {fact.sittings} orang"
        found.append(("kalibrasi", words))
    if years > need.life_years:
        found.append(("umur", f"sudah {_comma(years)} tahun; diganti sesudah {need.life_years:g}"))
    if peak < need.low_information:
        found.append(("informasi", f"informasi puncak hanya {_comma(peak, 2)}"))
    if not np.isfinite(difficulty) or abs(difficulty) > _FAR:
        found.append(("kesukaran", f"kesukaran {_comma(difficulty)} di luar jangkauan peserta"))
    if fact.offered >= ENOUGH and not fact.sittings:
        found.append(("terpakai", f"tidak pernah terpilih dalam {fact.offered} ujian"))
    return found


def _comma(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")


def _percent(share: float) -> str:
    return f"{_comma(100 * share, 0)}%"
