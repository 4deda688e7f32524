"""The key of every figural item follows from its machine-readable rule, and from nothing simpler.

deret, analogi : `langkah` is a list of operations that turns one shown panel into the next (of a
    pair); `langkah_genap` serves panels 2, 4, ... of two interleaved series. An operation acts on
    mark number `tanda`, or on every mark, and names
      putar, jumlah, letak : what to add: degrees; copies; places clockwise along the edge of the
          grid. A list gives the addend of each step in turn.
      isi, bentuk, ukuran : a cycle; the mark takes the value that follows its own.
      bentuk_dari : number of the mark whose shape it takes.
      cermin_selang : it turns into its own mirror image.
    or acts on the whole panel:
      tukar : the two marks exchange this property.
      cermin : mirror image of the panel, kiri_kanan or atas_bawah.
      tambah_sudut : mark 1 gains a corner for every copy of mark 2, which disappears.
ketidaksamaan : `sifat` names a property in PROPERTIES below, equal in four options.

Panels are compared by `figures.look`: a square turned by 90 degrees is the same square.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from cat.itembank.content import LETTERS, ItemContent
from cat.itembank.figures import describe, draw, look
from cat.itembank.figures.looking import Look
from cat.itembank.figures.marks import Stamp
from cat.itembank.figures.shapes import SHAPES
from cat.itembank.quality import key_counts
from seeds.bank import BANK, read_file

Mark = dict[str, Any]
Panel = list[Mark]

ANALOGIES, ODD_ONES, SERIES = (
    read_file(BANK / "tiu" / f"{name}.toml")
    for name in ("analogi_figural", "ketidaksamaan", "serial")
)
ITEMS = [*ANALOGIES, *ODD_ONES, *SERIES]
EDGE = (
    *("atas", "kanan_atas", "kanan", "kanan_bawah"),
    *("bawah", "kiri_bawah", "kiri", "kiri_atas"),
)
POLYGONS = {"segitiga": 3, "persegi": 4, "segilima": 5, "segienam": 6}

over = pytest.mark.parametrize


def code(item: ItemContent) -> str:
    return item.code


def seen(panel: Panel) -> Look:
    return look({"panel": [panel]})


def options(item: ItemContent) -> list[Panel]:
    return [item.figures[letter.lower()]["panel"][0] for letter in LETTERS]


# --- Transformations of a panel ----------------------------------------------------------------


def addend(amount: int | list[int], step: int) -> int:
    return amount[step] if isinstance(amount, list) else amount


def along_edge(place: str, steps: int) -> str:
    return EDGE[(EDGE.index(place) + steps) % len(EDGE)]


def change(mark: Mark, operation: Mark, panel: Panel, step: int) -> Mark:
    """The mark after one operation; `panel` is the panel that the operation found."""
    changed = dict(mark)
    for name, value in operation.items():
        match name:
            case "putar":
                changed[name] = mark.get(name, 0) + addend(value, step)
            case "jumlah":
                changed[name] = mark.get(name, 1) + addend(value, step)
            case "letak":
                changed[name] = along_edge(mark[name], addend(value, step))
            case "isi" | "bentuk" | "ukuran":
                changed[name] = value[(value.index(mark[name]) + 1) % len(value)]
            case "bentuk_dari":
                changed["bentuk"] = panel[value - 1]["bentuk"]
            case "cermin_selang":
                changed["cermin"] = not mark.get("cermin", False)
            case "tanda":
                pass
            case _:
                raise AssertionError(f"no such operation: {name}")
    return changed


def mirror(mark: Mark, axis: str) -> Mark:
    """A mark of the panel's mirror image: flipped about the vertical, then turned the other way."""
    swaps = {
        "kiri_kanan": {"kiri": "kanan", "kanan": "kiri"},
        "atas_bawah": {"atas": "bawah", "bawah": "atas"},
    }[axis]
    place = "_".join(swaps.get(word, word) for word in mark.get("letak", "tengah").split("_"))
    half_turn = 180 if axis == "atas_bawah" else 0
    turn, mirrored = half_turn - mark.get("putar", 0), not mark.get("cermin", False)
    return mark | {"letak": place, "putar": turn, "cermin": mirrored}


def operate(panel: Panel, operation: Mark, step: int) -> Panel:
    if "tukar" in operation:
        name, (one, other) = operation["tukar"], panel
        return [one | {name: other[name]}, other | {name: one[name]}]
    if "cermin" in operation:
        return [mirror(mark, operation["cermin"]) for mark in panel]
    if "tambah_sudut" in operation:
        base, dots = panel
        names = {corners: name for name, corners in POLYGONS.items()}
        return [base | {"bentuk": names[POLYGONS[base["bentuk"]] + dots.get("jumlah", 1)]}]
    number = operation.get("tanda")
    return [
        change(mark, operation, panel, step) if number in (None, index) else mark
        for index, mark in enumerate(panel, start=1)
    ]


def transform(panel: Panel, operations: Sequence[Mark], step: int = 0) -> Panel:
    for operation in operations:
        panel = operate(panel, operation, step)
    return panel


def predictions(item: ItemContent) -> list[tuple[Panel, Panel | str]]:
    """Every panel that the rule speaks of: as the rule makes it, and as it is shown."""
    panels, rule = item.figures["soal"]["panel"], item.rule
    if rule["jenis"] == "analogi":
        pairs = zip(panels[::2], panels[1::2], strict=True)
        return [(transform(first, rule["langkah"]), second) for first, second in pairs]
    if "langkah_genap" not in rule:
        steps = enumerate(pairwise(panels))
        return [(transform(one, rule["langkah"], k), other) for k, (one, other) in steps]
    return [
        (transform(one, rule["langkah_genap" if k % 2 else "langkah"], k // 2), other)
        for k, (one, other) in enumerate(zip(panels, panels[2:], strict=False))
    ]


@over("item", [*ANALOGIES, *SERIES], ids=code)
def test_the_rule_reproduces_every_shown_panel_that_it_speaks_of(item: ItemContent) -> None:
    *checked, (_, last) = predictions(item)

    assert checked, "a rule that has nothing to reproduce proves nothing"
    assert last == "tanya"
    for made, shown in checked:
        assert seen(made) == look({"panel": [shown]})


@over("item", [*ANALOGIES, *SERIES], ids=code)
def test_the_rule_leads_to_exactly_the_key(item: ItemContent) -> None:
    answer, _ = predictions(item)[-1]

    matching = [
        letter
        for letter, option in zip(LETTERS, options(item), strict=True)
        if seen(option) == seen(answer)
    ]

    assert matching == [item.key]


# --- Properties of a panel ---------------------------------------------------------------------


def stamps(panel: Panel) -> tuple[Stamp, ...]:
    (found,) = seen(panel)
    assert found is not None
    return found


def corners(mark: Mark) -> int:
    return POLYGONS.get(mark["bentuk"], 0)


def around(mark: Mark) -> int | None:
    """Place along the edge of the grid in steps of 45 degrees from the top; None in the middle."""
    place = mark.get("letak", "tengah")
    return EDGE.index(place) if place in EDGE else None


def looks_the_same_when(panel: Panel, *axes: str) -> bool:
    """Whether mirroring about each of the axes in turn leaves the picture as it was."""
    changed = list(stamps(panel))
    for axis in axes:
        changed = [mirror_stamp(stamp, axis) for stamp in changed]
    return Counter(map(on_the_pixel, changed)) == Counter(map(on_the_pixel, stamps(panel)))


def mirror_stamp(stamp: Stamp, axis: str) -> Stamp:
    shape, across = SHAPES[stamp.shape], axis == "kiri_kanan"
    turn = (0 if across else 180) - stamp.turn
    return replace(
        stamp,
        x=-stamp.x if across else stamp.x,
        y=stamp.y if across else -stamp.y,
        turn=turn % shape.symmetry if shape.symmetry else 0,
        is_mirrored=shape.arms is not None and not stamp.is_mirrored,
    )


def on_the_pixel(stamp: Stamp) -> Stamp:
    return replace(stamp, x=round(stamp.x), y=round(stamp.y))


def arrow_to_dot(panel: Panel) -> Hashable:
    """Degrees from the direction of mark 1 to the place of mark 2."""
    if len(panel) != 2 or around(panel[1]) is None:
        return None
    return (45 * (around(panel[1]) or 0) - panel[0].get("putar", 0)) % 360


def opposite(panel: Panel) -> Hashable:
    """Whether marks 1 and 2 lie opposite each other on the edge of the grid."""
    if len(panel) != 2 or None in (first := around(panel[0]), second := around(panel[1])):
        return None
    return (first - second) % 8 == 4  # type: ignore[operator]


def order_around(panel: Panel) -> Hashable:
    """Shapes in the order met clockwise, from the first in the alphabet."""
    placed = [mark for mark in panel if around(mark) is not None]
    shapes = [mark["bentuk"] for mark in sorted(placed, key=around)]  # type: ignore[arg-type]
    if not shapes:
        return None
    first = shapes.index(min(shapes))
    return tuple(shapes[first:] + shapes[:first])


def angle_of_hands(panel: Panel) -> Hashable:
    """Degrees clockwise from the last mark to the one before it."""
    if len(panel) < 2:
        return None
    return (panel[-2].get("putar", 0) - panel[-1].get("putar", 0)) % 360


PROPERTIES: dict[str, Callable[[Panel], Hashable]] = {
    "isi": lambda p: p[0].get("isi"),
    "bersudut": lambda p: p[0]["bentuk"] != "lingkaran",
    "cermin": lambda p: p[0].get("cermin", False),
    "panah_ke_titik": arrow_to_dot,
    "sudut_sama_titik": lambda p: corners(p[0]) == p[-1].get("jumlah", 1),
    "berseberangan": opposite,
    "urutan_keliling": order_around,
    "sudut_jarum": angle_of_hands,
    "setengah_putar": lambda p: looks_the_same_when(p, "kiri_kanan", "atas_bawah"),
    "jumlah_sudut": lambda p: sum(map(corners, p)),
    "genap": lambda p: len(stamps(p)) % 2 == 0,
    "selisih_titik_sudut": lambda p: p[-1].get("jumlah", 1) - corners(p[0]),
    "isi_dan_ganjil": lambda p: (
        (p[0].get("isi") == "abu", p[-1].get("jumlah", 1) % 2) in {(True, 0), (False, 1)}
    ),
}

# What catches the eye without any rule: a value per option, or a set of things that it contains.
PLAIN_VALUES: dict[str, Callable[[Panel], Hashable]] = {
    "fills": lambda p: tuple(sorted(s.fill for s in stamps(p))),
    "shapes": lambda p: tuple(sorted(s.shape for s in stamps(p))),
    "sizes": lambda p: tuple(sorted(s.radius for s in stamps(p))),
    "places": lambda p: tuple(sorted((round(s.x), round(s.y)) for s in stamps(p))),
    "turns": lambda p: tuple(sorted(s.turn for s in stamps(p))),
    "slanting": lambda p: any(m.get("putar", 0) % 90 for m in p),
    "number": lambda p: len(stamps(p)),
    "parity": lambda p: len(stamps(p)) % 2,
    "kinds": lambda p: len({s.shape for s in stamps(p)}),
    "left-right symmetry": lambda p: looks_the_same_when(p, "kiri_kanan"),
    "top-bottom symmetry": lambda p: looks_the_same_when(p, "atas_bawah"),
    "more dots than corners": lambda p: p[-1].get("jumlah", 1) > corners(p[0]),
    "corners less dots": lambda p: corners(p[0]) - p[-1].get("jumlah", 1),
    **{
        f"{name} of mark {k}": lambda p, k=k, name=name: p[k].get(name) if k < len(p) else None
        for name in ("bentuk", "isi", "ukuran", "letak", "putar", "jumlah")
        for k in range(5)
    },
}
PLAIN_CONTENTS: dict[str, Callable[[Panel], set[Hashable]]] = {
    "a fill": lambda p: {s.fill for s in stamps(p)},
    "a shape": lambda p: {s.shape for s in stamps(p)},
    "a size": lambda p: {s.radius for s in stamps(p)},
    "a turn": lambda p: {s.turn for s in stamps(p)},
    "a place": lambda p: {(round(s.x), round(s.y)) for s in stamps(p)},
}


def odd_positions(values: Sequence[Hashable]) -> set[int]:
    """The position whose value differs from that of four equal ones; empty if there is none."""
    counts = Counter(values)
    if sorted(counts.values()) != [1, 4]:
        return set()
    return {k for k, value in enumerate(values) if counts[value] == 1}


def singled_out(contents: Sequence[set[Hashable]]) -> set[int]:
    """Positions that alone have, or alone lack, something."""
    everything = set().union(*contents)
    found = (odd_positions([thing in one for one in contents]) for thing in everything)
    return set().union(*found)


@over("item", ODD_ONES, ids=code)
def test_exactly_four_options_share_the_property_and_the_key_lacks_it(item: ItemContent) -> None:
    assert item.rule["jenis"] == "ketidaksamaan"
    values = [PROPERTIES[item.rule["sifat"]](panel) for panel in options(item)]

    assert odd_positions(values) == {LETTERS.index(str(item.key))}


@over("item", ODD_ONES, ids=code)
def test_no_other_property_makes_another_option_the_odd_one(item: ItemContent) -> None:
    key = {LETTERS.index(str(item.key))}

    found = {
        name: odd_positions([value_of(panel) for panel in options(item)])
        for name, value_of in (PROPERTIES | PLAIN_VALUES).items()
    }

    assert {name: odd for name, odd in found.items() if not odd <= key} == {}


@over("item", ODD_ONES, ids=code)
def test_no_other_option_is_the_only_one_with_or_without_a_thing(item: ItemContent) -> None:
    key = {LETTERS.index(str(item.key))}

    found = {
        name: singled_out([contents_of(panel) for panel in options(item)])
        for name, contents_of in PLAIN_CONTENTS.items()
    }

    # Where several options each have something of their own, none of them is odd by it.
    assert {name: odd for name, odd in found.items() if len(odd) == 1 and odd != key} == {}


# --- All figural items -------------------------------------------------------------------------


@over("item", ITEMS, ids=code)
def test_no_two_options_look_or_sound_alike(item: ItemContent) -> None:
    figures = [{"panel": [panel]} for panel in options(item)]

    assert len({look(figure) for figure in figures}) == len(LETTERS)
    assert len({describe(figure) for figure in figures}) == len(LETTERS)


@over("item", ITEMS, ids=code)
def test_the_text_refers_to_every_figure_once_and_leaves_its_alt_text_to_us(
    item: ItemContent,
) -> None:
    text = "\n".join((item.stem, *item.options))

    assert sorted(re.findall(r"!\[\]\(gambar:(\w+)\)", text)) == sorted(item.figures)
    assert list(item.options) == [f"![](gambar:{letter.lower()})" for letter in LETTERS]


@over("item", ITEMS, ids=code)
def test_every_figure_can_be_drawn(item: ItemContent) -> None:
    for figure in item.figures.values():
        assert draw(figure).startswith("<svg")


def test_each_domain_has_its_items_and_no_letter_is_favoured() -> None:
    for items, count in ((ANALOGIES, 27), (ODD_ONES, 27), (SERIES, 27)):
        assert len(items) == count
        assert set(key_counts(items).values()) <= {count // 5, count // 5 + 1}


def test_picking_the_option_most_like_the_others_does_not_find_the_key() -> None:
    """Distractors made by changing one thing of the key would leave the key in their middle."""

    def likeness(panel: Panel, others: Sequence[Panel]) -> int:
        return sum((features(panel) & features(other)).total() for other in others)

    def features(panel: Panel) -> Counter[tuple[int, str, Hashable]]:
        return Counter((k, name, value) for k, m in enumerate(panel) for name, value in m.items())

    right = 0.0
    items = [*ANALOGIES, *SERIES]
    for item in items:
        scores = [likeness(panel, options(item)) for panel in options(item)]
        best = [LETTERS[k] for k, score in enumerate(scores) if score == max(scores)]
        right += (item.key in best) / len(best)

    # At chance 1/5 each; one standard deviation above the mean.
    assert right < len(items) / 5 + math.sqrt(len(items) * 0.16)
