"""Numbers are read in Indonesian notation only."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.seeds.rules.indonesian_numbers import MINUS, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.250,5", Fraction(2501, 2)),
        ("12.500", Fraction(12500)),
        (f"{MINUS}41", Fraction(-41)),
        ("37,5%", Fraction(3, 8)),
        ("2 1/3", Fraction(7, 3)),
        ("0,0144", Fraction(144, 10000)),
        ("06.15", Fraction(375)),
    ],
)
def test_a_number_is_read_in_indonesian_notation(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["1,250.5", "12 500", "1.25.000", "Rp500", ""])
def test_a_number_in_another_notation_is_refused(text):
    with pytest.raises(ValueError, match="Indonesian notation"):
        read_number(text)
