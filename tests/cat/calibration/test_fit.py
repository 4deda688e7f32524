"""What is doubtful about an item is said by name."""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.fit import Doubt, calibrate, item_rest_correlations


def test_an_item_with_a_reversed_key_is_called_so_and_the_others_are_not(simulate):
    made = simulate(persons=1000, items=20, seed=6)
    answers = made.answers.copy()
    answers[:, 4] = 1 - answers[:, 4]

    result = calibrate(made.items, answers)

    accused = [item.item for item in result.items if Doubt.REVERSED_KEY in item.doubts]
    assert accused == ["x4"]
    assert result.items[4].item_rest < 0


def test_the_partial_credit_model_finds_the_reversed_item_too(simulate):
    made = simulate(persons=1000, items=10, seed=6)
    answers = made.answers.copy()
    answers[:, 4] = 1 - answers[:, 4]

    reversed_item = calibrate(made.items, answers, "pcm").items[4]

    assert set(reversed_item.doubts) == {Doubt.REVERSED_KEY, Doubt.B_AT_BOUND}


def test_an_item_at_a_bound_is_reported_and_not_passed_on_in_silence(simulate):
    made = simulate(persons=600, items=15, seed=2)
    score = made.answers.sum(axis=1)
    answers = np.column_stack([made.answers, score > np.median(score)])

    steep = calibrate([*made.items, "curam"], answers).items[-1]

    assert steep.item == "curam"
    assert steep.doubts == (Doubt.A_AT_UPPER_BOUND,)


def test_an_item_that_nine_persons_miss_is_reported_as_resting_on_few(simulate):
    made = simulate(persons=500, items=10, seed=7)
    answers = made.answers.copy()
    answers[:, 0] = 1
    answers[:9, 0] = 0

    assert Doubt.RARE_CATEGORY in calibrate(made.items, answers).items[0].doubts


def test_the_share_of_a_graded_item_is_its_mean_over_its_highest_category(simulate):
    made = simulate(persons=300, items=6, seed=1)
    graded = np.column_stack([made.answers, made.answers[:, 0] + made.answers[:, 1]])

    result = calibrate([*made.items, "tkp"], graded, "pcm")

    assert result.items[-1].share == pytest.approx(graded[:, -1].mean() / 2)
    assert result.persons == 300


def test_item_rest_correlations_leave_the_item_itself_out(simulate):
    answers = simulate(persons=200, items=5, seed=3).answers

    found = item_rest_correlations(answers)

    rest = answers[:, 1:].sum(axis=1)
    assert found[0] == pytest.approx(np.corrcoef(answers[:, 0], rest)[0, 1])


def test_a_calibration_is_a_frozen_value(simulate):
    made = simulate(persons=200, items=3, seed=3)

    result = calibrate(made.items, made.answers)

    with pytest.raises(AttributeError):
        result.items[0].a = 1.0
