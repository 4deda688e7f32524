"""A shadow test has full length, keeps all limits, holds the items given, and is worth the most."""

from __future__ import annotations

import pickle
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cat.assembly import whole_optimum
from cat.assembly.rows import compile_rows, violations
from cat.assembly.shadow_test import ShadowSolver, allowed, refresh_at
from cat.errors import BadInput, BlueprintInfeasible, PoolExhausted
from cat.itembank.attributes import Attributes
from cat.itembank.constraints import ConstraintTable

HEADER = "TYPE,WHAT,CONDITION,LB,UB\n"
# Positions                 0    1    2    3    4    5    6    7
BANK = Attributes(
    {
        "kode": ["B0", "B1", "B2", "B3", "B4", "B5", "B6", "B7"],
        "domain": ["a", "a", "a", "a", "b", "b", "b", "b"],
        "stimulus": ["", "", "", "", "S", "S", "S", ""],
        "kata": [10.0, 20.0, 30.0, 40.0, 10.0, 10.0, 10.0, 40.0],
    }
)
FALLING = np.arange(8, 0, -1.0)


def solver(text, length=4, bank=BANK, gap=0.0):
    return ShadowSolver(compile_rows(ConstraintTable.read_csv(HEADER + text), bank, length), gap)


def chosen(test):
    return np.flatnonzero(test).tolist()


@st.composite
def problems(draw):
    """A bank of up to 11 items, its table, what the table means, values, and items given."""
    count = draw(st.integers(6, 11))
    items = [
        {
            "domain": draw(st.sampled_from("abc")),
            "stimulus": draw(st.sampled_from(["", "", "S", "T"])),
            "kata": draw(st.integers(1, 40)),
        }
        for _ in range(count)
    ]
    length = draw(st.integers(2, 5))
    most_words = draw(st.integers(15, 35)) * length
    present = sorted({item["domain"] for item in items})
    limits = {d: (draw(st.integers(0, 1)), draw(st.integers(1, 4))) for d in present}
    per_stimulus = draw(st.integers(2, 3))
    enemies = draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=3, unique=True))
    lines = [f"number,item,domain = {d},{low},{high}" for d, (low, high) in limits.items()]
    lines += [f"sum,kata,,,{most_words}", f"number,per stimulus,,{per_stimulus},4"]
    lines += ['enemy,item,"kode in ({})",,'.format(", ".join(f"B{i}" for i in enemies))]

    def keeps(test):
        domains = Counter(items[i]["domain"] for i in test)
        stimuli = Counter(items[i]["stimulus"] for i in test if items[i]["stimulus"])
        return (
            all(low <= domains[d] <= high for d, (low, high) in limits.items())
            and sum(items[i]["kata"] for i in test) <= most_words
            and all(per_stimulus <= used <= 4 for used in stimuli.values())
            and len(set(test) & set(enemies)) <= 1
        )

    columns = {name: [item[name] for item in items] for name in ("domain", "stimulus")}
    bank = Attributes(
        {
            "kode": [f"B{i}" for i in range(count)],
            "kata": [float(item["kata"]) for item in items],
            **columns,
        }
    )
    rows = compile_rows(ConstraintTable.read_csv(HEADER + "\n".join(lines)), bank, length)
    tests = [test for test in combinations(range(count), length) if keeps(test)]
    value = draw(st.lists(st.integers(-9, 9), min_size=count, max_size=count))
    given_items = draw(st.lists(st.integers(0, count - 1), max_size=2, unique=True))
    return rows, tests, np.array(value), given_items


@settings(max_examples=150)
@given(
    problems(),
    st.sampled_from([(40, 3, 60, 1000), (0, 2, 1, 1000), (1, 2, 0, 0)]),
    st.sampled_from([0.0, 0.001, 0.1]),
)
def test_no_test_that_keeps_the_rows_is_worth_more_whatever_the_search_does(problem, pace, gap):
    rows, tests, value, given_items = problem
    names = ("_FIRST_CORE", "_GROWTH", "_FIRST_LOOK", "_PATIENCE")
    with pytest.MonkeyPatch.context() as patch:
        for name, number in zip(names, pace, strict=True):
            patch.setattr(whole_optimum, name, number)
        if not tests:
            with pytest.raises(BlueprintInfeasible):
                ShadowSolver(rows)
            return
        shadow = ShadowSolver(rows, gap)
        holding = [test for test in tests if set(given_items) <= set(test)]
        if not holding:
            with pytest.raises(PoolExhausted) as refused:
                shadow.assemble(value, given_items)
            assert refused.value.evidence["given"].tolist() == given_items
            return

        found = chosen(shadow.assemble(value, given_items))

    assert tuple(found) in holding
    best = max(value[list(test)].sum() for test in holding)
    # The share is of the relaxation's value, which no test exceeds by much in so small a bank.
    assert best - 2 * gap * max(abs(best), 9 * len(found)) <= value[found].sum() <= best


def test_without_limits_the_most_valuable_items_are_the_test():
    shadow = solver("number,item,domain = a,0,4", length=3)

    assert chosen(shadow.assemble(FALLING, [])) == [0, 1, 2]


def test_a_limit_brings_in_items_of_less_value():
    shadow = solver("number,item,domain = b,2,2\nsum,kata,,,50")

    assert chosen(shadow.assemble(FALLING, [])) == [0, 1, 4, 5]


def test_a_stimulus_comes_with_at_least_as_many_of_its_items_as_asked():
    shadow = solver("number,per stimulus,,3,3")

    test = shadow.assemble([1, 1, 1, 1, 9, 0, 0, 1], [])

    assert set(chosen(test)) >= {4, 5, 6}


def test_an_item_given_stays_even_when_a_better_test_would_leave_it_out():
    shadow = solver('enemy,item,"kode in (B0, B3)",,')

    assert 0 in chosen(shadow.assemble(FALLING, []))
    assert chosen(shadow.assemble(FALLING, [3])) == [1, 2, 3, 4]


def test_the_items_that_are_closed_stay_out_unless_they_were_given():
    shadow = solver("number,item,domain = a,0,4")
    closed = np.array([True, True, False, False, False, False, False, False])

    assert chosen(shadow.assemble(FALLING, [1], closed)) == [1, 2, 3, 4]


def test_closing_too_much_exhausts_the_pool():
    shadow = solver("number,item,domain = a,2,4")

    with pytest.raises(PoolExhausted):
        shadow.assemble(FALLING, [], np.arange(8) < 3)


def test_a_blueprint_that_no_test_keeps_is_refused_when_the_solver_is_made():
    with pytest.raises(BlueprintInfeasible):
        solver("number,item,domain = a,0,1\nnumber,item,domain = b,0,2")


def test_items_given_that_are_enemies_exhaust_the_pool_and_are_named():
    shadow = solver('enemy,item,"kode in (B0, B3)",,')

    with pytest.raises(PoolExhausted, match=r"\[0 3\]"):
        shadow.assemble(FALLING, [0, 3])


def test_an_excluded_item_cannot_have_been_given():
    shadow = solver("exclude,item,kode = B0,,")

    with pytest.raises(PoolExhausted):
        shadow.assemble(FALLING, [0])


@pytest.mark.parametrize(
    ("value", "given_items", "closed", "words"),
    [
        (FALLING[:7], [], None, "shape"),
        (np.where(FALLING == 3, np.nan, FALLING), [], None, "item 5 has nan"),
        (FALLING, [8], None, "got 8"),
        (FALLING, [-1], None, "got -1"),
        (FALLING, [], np.zeros(3, dtype=bool), "shape"),
    ],
)
def test_bad_input_is_refused_by_name(value, given_items, closed, words):
    shadow = solver("number,item,domain = a,0,4")

    with pytest.raises(BadInput, match=words):
        shadow.assemble(value, given_items, closed)


@pytest.mark.parametrize("gap", [-0.01, 0.2, np.nan])
def test_a_gap_outside_its_range_is_refused(gap):
    with pytest.raises(BadInput, match="gap"):
        solver("number,item,domain = a,0,4", gap=gap)


def test_a_gap_gives_up_no_more_than_its_share():
    rng = np.random.default_rng(3)
    bank = Attributes({"kode": [f"B{i}" for i in range(60)], "kata": rng.integers(10, 99, 60)})
    text = "sum,kata,,700,705"
    exact, quick = (solver(text, 15, bank, gap=gap) for gap in (0.0, 0.05))

    for value in rng.random((5, 60)):
        best = value[exact.assemble(value, [])].sum()
        assert 0.95 * best <= value[quick.assemble(value, [])].sum() <= best + 1e-4


@pytest.mark.parametrize(
    ("number", "interval", "expected"), [(0, 5, 0), (4, 5, 0), (5, 5, 5), (13, 5, 10), (7, 1, 7)]
)
def test_items_come_from_the_shadow_test_of_the_last_refresh(number, interval, expected):
    assert refresh_at(number, interval) == expected


@pytest.mark.parametrize(("number", "interval"), [(-1, 5), (3, 0)])
def test_a_refresh_before_the_start_or_without_an_interval_is_refused(number, interval):
    with pytest.raises(BadInput, match="interval"):
        refresh_at(number, interval)


def test_the_items_of_one_stimulus_are_given_one_after_the_other():
    shadow = np.array([1, 1, 0, 0, 1, 1, 1, 0], dtype=bool)
    stimulus = BANK.stimulus_of

    assert chosen(allowed(shadow, [], stimulus)) == [0, 1, 4, 5, 6]
    assert chosen(allowed(shadow, [0, 5], stimulus)) == [4, 6]
    assert chosen(allowed(shadow, [0, 5, 4, 6], stimulus)) == [1]


def test_persons_side_by_side_get_what_each_would_get_alone():
    shadows = np.array([[1, 1, 0, 0, 1, 1, 0, 0], [1, 0, 1, 0, 1, 1, 0, 0]], dtype=bool)
    given_items = np.array([[1, 4], [4, 0]])

    together = allowed(shadows, given_items, BANK.stimulus_of)

    for row, shadow, items in zip(together, shadows, given_items, strict=True):
        np.testing.assert_array_equal(row, allowed(shadow, items, BANK.stimulus_of))


@settings(max_examples=40)
@given(problems(), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_a_test_given_item_by_item_from_shadow_tests_keeps_every_row(problem, interval, seed):
    rows, tests, _, _ = problem
    if not tests:
        return
    shadow_solver = ShadowSolver(rows)
    rng = np.random.default_rng(seed)
    items: list[int] = []

    for number in range(len(tests[0])):
        if refresh_at(number, interval) == number:
            shadow = shadow_solver.assemble(rng.random(len(rows.stimulus)), items)
        free = shadow_solver.free(shadow, np.array(items, dtype=int))
        items.append(int(rng.choice(np.flatnonzero(free))))

    assert violations(rows, np.array(items)) == []


def test_a_solver_travels_to_another_process_and_assembles_the_same():
    shadow = solver("number,item,domain = b,2,2\nsum,kata,,,90", gap=0.01)

    copy = pickle.loads(pickle.dumps(shadow))

    assert copy.gap == 0.01
    np.testing.assert_array_equal(copy.assemble(FALLING, [3]), shadow.assemble(FALLING, [3]))
