"""Makes the picture and the five options of a figure item from rules over its marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np

from cat.errors import BadItem
from cat.itembank.content import LETTERS
from cat.itembank.figures import describe, look
from cat.itembank.figures.reading import MOST_PANELS
from cat.itembank.models.draws import Place, Rejected
from cat.itembank.models.expressions import Values, truth
from cat.itembank.models.model import Distractor, ItemModel
from cat.itembank.models.oddness import PROPERTIES, odd_one, plainly_odd
from cat.itembank.models.options import WRONG, Option
from cat.itembank.models.panels import Panel, after
from cat.itembank.models.template import fill, resolve

QUESTION = "tanya"


def figure_options(
    model: ItemModel, values: Values, position: int, rng: np.random.Generator
) -> tuple[list[Option], dict[str, Any], dict[str, Any]]:
    """Five options with the key at `position`, the figures of the item, and its rule.

    Raises Rejected where this draw gives no item with one right option, and BadItem naming model
    and place where the model asks for what cannot be drawn.
    """
    kind = model.figure["jenis"]
    with _shaped(model, "gambar"):
        data = resolve({**model.figure}, values)
    if kind == "ketidaksamaan":
        return _odd_one_out(model, values, position, data["sifat"])
    with _shaped(model, "gambar"):
        steps, shown, last = _shown(data)
        key = after(last, steps)
    wrong = _wrong_panels(model, values, last, key)
    chosen = _spread(key, wrong, rng)
    everything = [*chosen[:position], (key, model.key_reason), *chosen[position:]]
    options = [_option(model, values, each, each[0] is key) for each in everything]
    layout: dict[str, Any] = {"susunan": kind} if kind == "analogi" else {}
    figure = {**layout, "panel": [*shown, QUESTION]}
    rule = {"jenis": kind, "langkah": list(steps)}
    return options, {"soal": figure, **_lettered(options)}, rule


def _shown(data: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[Panel], Panel]:
    """Steps, the panels that the candidate sees, and the one from which the key follows."""
    steps = data["langkah"]
    if data["jenis"] == "analogi":
        *complete, last = data["awal"]
        pairs = [panel for first in complete for panel in (first, after(first, steps))]
        return steps, [*pairs, last], last
    if data["tayang"] not in range(3, MOST_PANELS):
        rule = f"tayang harus 3 sampai {MOST_PANELS - 1}"
        raise BadItem(f"{rule} (terbaca: {data['tayang']!r})", value=data["tayang"], rule=rule)
    panels = [data["awal"]]
    for _ in range(data["tayang"] - 1):
        panels.append(after(panels[-1], steps))
    seen = [_seen(panel) for panel in panels]
    if any(one == other for one, other in pairwise(seen)):
        raise Rejected("dua gambar berurutan tampak sama", rule="tiap langkah tampak")
    return steps, panels, panels[-1]


def _wrong_panels(
    model: ItemModel, values: Values, last: Panel, key: Panel
) -> list[tuple[Panel, str]]:
    """What each misconception makes of the last panel, none of which looks like another."""
    found: list[tuple[Panel, str]] = []
    seen = {_seen(key), _seen(last)}
    for number, each in enumerate(model.distractors, start=1):
        with _shaped(model, f"pengecoh {number}"):
            if each.condition and not truth(each.condition, values):
                continue
            panel = _wrong_panel(each, values, last)
        try:
            looks = _seen(panel)
        except Rejected:
            continue  # this misconception has no picture here
        if looks not in seen:
            found.append((panel, each.reason))
            seen.add(looks)
    return found


def _wrong_panel(wrong: Distractor, values: Values, last: Panel) -> Panel:
    if wrong.panel:
        return list(resolve([*wrong.panel], values))
    return after(last, resolve([*wrong.steps], values))


def _spread(
    key: Panel, wrong: list[tuple[Panel, str]], rng: np.random.Generator
) -> list[tuple[Panel, str]]:
    """Four wrong panels among which the key is not the one most like all others.

    Wrong options that each break one rule of the key would leave it in their middle, to be found
    without the picture: some must share what they break.
    """
    if len(wrong) < WRONG:
        raise Rejected("pengecoh yang tampak berbeda kurang dari empat", rule="empat pengecoh")
    for _ in range(20):
        chosen = [wrong[int(each)] for each in rng.permutation(len(wrong))[:WRONG]]
        panels = [key, *(panel for panel, _ in chosen)]
        likeness = [_likeness(panel, panels) for panel in panels]
        if likeness[0] < max(likeness):
            return chosen
    raise Rejected("kunci paling mirip dengan semua pilihan lain", rule="kunci tidak di tengah")


def _likeness(panel: Panel, panels: Sequence[Panel]) -> int:
    return sum((_features(panel) & _features(other)).total() for other in panels)


def _features(panel: Panel) -> Counter[tuple[int, str, Hashable]]:
    return Counter((k, name, mark[name]) for k, mark in enumerate(panel) for name in mark)


def _odd_one_out(
    model: ItemModel, values: Values, position: int, name: str
) -> tuple[list[Option], dict[str, Any], dict[str, Any]]:
    with Place(model, "gambar, sifat"):
        if name not in PROPERTIES:
            raise BadItem(f"sifat {name!r} tidak dikenal; ada {', '.join(PROPERTIES)}", value=name)
    with _shaped(model, "kunci"):
        key = (list(resolve([*model.key_panel], values)), model.key_reason)
    with _shaped(model, "pengecoh"):
        rest = [(_wrong_panel(each, values, []), each.reason) for each in model.distractors]
    everything = [*rest[:position], key, *rest[position:]]
    panels = [panel for panel, _ in everything]
    with _shaped(model, "gambar"):
        if len({_seen(panel) for panel in panels}) != len(LETTERS):
            raise Rejected("dua pilihan tampak sama", rule="lima gambar berbeda")
        if odd_one([PROPERTIES[name](panel) for panel in panels]) != position:
            raise Rejected(f"sifat {name} tidak menyendirikan kunci", rule="empat lawan satu")
        if plainly_odd(panels) - {position}:
            raise Rejected("gambar lain menyolok sendiri", rule="hanya kunci yang berbeda")
    options = [_option(model, values, each, each is key) for each in everything]
    return options, _lettered(options), {"jenis": "ketidaksamaan", "sifat": name}


@contextmanager
def _shaped(model: ItemModel, place: str) -> Iterator[None]:
    """As `Place`, for data that a model may give in any shape."""
    with Place(model, place):
        try:
            yield
        except BadItem:
            raise
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            what = f"isian gambar kurang atau salah bentuk ({error!r})"
            raise BadItem(what, rule="bentuk isian gambar") from error


def _seen(panel: Panel) -> Hashable:
    """What the eye can tell of a panel; a panel that cannot be drawn rejects the draw."""
    small = Counter(_place_of(mark) for mark in panel if mark.get("ukuran") == "kecil")
    if small and max(small.values()) > 1:
        raise Rejected("dua tanda kecil bertumpuk", rule="tanda tidak bertumpuk")
    try:
        return look({"panel": [panel]}), describe({"panel": [panel]})
    except BadItem as error:
        raise Rejected(f"gambar tidak dapat dibuat: {error}", rule="gambar muat") from error


def _place_of(mark: Mapping[str, Any]) -> str:
    return str(mark.get("letak", "tengah"))


def _option(model: ItemModel, values: Values, made: tuple[Panel, str], is_right: bool) -> Option:
    panel, reason = made
    with Place(model, "alasan"):
        return Option("", fill(reason, values), is_right, figure={"panel": [panel]})


def _lettered(options: Sequence[Option]) -> dict[str, Any]:
    return {letter.lower(): option.figure for letter, option in zip(LETTERS, options, strict=True)}
