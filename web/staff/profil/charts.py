"""Where the marks of the profile's charts stand, so that templates need no arithmetic.

Units: SVG user units. Pictures are 360 wide with 13 unit letters, so that they stay readable on a
screen of 320 pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cat.kompetensi.bukti import LevelBelief
from cat.kompetensi.kamus import LEVELS
from web.formatting import angka, domain, peluang, tanggal
from web.operations.profil import DomainProfile

WIDTH, EDGE = 360, 18
TRACK = WIDTH - 2 * EDGE
TOP, ROW = 26, 46
TICKS = (0, 25, 50, 75, 100)

STRIP_WIDTH, STRIP_HEIGHT = 180, 22
# Below this share of the strip a level's number does not fit into its field.
_NARROWEST = 0.08

RADAR, RADAR_CENTRE, RADAR_REACH, RADAR_LABEL = 360, 180, 140, 160
HISTORY_HEIGHT, HISTORY_LEFT, HISTORY_TOP, HISTORY_BOTTOM = 210, 34, 14, 34


@dataclass(frozen=True)
class Interval:
    """One row of an interval chart: a dot at `x` with whiskers from `low` to `high`.

    adds : the domain adds information; others get a hollow dot.
    """

    label: str
    text: str
    y: int
    x: float
    low: float
    high: float
    adds: bool


@dataclass(frozen=True)
class IntervalChart:
    """Shares of the maximum, 0 to 100 %, with one standard error each way.

    part : where the share of the whole part stands. ticks : (position, text).
    alt : the whole chart in words.
    """

    rows: tuple[Interval, ...]
    ticks: tuple[tuple[float, str], ...]
    part: float
    height: int
    alt: str
    width: int = WIDTH
    left: int = EDGE
    right: int = WIDTH - EDGE
    top: int = TOP


def domain_chart(title: str, share: float, domains: Iterable[DomainProfile]) -> IntervalChart:
    """Chart of one part's domains. share : of the whole part, 0 to 1."""
    rows = tuple(
        Interval(
            label=domain(each.path),
            text=f"{angka(100 * each.score.share, 0)}%",
            y=TOP + ROW * place + 32,
            x=_along(each.score.share),
            low=_along(each.score.share - each.score.share_se),
            high=_along(each.score.share + each.score.share_se),
            adds=each.nilai is not None and each.nilai.menambah,
        )
        for place, each in enumerate(domains)
    )
    words = "; ".join(f"{row.label} {row.text}" for row in rows)
    return IntervalChart(
        rows=rows,
        ticks=tuple((_along(tick / 100), f"{tick}%") for tick in TICKS),
        part=_along(share),
        height=TOP + ROW * len(rows) + 4,
        alt=f"{title}, perkiraan bagian dari nilai tertinggi per domain: {words}."
        f" Seluruh bagian {angka(100 * share, 0)}%.",
    )


@dataclass(frozen=True)
class StripField:
    """One level in a strip. text : its number, "" where there is no room."""

    level: int
    x: float
    width: float
    middle: float
    text: str


@dataclass(frozen=True)
class LevelStrip:
    """Five fields as wide as their level is likely. likeliest : the level that leads."""

    fields: tuple[StripField, ...]
    likeliest: int
    alt: str
    width: int = STRIP_WIDTH
    height: int = STRIP_HEIGHT


def level_strip(title: str, chances: Sequence[float]) -> LevelStrip:
    """The strip of five probabilities, level 1 first."""
    fields, x = [], 0.0
    for level, chance in enumerate(chances, start=1):
        width = STRIP_WIDTH * chance
        text = str(level) if chance >= _NARROWEST else ""
        fields.append(
            StripField(level, round(x, 1), round(width, 1), round(x + width / 2, 1), text)
        )
        x += width
    words = "; ".join(f"level {f.level} {peluang(chances[f.level - 1])}" for f in fields)
    likeliest = 1 + list(chances).index(max(chances))
    return LevelStrip(tuple(fields), likeliest, f"{title}: {words}.")


@dataclass(frozen=True)
class Spoke:
    """One axis of a radar. number : of its row in the table beside; x, y : end of the axis."""

    number: int
    x: float
    y: float
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Radar:
    """Expected levels on as many axes as there are competencies.

    outline : the polygon of expected levels, empty where an axis has no evidence in force.
    dots : (x, y, is weak) of every axis with evidence. rings : polygon of each level.
    """

    spokes: tuple[Spoke, ...]
    rings: tuple[str, ...]
    outline: str
    dots: tuple[tuple[float, float, bool], ...]
    alt: str
    size: int = RADAR
    centre: int = RADAR_CENTRE


def radar(title: str, beliefs: Sequence[tuple[str, LevelBelief]]) -> Radar:
    """Radar of (name, belief) pairs, clockwise from the top."""
    count = len(beliefs)

    def at(place: int, reach: float) -> tuple[float, float]:
        angle = 2 * math.pi * place / count
        x, y = math.sin(angle), -math.cos(angle)
        return round(RADAR_CENTRE + reach * x, 1), round(RADAR_CENTRE + reach * y, 1)

    def polygon(reaches: Iterable[float]) -> str:
        return " ".join("{},{}".format(*at(n, reach)) for n, reach in enumerate(reaches))

    known = [each.has_evidence for _, each in beliefs]
    means = [RADAR_REACH * each.mean / LEVELS for _, each in beliefs]
    words = "; ".join(
        f"{name} {angka(each.mean, 1)}" if each.has_evidence else f"{name} belum ada bukti"
        for name, each in beliefs
    )
    return Radar(
        spokes=tuple(Spoke(n + 1, *at(n, RADAR_REACH), *at(n, RADAR_LABEL)) for n in range(count)),
        rings=tuple(
            polygon([RADAR_REACH * level / LEVELS] * count) for level in range(1, LEVELS + 1)
        ),
        outline=polygon(means) if all(known) else "",
        dots=tuple(
            (*at(n, means[n]), each.lemah) for n, (_, each) in enumerate(beliefs) if known[n]
        ),
        alt=f"{title}, level yang diharapkan (1 sampai 5): {words}.",
    )


@dataclass(frozen=True)
class Moment:
    """One point of a history: expected level with one standard deviation each way."""

    x: float
    y: float
    low: float
    high: float
    text: str
    is_weak: bool
    anchor: str


@dataclass(frozen=True)
class HistoryChart:
    """How a belief changed. levels : (y, text) of the five lines; path : points of the line."""

    moments: tuple[Moment, ...]
    levels: tuple[tuple[float, str], ...]
    path: str
    alt: str
    width: int = WIDTH
    height: int = HISTORY_HEIGHT
    left: int = HISTORY_LEFT
    base: int = HISTORY_HEIGHT - HISTORY_BOTTOM


def history_chart(title: str, history: Sequence[tuple[date, LevelBelief]]) -> HistoryChart:
    """Chart of beliefs by day, the earliest first; at least one."""
    first, last = history[0][0], history[-1][0]
    span = (last - first).days or 1
    right = WIDTH - EDGE - 20

    def across(day: date) -> float:
        share = (day - first).days / span if last > first else 0.5
        return round(HISTORY_LEFT + 24 + (right - HISTORY_LEFT - 24) * share, 1)

    moments = tuple(
        Moment(
            x=across(day),
            y=_up(belief.mean),
            low=_up(max(1.0, belief.mean - belief.sd)),
            high=_up(min(float(LEVELS), belief.mean + belief.sd)),
            text=f"{day:%m-%Y}" if day in (first, last) else "",
            is_weak=belief.lemah,
            anchor="middle",
        )
        for day, belief in history
    )
    words = "; ".join(
        f"{tanggal(day)} level {angka(belief.mean, 1)} simpangan {angka(belief.sd, 1)}"
        for day, belief in history
    )
    return HistoryChart(
        moments=moments,
        levels=tuple((_up(level), str(level)) for level in range(1, LEVELS + 1)),
        path=" ".join(f"{each.x},{each.y}" for each in moments),
        alt=f"{title}, perkembangan level yang diharapkan: {words}.",
    )


def _along(share: float) -> float:
    return round(EDGE + TRACK * min(1.0, max(0.0, share)), 1)


def _up(level: float) -> float:
    height = HISTORY_HEIGHT - HISTORY_BOTTOM - HISTORY_TOP
    return round(HISTORY_TOP + height * (LEVELS - level) / (LEVELS - 1), 1)
