"""Swaps bring a rounded solution back within its rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from cat.assembly import repair
from cat.assembly.linear_program import Program
from cat.assembly.repair import repaired


@st.composite
def problems(draw):
    count = draw(st.integers(3, 7))
    numbers = st.integers(-3, 5)
    weights = draw(st.lists(st.lists(numbers, min_size=count, max_size=count), min_size=1))
    matrix = np.array(weights[:3], dtype=float)
    lower = np.array([draw(st.integers(-4, 6)) for _ in matrix], dtype=float)
    x = np.array(draw(st.lists(st.integers(0, 1), min_size=count, max_size=count)), dtype=float)
    fixed = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    program = Program(
        value=np.array(draw(st.lists(numbers, min_size=count, max_size=count)), dtype=float),
        matrix=csr_array(matrix),
        lower=lower,
        upper=lower + draw(st.integers(0, 3)),
        low=np.where(fixed, x, 0.0),
        high=np.where(fixed, x, 1.0),
    )
    return program, x


def single_swaps(program, x):
    for out in np.flatnonzero((x > 0.5) & (program.low < 1)):
        for into in np.flatnonzero((x < 0.5) & (program.high > 0)):
            swapped = x.copy()
            swapped[out], swapped[into] = 0.0, 1.0
            yield swapped


@given(problems())
def test_what_is_repaired_keeps_every_row_and_is_worth_as_much_as_any_single_swap(problem):
    program, x = problem

    found = repaired(program, x)

    good = [swap for swap in single_swaps(program, x) if program.allows(swap)]
    if found is not None:
        assert program.allows(found)
        assert set(found) <= {0.0, 1.0}
        assert (found >= program.low).all()
        assert (found <= program.high).all()
        assert found.sum() == x.sum()
    if good:
        assert found is not None
        assert program.value @ found >= max(program.value @ swap for swap in good)


def test_two_swaps_are_found_where_one_does_not_suffice():
    program = Program(
        value=np.array([4.0, 3.0, 2.0, 1.0]),
        matrix=csr_array(np.array([[1.0, 1.0, 0.0, 0.0]])),
        lower=np.array([0.0]),
        upper=np.array([0.0]),
        low=np.zeros(4),
        high=np.ones(4),
    )

    found = repaired(program, np.array([1.0, 1.0, 0.0, 0.0]))

    assert found is not None
    assert found.tolist() == [0, 0, 1, 1]


def test_a_program_too_large_to_look_over_is_left_alone(monkeypatch):
    monkeypatch.setattr(repair, "_MOST_ENTRIES", 3)
    program = Program(
        value=np.ones(4),
        matrix=csr_array(np.ones((1, 4))),
        lower=np.array([2.0]),
        upper=np.array([2.0]),
        low=np.zeros(4),
        high=np.ones(4),
    )

    assert repaired(program, np.array([1.0, 1.0, 0.0, 0.0])) is None


@pytest.mark.parametrize("x", [np.zeros(3), np.ones(3)])
def test_where_nothing_can_be_swapped_nothing_is_found(x):
    program = Program(
        value=np.ones(3),
        matrix=csr_array(np.ones((1, 3))),
        lower=np.array([2.0]),
        upper=np.array([2.0]),
        low=np.zeros(3),
        high=np.ones(3),
    )

    assert repaired(program, x) is None
