"""Figures as Indonesian readers write them: decimal comma, points between thousands."""

from __future__ import annotations

from math import isnan

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
_SWAP = str.maketrans({",": ".", ".": ","})


def angka(value: float | None, digits: int = 2) -> str:
    """-1234.5 with one digit becomes "−1.234,5"; None and NaN are a dash."""
    if value is None or isnan(value):
        return NOTHING
    size = f"{abs(value):,.{digits}f}".translate(_SWAP)
    return MINUS + size if value < 0 and any(d in size for d in "123456789") else size


def persen(share: float | None, digits: int = 0) -> str:
    """0.125 with one digit becomes "12,5%"."""
    if share is None or isnan(share):
        return NOTHING
    return f"{angka(100 * share, digits)}%"
