"""Sympson-Hetter: one round by hand, and whole set-ups in a small simulation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from cat.errors import BadInput
from cat.selection.exposure import sympson_hetter
from cat.selection.exposure.admission import Admission
from cat.selection.exposure.rates import exposure_rate, exposure_rate_by_group
from cat.selection.exposure.sympson_hetter import Observed, adjust, excess, observe
from tests.cat.selection.exposure.conftest import ITEMS, LENGTH, simulees, sit

# 4 standard errors of a rate of 0.25 among 2,000 persons, or among 1,000 of one group
NOISE, GROUP_NOISE = 0.039, 0.055


def counts(selected: Sequence[int], administered: Sequence[int], persons: int) -> Observed:
    return Observed(np.array([selected]), np.array([administered]), np.array([persons]))


def set_up(theta, ranked, edges, r_max, rounds=12):
    admission = Admission.of_everything(ITEMS, edges)
    history = []
    for number in range(rounds):
        selected, given, _ = sit(admission, theta, ranked, number)
        observed = observe(admission.group_of(theta), selected, given, admission)
        history.append(excess(observed, r_max).max())
        admission = adjust(admission, observed, r_max, LENGTH)
    return admission, history


def test_one_round_by_hand():
    # 0.5 / 0.8 = 0.625 and 0.5 / 0.7 = 0.714...; the two most open of the four are opened to all
    observed = counts([80, 70, 60, 50], [80, 70, 60, 50], 100)

    admission = adjust(Admission.of_everything(4), observed, r_max=0.5, length=2)

    assert admission.probability == pytest.approx(np.array([[0.625, 0.5 / 0.7, 1.0, 1.0]]))


def test_items_selected_no_more_often_than_wanted_are_open_to_all():
    observed = counts([50, 10, 0, 90], [50, 10, 0, 50], 100)

    admission = adjust(Admission.of_everything(4), observed, r_max=0.5, length=2)

    assert admission.probability[0] == pytest.approx([1.0, 1.0, 1.0, 0.5 / 0.9])


def test_a_whole_test_is_always_open_even_when_every_item_is_selected_by_all():
    observed = counts([100] * 6, [30] * 6, 100)

    admission = adjust(Admission.of_everything(6), observed, r_max=0.6, length=3)

    assert (admission.probability == 1).sum() == 3
    assert (admission.probability[0, 3:] == 0.6).all()


def test_groups_are_adjusted_apart_and_one_without_persons_keeps_its_chances():
    before = Admission(np.array([-1.0, 1.0]), np.full((3, 2), 0.9))
    observed = Observed(
        selected=np.array([[9, 4], [0, 0], [2, 9]]),
        administered=np.array([[9, 4], [0, 0], [2, 9]]),
        persons=np.array([10, 0, 10]),
    )

    after = adjust(before, observed, r_max=np.array([0.5, 0.5, 0.6]), length=1)

    assert after.probability[0] == pytest.approx([0.5 / 0.9, 1.0])
    assert after.probability[1] == pytest.approx([0.9, 0.9])
    assert after.probability[2] == pytest.approx([1.0, 0.6 / 0.9])


def test_excess_is_the_distance_of_the_most_used_item_from_its_target():
    observed = Observed(np.array([[9, 8]]), np.array([[3, 7]]), np.array([10]))

    assert excess(observed, 0.25) == pytest.approx([0.45])


def test_the_set_up_brings_the_most_used_item_down_to_the_target():
    theta, ranked = simulees(2000)

    admission, history = set_up(theta, ranked, (), 0.25)

    fresh_theta, fresh_ranked = simulees(2000, seed=2)
    controlled = exposure_rate(sit(admission, fresh_theta, fresh_ranked, 99)[1], ITEMS)
    free = exposure_rate(
        sit(Admission.of_everything(ITEMS), fresh_theta, fresh_ranked, 99)[1], ITEMS
    )
    assert free.max() > 0.5  # without control
    assert controlled.max() < 0.25 + NOISE
    assert history[0] > 0.25
    assert max(history[-3:]) < NOISE
    assert controlled.sum() == pytest.approx(LENGTH)


def test_only_control_by_groups_holds_the_rate_within_each_group():
    # Stocking & Lewis (1998): an item can be rare overall and still known to all who are like you
    theta, ranked = simulees(2000)
    by_all, _ = set_up(theta, ranked, (), 0.25)
    by_group, _ = set_up(theta, ranked, (0.0,), 0.25)
    fresh_theta, fresh_ranked = simulees(2000, seed=2)
    group = by_group.group_of(fresh_theta)

    def highest(admission):
        given = sit(admission, fresh_theta, fresh_ranked, 99)[1]
        return exposure_rate_by_group(given, group, 2, ITEMS).max()

    assert highest(by_all) > 0.25 + 2 * GROUP_NOISE
    assert highest(by_group) < 0.25 + GROUP_NOISE


@pytest.mark.parametrize("r_max", [0.0, 1.5, np.nan, np.array([0.5, 0.5])])
def test_a_target_that_is_no_rate_is_refused(r_max):
    with pytest.raises(BadInput, match="r_max"):
        adjust(Admission.of_everything(2), counts([1, 1], [1, 1], 2), r_max, length=1)


def test_a_target_that_cannot_fill_the_test_is_refused_with_the_least_that_can():
    with pytest.raises(BadInput, match=r"0\.5000.*group 0 has 0\.3"):
        adjust(Admission.of_everything(4), counts([1] * 4, [1] * 4, 2), 0.3, length=2)


@pytest.mark.parametrize("length", [0, 5])
def test_a_length_that_the_bank_cannot_have_is_refused(length):
    with pytest.raises(BadInput, match=f"length must lie in 1..4, .*got {length}"):
        adjust(Admission.of_everything(4), counts([1] * 4, [1] * 4, 2), 0.5, length)


def test_counts_that_contradict_each_other_are_refused_by_place():
    with pytest.raises(BadInput, match="group 0, item 1 has 3, 2, 5"):
        adjust(Admission.of_everything(2), counts([4, 2], [4, 3], 5), 0.5, 1)
    with pytest.raises(BadInput, match="group 0, item 0 has 1, 6, 5"):
        adjust(Admission.of_everything(2), counts([6, 2], [1, 1], 5), 0.5, 1)
    with pytest.raises(BadInput, match=r"selected must be \(1, 3\)"):
        adjust(Admission.of_everything(3), counts([4, 2], [4, 3], 5), 0.5, 1)


def test_a_rehearsal_is_counted_per_group():
    group = np.array([0, 1, 0])
    selected = np.array([[0, 1, 2], [2, 1, -1], [1, -1, -1]])
    given = np.array([[-1, 1, 2], [2, -1, -1], [1, -1, -1]])

    observed = observe(group, selected, given, Admission.of_everything(3, (0.0,)))

    assert observed.selected.tolist() == [[1, 2, 1], [0, 1, 1]]
    assert observed.administered.tolist() == [[0, 2, 1], [0, 0, 1]]
    assert observed.persons.tolist() == [2, 1]
    assert sympson_hetter.excess(observed, 0.5) == pytest.approx([0.5, 0.5])
