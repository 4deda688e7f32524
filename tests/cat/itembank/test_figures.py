"""Drawings and alt texts of figural items."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from cat.errors import BadItem
from cat.itembank.figures import describe, draw, look
from cat.itembank.figures.marks import FILLS, PLACES
from cat.itembank.figures.shapes import SHAPES

SVG = "{http://www.w3.org/2000/svg}"
PRESENTATION = {
    *("viewBox", "width", "height", "role", "x", "y", "cx", "cy", "r", "d", "transform"),
    *("fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap"),
}


def mark(shape: str = "segitiga", **rest: Any) -> dict[str, Any]:
    return {"bentuk": shape, **rest}


def figure(*panels: Any, **rest: Any) -> dict[str, Any]:
    return {"panel": list(panels), **rest}


def every_shape_and_fill() -> list[dict[str, Any]]:
    return [
        figure([mark(shape, **({} if SHAPES[shape].is_line else {"isi": fill}))])
        for shape in SHAPES
        for fill in FILLS
    ]


SAMPLES = [
    *every_shape_and_fill(),
    figure([mark()], [], [mark("titik", jumlah=9)], "tanya"),
    figure([mark()], [mark("garis", putar=45)], [mark("persegi")], "tanya", susunan="analogi"),
]

# --- The drawing -------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", SAMPLES, ids=describe)
def test_a_drawing_is_well_formed_and_says_in_its_title_what_it_shows(sample: Any) -> None:
    root = ElementTree.fromstring(draw(sample))

    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == describe(sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=describe)
def test_a_drawing_has_only_shapes_and_presentation_attributes(sample: Any) -> None:
    for element in ElementTree.fromstring(draw(sample)).iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "g", "rect", "circle", "path"}
        assert set(element.attrib) <= PRESENTATION
        assert not re.search(r"url|http|javascript|data:", " ".join(element.attrib.values()))


@pytest.mark.parametrize("sample", SAMPLES, ids=describe)
def test_every_number_in_a_drawing_is_plain_and_finite(sample: Any) -> None:
    root = ElementTree.fromstring(draw(sample))

    for path in root.iter(f"{SVG}path"):
        assert re.fullmatch(r"[MLQAZ\d .-]+", path.attrib["d"])
        assert "-0 " not in path.attrib["d"]


def test_the_same_figure_always_gives_the_same_text() -> None:
    one = figure([mark(isi="arsir", putar=30, ukuran="besar")])
    same = figure([{"ukuran": "besar", "putar": 30, "isi": "arsir", "bentuk": "segitiga"}])

    assert draw(one) == draw(same)


@pytest.mark.parametrize(
    ("shape", "degrees"),
    [("lingkaran", 17), ("persegi", 90), ("segitiga", 120), ("segilima", 72), ("panah", 360)],
)
def test_turns_that_the_eye_cannot_see_change_neither_picture_nor_words(
    shape: str, degrees: int
) -> None:
    plain, turned = figure([mark(shape)]), figure([mark(shape, putar=degrees)])

    assert look(plain) == look(turned)
    assert draw(plain) == draw(turned)
    assert describe(plain) == describe(turned)


@pytest.mark.parametrize("shape", SHAPES)
def test_only_chiral_shapes_change_when_mirrored(shape: str) -> None:
    is_changed = look(figure([mark(shape)])) != look(figure([mark(shape, cermin=True)]))

    assert is_changed == (shape in {"huruf_l", "bendera"})


@pytest.mark.parametrize("shape", SHAPES)
def test_a_smaller_turn_than_the_symmetry_shows(shape: str) -> None:
    symmetry = SHAPES[shape].symmetry
    looks = {look(figure([mark(shape, putar=turn)])) for turn in range(0, symmetry or 360, 3)}
    drawings = {draw(figure([mark(shape, putar=turn)])) for turn in range(0, symmetry or 360, 3)}

    assert len(looks) == len(drawings) == (len(range(0, symmetry, 3)) if symmetry else 1)


@pytest.mark.parametrize("panels", [1, 4, 9])
def test_a_panel_is_96_px_wide_and_stands_in_a_row(panels: int) -> None:
    root = ElementTree.fromstring(draw(figure(*[[mark()]] * panels)))

    assert len(root.findall(f"{SVG}rect[@width='96']")) == panels
    assert root.attrib["height"] == "100"


def test_an_analogy_shows_a_colon_inside_each_pair_and_an_equals_sign_between_pairs() -> None:
    panels: list[Any] = [[]] * 6

    signs = [
        child.tag.removeprefix(SVG)
        for child in ElementTree.fromstring(draw(figure(*panels, susunan="analogi")))
        if child.tag in (f"{SVG}circle", f"{SVG}path")
    ]

    colon, equals = ["circle"] * 2, ["path"] * 2
    assert signs == [*colon, *equals, *colon, *equals, *colon]


def test_hatching_stays_inside_its_outline() -> None:
    root = ElementTree.fromstring(draw(figure([mark("lingkaran", isi="arsir")])))
    (hatching,) = root.iter(f"{SVG}path")

    points = re.findall(r"(-?[\d.]+) (-?[\d.]+)", hatching.attrib["d"])

    assert len(points) > 8
    assert max(float(x) ** 2 + float(y) ** 2 for x, y in points) ** 0.5 <= 0.9 * 38 + 0.01


# --- The words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([mark()], "Segitiga kosong besar menghadap atas."),
        ([mark(putar=180, isi="hitam")], "Segitiga hitam besar menghadap bawah."),
        ([mark("persegi", putar=45)], "Persegi kosong besar berdiri pada sudutnya."),
        ([mark("persegi", putar=30)], "Persegi kosong besar diputar 30 derajat searah jarum jam."),
        ([mark("titik", jumlah=3)], "Tiga titik hitam."),
        ([mark("garis", putar=225)], "Garis besar miring ke kanan."),
        (
            [mark("panah", ukuran="kecil", isi="abu", letak="atas", putar=90)],
            "Panah abu-abu kecil di tengah atas menunjuk ke kanan.",
        ),
        (
            [mark("lingkaran"), mark("titik", letak="kiri_bawah")],
            "Lingkaran kosong besar di tengah; satu titik hitam di kiri bawah.",
        ),
        ([mark("panah", putar=30)], "Panah kosong besar menunjuk ke arah 30 derajat dari atas."),
        ([], "Kotak kosong."),
    ],
)
def test_one_panel_is_described_by_its_marks_alone(marks: Any, words: str) -> None:
    assert describe(figure(marks)) == words


def test_several_panels_are_counted_and_numbered() -> None:
    row = figure([mark()], [mark(isi="arsir")], "tanya")

    assert describe(row) == (
        "Tiga gambar. Gambar 1: segitiga kosong besar menghadap atas. "
        "Gambar 2: segitiga berarsir besar menghadap atas. Gambar 3: tanda tanya."
    )


def test_an_analogy_says_which_panels_belong_together() -> None:
    text = describe(figure([], [], [], "tanya", susunan="analogi"))

    assert "Gambar 1 berbanding gambar 2 seperti gambar 3 berbanding gambar 4." in text


def test_a_mirror_image_is_told_by_its_arms_and_not_given_away() -> None:
    plain, mirrored = (describe(figure([mark("huruf_l", cermin=hand)])) for hand in (False, True))

    assert plain.endswith("lengan panjang ke atas dan lengan pendek ke kanan.")
    assert mirrored.endswith("lengan panjang ke atas dan lengan pendek ke kiri.")


@pytest.mark.parametrize("shape", SHAPES)
def test_pictures_that_differ_are_told_apart_by_their_words(shape: str) -> None:
    size = {} if shape == "titik" else {"ukuran": "kecil"}
    figures = [
        figure([mark(shape, letak=place, putar=turn, cermin=hand, **size)])
        for place in PLACES
        for turn in range(0, 360, 15)
        for hand in (False, True)
    ]

    assert len(set(map(describe, figures))) == len(set(map(look, figures)))


# --- Refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "place", "value"),
    [
        (figure([mark("kubus")]), "panel 1, tanda 1, bentuk", "kubus"),
        (figure([], [mark(), mark(isi="merah")]), "panel 2, tanda 2, isi", "merah"),
        (figure([mark(ukuran=3)]), "panel 1, tanda 1, ukuran", 3),
        (figure([mark(letak=["atas"])]), "panel 1, tanda 1, letak", ["atas"]),
        (figure([mark(putar=22.5)]), "panel 1, tanda 1, putar", 22.5),
        (figure([mark(putar=True)]), "panel 1, tanda 1, putar", True),
        (figure([mark(cermin="ya")]), "panel 1, tanda 1, cermin", "ya"),
        (figure([mark("titik", jumlah=10)]), "panel 1, tanda 1, jumlah", 10),
        (figure([mark("titik", jumlah=0)]), "panel 1, tanda 1, jumlah", 0),
        (figure([mark("garis", isi="hitam")]), "panel 1, tanda 1, isi", "hitam"),
        (figure([mark("titik", ukuran="besar")]), "panel 1, tanda 1, ukuran", "besar"),
        (figure([{"isi": "hitam"}]), "panel 1, tanda 1", {"isi": "hitam"}),
        (figure([mark(warna="merah")]), "panel 1, tanda 1", mark(warna="merah")),
        (figure([mark(letak="atas")]), "panel 1, tanda 1", mark(letak="atas")),
        (figure("tanya?"), "panel 1", "tanya?"),
        (figure([[]], susunan="lingkar"), "gambar, susunan", "lingkar"),
        (figure([], [], "tanya", susunan="analogi"), "gambar, panel", 3),
        (figure(), "gambar, panel", []),
        ({"panel": [[]], "judul": "x"}, "gambar", {"panel": [[]], "judul": "x"}),
        ("segitiga", "gambar", "segitiga"),
    ],
)
def test_a_bad_description_is_refused_with_place_value_and_rule(
    bad: Any, place: str, value: object
) -> None:
    for read in (draw, describe, look):
        with pytest.raises(BadItem) as refusal:
            read(bad)

        assert refusal.value.evidence["place"] == place
        assert refusal.value.evidence["value"] == value
        assert refusal.value.evidence["rule"] in str(refusal.value)
