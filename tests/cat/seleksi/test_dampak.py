"""Do groups pass at like rates? Ratios against published limits and their own promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.seleksi.dampak import Points, Verdict, impact_ratio, mean_difference


def test_the_interval_is_the_published_one():
    # Koopman (1984), Biometrics 40, p. 516: 36 of 40 against 16 of 80 gives 2.94 to 7.15.
    found = impact_ratio(36, 40, 16, 80, limit=0.8)

    assert found.ratio == 4.5
    assert (round(found.low, 2), round(found.high, 2)) == (2.94, 7.15)


@st.composite
def counts(draw):
    m, n = draw(st.integers(1, 400)), draw(st.integers(1, 400))
    return draw(st.integers(0, m)), m, draw(st.integers(0, n)), n


@given(counts())
def test_the_interval_holds_the_ratio_and_turns_over_with_the_groups(given_counts):
    x, m, y, n = given_counts
    found, turned = impact_ratio(x, m, y, n, limit=0.8), impact_ratio(y, n, x, m, limit=0.8)

    assert found.low <= found.high
    if y:
        assert found.low <= found.ratio * (1 + 1e-9)
        assert found.ratio <= found.high * (1 + 1e-9)
    if found.low > 0 and math.isfinite(found.high):
        assert turned.high == pytest.approx(1 / found.low, rel=1e-6)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    x, y = rng.binomial(30, 0.3, 400), rng.binomial(60, 0.4, 400)

    intervals = [impact_ratio(a, 30, b, 60, limit=0.8) for a, b in zip(x, y, strict=True)]
    share = np.mean([i.low <= 0.75 <= i.high for i in intervals])

    assert 0.92 <= share <= 0.98  # 0.95 +- 3 standard errors of 400 trials


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ((100, 1000, 400, 1000), Verdict.DI_BAWAH),
        ((390, 1000, 400, 1000), Verdict.TIDAK_DI_BAWAH),
        ((2, 10, 4, 10), Verdict.BELUM_PASTI),  # a ratio of a half, but of ten people
        ((0, 10, 0, 10), Verdict.BELUM_PASTI),  # nobody passed anywhere: nothing is known
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(numbers, verdict):
    assert impact_ratio(*numbers, limit=0.8).verdict is verdict


@pytest.mark.parametrize(
    "numbers", [(1, 0, 1, 2), (3, 2, 1, 2), (-1, 2, 1, 2), (1, 2, 3, 2), (1, 2, 0, 0)]
)
def test_impossible_counts_are_refused(numbers):
    with pytest.raises(BadInput, match="passed"):
        impact_ratio(*numbers, limit=0.8)


@pytest.mark.parametrize("limit", [0, 1.1])
def test_a_limit_outside_its_range_is_refused(limit):
    with pytest.raises(BadInput, match="limit"):
        impact_ratio(1, 2, 1, 2, limit=limit)


def test_the_mean_difference_is_the_one_computed_by_hand():
    # Means 4 and 2, both variances 1, so d = 2; 4 degrees of freedom correct it by 1 - 3/15.
    found = mean_difference(Points(3, 4.0, 1.0), Points(3, 2.0, 1.0))

    assert found.difference == pytest.approx(1.6)
    assert found.se == pytest.approx(math.sqrt(6 / 9 + 1.6**2 / 12))


@pytest.mark.parametrize("group", [Points(1, 1.0, 0.0), Points(2, 2.0, 0.0)])
def test_there_is_no_mean_difference_without_spread(group):
    assert mean_difference(group, Points(2, 2.0, 0.0)) is None
