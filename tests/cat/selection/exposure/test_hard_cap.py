"""The cap on administrations: exact, and fair to the order of persons."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput, PoolExhausted
from cat.selection.exposure.hard_cap import assign


@st.composite
def requests(draw):
    items = draw(st.integers(1, 8))
    width = draw(st.integers(1, 6))
    wish = st.lists(st.integers(-1, items - 1), min_size=width, max_size=width)
    candidates = draw(st.lists(wish, min_size=1, max_size=25))
    capacity = draw(st.lists(st.integers(0, 6), min_size=items, max_size=items))
    return np.array(candidates), np.array(capacity)


def one_after_the_other(candidates, capacity):
    """Item of each person, -1 for none, when persons are served in order."""
    left, given = capacity.copy(), []
    for wishes in candidates:
        item = next((wish for wish in wishes if wish >= 0 and left[wish] > 0), -1)
        if item >= 0:
            left[item] -= 1
        given.append(item)
    return np.array(given), left


@given(requests())
def test_assignment_is_that_of_serving_one_person_after_the_other(request):
    candidates, capacity = request
    expected, left = one_after_the_other(candidates, capacity)

    if (expected < 0).any():
        with pytest.raises(PoolExhausted) as refusal:
            assign(candidates, capacity)
        assert np.array_equal(refusal.value.evidence["persons"], np.flatnonzero(expected < 0))
    else:
        given_items, remaining = assign(candidates, capacity)
        assert np.array_equal(given_items, expected)
        assert np.array_equal(remaining, left)


def test_a_cohort_that_all_wants_the_same_never_exceeds_a_capacity():
    rng = np.random.default_rng(3)
    liking = rng.normal(0, 1, 60) + 0.2 * rng.normal(0, 1, (1000, 60))
    candidates, capacity = np.argsort(-liking, axis=1), np.full(60, 17)

    given_items, left = assign(candidates, capacity)

    expected, _ = one_after_the_other(candidates, capacity)
    assert np.array_equal(given_items, expected)
    assert np.bincount(given_items, minlength=60).max() == 17
    assert left.sum() == 60 * 17 - 1000
    assert np.bincount(candidates[:, 0], minlength=60).max() > 100  # what they all wanted


def test_a_displaced_person_displaces_the_next_in_turn():
    candidates = np.array([[0, 1], [0, 1], [1, 2], [2, 0]])

    with pytest.raises(PoolExhausted, match=r"persons \[3\]"):
        assign(candidates, np.array([1, 1, 1]))
    assert assign(candidates, np.array([1, 1, 2]))[0].tolist() == [0, 1, 2, 2]


def test_where_there_is_enough_for_all_everybody_gets_the_best():
    given_items, left = assign(np.array([[2, 0], [-1, 2], [1, -1]]), np.array([5, 5, 2]))

    assert given_items.tolist() == [2, 2, 1]
    assert left.tolist() == [5, 4, 0]


def test_what_is_handed_in_stays_as_it_was():
    candidates, capacity = np.array([[0, 1], [0, 1]]), np.array([1, 1])

    assign(candidates, capacity)

    assert candidates.tolist() == [[0, 1], [0, 1]]
    assert capacity.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("candidates", "capacity", "said"),
    [
        ([[0], [3]], [1, 1, 1], "person 1 has 3"),
        ([[0]], [1, -1], "item 1 has -1"),
        ([0], [1], r"candidates must be \(J, W\)"),
    ],
)
def test_candidates_and_capacities_that_cannot_be_are_refused(candidates, capacity, said):
    with pytest.raises(BadInput, match=said):
        assign(np.array(candidates), np.array(capacity))
