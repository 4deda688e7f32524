"""What writers should write this month, in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from cat.publication.health import Cell, Health, Need
from cat.simulation.reporting.numerals import angka

_FIVE = ("sangat mudah", "mudah", "sedang", "sulit", "sangat sulit")


def band_names(edges: Sequence[float]) -> list[str]:
    """What the difficulty bands are called: words for five, else their limits."""
    ends = [angka(edge, 1, is_signed=True) for edge in edges]
    ranges = [f"di bawah {ends[0]}"]
    ranges += [f"{low} sampai {high}" for low, high in pairwise(ends)]
    ranges.append(f"di atas {ends[-1]}")
    if len(ranges) != len(_FIVE):
        return ranges
    return [f"{word} (b {limits})" for word, limits in zip(_FIVE, ranges, strict=True)]


def advice(health: Health, need: Need) -> list[tuple[str, str]]:
    """(domain, what to write this month), the domain that lacks most first."""
    names = band_names(need.edges)
    found = []
    for domain, group in groupby(health.cells, key=lambda cell: cell.domain):
        cells: list[Cell] = [cell for cell in group if cell.monthly]
        if not cells:
            continue
        lacking = sum(cell.missing for cell in cells)
        wanted = ", ".join(f"{cell.monthly} butir {names[cell.band]}" for cell in cells)
        found.append((lacking, domain, wanted))
    found.sort(key=lambda row: (-row[0], row[1]))
    return [(domain, wanted) for _, domain, wanted in found]
