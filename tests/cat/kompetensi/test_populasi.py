"""What share of a population has something, and how sure is that?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.kompetensi.populasi import AturanPopulasi, wilson
from seeds.talenta_files import read_talent_file


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(successes, total, low, high):
    found = wilson(successes, total, 0.95)

    assert (round(found.bawah, 4), round(found.atas, 4)) == (low, high)


@given(st.integers(0, 500), st.integers(1, 500), st.floats(0.5, 0.99))
def test_the_interval_holds_the_share_and_mirrors(successes, total, confidence):
    successes = min(successes, total)
    found = wilson(successes, total, confidence)
    mirrored = wilson(total - successes, total, confidence)

    assert 0 <= found.bawah <= found.bagian <= found.atas <= 1
    assert found.bawah == pytest.approx(1 - mirrored.atas, abs=1e-12)


def test_nobody_has_no_share():
    assert wilson(0, 0, 0.95) is None


@pytest.mark.parametrize("arguments", [(3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1.0)])
def test_impossible_counts_are_refused(arguments):
    with pytest.raises(BadInput):
        wilson(*arguments)


def test_the_aim_is_fifty_per_cent_with_its_source():
    # domain.md 0.6
    rule = AturanPopulasi.from_mapping(read_talent_file("populasi.toml"))

    assert (rule.sasaran_persen, rule.keyakinan_sasaran, rule.keyakinan) == (50, "A", "C")
