"""Where the marks of a wide interval chart stand. Units: SVG user units."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, LABEL, RIGHT, ROW, TOP = 720, 350, 64, 38, 32
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
