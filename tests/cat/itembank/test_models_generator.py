"""Families of items: the same under a seed, verified, enemies of each other."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from cat.errors import BadItem
from cat.itembank.content import ItemContent, exam_problems, problems
from cat.itembank.models import generate, parse_model, preview, sibling_enemies
from cat.itembank.quality import key_counts, similar_pairs
from seeds.generate import MODELS

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "panduan" / "model-butir.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[1]  # type: ignore[index]
FIGURE = (MODELS / "srl_01_putar_dan_isi.toml").read_text(encoding="utf-8")


def family(text: str = EXAMPLE, count: int = 3, seed: int = 7, **rest: object) -> list[ItemContent]:
    return generate(parse_model(text), count, seed, **rest)


def changed(*replacements: tuple[str, str]) -> str:
    text = EXAMPLE
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_the_first_child_of_the_guide_is_as_the_guide_says():
    child = family()[0]

    letters = ", ".join(f"{x}. {text}" for x, text in zip("ABCDE", child.options, strict=True))
    assert f"> {child.stem}\n>\n> {letters}\n" in GUIDE
    assert f"Kuncinya {child.key}" in GUIDE
    assert child.parameters.b == (-0.4,)
    assert child.option_rationales[0] == "Benar: 1/4 dari 144 adalah 36."


@pytest.mark.parametrize("text", [EXAMPLE, FIGURE], ids=["words", "figures"])
def test_the_same_seed_gives_the_same_children_and_another_seed_gives_others(text):
    assert family(text) == family(text)
    assert family(text) != family(text, seed=8)


@pytest.mark.parametrize("path", sorted(MODELS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_model_of_the_starter_bank_gives_children_that_an_exam_may_show(path):
    model = parse_model(path.read_text(encoding="utf-8"))

    children = generate(model, 3, seed=2024)

    assert [problems(child) + exam_problems(child) for child in children] == [[]] * 3
    assert list(similar_pairs(children)) == []
    assert {child.parent for child in children} == {model.code}
    assert len({child.stem + str(child.figures) for child in children}) == 3
    assert all(len(child.option_rationales) == 5 for child in children)


def test_keys_are_spread_evenly_over_a_family():
    counts = key_counts(family(count=5, seed=3))

    assert set(counts.values()) == {1}


def test_keys_go_first_to_the_letters_that_the_domain_uses_least():
    old = [replace(child, domain="tiu.numerik.soal_cerita") for child in family(count=2, seed=1)]
    used = {child.key for child in old}

    new = family(count=3, seed=2, existing=[replace(item, parent="") for item in old])

    assert not used & {child.key for child in new}


def test_numbers_follow_the_highest_of_the_prefix():
    old = replace(family(count=1)[0], code="TIU-CRT-041", stem="Lain.", options=tuple("abcde"))

    codes = [child.code for child in family(existing=[old])]

    assert codes == ["TIU-CRT-042", "TIU-CRT-043", "TIU-CRT-044"]


def test_siblings_are_enemies_each_pair_declared_once_at_the_lower_code():
    children = family(count=4)

    pairs = [(child.code, enemy) for child in children for enemy in child.enemies]

    assert len(pairs) == 6
    assert all(one < other for one, other in pairs)
    full = sibling_enemies(children)
    assert all(len(enemies) == 3 for enemies in full.values())
    assert {(one, other) for one, others in full.items() for other in others} == {
        pair for one, other in pairs for pair in ((one, other), (other, one))
    }


def test_new_children_name_their_older_siblings_and_the_enemies_of_the_model():
    old = family(count=1, seed=5)
    text = changed(('rasional = "', 'seteru = ["TIU-CRT-099"]\nrasional = "'))

    (child,) = family(text, count=1, seed=6, existing=old)

    assert child.enemies == ("TIU-CRT-099", old[0].code)


def test_items_without_a_parent_have_no_siblings():
    assert sibling_enemies([replace(child, parent="") for child in family()]) == {}


def test_a_child_that_is_like_an_existing_item_is_not_made():
    model = parse_model(EXAMPLE)
    one_of_each = tuple(replace(each, choices=each.choices[:1]) for each in model.variables)
    narrow = replace(model, stems=model.stems[:1], variables=one_of_each)
    made = generate(narrow, 1, seed=1)

    with pytest.raises(BadItem, match="hanya 0 anak dapat dibuat; terlalu mirip"):
        generate(narrow, 1, seed=2, existing=made)


@pytest.mark.parametrize(
    ("replacements", "message"),
    [
        ([("wajar = ", "warna = ")], r"MDL-CONTOH, model: isian tidak dikenal.*warna"),
        ([("detik = 60", 'detik = "lama"')], r"MDL-CONTOH, detik: wajib bilangan"),
        ([("n = { dari = 60", "n = { dari = 600")], r"MDL-CONTOH, variabel n: dari <= sampai"),
        ([("n = { dari", "nilai = { dari")], r"variabel: nama .* bukan nama baku"),
        ([('"bulat(n * p)"', '"bulat(m * p)"')], r"MDL-CONTOH, syarat: .*nama 'm' tidak dikenal"),
        ([("bulat(nilai) and nilai > 0", "nilai < 0")], r"kunci tidak wajar"),
        ([('"nilai + p * n == n"', '"nilai == p * n"')], r"kunci tidak memenuhi benar"),
        ([('"nilai + p * n == n"', '"nilai > 0"')], r"pengecoh juga memenuhi benar"),
        ([('dasar = "-0.8"', "dasar = 9")], r"MDL-CONTOH, kesukaran: b harus dalam"),
        (
            [('opsi = "[nilai] ', 'opsi = "[nilai:romawi] ')],
            r"MDL-CONTOH, opsi: cara tulis 'romawi'",
        ),
        ([('diketahui = { n = "[n]"', 'diketahui = { n = "[z]"')], r"MDL-CONTOH, aturan: "),
        ([('"not bulat(1 / p)"', "\"'satu'\"")], r"pendorong pembilang lebih dari satu: perlu"),
    ],
)
def test_a_model_is_refused_with_its_name_the_place_and_the_rule(replacements, message):
    with pytest.raises(BadItem, match=message) as refusal:
        family(changed(*replacements))

    assert refusal.value.evidence["model"] == "MDL-CONTOH"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tayang = 4", "tayang = 9", r"MDL-SRL-01, gambar: tayang harus 3 sampai 8"),
        ("tayang = 4\n", "", r"MDL-SRL-01, gambar: tepat isian"),
        ('jenis = "deret"', 'jenis = "tangga"', r"MDL-SRL-01, gambar, jenis: salah satu dari"),
        ('putar = "=t"', 'putar = "=x"', r"MDL-SRL-01, gambar: .*nama 'x' tidak dikenal"),
        ('awal = [{ bentuk = "=s"', 'awal = [{ bentuk = "ular"', r"gambar tidak dapat dibuat"),
        ('isi = "=f" }]\n\n[kunci]', "isi = 3 }]\n\n[kunci]", r"langkah .* tidak dapat dilakukan"),
        ('langkah = [{ putar = "=-r" }]', "langkah = [{ terbang = 1 }]", r"pengecoh 3: langkah"),
        ("awal = [{", "awal = [3, {", r"MDL-SRL-01, gambar: "),
    ],
)
def test_a_figure_model_is_refused_with_its_name_the_place_and_the_rule(old, new, message):
    assert FIGURE.count(old) == 1

    with pytest.raises(BadItem, match=message):
        family(FIGURE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('sifat = "genap"', 'sifat = "warna"', r"sifat 'warna' tidak dikenal"),
        ('sifat = "genap"', 'sifat = "panah_ke_titik"', r"isian gambar kurang atau salah bentuk"),
        ("o % 2 != k.n[0] % 2", "o % 2 == k.n[0] % 2", r"sifat genap tidak menyendirikan kunci"),
        ('ukuran = "kecil", jumlah = "=o"', 'ukuran = "kecil", jumlah = 10', r"tidak dapat dibuat"),
    ],
)
def test_an_odd_one_out_model_is_refused_where_the_key_is_not_odd(old, new, message):
    text = (MODELS / "kts_01_genap_ganjil.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1

    with pytest.raises(BadItem, match=message):
        family(text.replace(old, new))


def test_a_file_that_is_no_toml_is_refused():
    with pytest.raises(BadItem, match="bukan TOML"):
        parse_model("kode = ")


@pytest.mark.parametrize("count", [0, -1, 101])
def test_a_family_has_1_to_100_children(count):
    with pytest.raises(BadItem, match="1 sampai 100"):
        family(count=count)
    assert "1 sampai 100" in preview(parse_model(EXAMPLE), count, seed=1).problems[0]


def test_a_preview_shows_what_there_is_and_why_there_is_no_more():
    model = parse_model(changed(('["1/4", "1/3", "2/5", "3/5", "3/4"]', '["1/97"]')))

    shown = preview(model, 3, seed=1)

    assert shown.children == ()
    assert len(shown.problems) == 1
    assert "hanya 0 anak dapat dibuat; syarat 'bulat(n * p)'" in shown.problems[0]
    assert preview(parse_model(EXAMPLE), 3, seed=7).children == tuple(family())


def test_wrong_figures_do_not_leave_the_key_most_like_all_others():
    for child in family(FIGURE, count=4):
        marks = [child.figures[letter]["panel"][0][0] for letter in "abcde"]
        alike = [sum(one[k] == two[k] for two in marks for k in one) for one in marks]
        assert alike["ABCDE".index(child.key or "")] < max(alike)


def test_the_positions_of_a_long_family_are_as_even_as_they_can_be():
    counts = Counter(child.key for child in family(FIGURE, count=12))

    assert sorted(counts.values()) == [2, 2, 2, 3, 3]
