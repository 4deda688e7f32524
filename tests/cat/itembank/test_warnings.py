"""What the writer is warned of, and what they are not troubled with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.itembank.content import ItemContent
from cat.itembank.figures import uploaded_figure
from cat.itembank.peringatan import Likeness, Severity, concerns
from cat.itembank.peringatan.kemiripan import Sketches, share, sketch
from cat.itembank.store import new_parameters

PLAIN = ItemContent(
    code="TWK-X-001",
    domain="twk.nasionalisme",
    stem="Lembaga manakah yang mengesahkan naskah itu?",
    options=("Dewan Adat", "Majelis Kota", "Panitia Kecil", "Badan Umum", "Rapat Raya"),
    points=(1, 0, 0, 0, 0),
    rationale="Risalah menyebutnya.",
    source="Risalah sidang",
    parameters=new_parameters("twk"),
    option_rationales=("benar",) * 5,
    indicator="Menyebut lembaga.",
    language_level="menengah",
)
LONG = "Majelis yang bersidang di kota lama dan mengesahkan semua naskah tahun itu"


def said(item: ItemContent, **more) -> list[tuple[str, str]]:
    return [(concern.place, concern.text) for concern in concerns(item, **more)]


def with_options(**changes: str) -> ItemContent:
    options = list(PLAIN.options)
    for letter, text in changes.items():
        options["abcde".index(letter)] = text
    return replace(PLAIN, options=tuple(options))


def test_a_sound_item_is_left_in_peace():
    assert concerns(PLAIN) == []


@pytest.mark.parametrize(
    ("item", "place", "words"),
    [
        (with_options(a=LONG), "opsi A", "Kunci paling panjang: 74 huruf, yang lain rata-rata 11"),
        (
            replace(with_options(**dict.fromkeys("bcde", LONG)), points=(1, 0, 0, 0, 0)),
            "opsi A",
            "paling pendek",
        ),
        (replace(PLAIN, stem="Manakah yang bukan lembaga? Pilih satu."), "soal", "“bukan”"),
        (replace(PLAIN, stem="Semua itu lembaga, kecuali …"), "soal", "“kecuali”"),
        (with_options(e="Semua jawaban benar"), "opsi E", "menunjuk pilihan lain"),
        (with_options(d="Tidak ada yang tepat."), "opsi D", "menunjuk pilihan lain"),
        (with_options(c="A dan B benar"), "opsi C", "menunjuk pilihan lain"),
        (with_options(b="hanya Dewan", c="selalu Panitia"), "opsi", "mutlak"),
        (replace(PLAIN, stem="Dalam dewan apa itu disahkan?"), "opsi A", "terulang pada kunci"),
        (with_options(a="1945"), "opsi A", "bilangan atau kata"),
        (with_options(a="Dewan Adat."), "opsi A", "tanda baca"),
        (replace(PLAIN, source=" "), "sumber", "belum disebut"),
        (replace(PLAIN, option_rationales=("x", "", "x", "", "x")), "alasan B", "pilihan B, D"),
        (replace(PLAIN, options=PLAIN.options[:4], points=(1, 0, 0, 0)), "opsi", "lima pilihan"),
        (replace(PLAIN, stem="![](gambar:peta) Apa ini?"), "soal", "“peta” tidak ada"),
        (
            replace(
                PLAIN,
                stem="![](gambar:peta) Apa ini?",
                figures={"peta": uploaded_figure("a" * 64 + ".png", "")},
            ),
            "soal",
            "teks alternatif",
        ),
        (replace(PLAIN, stem="kata " * 40 + "apa?"), "soal", "41 kata; batas"),
        (replace(PLAIN, stem="Kata. " * 200, seconds=30), "detik", "Membaca"),
    ],
)
def test_each_weakness_is_said_at_its_place(item, place, words):
    found = said(item)

    assert [text for where, text in found if where == place and words in text], found


@pytest.mark.parametrize(
    "item",
    [
        replace(PLAIN, stem="Manakah yang **bukan** lembaga?"),
        replace(PLAIN, stem="Manakah yang BUKAN lembaga?"),
        replace(PLAIN, stem="Manakah yang salah satu tugasnya mengesahkan?"),
        replace(PLAIN, stem="Naskah itu tidak disahkan di sana. Lembaga manakah yang menolaknya?"),
        with_options(a="(1) dan (3)", b="(2) dan (4)", c="(1) saja", d="(4) saja", e="(1)–(4)"),
        with_options(a="selalu Dewan", b="hanya Majelis", c="semua Panitia"),
    ],
)
def test_what_only_looks_like_a_weakness_is_not_said(item):
    assert said(item) == []


def test_a_place_that_the_key_likes_too_much_is_said_only_where_chance_would_not():
    assert said(PLAIN, batch_keys="ABCDEABCDE") == []
    assert said(PLAIN, batch_keys="AAAA") == []
    ((place, text),) = said(PLAIN, batch_keys="AAAAAAAAABCD")
    assert place == "kunci"
    assert "Kunci A dipakai pada 10 dari 13" in text


def test_the_gravest_comes_first_and_names_the_other_item():
    found = concerns(replace(PLAIN, source=""), alike=[Likeness("Y", 0.9), Likeness("Z", 0.3)])

    assert [concern.severity for concern in found] == [Severity.BERAT, Severity.SEDANG]
    assert found[0].code == "Y"
    assert "90%" in found[0].text


texts = st.text("abc Aku benar. **$x$** ![](gambar:p) |\n-1", max_size=60)


@given(texts, st.lists(texts, max_size=6), texts, st.permutations(range(5)))
def test_any_unfinished_item_can_be_looked_at_and_order_changes_only_letters(
    stem, options, source, order
):
    unfinished = replace(
        PLAIN, stem=stem, options=tuple(options), points=(0,) * len(options), source=source
    )
    assert all(c.text and c.advice and c.place for c in concerns(unfinished))

    full = replace(PLAIN, stem=stem, options=(*[*options, "d", "e", "f", "g"][:4], LONG))
    mixed = replace(
        full,
        options=tuple(full.options[k] for k in order),
        points=tuple(full.points[k] for k in order),
    )
    kinds = [sorted(c.severity for c in concerns(one)) for one in (full, mixed)]
    assert kinds[0] == kinds[1]


def worded(words: list[str]) -> ItemContent:
    return replace(PLAIN, stem=" ".join(words))


def test_sketches_find_the_near_duplicate_and_estimate_what_is_shared():
    rng = np.random.default_rng(3)
    words = [f"kata{k}" for k in range(2000)]
    bank = [worded(list(rng.choice(words, 60))) for _ in range(300)]
    sketches = Sketches()
    sketches.put([(k, sketch(item)) for k, item in enumerate(bank)])
    changed = bank[17].stem.split()
    changed[30] = "lain"
    twin = worded(changed)

    assert sketches.nearest(sketch(twin)) == [17]
    assert 0.8 < share(twin, bank[17]) < 1
    sketches.put([(17, sketch(bank[18]))])
    assert sketches.nearest(sketch(twin)) == []
    assert len(sketches) == 300


def test_items_under_one_stimulus_are_compared_by_what_is_their_own():
    shared = {"stimulus": "S", "stimulus_text": "panjang sekali bacaan ini " * 30}
    one, other = replace(PLAIN, **shared), replace(worded(list("pqrstuvw")), **shared)

    assert share(one, other) < 0.5
    assert sketch(one) == sketch(PLAIN)
