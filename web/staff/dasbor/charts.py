"""Where the marks of the dashboard's charts stand. Units: SVG user units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from web.formatting import angka
from web.operations.dasbor.figures import Distribution

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 220, 12, 32, 18
BIN = 10  # points in one bar
RATIO_WIDTH, RATIO_LABEL, RATIO_ROW, RATIO_TOP, LARGEST = 720, 260, 38, 34, 2.0
RATIO_LETTERS = 22  # that fit before the picture begins


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram. range : points that it covers, in words."""

    x: float
    y: float
    width: float
    height: float
    range: str
    people: int


@dataclass(frozen=True)
class Histogram:
    """A distribution in bars. minimum : where the threshold line stands, if there is one."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    minimum: float | None
    minimum_words: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class RatioRow:
    """One group's ratio with its interval; `runs_on` where the interval leaves the picture."""

    label: str
    text: str
    y: int
    x: float | None
    low: float
    high: float
    runs_on: bool


@dataclass(frozen=True)
class RatioChart:
    """Ratios of pass rates with intervals, and the limit as a line."""

    rows: tuple[RatioRow, ...]
    ticks: tuple[tuple[float, str], ...]
    limit: float
    height: int
    alt: str
    width: int = RATIO_WIDTH
    label_end: int = RATIO_LABEL - 12
    top: int = RATIO_TOP


def histogram(
    title: str, spread: Distribution, maximum: int, minimum: int | None
) -> Histogram | None:
    """The histogram of one part; None where nobody has finished.

    maximum : most points of the part. minimum : the ambang batas to draw, points.
    """
    if not spread.people:
        return None
    numbers: dict[int, int] = {}
    for points, people in spread.counts:
        numbers[points // BIN] = numbers.get(points // BIN, 0) + people
    highest = max(numbers.values())
    across = (WIDTH - 2 * LEFT) / (maximum // BIN + 1)

    def place(points: float) -> float:
        return round(LEFT + across * points / BIN, 1)

    bars = tuple(
        _bar(number, place(number * BIN), across, people, highest)
        for number, people in sorted(numbers.items())
    )
    step = 50 if maximum > 150 else 25
    words = "; ".join(f"{bar.range}: {bar.people} orang" for bar in bars)
    return Histogram(
        bars=bars,
        ticks=tuple((place(tick), str(tick)) for tick in range(0, maximum + 1, step)),
        minimum=None if minimum is None else place(minimum),
        minimum_words="" if minimum is None else f"ambang batas {minimum}",
        alt=f"{title}: banyaknya peserta tiap rentang nilai. {words}.",
    )


def _bar(number: int, x: float, across: float, people: int, highest: int) -> Bar:
    height = round(people / highest * (HEIGHT - BOTTOM - TOP), 1)
    return Bar(
        x=round(x + 1, 1),
        y=round(HEIGHT - BOTTOM - height, 1),
        width=round(max(1.0, across - 2), 1),
        height=height,
        range=f"{number * BIN} sampai {number * BIN + BIN - 1}",
        people=people,
    )


def ratio_chart(
    title: str, rows: Iterable[tuple[str, float, float, float]], limit: float
) -> RatioChart:
    """rows : (label, ratio, low, high); ratio may be NaN and high infinite."""
    named = tuple(rows)
    drawn = tuple(_ratio_row(number, *row) for number, row in enumerate(named))
    words = "; ".join(f"{row[0]} {mark.text}" for row, mark in zip(named, drawn, strict=True))
    return RatioChart(
        rows=drawn,
        ticks=tuple((_ratio_place(t / 2), angka(t / 2, 1)) for t in range(5)),
        limit=_ratio_place(limit),
        height=RATIO_TOP + RATIO_ROW * len(drawn) + 10,
        alt=f"{title}, rasio kelulusan dengan selangnya: {words}.",
    )


def _ratio_row(number: int, label: str, ratio: float, low: float, high: float) -> RatioRow:
    upper = angka(high) if isfinite(high) else "tak terbatas"
    known = isfinite(ratio)
    return RatioRow(
        label=label if len(label) <= RATIO_LETTERS else label[: RATIO_LETTERS - 1].rstrip() + "…",
        text=f"{angka(ratio) if known else 'tidak terhitung'} ({angka(low)} sampai {upper})",
        y=RATIO_TOP + RATIO_ROW * number + RATIO_ROW // 2,
        x=_ratio_place(ratio) if known and ratio <= LARGEST else None,
        low=_ratio_place(low),
        high=_ratio_place(high),
        runs_on=high > LARGEST,
    )


def _ratio_place(ratio: float) -> float:
    span = RATIO_WIDTH - RATIO_LABEL - 20
    return round(RATIO_LABEL + span * min(LARGEST, max(0.0, ratio)) / LARGEST, 1)
