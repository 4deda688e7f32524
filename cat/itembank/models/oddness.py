"""Which panel is the odd one out: by the property that is asked for, or by a plain look at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from cat.itembank.figures import look
from cat.itembank.figures.marks import Stamp
from cat.itembank.figures.shapes import SHAPES
from cat.itembank.models.panels import EDGE, Panel

CORNERS = {"segitiga": 3, "persegi": 4, "segilima": 5, "segienam": 6}
_FEATURES = ("bentuk", "isi", "ukuran", "letak", "putar", "jumlah", "cermin")


def _copies(panel: Panel) -> int:
    return sum(mark.get("jumlah", 1) for mark in panel)


def _arrow_to_dot(panel: Panel) -> int:
    place = EDGE.index(panel[1].get("letak", "atas"))
    return int(45 * place - panel[0].get("putar", 0)) % 360


PROPERTIES: dict[str, Callable[[Panel], Hashable]] = {
    "cermin": lambda panel: panel[0].get("cermin", False),
    "panah_ke_titik": _arrow_to_dot,
    "selisih_titik_sudut": lambda panel: panel[1].get("jumlah", 1) - CORNERS[panel[0]["bentuk"]],
    "genap": lambda panel: _copies(panel) % 2,
    "jumlah_sudut": lambda panel: sum(CORNERS.get(mark["bentuk"], 0) for mark in panel),
}


def odd_one(values: Sequence[Hashable]) -> int | None:
    """The position whose value differs from that of four equal ones; None if there is none."""
    counts = Counter(values)
    if sorted(counts.values()) != [1, len(values) - 1]:
        return None
    return next(k for k, value in enumerate(values) if counts[value] == 1)


def plainly_odd(panels: Sequence[Panel]) -> set[int]:
    """Positions that stand out by something that needs no rule: a fill, a turn, a number."""
    found = {odd_one(values) for values in _plain_values(panels)}
    for contents in _plain_contents(panels):
        everything = set().union(*contents)
        alone = {odd_one([thing in each for each in contents]) for thing in everything} - {None}
        # Where several panels each have something of their own, none is odd by it.
        found |= alone if len(alone) == 1 else set()
    return {each for each in found if each is not None}


def _plain_values(panels: Sequence[Panel]) -> Iterator[list[Hashable]]:
    yield [_copies(panel) for panel in panels]
    yield [_copies(panel) % 2 for panel in panels]
    yield [any(mark.get("putar", 0) % 90 for mark in panel) for panel in panels]
    yield [len({mark["bentuk"] for mark in panel}) for panel in panels]
    for across, down in ((True, False), (False, True), (True, True)):
        yield [_is_symmetric(panel, across=across, down=down) for panel in panels]
    yield [panel[-1].get("jumlah", 1) == CORNERS.get(panel[0]["bentuk"], 0) for panel in panels]
    yield [panel[-1].get("jumlah", 1) > CORNERS.get(panel[0]["bentuk"], 0) for panel in panels]
    for name in _FEATURES:
        yield [tuple(sorted(str(mark.get(name)) for mark in panel)) for panel in panels]
        for k in range(max(map(len, panels))):
            yield [panel[k].get(name) if k < len(panel) else None for panel in panels]


def _plain_contents(panels: Sequence[Panel]) -> Iterator[list[set[Any]]]:
    looks = [_stamps(panel) for panel in panels]
    yield [{stamp.fill for stamp in each} for each in looks]
    yield [{stamp.shape for stamp in each} for each in looks]
    yield [{stamp.radius for stamp in each} for each in looks]
    yield [{stamp.turn for stamp in each} for each in looks]
    yield [{(round(stamp.x), round(stamp.y)) for stamp in each} for each in looks]


def _is_symmetric(panel: Panel, *, across: bool, down: bool) -> bool:
    """Whether the picture is its own mirror image left to right, top to bottom, or after both."""
    seen = Counter(_reflected(stamp) for stamp in _stamps(panel))
    return seen == Counter(_reflected(stamp, across, down) for stamp in _stamps(panel))


def _reflected(stamp: Stamp, across: bool = False, down: bool = False) -> Stamp:
    shape = SHAPES[stamp.shape]
    turn = stamp.turn
    if across:
        turn = -turn
    if down:
        turn = 180 - turn
    return replace(
        stamp,
        x=round(-stamp.x if across else stamp.x),
        y=round(-stamp.y if down else stamp.y),
        turn=turn % shape.symmetry if shape.symmetry else 0,
        is_mirrored=shape.arms is not None and (stamp.is_mirrored != (across != down)),
    )


def _stamps(panel: Panel) -> list[Stamp]:
    return [
        stamp
        for shown in look({"panel": [panel]})
        for stamp in shown or ()
        if isinstance(stamp, Stamp)
    ]
