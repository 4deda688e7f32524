"""Which shapes exist, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import cos, radians, sin

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """One outline at turn 0, inside the circle of radius 1 around (0, 0), y growing downwards.

    words : its Indonesian name.
    points : corners in order; none for a disc.
    symmetry : degrees after which it looks the same; 0 when every turn does.
    facing : verb of the direction it points in; empty when it points nowhere.
    poses : words for some turns, instead of the degrees.
    arms : for a chiral shape, words for what lies towards the turn and for what lies a quarter
        turn clockwise of it (anticlockwise when mirrored). Every other shape is its own mirror
        image at turn 0.
    scale : part of the nominal radius that it fills.
    is_line : an open stroke, without a fill.
    """

    words: str
    points: tuple[Point, ...]
    symmetry: int = 360
    facing: str = ""
    poses: Mapping[int, str] = field(default_factory=dict)
    arms: tuple[str, str] | None = None
    scale: float = 1.0
    is_line: bool = False


def ring(corners: int, start: float = 0, inner: float = 1.0) -> tuple[Point, ...]:
    """Corners at equal angles clockwise from `start` degrees, each second one at radius `inner`."""
    angles = [radians(start + 360 * k / corners) for k in range(corners)]
    radii = [inner if k % 2 else 1.0 for k in range(corners)]
    return tuple((r * sin(t), -r * cos(t)) for r, t in zip(radii, angles, strict=True))


def _arc(first: int, last: int) -> tuple[Point, ...]:
    """Points of the unit circle from `first` to `last` degrees, close enough to look round."""
    angles = [radians(degree) for degree in range(first, last + 1, 5)]
    return tuple((sin(t), -cos(t)) for t in angles)


_PLUS = ((-0.3, -0.95), (0.3, -0.95), (0.3, -0.3), (0.95, -0.3), (0.95, 0.3), (0.3, 0.3))
_ARROW = ((0.0, -1.0), (0.62, -0.25), (0.24, -0.25), (0.24, 0.95))
_LETTER_L = ((-0.55, -0.9), (-0.15, -0.9), (-0.15, 0.45), (0.6, 0.45), (0.6, 0.85), (-0.55, 0.85))
_FLAG = ((-0.5, -0.95), (0.7, -0.5), (-0.3, -0.05), (-0.3, 0.95), (-0.5, 0.95))

SHAPES: dict[str, Shape] = {
    "lingkaran": Shape("lingkaran", (), 0, scale=0.9),
    "titik": Shape("titik", (), 0, scale=0.45),
    "segitiga": Shape("segitiga", ring(3), 120, "menghadap"),
    "persegi": Shape("persegi", ring(4, 45), 90, poses={0: "", 45: "berdiri pada sudutnya"}),
    "segilima": Shape("segi lima", ring(5), 72, "menghadap"),
    "segienam": Shape("segi enam", ring(6), 60, poses={0: ""}),
    "bintang": Shape("bintang", ring(10, inner=0.42), 72, "menghadap"),
    "panah": Shape("panah", (*_ARROW, *((-x, y) for x, y in _ARROW[:0:-1])), 360, "menunjuk ke"),
    "palang": Shape(
        "palang",
        (*_PLUS, *((-x, -y) for x, y in _PLUS)),
        90,
        poses={0: "seperti tanda tambah", 45: "seperti tanda silang"},
    ),
    "setengah": Shape("setengah lingkaran", _arc(-90, 90), 360, "melengkung ke", scale=0.9),
    "juring": Shape(
        "juring seperempat lingkaran", ((0.0, 0.0), *_arc(-45, 45)), 360, "dari pusat ke", scale=0.9
    ),
    "garis": Shape(
        "garis",
        ((0.0, -1.0), (0.0, 1.0)),
        180,
        poses={0: "tegak", 45: "miring ke kanan", 90: "mendatar", 135: "miring ke kiri"},
        is_line=True,
    ),
    "jarum": Shape(
        "jarum", ((0.0, 0.0), (0.0, -1.0)), 360, "dari pusat ke", scale=0.76, is_line=True
    ),
    "huruf_l": Shape("huruf L", _LETTER_L, arms=("lengan panjang ke", "lengan pendek ke")),
    "bendera": Shape("bendera", _FLAG, arms=("ujung tiang ke", "kain ke")),
}
