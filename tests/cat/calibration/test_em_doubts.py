"""Nothing is bounded or left out in silence: each doubt on data that must raise it, and only it."""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.answers import Answers
from cat.calibration.em import calibrate
from cat.calibration.estimates import STEEPEST, Doubt
from cat.calibration.keys import check_keys
from cat.calibration.spec import NO_PRIORS, FixedItem, Normal, Priors, Quadrature
from cat.errors import BadInput, RunCancelled


@pytest.fixture
def sound(simulate):
    return simulate(persons=600, items=10, seed=3).answers.astype(float)


def doubts(matrix, model="2pl", **settings):
    answers = Answers.of_matrix([f"x{i}" for i in range(matrix.shape[1])], matrix)
    found = calibrate(answers, model, **settings)
    return {item.item: set(item.doubts) for item in found.items if item.doubts}, found


def test_sound_data_raise_no_doubt(sound):
    assert doubts(sound)[0] == {}


def test_an_item_that_nobody_answered_is_left_out_and_said_so(sound):
    sound[:, 4] = np.nan

    said, found = doubts(sound)

    assert said == {"x4": {Doubt.NO_ANSWERS}}
    assert np.isnan(found.get_item("x4").a)
    assert not found.get_item("x4").was_estimated


def test_an_item_that_everybody_gets_right_has_no_finite_difficulty(sound):
    sound[:, 4] = 1

    assert doubts(sound)[0] == {"x4": {Doubt.ALL_SAME}}


def test_few_answers_are_reported_and_the_estimate_stands(sound):
    sound[150:, 4] = np.nan

    said, found = doubts(sound)

    assert said == {"x4": {Doubt.FEW_ANSWERS}}
    assert found.get_item("x4").answers == 150


@pytest.mark.parametrize("model", ["grm", "gpcm"])
def test_a_category_that_nobody_chose_is_joined_and_named(sound, model):
    sound[:, 4] *= 2

    said, found = doubts(sound, model)

    assert said == {"x4": {Doubt.EMPTY_CATEGORY}}
    assert found.get_item("x4").used == (0, 2)
    assert len(found.get_item("x4").b) == 1


def test_a_rare_category_is_reported(sound):
    sound[sound[:, 4] == 1, 4] = 2
    sound[:5, 4] = 1

    assert Doubt.RARE_CATEGORY in doubts(sound, "grm")[0]["x4"]


def test_a_reversed_key_is_called_one_and_its_slope_is_negative(sound):
    sound[:, 4] = 1 - sound[:, 4]

    said, found = doubts(sound)

    assert said == {"x4": {Doubt.REVERSED_KEY}}
    assert found.get_item("x4").a < -0.5
    assert "kunci terbalik" in Doubt.REVERSED_KEY.value


def test_a_coin_is_flat(sound):
    sound[:, 4] = np.random.default_rng(5).integers(0, 2, 600)

    assert Doubt.FLAT in doubts(sound)[0]["x4"]


def test_a_slope_without_end_is_stopped_by_the_stated_rule_and_reported(sound):
    sound[:, 4] = sound.sum(axis=1) - sound[:, 4] > 4

    said, found = doubts(sound)

    assert said == {"x4": {Doubt.SLOPE_RUNS_AWAY}}
    assert found.get_item("x4").a == STEEPEST
    assert np.isnan(found.get_item("x4").a_se)


def test_guessing_without_prior_that_falls_to_nothing_is_reported(sound):
    said, found = doubts(sound, "3pl", priors=NO_PRIORS)

    stopped = [item for item, why in said.items() if Doubt.GUESSING_RUNS_AWAY in why]
    assert stopped
    assert all(found.get_item(item).c < 1e-6 for item in stopped)


def test_guessing_that_is_only_the_prior_is_reported(sound):
    said, found = doubts(sound[:250], "3pl", priors=Priors(logit_c=Normal(-1.4, 0.05)))

    assert all(Doubt.GUESSING_IS_PRIOR in said[item.item] for item in found.items)


def test_a_difficulty_beyond_everybody_is_reported(sound):
    sound[:, 4] = 0
    sound[[3, 50, 100], 4] = 1

    assert Doubt.OUTSIDE_THE_GRID in doubts(sound)[0]["x4"]


def test_two_items_cannot_tell_two_slopes_apart(sound):
    # One covariance for two slopes: the information is singular, up to where the run ends.
    said, found = doubts(sound[:, :2], tolerance=1e-9)

    assert {item: why & {Doubt.NO_STANDARD_ERROR, Doubt.FLAT} for item, why in said.items()} == {
        "x0": {Doubt.NO_STANDARD_ERROR},
        "x1": {Doubt.NO_STANDARD_ERROR},
    }
    assert np.isnan(found.items[0].a_se)


def test_a_run_that_ends_early_says_which_items_still_moved(sound):
    said, found = doubts(sound, max_cycles=2)

    assert not found.converged
    assert found.cycles == 2
    assert any(Doubt.NOT_CONVERGED in why for why in said.values())


def test_negative_control_answers_that_ignore_ability_are_doubted():
    coins = np.random.default_rng(9).integers(0, 2, (1000, 8)).astype(float)

    assert len(doubts(coins, max_cycles=60)[0]) >= 6


def test_progress_is_told_and_a_run_can_be_cancelled_between_cycles(sound):
    told = []
    answers = Answers.of_matrix([f"x{i}" for i in range(10)], sound)

    calibrate(answers, "2pl", progress=lambda *news: told.append(news))
    with pytest.raises(RunCancelled):
        calibrate(answers, "2pl", cancelled=lambda: len(told) > 0)

    assert [number for number, *_ in told] == sorted({number for number, *_ in told})
    assert told[-1][1] > told[0][1]


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"models": "4pl"}, "model"),
        ({"models": ["2pl"]}, "model"),
        ({"models": {"x0": "2pl"}}, "model"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"max_cycles": 0}, "max_cycles"),
        ({"standard_errors": "guess"}, "standard_errors"),
        ({"fixed": [FixedItem("y", 1, (0,))]}, "fixed"),
        ({"fixed": [FixedItem("x0", 1, (0,)), FixedItem("x0", 1, (1,))]}, "fixed"),
    ],
)
def test_settings_that_make_no_sense_are_refused(sound, settings, rule):
    answers = Answers.of_matrix([f"x{i}" for i in range(10)], sound)

    with pytest.raises(BadInput) as refused:
        calibrate(answers, **{"models": "2pl", **settings})

    assert refused.value.evidence["rule"] == rule


@pytest.mark.parametrize(
    "make",
    [
        lambda: FixedItem("x", 0, (0,)),
        lambda: FixedItem("x", 1, ()),
        lambda: FixedItem("x", 1, (0,), 0.2),
        lambda: FixedItem("x", 1, (1, 0), model="grm"),
        lambda: FixedItem("x", float("nan"), (0,)),
        lambda: Normal(0, 0),
        lambda: Quadrature(5),
        lambda: Quadrature(61, 6, -6),
    ],
)
def test_specifications_are_checked_when_they_are_made(make):
    with pytest.raises(BadInput):
        make()


def test_a_category_that_the_model_does_not_have_is_refused_with_the_item(sound):
    sound[3, 4] = 2
    answers = Answers.of_matrix([f"x{i}" for i in range(10)], sound)

    with pytest.raises(BadInput, match="item x4") as refused:
        calibrate(answers, "2pl")

    assert refused.value.evidence["value"] == 2


def test_groups_that_share_no_item_cannot_be_put_on_one_scale(sound):
    sound[:300, :5] = np.nan
    sound[300:, 5:] = np.nan
    answers = Answers.of_matrix(
        [f"x{i}" for i in range(10)], sound, group=["a"] * 300 + ["b"] * 300
    )

    with pytest.raises(BadInput, match="group b"):
        calibrate(answers, "2pl")


def test_a_key_that_is_right_stands_and_a_wrong_one_is_named_with_the_option(simulate):
    # Option 1 is right; the weak choose among 2, 3 and 4 by chance. Item x3 is keyed 2.
    right = simulate(persons=800, items=12, seed=6).answers
    wrong = np.random.default_rng(7).integers(2, 5, right.shape)
    chosen = np.where(right == 1, 1, wrong)
    key = {f"x{i}": 1 for i in range(12)} | {"x3": 2}

    found = check_keys(list(key), chosen, key)

    assert {f.item: f.proposed for f in found if f.proposed} == {"x3": 1}
    trace = found[3].options[0].trace
    assert trace[0] < trace[2] < trace[4]
