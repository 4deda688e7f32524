"""Item eligibility: the published formulas by hand, and a stream of persons."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.selection.exposure.eligibility import (
    Eligibility,
    Observed,
    adjust,
    admission,
    observe,
    start,
)
from cat.selection.exposure.rates import exposure_rate, exposure_rate_by_group
from tests.cat.selection.exposure.conftest import ITEMS, LENGTH, simulees, sit


def counted(administered, eligible, persons, feasible) -> Eligibility:
    return Eligibility(
        np.empty(0),
        np.array([administered], dtype=float),
        np.array([eligible], dtype=float),
        np.array([persons], dtype=float),
        np.array([feasible], dtype=float),
    )


def one_person(administered, eligible, feasible=True) -> Observed:
    return Observed(
        np.array([administered]), np.array([eligible]), np.array([1]), np.array([int(feasible)])
    )


def stream(r_max, edges=(), fading=0.999, persons=4000, batch=20):
    """Persons in batches under control; (theta, given) of the later three quarters of them."""
    theta, ranked = simulees(persons)
    state, seen = start(ITEMS, edges), []
    for number, first in enumerate(range(0, persons, batch)):
        some = slice(first, first + batch)
        now = admission(state, r_max)
        _, given, admitted = sit(now, theta[some], ranked[some], number)
        group = now.group_of(theta[some])
        feasible = (given >= 0).sum(axis=1) == LENGTH
        observed = observe(group, given, admitted, feasible, len(edges) + 1)
        state = adjust(state, observed, fading)
        seen.append(given)
    later = persons // 4
    return theta[later:], np.concatenate(seen)[later:]


def test_where_every_test_was_feasible_the_chance_is_the_target_times_eligible_over_given():
    # van der Linden & Veldkamp (2007): min(r_max * epsilon / alpha, 1): 0.25 * 8 / 4; 0.25 * 9 / 2
    # exceeds 1; an item never given is open
    state = counted([4, 2, 0, 5], [8, 9, 7, 5], 10, 10)

    assert admission(state, 0.25).probability[0] == pytest.approx([0.5, 1.0, 1.0, 0.25])


def test_infeasible_tests_make_the_others_pay():
    # van der Linden & Veldkamp (2004): 1 - 1 / P(F) + r_max P(E or not F) / (P(A) P(F)) with
    # P(F) = 8/10, P(E or not F) = 8/10, P(A) = 4/10: 1 - 1.25 + 0.25 * 2 * 1.25 = 0.375
    state = counted([4], [8], 10, 8)

    assert admission(state, 0.25).probability == pytest.approx(np.array([[0.375]]))


def test_the_chance_keeps_the_promise_it_was_derived_from():
    # if eligibility and feasibility are independent, P(E or not F) = 1 - (1 - P(E)) P(F), and the
    # item is then given with chance r_max: P(A | E or not F) P(E or not F) = r_max
    state = counted([30], [80], 100, 90)

    chance = admission(state, 0.25).probability[0, 0]

    assert 30 / 80 * (1 - (1 - chance) * 90 / 100) == pytest.approx(0.25)


def test_a_chance_that_the_formula_makes_negative_is_a_crack():
    state = counted([9], [9], 10, 2)

    assert 0 < admission(state, 0.1).probability[0, 0] < 1e-5


def test_before_anything_is_counted_and_while_no_test_was_feasible_all_is_open():
    assert (admission(start(3, (0.0,)), 0.2).probability == 1).all()
    assert (admission(counted([5, 5], [5, 5], 5, 0), 0.2).probability == 1).all()


def test_fading_weighs_earlier_persons_less_in_their_own_group_only():
    before = Eligibility(
        np.array([0.0]),
        np.array([[4.0, 0.0], [3.0, 3.0]]),
        np.array([[8.0, 6.0], [5.0, 5.0]]),
        np.array([10.0, 5.0]),
        np.array([10.0, 5.0]),
    )
    observed = Observed(
        administered=np.array([[1, 0], [0, 0]]),
        eligible=np.array([[1, 1], [0, 0]]),
        persons=np.array([1, 0]),
        feasible=np.array([1, 0]),
    )

    after = adjust(before, observed, fading=0.9)

    assert after.administered == pytest.approx(np.array([[4.6, 0.0], [3.0, 3.0]]))
    assert after.eligible == pytest.approx(np.array([[8.2, 6.4], [5.0, 5.0]]))
    assert after.persons == pytest.approx([10.0, 5.0])
    assert after.feasible == pytest.approx([10.0, 5.0])


@given(answers=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_persons_one_at_a_time_follow_the_published_recursion(answers):
    state, alpha, epsilon = start(1), 0.0, 0.0
    for was_open, was_given in answers:
        state = adjust(state, one_person([was_open and was_given], [was_open]), fading=0.95)
        alpha = 0.95 * alpha + (was_open and was_given)
        epsilon = 0.95 * epsilon + was_open

    chance = admission(state, 0.3).probability[0, 0]

    assert chance == pytest.approx(1.0 if alpha == 0 else min(1.0, 0.3 * epsilon / alpha))


def test_a_stream_of_persons_keeps_to_the_target_without_rehearsal():
    _, given = stream(0.25)
    _, free = stream(1.0)

    assert exposure_rate(free, ITEMS).max() > 0.5  # without control
    assert exposure_rate(given, ITEMS).max() < 0.25 + 0.032  # 4 standard errors of 3,000 persons
    assert (given >= 0).sum(axis=1).min() == LENGTH


def test_control_by_groups_keeps_to_the_target_within_each():
    theta, given = stream(0.25, edges=(0.0,))
    _, together = stream(0.25)
    group = (theta >= 0).astype(int)

    by_group = exposure_rate_by_group(given, group, 2, ITEMS)

    assert by_group.max() < 0.25 + 0.045  # 4 standard errors of 1,500 persons
    assert exposure_rate_by_group(together, group, 2, ITEMS).max() > 0.25 + 0.09


def test_persons_whose_test_was_infeasible_count_as_having_everything_open():
    admitted = np.array([[True, False], [False, False], [True, True]])
    given = np.array([[0, -1], [1, 0], [1, -1]])

    observed = observe(np.array([0, 0, 1]), given, admitted, np.array([True, False, True]), 2)

    assert observed.eligible.tolist() == [[2, 1], [1, 1]]
    assert observed.administered.tolist() == [[2, 1], [0, 1]]
    assert observed.persons.tolist() == [2, 1]
    assert observed.feasible.tolist() == [1, 1]


@pytest.mark.parametrize("fading", [0.0, 1.1, np.nan])
def test_a_fading_that_is_no_weight_is_refused(fading):
    with pytest.raises(BadInput, match="fading"):
        adjust(start(1), one_person([0], [1]), fading)


def test_counts_that_contradict_each_other_are_refused_by_place():
    with pytest.raises(BadInput, match="group 0, item 1 has 1, 0, 1"):
        adjust(start(2), one_person([0, 1], [1, 0]))
    with pytest.raises(BadInput, match=r"feasible <= persons.*group 0 has 2 and 1"):
        adjust(start(1), Observed(np.array([[0]]), np.array([[1]]), np.array([1]), np.array([2])))
    with pytest.raises(BadInput, match=r"administered must be \(1, 2\)"):
        adjust(start(2), one_person([0], [1]))


def test_edges_that_do_not_ascend_are_refused():
    with pytest.raises(BadInput, match="edges"):
        start(3, (1.0, 0.0))
