"""Simple rules are recognised where they hold."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.seeds.rules.series import simple_rules


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ([2, 4, 6, 8], "constant difference"),
        ([2, 4, 8, 16], "constant ratio"),
        ([1, 3, 6, 10], "constant second difference"),
        ([1, 3, 7, 15], "differences in constant ratio"),
        ([1, 2, 3, 5, 8], "sum of the two previous"),
        ([1, 9, 2, 3, 3, 1], "two interleaved series"),
    ],
)
def test_a_series_that_follows_a_simple_rule_is_recognised(terms, rule):
    assert rule in simple_rules([Fraction(term) for term in terms])
