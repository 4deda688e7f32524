"""Numbers and texts that item models write."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadItem
from cat.itembank.models.notation import write
from cat.itembank.models.template import fill, fill_all, resolve
from tests.seeds.rules.indonesian_numbers import read_number

VALUES = {
    "p": Fraction(3, 8),
    "n": Fraction(12500),
    "f": ("kosong", "hitam"),
    "k": {"kalimat": "berisi [n:rupiah] dan [p:persen]"},
    "s": "luas",
}


@given(st.fractions(max_denominator=400, min_value=-(10**7), max_value=10**7))
def test_a_number_is_read_back_as_it_was_written(value):
    assert read_number(write(value)) == value
    assert read_number(write(value, "pecahan")) == value


@given(st.integers(0, 24 * 60 - 1))
def test_a_time_of_day_is_read_back_in_minutes(minutes):
    assert read_number(write(Fraction(minutes), "jam")) == minutes


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        ("1250.5", "angka", "1.250,5"),
        ("-3", "angka", "−3"),
        ("7/12", "angka", "7/12"),
        ("7/3", "campuran", "2 1/3"),
        ("3/8", "persen", "37,5%"),
        ("12500", "rupiah", "Rp12.500"),
        ("1250.5", "latex", "1250{,}5"),
        ("-7/12", "latex", r"-\frac{7}{12}"),
        ("5/4", "latex_campuran", r"1\frac{1}{4}"),
        ("-4", "bertanda", "− 4"),
        ("4", "bertanda", "+ 4"),
        ("-4", "polos", "(-4)"),
        ("3/4", "polos", "(3/4)"),
    ],
)
def test_a_number_is_written_in_this_style(value, style, text):
    assert write(Fraction(value), style) == text


@pytest.mark.parametrize(
    ("value", "style", "rule"),
    [
        (Fraction(1, 3), "persen", "persen tidak habis"),
        (Fraction(1, 2), "rupiah", "bilangan bulat"),
        (Fraction(1440), "jam", "0 sampai 1439"),
        (Fraction(1), "romawi", "'romawi' tidak dikenal"),
        (True, "angka", "bilangan atau teks"),
    ],
)
def test_a_number_that_a_style_cannot_write_is_refused(value, style, rule):
    with pytest.raises(BadItem, match=rule):
        write(value, style)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("[n] × 2 = [2 * n]", "12.500 × 2 = 25.000"),
        ("[s:kapital] [f[1]]", "Luas hitam"),
        ("[k.kalimat]", "berisi Rp12.500 dan 37,5%"),  # a context speaks of the numbers
        (r"$\sqrt[3]{[n]}$ ![](gambar:soal)", r"$\sqrt[3]{12.500}$ ![](gambar:soal)"),
        ("[('ya' if p < 1 else 'tidak')]", "ya"),
    ],
)
def test_a_text_is_filled(template, text):
    assert fill(template, VALUES) == text


@pytest.mark.parametrize(
    ("template", "rule"),
    [("[m]", "nama 'm' tidak dikenal"), ("[n", "tidak ditutup"), ("[f]", "bilangan atau teks")],
)
def test_a_text_that_cannot_be_filled_is_refused(template, rule):
    with pytest.raises(BadItem, match=rule):
        fill(template, VALUES)


def test_data_is_filled_and_resolved_however_deep():
    assert fill_all({"a": ["[n]", {"b": "[p]"}], "c": 1}, VALUES) == {
        "a": ["12.500", {"b": "0,375"}],
        "c": 1,
    }
    assert resolve([{"isi": "=f", "putar": "=n / 100"}, "tengah"], VALUES) == [
        {"isi": ["kosong", "hitam"], "putar": 125},
        "tengah",
    ]


def test_a_figure_takes_whole_numbers_only():
    with pytest.raises(BadItem, match="bilangan bulat"):
        resolve({"putar": "=p"}, VALUES)
