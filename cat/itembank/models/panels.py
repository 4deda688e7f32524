"""What a step makes of a panel of marks: the moves of figure series and analogies.

A step is a table. It acts on mark number `tanda`, or on every mark, and names
    putar, jumlah, letak : what to add: degrees; copies; places clockwise along the edge of the grid
    isi, bentuk, ukuran : a cycle; the mark takes the value that follows its own
    cermin_selang : it turns into its own mirror image
or it acts on the whole panel:
    tukar : the two marks exchange this property
    cermin : mirror image of the panel, kiri_kanan or atas_bawah
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cat.errors import BadItem

Mark = Mapping[str, Any]
Panel = list[dict[str, Any]]

EDGE = (
    *("atas", "kanan_atas", "kanan", "kanan_bawah"),
    *("bawah", "kiri_bawah", "kiri", "kiri_atas"),
)
_SIDES = {
    "kiri_kanan": {"kiri": "kanan", "kanan": "kiri"},
    "atas_bawah": {"atas": "bawah", "bawah": "atas"},
}
_UNSAID = {"putar": 0, "jumlah": 1}


def after(panel: Sequence[Mark], steps: Sequence[Mapping[str, Any]]) -> Panel:
    """The panel after all steps; raises BadItem naming the step that cannot be taken."""
    changed: Panel = [dict(mark) for mark in panel]
    for step in steps:
        try:
            changed = _after_one(changed, step)
        except (AttributeError, KeyError, IndexError, ValueError, TypeError) as error:
            what = f"langkah {dict(step)!r} tidak dapat dilakukan pada {changed!r}"
            raise BadItem(what, step=dict(step)) from error
    return changed


def _after_one(panel: Panel, step: Mapping[str, Any]) -> Panel:
    if "tukar" in step:
        first, second = panel
        name = step["tukar"]
        return [{**first, name: second[name]}, {**second, name: first[name]}]
    if "cermin" in step:
        return [_mirrored(mark, step["cermin"]) for mark in panel]
    which = step.get("tanda")
    if which is not None and not 1 <= which <= len(panel):
        raise IndexError(which)
    return [
        _moved(mark, step) if which in (None, number) else mark
        for number, mark in enumerate(panel, start=1)
    ]


def _moved(mark: Mark, step: Mapping[str, Any]) -> dict[str, Any]:
    moved = dict(mark)
    for name, by in step.items():
        if name in _UNSAID:
            moved[name] = mark.get(name, _UNSAID[name]) + by
        elif name == "letak":
            moved[name] = EDGE[(EDGE.index(mark[name]) + by) % len(EDGE)]
        elif name in ("isi", "bentuk", "ukuran"):
            moved[name] = by[(by.index(mark[name]) + 1) % len(by)]
        elif name == "cermin_selang":
            moved["cermin"] = not mark.get("cermin", False)
        elif name != "tanda":
            raise KeyError(name)
    return moved


def _mirrored(mark: Mark, axis: str) -> dict[str, Any]:
    """Flipped about the vertical at turn 0, the mark then turns the other way."""
    words = mark.get("letak", "tengah").split("_")
    half_turn = 180 if axis == "atas_bawah" else 0
    return {
        **mark,
        "letak": "_".join(_SIDES[axis].get(word, word) for word in words),
        "putar": half_turn - mark.get("putar", 0),
        "cermin": not mark.get("cermin", False),
    }
