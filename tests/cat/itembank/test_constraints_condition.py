"""CONDITION: what the small language accepts, which items it picks, and how it refuses."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput, BadRules
from cat.itembank.attributes import Attributes
from cat.itembank.condition import groups, meets, unknown_values
from cat.itembank.condition_text import EachValue, parse, quoted

BANK = Attributes(
    {
        "kode": ["A-1", "A-2", "B-1", "x y", "it's"],
        "domain": ["verbal.analogi", "verbal.silogisme", "verbalisme", "verbal", "numerik"],
        "kunci": ["A", "B", "A", "", "C"],
        "kata": [10, 25, 40, 25, 7],
        "detik": [30.5, 45.0, 60.0, 90.25, 20.0],
        "stimulus": ["S1", "S1", "", "S2", ""],
    }
)


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        ("", "11111"),
        ("   ", "11111"),
        ("domain under verbal", "11010"),  # the branch itself and below, not "verbalisme"
        ("domain under verbal.analogi", "10000"),
        ("domain = verbal", "00010"),
        ("kunci = A", "10100"),
        ("kunci == A", "10100"),
        ("kunci != A", "01011"),
        ("kata < 25", "10001"),
        ("kata <= 25", "11011"),
        ("kata > 25", "00100"),
        ("kata >= 25", "01110"),
        ("kata = 25", "01010"),
        ("kata in (7, 40)", "00101"),
        ("detik = 90.25", "00010"),
        ("kata > -3", "11111"),
        ("kode in (A-1, B-1)", "10100"),
        ('kode = "x y"', "00010"),
        ("kode = 'x y'", "00010"),
        ('kode = "it\'s"', "00001"),
        ('stimulus = ""', "00101"),
        ("not stimulus = ''", "11010"),
        ("NOT kunci = A AND kata >= 25", "01010"),
        ("not (kunci = A and kata >= 25)", "11011"),
        # `and` binds closer than `or`
        ("kunci = A or kunci = B and kata > 30", "10100"),
        ("(kunci = A or kunci = B) and kata > 30", "00100"),
        ("kunci=A and(kata>=10)and not not kata<40", "10000"),
        ("domain under verbal and kode in (A-1,\n A-2)", "11000"),
    ],
)
def test_a_condition_picks_these_items(text, picked):
    condition = parse(text)

    assert "".join(str(int(found)) for found in meets(condition, BANK)) == picked


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("kunci = ", r"huruf ke-8: ada akhir syarat, seharusnya sebuah nilai"),
        ("= A", r"huruf ke-1: ada '=', seharusnya nama atribut"),
        ('"kunci" = A', r"ada 'kunci', seharusnya nama atribut"),
        ("kunci A", r"huruf ke-7: ada 'A', seharusnya =, !="),
        ("kunci = A B", r"huruf ke-11: ada 'B', seharusnya 'and' atau 'or'"),
        ("kunci and kata > 2", r"huruf ke-7: ada 'and', seharusnya =, !="),
        ("kunci = in", r"ada 'in', seharusnya sebuah nilai"),
        ("kunci in A", r"seharusnya '\(' sesudah in"),
        ("kunci in (A B)", r"seharusnya ',' atau '\)'"),
        ("kunci in ()", r"ada '\)', seharusnya sebuah nilai"),
        ("kunci in (A,)", r"ada '\)', seharusnya sebuah nilai"),
        ("(kunci = A", r"akhir syarat, seharusnya '\)'"),
        ("kunci = A)", r"ada '\)', seharusnya 'and' atau 'or'"),
        ("kunci = A and", r"akhir syarat, seharusnya nama atribut"),
        ('kode = "x y', r"huruf ke-8: '\"x y' tak terbaca"),
        ("kata > 5; import os", r"huruf ke-9: '; import os' tak terbaca"),
        ("kata + 5 > 6", r"'\+ 5 > 6' tak terbaca"),
        ("not " * 60 + "kunci = A", r"bersarang lebih dari 50 tingkat"),
        ("(" * 5000 + "kunci = A" + ")" * 5000, r"bersarang lebih dari 50 tingkat"),
    ],
)
def test_a_condition_that_cannot_be_read_says_where_and_what_was_expected(text, complaint):
    with pytest.raises(BadRules, match=complaint):
        parse(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("warna = merah", r"atribut tak dikenal 'warna'; yang ada: kode, domain, kunci"),
        ("kunci > A", r"kunci berisi teks: > hanya untuk bilangan"),
        ("kata under 3", r"kata berisi bilangan: under hanya untuk jalur bertitik"),
        ("kata > banyak", r"'banyak' bukan bilangan"),
        ("kata in (7, tujuh)", r"'tujuh' bukan bilangan"),
        ("kata > 1.000", r"'1.000' bukan bilangan yang jelas"),
    ],
)
def test_a_condition_that_does_not_fit_the_columns_names_the_attribute_or_value(text, complaint):
    with pytest.raises(BadRules, match=complaint):
        meets(parse(text), BANK)


def test_an_attribute_alone_makes_one_group_for_each_value_and_none_for_the_empty_one():
    by_key = groups(parse("kunci"), BANK)
    by_words = groups(parse("kata"), BANK)

    assert [(name, list(np.flatnonzero(members))) for name, members in by_key] == [
        ("kunci = A", [0, 2]),
        ("kunci = B", [1]),
        ("kunci = C", [4]),
    ]
    assert [name for name, _ in by_words] == ["kata = 7", "kata = 10", "kata = 25", "kata = 40"]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("kunci = D", ["kunci = 'D'"]),
        ("kunci != D", ["kunci = 'D'"]),
        ("not (kode in (A-1, A-9) or kata = 8)", ["kode in 'A-9'", "kata = '8'"]),
        ("domain under verbal.analog", ["domain under 'verbal.analog'"]),
        ("stimulus = '' and kata > 1000", []),
        ("kunci", []),
    ],
)
def test_values_that_no_item_has_are_found_wherever_they_stand(text, unknown):
    found = list(unknown_values(parse(text), BANK))

    assert len(found) == len(unknown)
    assert all(value in phrase for value, phrase in zip(unknown, found, strict=True))


def test_a_misspelt_value_is_answered_with_the_nearest_one():
    assert "mungkin maksudnya 'verbal.silogisme'" in next(
        unknown_values(parse("domain under verbal.silogsme"), BANK)
    )


@given(st.text(st.characters(exclude_characters="\"'"), min_size=1))
def test_a_quoted_value_is_read_back_whole(value):
    assert parse(f"kode = {quoted(value)}").values == (value,)


@given(st.text("kunci=ABin()<>!,. \"'andornotunder-1", max_size=30))
def test_any_text_is_either_read_or_refused_by_name(text):
    with suppress(BadRules):
        condition = parse(text)
        if not isinstance(condition, EachValue):
            assert meets(condition, BANK).shape == (5,)


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ({}, "sama panjang dan tidak kosong"),
        ({"kode": []}, "perlu teks|tidak kosong"),
        ({"kode": ["A"], "kata": [1, 2]}, "sama panjang"),
        ({"kode": ["A", "A"]}, "kode butir harus unik; A muncul berulang"),
        ({"kata": [1.0, np.nan]}, "kolom kata, butir ke-2: nan bukan bilangan"),
        ({"kunci": [1, 2]}, "kolom kunci: perlu teks"),
        ({"kata": np.array(["x", 1], dtype=object)}, "kolom kata: perlu teks semua atau bilangan"),
        ({"kata": [True, False]}, "perlu teks semua atau bilangan"),
        ({"kata": [[1, 2]]}, r"satu nilai per butir; got shape \(1, 2\)"),
        ({"2x": ["A"]}, "nama kolom '2x'"),
        ({"under": ["A"]}, "nama kolom 'under'"),
    ],
)
def test_columns_that_do_not_fit_together_are_refused(columns, complaint):
    with pytest.raises(BadInput, match=complaint):
        Attributes(columns)


def test_stimuli_are_numbered_in_the_order_of_their_codes():
    assert BANK.stimuli == ("S1", "S2")
    assert list(BANK.stimulus_of) == [0, 0, -1, 1, -1]
    assert Attributes({"kata": [1, 2]}).stimuli == ()


def test_columns_are_copies_that_nobody_can_change():
    words = np.array([1.0, 2.0])
    bank = Attributes({"kata": words})

    words[0] = 99

    assert bank.column("kata")[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        bank.column("kata")[0] = 5
