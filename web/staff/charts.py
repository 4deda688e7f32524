"""Where the marks of a chart stand, so that templates need no arithmetic. Units: SVG user units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cat.scoring.profile import DomainScore
from web.formatting import angka, domain

WIDTH, LABEL, RIGHT, ROW, TOP = 720, 350, 64, 38, 32
_SPAN = WIDTH - LABEL - RIGHT
TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Interval:
    """One row of an interval chart: a dot at `x` with whiskers from `low` to `high`."""

    label: str
    text: str
    y: int
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class IntervalChart:
    """A chart of shares of the maximum, 0 to 100 %, with one standard error each way.

    ticks : (position, text). alt : the whole chart in words.
    """

    rows: tuple[Interval, ...]
    ticks: tuple[tuple[float, str], ...]
    height: int
    alt: str
    width: int = WIDTH
    label_end: int = LABEL - 12
    top: int = TOP


def domain_chart(title: str, scores: Iterable[tuple[str, DomainScore]]) -> IntervalChart:
    """Chart of one part's domains."""
    rows = tuple(
        Interval(
            label=domain(path),
            text=f"{angka(100 * score.share, 0)}%",
            y=TOP + ROW * place + ROW // 2,
            x=_place(score.share),
            low=_place(score.share - score.share_se),
            high=_place(score.share + score.share_se),
        )
        for place, (path, score) in enumerate(scores)
    )
    words = "; ".join(f"{row.label} {row.text}" for row in rows)
    return IntervalChart(
        rows=rows,
        ticks=tuple((_place(tick / 100), f"{tick}%") for tick in TICKS),
        height=TOP + ROW * len(rows) + 8,
        alt=f"{title}, perkiraan nilai per domain sebagai bagian dari nilai tertinggi: {words}.",
    )


def _place(share: float) -> float:
    return round(LABEL + _SPAN * min(1.0, max(0.0, share)), 1)
