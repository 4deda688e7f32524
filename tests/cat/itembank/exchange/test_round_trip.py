"""What leaves the bank comes back as it was: as QTI, as XLSX, as CSV."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cat.errors import BadItem
from cat.itembank.content import LANGUAGE_LEVELS, ItemContent, Parameters
from cat.itembank.exchange.archive import Archive
from cat.itembank.exchange.codes import Bank
from cat.itembank.exchange.importing import read_file
from cat.itembank.exchange.qti.packaging import write_package, zipped
from cat.itembank.exchange.spreadsheet.writing import (
    as_csv,
    as_xlsx,
    guarded,
    template,
    unguarded,
    with_pictures,
)
from cat.itembank.figures import uploaded_figure
from cat.itembank.pictures import checked_picture
from cat.itembank.rendering import render
from tests.cat.itembank.exchange.qti_files import png

PICTURES = {picture.name: picture for picture in map(checked_picture, (png(), png(4, 4)))}
ALTS = ("bujur sangkar biru", "grafik [a] *b*")
STORED = {f"foto{n}": uploaded_figure(name, ALTS[n]) for n, name in enumerate(sorted(PICTURES))}
DRAWN = {"pola": {"panel": [[{"bentuk": "segitiga", "isi": "hitam", "putar": 90}], "tanya"]}}
FRAGMENTS = (
    "kata biasa dan “kutipan”",
    "**tebal** dan *miring*",
    r"rumus $\frac{1}{2} + x^2$ di tengah",
    "$$\\sqrt{a+b}$$",
    "- satu\n- dua\n  - dalam",
    "1. satu\n2. dua",
    "| a | b |\n| --- | --- |\n| $x$ | dua |",
    "> kutipan",
    "### judul",
    "tanda < > & \" ' = + - @ _x000D_",
    "=HYPERLINK(1)",
    "baris\nbaru\\\npaksa",
    "    kode\n    lagi",
    "![alt](gambar:pola)",
    "![lain](gambar:foto0) dan ![](gambar:foto1)",
    "日本語 é 😀\u00a0spasi",
    "-1. bukan daftar",
    "`kode`",
)
LINES = tuple(each for each in FRAGMENTS if "\n" not in each and "$$" not in each)
# Shrinking takes minutes here: an example is a whole bank, written and read as a file.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
TIMES = settings(
    max_examples=8, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck)
)


def texts(choices=FRAGMENTS):
    return st.lists(st.sampled_from(choices), min_size=1, max_size=3).map("\n\n".join)


codes = st.from_regex(r"[A-Z]{3}-[A-Z0-9]{2,6}", fullmatch=True)
reals = st.floats(-4, 4).map(lambda x: x + 0.0)


@st.composite
def contents(draw, code: str) -> ItemContent:
    part = draw(st.sampled_from(["tiu", "twk", "tkp"]))
    size = draw(st.integers(2, 10))
    options = tuple(f"{draw(st.sampled_from(LINES))} {n}" for n in range(size))
    most = 1 if part == "tkp" else draw(st.sampled_from([0, 1, 1, 1, size]))
    if part == "tkp":
        points, steps, c = tuple(draw(st.permutations(range(1, size + 1)))), size - 1, 0.0
    else:
        keys = draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=1 if most == 1 else 3))
        points = tuple(int(n in keys) for n in range(size))
        steps, c = 1, draw(st.floats(0, 0.4))
        most = most if most in (0, 1) else max(most, len(keys))
    shared = draw(st.booleans())
    reasons = draw(st.booleans())
    return ItemContent(
        code=code,
        domain=f"{part}.bagian_{draw(st.sampled_from('ab'))}",
        stem=draw(texts()),
        options=options,
        points=points,
        rationale=draw(st.sampled_from(LINES)),
        source=draw(st.sampled_from(["", "UU 20/2023 pasal 2", "+62 @buku"])),
        parameters=Parameters(
            draw(st.floats(0.1, 3)), tuple(draw(reals) for _ in range(steps)), c, "taksiran"
        ),
        figures={**DRAWN, **STORED},
        rule=draw(st.sampled_from([{}, {"jenis": "deret", "nilai": [1, 2.5, "x"]}])),
        stimulus="BACAAN-1" if shared else "",
        # A list at its end would draw an indented line at the start of the stem into itself.
        stimulus_text=f"{draw(texts())}\n\nAkhir bacaan." if shared else "",
        seconds=draw(st.sampled_from([0.0, 45.0, 72.5])),
        option_rationales=tuple(f"alasan {n}" for n in range(size)) if reasons else (),
        indicator=draw(st.sampled_from(["", "Menghitung, dengan koma; titik"])),
        language_level=draw(st.sampled_from(["", *LANGUAGE_LEVELS])),
        parent=draw(st.sampled_from(["", "MODEL-1"])),
        max_choices=most,
    )


@st.composite
def banks(draw) -> list[ItemContent]:
    """Some items; one shared text for those that have any, and enemies among them."""
    names = draw(st.lists(codes, min_size=1, max_size=4, unique_by=str.casefold))
    items = [draw(contents(name)) for name in names]
    texts_ = [item.stimulus_text for item in items if item.stimulus]
    items = [replace(item, stimulus_text=texts_[0]) if item.stimulus else item for item in items]
    first = items[0]
    return [
        replace(item, enemies=(first.code,))
        if item is not first and item.part == first.part
        else item
        for item in items
    ]


def body_of(name: str) -> bytes:
    return PICTURES[name].body


def package_of(items: list[ItemContent]) -> bytes:
    return write_package(items, body_of)


def came_back(name: str, data: bytes) -> list[ItemContent | None]:
    batch = read_file(name, data, bank=Bank(has_picture=PICTURES.__contains__))
    assert [item.refusals for item in batch.items if item.refusals] == []
    assert batch.losses == ()
    assert [item.losses for item in batch.items if item.losses] == []
    return [item.content for item in batch.items]


@TIMES
@given(banks())
def test_a_qti_package_brings_back_the_very_items(items):
    assert came_back("p.zip", package_of(items)) == items


@TIMES
@given(banks())
def test_sheets_bring_back_the_very_items(items):
    book, text = as_xlsx(items, ["tiu.bagian_a"]), as_csv(items)

    assert came_back("b.xlsx", book) == items
    assert came_back("b.csv", text) == items
    both = with_pictures("b.xlsx", book, items, body_of)
    assert both is not None
    assert came_back("b.zip", both) == items


def plain(html: str) -> str:
    """HTML without names of pictures, grouping inside formulas and breaks of lines in texts."""
    bare = re.sub(r'</?mrow>|(?<=src=")[^"]*', "", html)
    return re.sub(r"\n(?![^<]*</code></pre>)", " ", bare)


@TIMES
@given(banks())
def test_other_systems_find_in_the_package_what_candidates_see(items):
    """Without our notes the XML alone gives an item that looks and scores the same."""
    files = dict(Archive(package_of(items)).items())
    manifest = re.sub(rb'<file href="catatan/[^"]*"/>', b"", files["imsmanifest.xml"])
    bare = {path: body for path, body in files.items() if not path.startswith("catatan/")}

    for part in {item.part for item in items}:
        batch = read_file(
            "p.zip", zipped({**bare, "imsmanifest.xml": manifest}), domain=f"{part}.x"
        )
        for report, item in zip(batch.items, items, strict=True):
            if item.part == part or (part != "tkp" and item.part != "tkp"):
                assert report.content is not None, report.refusals
                shown, again = render(item), render(report.content)
                assert plain(again.stem) == plain(shown.stem)
                assert list(map(plain, again.options)) == list(map(plain, shown.options))
                assert report.content.points == item.points


@given(st.text())
def test_no_cell_of_csv_is_a_formula_and_reading_undoes_the_guard(text):
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(text)) == text


def test_a_changed_xml_wins_over_the_note_beside_it():
    item = ItemContent(
        "TIU-A", "tiu.a", "Soal?", ("ya", "tidak"), (1, 0), "Alasan.", "buku", Parameters(1, (0,))
    )
    files = dict(Archive(package_of([item])).items())
    files["butir/TIU-A.xml"] = files["butir/TIU-A.xml"].replace(b"Soal?", b"Soal lain?")

    (report,) = read_file("p.zip", zipped(files)).items

    assert report.content == replace(item, stem="Soal lain?", parameters=Parameters(1.0, (0.0,)))
    assert "XML berbeda dari catatan di sampingnya" in {loss.what for loss in report.losses}


def test_an_item_that_xml_cannot_say_is_refused_by_name():
    item = ItemContent(
        "TIU-A", "tiu.a", "a\x01b", ("ya", "tidak"), (1, 0), "x", "", Parameters(1, (0,))
    )

    with pytest.raises(BadItem, match=r"TIU-A: tanda U\+0001"):
        package_of([item])


def test_the_examples_of_the_template_can_be_imported_as_they_stand():
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    book = template(["tiu.numerik.deret_angka", "tkp.pelayanan_publik"])
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name("Contoh").to_python()
    csv = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()

    batch = read_file("contoh.csv", csv)

    assert [item.verdict for item in batch.items] == ["diterima", "diterima"]
    assert [item.code for item in batch.items] == [
        "TIU-NUMERIK-DERET_ANGKA-I0001",
        "TKP-PELAYANAN_PUBLIK-I0001",
    ]
