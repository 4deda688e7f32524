"""What a mark can be, and where its copies fall on a panel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cat.itembank.figures.shapes import SHAPES, Point

STEP = 33  # px from the centre of a panel to the middle of an outer grid place
RADII = {"kecil": 11, "sedang": 18, "besar": 38}  # px
# Colour under the outline; arsir gets its hatching on top of that.
FILLS = {"kosong": "#fff", "abu": "#bbb", "hitam": "#000", "arsir": "#fff"}
PLACES: dict[str, tuple[int, int]] = {
    **{"kiri_atas": (-1, -1), "atas": (0, -1), "kanan_atas": (1, -1)},
    **{"kiri": (-1, 0), "tengah": (0, 0), "kanan": (1, 0)},
    **{"kiri_bawah": (-1, 1), "bawah": (0, 1), "kanan_bawah": (1, 1)},
}
ROWS = {1: (1,), 2: (2,), 3: (1, 2), 4: (2, 2), 5: (2, 1, 2), 6: (3, 3), 7: (2, 3, 2)}
ROWS |= {8: (3, 2, 3), 9: (3, 3, 3)}  # how many copies stand in each row


@dataclass(frozen=True)
class Mark:
    """One described mark, its turn (degrees) and mirroring reduced to what the eye can tell."""

    shape: str
    fill: str
    size: str
    turn: int
    is_mirrored: bool
    place: str
    count: int


@dataclass(frozen=True, order=True)
class Stamp:
    """One outline on a panel; x, y and radius in px from the centre of the panel."""

    x: float
    y: float
    shape: str
    radius: float
    turn: int
    is_mirrored: bool
    fill: str


Panel = tuple[Mark, ...] | None  # None is the question mark


def stamps(panel: tuple[Mark, ...]) -> list[Stamp]:
    """Every copy of every mark, the back one first."""
    found = []
    for mark in panel:
        radius = RADII[mark.size] * SHAPES[mark.shape].scale
        column, row = PLACES[mark.place]
        for dx, dy in _spread(mark.count, pitch=2 * radius + 5):
            x, y = STEP * column + dx, STEP * row + dy
            found.append(Stamp(x, y, mark.shape, radius, mark.turn, mark.is_mirrored, mark.fill))
    return found


def _spread(count: int, pitch: float) -> Iterator[Point]:
    """Offsets of `count` copies in centred rows, `pitch` px apart."""
    rows = ROWS[count]
    for line, length in enumerate(rows):
        for k in range(length):
            yield (k - (length - 1) / 2) * pitch, (line - (len(rows) - 1) / 2) * pitch
