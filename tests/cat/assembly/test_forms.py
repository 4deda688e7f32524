"""Fixed forms keep the blueprint and the limits on sharing, and match as well as any can."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cat.assembly import form_search
from cat.assembly import forms as forms_module
from cat.assembly.forms import Forms, assemble_forms, raw_points
from cat.assembly.rows import compile_rows, violations
from cat.errors import BadInput, BlueprintInfeasible, DidNotConverge
from cat.irt import logistic
from cat.itembank.attributes import Attributes
from cat.itembank.constraints import ConstraintTable

HEADER = "TYPE,WHAT,CONDITION,LB,UB\n"
# Small enough to be reached only by the best forms; the solver's own tolerance is 1e-6.
FINE = 1e-4


def make_rows(domains, length, text="", **columns):
    bank = Attributes(
        {"kode": [f"B{i}" for i in range(len(domains))], "domain": list(domains), **columns}
    )
    return compile_rows(ConstraintTable.read_csv(HEADER + text), bank, length)


def realistic(items=120, length=12, seed=5):
    """A bank with domains, stimuli, words and enemies, and its information at three abilities."""
    rng = np.random.default_rng(seed)
    stimulus = [f"S{i // 4}" if i < 24 else "" for i in range(items)]
    text = "number,item,domain = a,3,5\nnumber,item,domain = b,3,5\nnumber,stimulus,,1,1\n"
    text += 'number,per stimulus,,3,3\nsum,kata,,600,760\nenemy,item,"kode in (B30, B31)",,\n'
    rows = make_rows(
        ["a"] * 24 + [str(d) for d in rng.choice(list("abc"), items - 24)],
        length,
        text,
        stimulus=stimulus,
        kata=rng.integers(20, 100, items).astype(float),
    )
    b = rng.normal(size=items)
    information = logistic.information([-1, 0, 1], np.exp(rng.normal(0, 0.2, items)), b, 0.2).T
    return rows, information


@st.composite
def problems(draw):
    """Two forms from up to 8 items: rows, information, target, limits, and all pairs of forms."""
    count = draw(st.integers(5, 8))
    domains = draw(st.lists(st.sampled_from("ab"), min_size=count, max_size=count))
    length = draw(st.integers(2, 3))
    most = draw(st.integers(1, 3))
    rows = make_rows(domains, length, f"number,item,domain = a,0,{most}" if "a" in domains else "")
    numbers = st.integers(0, 40)
    information = np.array(
        draw(st.lists(st.tuples(numbers, numbers), min_size=count, max_size=count)), dtype=float
    )
    overlap = draw(st.integers(0, 2))
    uses = draw(st.integers(1, 2))
    forms = [
        form
        for form in combinations(range(count), length)
        if sum(domains[i] == "a" for i in form) <= most
    ]
    pairs = [
        (one, other)
        for one, other in product(forms, forms)
        if len(set(one) & set(other)) <= (overlap if uses == 2 else 0)
    ]
    target = np.array(draw(st.tuples(st.integers(10, 90), st.integers(10, 90))), dtype=float)
    return rows, information, target, overlap, uses, pairs


@settings(max_examples=60)
@given(problems())
def test_no_two_forms_that_keep_the_limits_are_nearer_to_the_target(problem):
    rows, information, target, overlap, uses, pairs = problem
    limits = {"overlap": overlap, "uses": uses, "gap": FINE}
    if not pairs:
        with pytest.raises(BlueprintInfeasible):
            assemble_forms(rows, information, 2, target, **limits)
        return

    forms = assemble_forms(rows, information, 2, target, **limits)

    def deviation(pair):
        return max(np.abs(information[list(form)].sum(axis=0) - target).max() for form in pair)

    best = min(deviation(pair) for pair in pairs)
    assert tuple(map(tuple, forms.items)) in pairs
    assert forms.objective == pytest.approx(deviation(forms.items))
    assert forms.objective <= best + FINE * target.min() + 1e-5
    assert forms.bound <= best + 1e-5


@settings(max_examples=40)
@given(problems())
def test_no_two_forms_have_a_higher_least_information_than_the_bound_of_maximin(problem):
    rows, information, _, overlap, uses, pairs = problem
    if not pairs:
        return
    information = information + 1

    forms = assemble_forms(rows, information, 2, overlap=overlap, uses=uses, gap=FINE)

    least = [min(information[list(form)].sum(axis=0).min() for form in pair) for pair in pairs]
    assert tuple(map(tuple, forms.items)) in pairs
    assert forms.objective == pytest.approx(forms.information.min())
    assert max(least) <= forms.bound + 1e-5


@pytest.mark.parametrize(("overlap", "uses"), [(0, None), (3, None), (4, 2), (None, 1)])
def test_forms_keep_every_row_and_share_no_more_than_allowed(overlap, uses):
    rows, information = realistic()
    target = information.mean(axis=0) * 12

    forms = assemble_forms(
        rows, information, 4, target, overlap=overlap, uses=uses, gap=0.05, time_limit_seconds=20
    )

    assert [violations(rows, form) for form in forms.items] == [[]] * 4
    shared = forms.shared - np.diag(np.diag(forms.shared))
    assert shared.max() <= (12 if overlap is None else overlap)
    assert np.bincount(forms.items.ravel()).max() <= (4 if uses is None else uses)
    assert forms.gap <= 0.05
    np.testing.assert_allclose(forms.information, information[forms.items].sum(axis=1))


def test_without_limits_on_sharing_the_best_form_may_come_twice():
    rows = make_rows("aaaa", 2)
    information = np.array([[5.0], [5.0], [1.0], [1.0]])

    forms = assemble_forms(rows, information, 2, [10.0], gap=FINE)

    assert forms.items.tolist() == [[0, 1], [0, 1]]
    assert forms.objective == pytest.approx(0, abs=1e-6)


@settings(max_examples=40)
@given(problems())
def test_one_form_under_maximin_is_as_high_at_its_lowest_as_any(problem):
    rows, information, _, _, _, pairs = problem
    information = information + 1
    if not pairs:
        return

    forms = assemble_forms(rows, information, 1, gap=FINE)

    best = max(
        information[list(form)].sum(axis=0).min()
        for form in combinations(range(len(information)), len(forms.items[0]))
        if not violations(rows, np.array(form))
    )
    assert forms.objective == pytest.approx(best, rel=FINE)
    assert forms.gap <= 2 * FINE


def test_the_first_form_leaves_enough_for_the_forms_to_come():
    rows = make_rows("aaabbb", 3, "number,item,domain = b,1,3")
    # The nearest single form would take all of domain b.
    information = np.array([[1.0], [1.0], [1.0], [3.0], [3.0], [3.0]])

    forms = assemble_forms(rows, information, 2, [9.0], uses=1, gap=FINE)

    assert sorted(np.concatenate(forms.items).tolist()) == [0, 1, 2, 3, 4, 5]
    assert forms.objective == pytest.approx(4)


def test_forms_of_unequal_length_are_padded():
    rows = make_rows("aabb", None, "number,item,domain = a,1,1\nnumber,item,domain = b,0,2")
    information = np.array([[2.0], [6.0], [2.0], [2.0]])

    forms = assemble_forms(rows, information, 2, [6.0], uses=1, gap=FINE)

    assert sorted(form.tolist() for form in forms.items) == [[0, 2, 3], [1, -1, -1]]


def test_forms_are_the_same_every_time():
    rows, information = realistic()
    target = information.mean(axis=0) * 12

    one, other = (assemble_forms(rows, information, 3, target, uses=1, gap=0.05) for _ in range(2))

    np.testing.assert_array_equal(one.items, other.items)


def test_more_forms_than_the_bank_can_fill_are_refused():
    rows = make_rows("aaaa", 3)

    with pytest.raises(BlueprintInfeasible, match="2 paket"):
        assemble_forms(rows, np.ones((4, 1)), 2, [3.0], uses=1)


def test_an_item_forced_into_every_form_cannot_be_in_one_form_only():
    rows = make_rows("aaaa", 2, "include,item,kode = B0,,")

    assert assemble_forms(rows, np.ones((4, 1)), 2, [2.0]).items[:, 0].tolist() == [0, 0]
    with pytest.raises(BlueprintInfeasible):
        assemble_forms(rows, np.ones((4, 1)), 2, [2.0], uses=1)


def test_forms_that_are_not_found_in_time_are_said_to_be_so():
    rows, information = realistic()

    with pytest.raises(DidNotConverge, match="batas waktu"):
        assemble_forms(rows, information, 4, [3.0, 3.0, 3.0], uses=1, time_limit_seconds=1e-6)


def test_forms_that_break_a_row_by_the_solvers_rounding_are_not_handed_out(monkeypatch):
    rows = make_rows("aabb", 2, "number,item,domain = a,1,1")
    monkeypatch.setattr(forms_module, "near_target", lambda *_: ([np.array([0, 1])], 0.0))

    with pytest.raises(DidNotConverge, match="domain = a"):
        assemble_forms(rows, np.ones((4, 1)), 1, [2.0])


def test_when_all_forms_at_once_are_out_of_reach_those_made_one_by_one_must_do(monkeypatch):
    monkeypatch.setattr(form_search, "_MOST_VARIABLES", 10)
    rows = make_rows("aaaa", 2)
    information = np.array([[1.0], [2.0], [3.0], [5.0]])

    forms = assemble_forms(rows, information, 2, [5.0], uses=1, gap=FINE)

    assert sorted(np.concatenate(forms.items).tolist()) == [0, 1, 2, 3]
    assert forms.objective >= forms.bound


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"information": np.ones((3, 1))}, "shape"),
        ({"information": np.array([[1.0], [np.nan], [1.0], [1.0]])}, "item 1"),
        ({"information": np.array([[1.0], [1.0], [-1.0], [1.0]])}, "item 2"),
        ({"count": 0}, "count"),
        ({"target": [0.0]}, "target"),
        ({"target": [1.0, 1.0]}, "target"),
        ({"overlap": -1}, "overlap"),
        ({"uses": 0}, "uses"),
        ({"gap": 0.0}, "gap"),
        ({"time_limit_seconds": 0.0}, "time limit"),
    ],
)
def test_bad_input_is_refused_by_name(change, words):
    rows = make_rows("aaaa", 2)
    arguments = {"information": np.ones((4, 1)), "count": 2, "target": [2.0]} | change

    with pytest.raises(BadInput, match=words):
        assemble_forms(rows, **arguments)


def test_an_ability_at_which_no_item_measures_is_refused_under_maximin():
    rows = make_rows("aaaa", 2)

    with pytest.raises(BadInput, match="tanpa informasi"):
        assemble_forms(rows, np.array([[1.0, 0.0]] * 4), 2)


def test_a_right_answer_earns_five_points_and_a_scaled_one_its_category_plus_one():
    responses = np.array([[1, 0, 1, 4], [-1, 1, 0, 0]])

    assert raw_points(responses, [0, 1, 2], 5, 0).tolist() == [10, 5]
    assert raw_points(responses, [3], 1, 1).tolist() == [5, 1]


def test_an_item_without_an_answer_earns_nothing_and_padding_counts_for_nothing():
    responses = np.array([[-1, 2]])

    assert raw_points(responses, [0, 1, -1], 1, 1).tolist() == [3]


@pytest.mark.parametrize(
    ("responses", "items", "words"),
    [
        ([[0.5, 1.0]], [0], "whole numbers"),
        ([[0, 1]], [2], "below 2"),
        ([[0, -2]], [0, 1], "-2"),
    ],
)
def test_answers_that_cannot_be_scored_are_refused(responses, items, words):
    with pytest.raises(BadInput, match=words):
        raw_points(np.array(responses), items, 5, 0)


def test_the_gap_is_a_share_of_the_least_target_information():
    forms = Forms(
        items=np.zeros((1, 1), dtype=np.int64),
        information=np.array([[3.0, 9.0]]),
        target=np.array([4.0, 8.0]),
        is_maximin=False,
        objective=1.0,
        bound=0.2,
    )

    assert forms.gap == pytest.approx(0.2)
