"""Where does a person fall short of the standard, and what matters most? (PP 11/2017 art. 206)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cat.kompetensi.kamus import Kamus
from cat.kompetensi.standar import Standar


@dataclass(frozen=True)
class Kesenjangan:
    """One competency of a standard.

    level : reached, 1 to 5; None where nobody has measured it, and then `gap` is None too.
    bobot : points of JPM that one level of this competency is worth.
    prioritas : gap x bobot, the points of JPM that closing the gap brings.
    """

    kompetensi: str
    standar: int
    level: int | None
    gap: int | None
    bobot: Fraction
    prioritas: Fraction | None


def gaps(
    standar: Standar, levels: Mapping[str, int | None], kamus: Kamus
) -> tuple[Kesenjangan, ...]:
    """One row for each requirement, in the order of the standard.

    levels : competency -> level reached, 1 to 5; missing or None where nobody has measured it.
    """
    found = {
        kode: _gap(
            kode, required, levels.get(kode), Fraction(bobot.persen, sum(s for _, s in rows))
        )
        for bobot, rows in standar.by_weight(kamus)
        for kode, required in rows
    }
    return tuple(found[kode] for kode, _ in standar.syarat)


def by_priority(rows: Sequence[Kesenjangan]) -> tuple[Kesenjangan, ...]:
    """Those with a gap, the highest priority first; equals in the order given."""
    short = [row for row in rows if row.gap]
    return tuple(sorted(short, key=lambda row: row.prioritas or Fraction(0), reverse=True))


def gap_percent(rows: Sequence[Kesenjangan]) -> Fraction | None:
    """Sum of gaps over sum of standards, per cent; None where a level is not known or no rows."""
    if not rows or any(row.gap is None for row in rows):
        return None
    return Fraction(100 * sum(row.gap or 0 for row in rows), sum(row.standar for row in rows))


def _gap(kode: str, required: int, level: int | None, bobot: Fraction) -> Kesenjangan:
    gap = None if level is None else max(0, required - level)
    return Kesenjangan(kode, required, level, gap, bobot, None if gap is None else gap * bobot)
