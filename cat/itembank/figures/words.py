"""The Indonesian alt text of a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cat.itembank.figures.marks import PLACES, Mark, Panel
from cat.itembank.figures.reading import read
from cat.itembank.figures.shapes import SHAPES, Shape
from cat.itembank.figures.uploaded import is_uploaded, read_uploaded

FILL_WORDS = {"kosong": "kosong", "abu": "abu-abu", "hitam": "hitam", "arsir": "berarsir"}
PLACE_WORDS = {
    **{place: place.replace("_", " ") for place in PLACES},
    # Plain "di atas" would read as "above it".
    **{place: f"tengah {place}" for place in ("kiri", "kanan", "atas", "bawah")},
}
DIRECTIONS = (
    *("atas", "kanan atas", "kanan", "kanan bawah"),
    *("bawah", "kiri bawah", "kiri", "kiri atas"),
)
NUMBERS = (
    *("nol", "satu", "dua", "tiga", "empat"),
    *("lima", "enam", "tujuh", "delapan", "sembilan"),
)


def describe(figure: Mapping[str, Any]) -> str:
    """Indonesian alt text that says everything the picture shows, and nothing it does not.

    Of a brought picture it is what its writer said.

    Raises BadItem naming place, value and rule.
    """
    if is_uploaded(figure):
        return read_uploaded(figure).alt
    panels, is_analogy = read(figure)
    if len(panels) == 1:
        text = _panel_words(panels[0])
        return f"{text[0].upper()}{text[1:]}."
    sentences = [f"{NUMBERS[len(panels)].capitalize()} gambar."]
    if is_analogy:
        pairs = [f"gambar {k} berbanding gambar {k + 1}" for k in range(1, len(panels), 2)]
        sentences.append(f"{' seperti '.join(pairs).capitalize()}.")
    for number, panel in enumerate(panels, start=1):
        sentences.append(f"Gambar {number}: {_panel_words(panel)}.")
    return " ".join(sentences)


def _panel_words(panel: Panel) -> str:
    if panel is None:
        return "tanda tanya"
    if not panel:
        return "kotak kosong"
    is_alone = len(panel) == 1 and panel[0].place == "tengah"
    return "; ".join(_mark_words(mark, is_placed=not is_alone) for mark in panel)


def _mark_words(mark: Mark, is_placed: bool) -> str:
    shape = SHAPES[mark.shape]
    words = [NUMBERS[mark.count]] if mark.count > 1 or mark.shape == "titik" else []
    words.append(shape.words)
    if not shape.is_line:
        words.append(FILL_WORDS[mark.fill])
    if mark.shape != "titik":
        words.append(mark.size)
    if is_placed:
        words.append(f"di {PLACE_WORDS[mark.place]}")
    words.append(_turn_words(shape, mark))
    return " ".join(filter(None, words))


def _turn_words(shape: Shape, mark: Mark) -> str:
    if shape.arms:
        # Naming both arms leaves it to the reader, as the picture does, to notice a mirror image.
        second = (mark.turn + (-90 if mark.is_mirrored else 90)) % 360
        ahead, aside = shape.arms
        return f"dengan {ahead} {_direction(mark.turn)} dan {aside} {_direction(second)}"
    if shape.facing:
        # A triangle turned by 60 is one turned by 180: say the plainest of the equal turns.
        equal = range(mark.turn, 360, shape.symmetry)
        plainest = min(equal, key=lambda turn: (turn % 90 != 0, turn % 45 != 0, turn))
        return f"{shape.facing} {_direction(plainest)}"
    degrees = f"diputar {mark.turn} derajat searah jarum jam" if mark.turn else ""
    return shape.poses.get(mark.turn, degrees)


def _direction(turn: int) -> str:
    return f"arah {turn} derajat dari atas" if turn % 45 else DIRECTIONS[turn // 45]
