"""Numbers as Indonesian readers write them."""

from __future__ import annotations

import pytest

from cat.simulation.measuring.measured import Measured
from cat.simulation.reporting.numerals import angka, domain, ketelitian, persen, rentang


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (317_979, 0, "317.979"),
        (1234.5, 1, "1.234,5"),
        (0.345, 2, "0,34"),  # 0.345 is a little less than it looks
        (-0.5, 2, "−0,50"),
        (-0.0004, 3, "0,000"),  # never minus nothing
        (None, 2, "–"),
    ],
)
def test_numbers_have_a_decimal_comma_and_points_between_thousands(value, digits, text):
    assert angka(value, digits) == text


def test_a_signed_number_says_plus_but_nothing_has_no_sign():
    assert angka(0.02, 2, is_signed=True) == "+0,02"
    assert angka(0.0, 2, is_signed=True) == "0,00"


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        (0.125, 1, "12,5%"),
        (0, 0, "0%"),
        (1, 1, "100,0%"),
        (0.0004, 1, "<0,1%"),  # one person is not nobody
        (0.9999, 1, ">99,9%"),
        (0.0006, 1, "0,1%"),
        (None, 1, "–"),
    ],
)
def test_a_share_reads_as_nothing_or_everything_only_when_it_is(share, digits, text):
    assert persen(share, digits) == text


def test_a_chance_error_is_printed_at_95_percent():
    assert ketelitian(Measured(0.5, 0.01), 3) == "± 0,020"
    assert ketelitian(Measured(0.5, 0.01), 1, 100) == "± 2,0"
    assert ketelitian(Measured(0.5, 0.0001), 3) == "± <0,001"
    assert ketelitian(Measured(0.5, None)) == "–"


@pytest.mark.parametrize(
    ("lower", "upper", "text"),
    [
        (3, 5, "3 sampai 5"),
        (4, 4, "tepat 4"),
        (None, 250, "paling banyak 250"),
        (2, None, "paling sedikit 2"),
        (None, None, "bebas"),
    ],
)
def test_bounds_are_words(lower, upper, text):
    assert rentang(lower, upper, 0) == text


def test_a_domain_reads_as_words():
    assert domain("numerik.deret_angka") == "numerik › deret angka"
