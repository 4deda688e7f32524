"""The SVG of a figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import cos, radians, sin
from typing import Any

from cat.itembank.figures.marks import FILLS, Stamp, stamps
from cat.itembank.figures.reading import read
from cat.itembank.figures.shapes import SHAPES, Point, ring
from cat.itembank.figures.words import describe

PANEL, GAP = 96, 24  # px: side of a panel, room between two
HATCH = 8  # px along x + y from one hatching line to the next


def draw(figure: Mapping[str, Any]) -> str:
    """A self-contained SVG document of the figure; equal figures give equal text.

    Raises BadItem naming place, value and rule.
    """
    panels, is_analogy = read(figure)
    width, height = len(panels) * (PANEL + GAP) - GAP + 4, PANEL + 4
    body = [f"<title>{describe(figure)}</title>", _rect(0, 0, width, height, "none")]
    for index, panel in enumerate(panels):
        left = 2 + index * (PANEL + GAP)
        if is_analogy and index:
            body.append(_sign(left - GAP / 2, is_colon=index % 2 == 1))
        content = _question_mark() if panel is None else "".join(map(_outline, stamps(panel)))
        middle = f"translate({_n(left + PANEL / 2)} {_n(2 + PANEL / 2)})"
        body.append(_rect(left, 2, PANEL, PANEL, "#000") + f'<g transform="{middle}">{content}</g>')
    head = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    pen = 'fill="none" stroke="#000" stroke-width="2.5" stroke-linejoin="round"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {head} role="img" {pen} stroke-linecap="round">'
        + "".join(body)
        + "</svg>"
    )


def _corners(stamp: Stamp) -> list[Point]:
    """Corners in px from the centre of the panel; a disc gets enough of them to look round."""
    turn, hand = radians(stamp.turn), -1 if stamp.is_mirrored else 1
    across, along = stamp.radius * cos(turn), stamp.radius * sin(turn)
    return [
        (stamp.x + hand * x * across - y * along, stamp.y + hand * x * along + y * across)
        for x, y in SHAPES[stamp.shape].points or ring(72)
    ]


def _outline(stamp: Stamp) -> str:
    shape = SHAPES[stamp.shape]
    if shape.is_line:
        return f'<path d="{_path(_corners(stamp))}"/>'
    fill = f'fill="{FILLS[stamp.fill]}"'
    if shape.points:
        area = f'<path d="{_path(_corners(stamp))}Z" {fill}/>'
    else:
        area = f'<circle cx="{_n(stamp.x)}" cy="{_n(stamp.y)}" r="{_n(stamp.radius)}" {fill}/>'
    return area + (_hatching(stamp) if stamp.fill == "arsir" else "")


def _hatching(stamp: Stamp) -> str:
    """Slanting lines x + y = const clipped to the outline.

    Computed rather than referred to as a pattern: ids of two drawings on one page would collide.
    """
    corners, lines = _corners(stamp), []
    for level in range(-2 * PANEL + HATCH // 2, 2 * PANEL, HATCH):
        hits = sorted(_crossings(corners, level))
        lines += [_path(pair) for pair in zip(hits[::2], hits[1::2], strict=True)]
    return f'<path d="{"".join(lines)}" stroke-width="1.5"/>' if lines else ""


def _crossings(corners: list[Point], level: float) -> Iterator[Point]:
    """Where the line x + y = level crosses the closed outline: an even number of points."""
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (x1 + y1 <= level) != (x2 + y2 <= level):
            part = (level - x1 - y1) / (x2 + y2 - x1 - y1)
            yield x1 + part * (x2 - x1), y1 + part * (y2 - y1)


def _path(points: list[Point] | tuple[Point, ...]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _rect(x: float, y: float, width: float, height: float, stroke: str) -> str:
    size = f'width="{_n(width)}" height="{_n(height)}"'
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" {size} fill="#fff" stroke="{stroke}" stroke-width="1.5"/>'
    )


def _question_mark() -> str:
    hook = '<path d="M-12 -12A12 12 0 1 1 4 -0.5Q0 2 0 9" stroke-width="5"/>'
    return hook + '<circle cx="0" cy="20" r="3.5" fill="#000" stroke="none"/>'


def _sign(x: float, is_colon: bool) -> str:
    """A colon or an equals sign around (x, middle of the row)."""
    middle = 2 + PANEL / 2
    if is_colon:
        dots = (
            f'<circle cx="{_n(x)}" cy="{_n(middle + y)}" r="2.5" fill="#000"/>' for y in (-7, 7)
        )
        return "".join(dots)
    lines = (((x - 6, middle + y), (x + 6, middle + y)) for y in (-4, 4))
    return "".join(f'<path d="{_path(line)}"/>' for line in lines)


def _n(value: float) -> str:
    """Two decimals at most, and no minus zero: the same text on every machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
