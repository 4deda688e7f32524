"""What a description of a figure means, and whether it is legal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cat.errors import BadItem
from cat.itembank.figures.marks import FILLS, PLACES, RADII, ROWS, Mark, Panel, stamps
from cat.itembank.figures.shapes import SHAPES

REACH = 46  # px from the centre of a panel to its inner edge
MOST_PANELS = 9
_ALLOWED: dict[str, tuple[str, ...]] = {
    **{"bentuk": tuple(SHAPES), "isi": tuple(FILLS)},
    **{"ukuran": tuple(RADII), "letak": tuple(PLACES)},
}
_KEYS = (*_ALLOWED, "putar", "cermin", "jumlah")


def read(figure: Mapping[str, Any]) -> tuple[list[Panel], bool]:
    """The figure's panels, and whether they stand in pairs.

    Raises BadItem naming place, value and rule.
    """
    if not isinstance(figure, Mapping) or set(figure) - {"panel", "susunan"}:
        raise _refusal("gambar", figure, "hanya isian panel dan susunan")
    layout, rows = figure.get("susunan", "deret"), figure.get("panel")
    if layout not in ("deret", "analogi"):
        raise _refusal("gambar, susunan", layout, "harus deret atau analogi")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_PANELS:
        raise _refusal("gambar, panel", rows, f"harus daftar 1 sampai {MOST_PANELS} panel")
    if layout == "analogi" and len(rows) % 2:
        raise _refusal("gambar, panel", len(rows), "analogi perlu panel berpasangan")
    return [_panel(f"panel {k}", row) for k, row in enumerate(rows, start=1)], layout == "analogi"


def _panel(place: str, row: object) -> Panel:
    if row == "tanya":
        return None
    if not isinstance(row, list):
        raise _refusal(place, row, 'harus daftar tanda atau "tanya"')
    return tuple(_mark(f"{place}, tanda {k}", mark) for k, mark in enumerate(row, start=1))


def _mark(place: str, mark: object) -> Mark:
    if not isinstance(mark, Mapping) or "bentuk" not in mark or set(mark) - set(_KEYS):
        raise _refusal(place, mark, f"wajib bentuk, selebihnya hanya {', '.join(_KEYS[1:])}")
    for key, allowed in _ALLOWED.items():
        if key in mark and mark[key] not in allowed:
            raise _refusal(
                f"{place}, {key}", mark[key], f"harus salah satu dari {', '.join(allowed)}"
            )
    turn, mirrored, count = mark.get("putar", 0), mark.get("cermin", False), mark.get("jumlah", 1)
    if type(turn) is not int:
        raise _refusal(f"{place}, putar", turn, "harus derajat bulat searah jarum jam")
    if type(mirrored) is not bool:
        raise _refusal(f"{place}, cermin", mirrored, "harus true atau false")
    if type(count) is not int or count not in ROWS:
        raise _refusal(f"{place}, jumlah", count, f"harus 1 sampai {max(ROWS)}")
    shape = SHAPES[mark["bentuk"]]
    if shape.is_line and "isi" in mark:
        raise _refusal(f"{place}, isi", mark["isi"], f"{shape.words} tidak punya isi")
    if mark["bentuk"] == "titik" and "ukuran" in mark:
        raise _refusal(f"{place}, ukuran", mark["ukuran"], "titik hanya satu ukuran")
    known = Mark(
        shape=mark["bentuk"],
        fill=mark.get("isi", "hitam" if mark["bentuk"] == "titik" else "kosong"),
        size=mark.get("ukuran", "kecil" if mark["bentuk"] == "titik" else "besar"),
        turn=turn % shape.symmetry if shape.symmetry else 0,
        is_mirrored=mirrored and shape.arms is not None,
        place=mark.get("letak", "tengah"),
        count=count,
    )
    if any(max(abs(s.x), abs(s.y)) + s.radius > REACH for s in stamps((known,))):
        raise _refusal(place, dict(mark), "harus muat di dalam kotak: kecilkan atau ke tengah")
    return known


def _refusal(place: str, value: object, rule: str) -> BadItem:
    return BadItem(f"{place}: {rule} (terbaca: {value!r})", place=place, value=value, rule=rule)
