"""A claim is as true as its weakest part."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.seeds.rules.comparison import claim_is_true


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("selalu x > y", False),
        ("x >= 0", True),
        ("ada x > y; ada x < y", True),
        ("ada x > y; ada x > 9", False),
        ("selalu x > y setara x > 1", True),
        ("selalu x > y setara x > 0", False),
    ],
)
def test_a_claim_holds_only_when_each_of_its_parts_does(claim, verdict):
    points = [{"x": Fraction(x), "y": Fraction(3, 2)} for x in (1, 2, 3)]

    assert claim_is_true(claim, points) is verdict
