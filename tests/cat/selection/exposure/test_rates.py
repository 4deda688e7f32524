"""Exposure and overlap against counting by hand and pair by pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.selection.exposure import rates


@st.composite
def cohorts(draw):
    """(J, n) positions without repeats, some -1, and the number of items."""
    items, persons = draw(st.integers(3, 12)), draw(st.integers(2, 12))
    rows = []
    for _ in range(persons):
        order = draw(st.permutations(range(items)))
        rows.append([item if draw(st.booleans()) else -1 for item in order])
    return np.array(rows), items


def fixed_length(persons: int, length: int, items: int, seed: int = 0):
    rng = np.random.default_rng(seed)
    weight = np.arange(1, items + 1) / items
    order = np.argsort(-weight * rng.random((persons, items)), axis=1)
    return order[:, :length]


@given(cohorts())
def test_overlap_is_the_mean_over_all_pairs(cohort):
    given_items, items = cohort
    sets = [{item for item in row if item >= 0} for row in given_items.tolist()]
    assume(any(sets))

    shared = np.mean([len(one & other) for one, other in combinations(sets, 2)])

    length = np.mean([len(one) for one in sets])
    assert rates.overlap_rate(given_items, items) == pytest.approx(shared / length)


@given(cohorts())
def test_exposure_is_the_share_of_persons_who_saw_the_item(cohort):
    given_items, items = cohort

    rate = rates.exposure_rate(given_items, items)

    expected = [np.mean([item in row for row in given_items.tolist()]) for item in range(items)]
    assert rate == pytest.approx(np.array(expected))


def test_overlap_in_a_finite_cohort_follows_from_the_published_one():
    # Chen, Ankenmann & Spray (2003) let persons meet themselves; leaving those pairs out takes
    # 1 of every J meetings, in which all is shared, away
    persons = 300
    given_items = fixed_length(persons, 10, 60)

    published = rates.expected_overlap(rates.exposure_rate(given_items, 60))

    exact = rates.overlap_rate(given_items, 60)
    assert exact == pytest.approx((persons * published - 1) / (persons - 1))
    assert exact < published


def test_even_use_gives_the_least_overlap_there_can_be():
    # every item in a quarter of the tests: length / items
    assert rates.expected_overlap(np.full(40, 0.25)) == pytest.approx(0.25)
    assert rates.expected_overlap(np.array([1.0] * 10 + [0.0] * 30)) == pytest.approx(1.0)


def test_identical_tests_overlap_fully_and_disjoint_ones_not_at_all():
    assert rates.overlap_rate(np.array([[0, 1], [1, 0], [0, 1]]), 9) == 1.0
    assert rates.overlap_rate(np.array([[0, 1], [2, 3]]), 9) == 0.0


def test_rates_by_group_count_each_group_apart_and_know_nothing_of_an_empty_one():
    given_items = np.array([[0, 1], [1, -1], [2, 0], [-1, -1]])

    by_group = rates.exposure_rate_by_group(given_items, np.array([0, 0, 2, 2]), 3, 3)

    assert by_group[0] == pytest.approx([0.5, 1.0, 0.0])
    assert np.isnan(by_group[1]).all()
    assert by_group[2] == pytest.approx([0.5, 0.0, 0.5])


def test_the_summary_of_a_small_cohort_by_hand():
    # rates 1, 0.5, 0.5, 0 with mean 0.5: skewness (0.25 + 0 + 0 + 0.25) / 0.5; the two share one
    # of two items
    found = rates.summary(np.array([[0, 1], [2, 0]]), 4)

    assert found == rates.Exposure(
        maximum=1.0, mean=0.5, never_used=1, used_share=0.75, overlap=0.5, skewness=1.0
    )


@pytest.mark.parametrize(
    ("given_items", "items", "said"),
    [
        ([[0, 1], [2, 4]], 4, "person 1 has 4"),
        ([[0, 1], [3, 3]], 4, "person 1 has 3"),
        ([[0, 1]], 4, "at least 2 persons; got 1"),
        ([[-1], [-1]], 4, "nobody"),
        ([[0.0], [1.0]], 4, "whole numbers"),
        ([0, 1], 4, r"\(J, n\)"),
    ],
)
def test_what_cannot_be_a_record_of_tests_is_refused(given_items, items, said):
    with pytest.raises(BadInput, match=said):
        rates.summary(np.array(given_items), items)


@pytest.mark.parametrize("group", [[0], [0, 2], [-1, 0]])
def test_groups_that_are_not_there_are_refused(group):
    with pytest.raises(BadInput, match=r"group must be \(2,\) numbers in 0..1"):
        rates.tally(np.array([[0], [1]]), np.array(group), 2, 3)
