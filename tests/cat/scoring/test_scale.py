"""The statutory scale: expected points on the reference form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from cat.errors import BadInput
from cat.irt.families import nominal_items
from cat.irt.items import Model, logistic_items, polytomous_items
from cat.scoring import scale
from cat.scoring.scale import ReferenceForm


def create_form(items: int = 30, c: float = 0.0) -> ReferenceForm:
    return ReferenceForm(logistic_items(1.0, np.linspace(-2, 2, items), c), 5, 0)


def create_tkp_form(items: int = 45) -> ReferenceForm:
    steps = np.tile([-2.0, -1.0, 0.0, 1.0], (items, 1))
    return ReferenceForm(polytomous_items(Model.PARTIAL_CREDIT, np.ones(items), steps), 1, 1)


def test_forms_of_legal_length_have_the_legal_maximum():
    assert create_form(30).maximum == 150
    assert create_form(35).maximum == 175
    assert create_tkp_form(45).maximum == 225


def test_a_person_in_the_middle_of_a_symmetric_form_earns_half_of_it():
    assert scale.nilai(0.0, create_form(), answered=20, length=20) == 75


@pytest.mark.parametrize(("form", "floor"), [(create_form(c=0.2), 30), (create_tkp_form(), 45)])
def test_expected_points_rise_from_the_floor_to_the_maximum(form, floor):
    points = scale.expected_points(np.linspace(-30, 30, 200), form)

    assert (np.diff(points) >= 0).all()
    assert points[0] == pytest.approx(floor, abs=1e-3)
    assert points[-1] == pytest.approx(form.maximum, abs=1e-3)


def test_unanswered_items_earn_nothing():
    whole = scale.nilai(0.5, create_form(), answered=20, length=20)

    half = scale.nilai(0.5, create_form(), answered=10, length=20)

    assert half == pytest.approx(whole / 2, abs=1)
    assert scale.nilai(0.5, create_form(), answered=0, length=20) == 0


def test_the_slope_is_the_sum_of_the_items_slopes():
    # 2PL with a = 1: slope of one item at its difficulty is 1/4, times 5 points
    form = ReferenceForm(logistic_items([1.0], [0.0]), 5, 0)

    assert scale.slope([0.0], form)[0] == pytest.approx(1.25, abs=1e-12)
    assert scale.nilai_se(0.0, 0.4, form, 20, 20) == pytest.approx(0.5, abs=1e-12)


def test_the_slope_of_a_mixed_form_is_the_rise_of_its_curve(create_items):
    form = ReferenceForm(create_items(4, 1), 5, 1)
    theta, step = np.linspace(-4, 4, 9), 1e-5

    rise = scale.expected_points(theta + step, form) - scale.expected_points(theta - step, form)

    assert scale.slope(theta, form) == pytest.approx(rise / (2 * step), abs=1e-6)


def test_a_form_of_some_items_has_their_points_only(create_items):
    form = ReferenceForm(create_items(2, 1), 5, 1)  # two items of each kind of 2, 2, 2, 5, 4

    assert form.maximum == 10 * 1 + 5 * (2 * 3 * 1 + 3 + 4 + 2 * 3)
    assert form.only([0, 7]).maximum == 2 * 1 + 5 * (1 + 4)
    assert scale.expected_points([0.3], form)[0] == pytest.approx(
        sum(scale.expected_points([0.3], form.only([i]))[0] for i in range(10))
    )


@settings(max_examples=50)
@given(theta=st.lists(st.floats(-6, 6), min_size=1, max_size=20), seed=st.integers(0, 50))
def test_points_lead_back_to_the_ability_that_earns_them(theta, seed, create_items):
    form = ReferenceForm(create_items(3, seed), 5, 0)

    back = scale.theta_of_points(scale.expected_points(theta, form), form)

    assert back == pytest.approx(np.array(theta), abs=1e-7)


@pytest.mark.parametrize("form", [create_form(), create_form(c=0.2), create_tkp_form()])
def test_every_whole_number_of_points_in_range_has_its_ability(form):
    lowest = scale.expected_points([-1e6], form)[0]
    points = np.arange(np.floor(lowest) + 1, form.maximum)

    theta = scale.theta_of_points(points, form)

    assert (np.diff(theta) > 0).all()
    for wanted, found in zip(points[::29], theta[::29], strict=True):
        root = optimize.brentq(
            lambda t, wanted=wanted: scale.expected_points([t], form)[0] - wanted, -50, 50
        )
        assert found == pytest.approx(root, abs=1e-8)


def test_the_middle_of_a_symmetric_form_is_earned_at_the_middle():
    assert scale.theta_of_points([75.0], create_form())[0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("form", "points", "range_"),
    [
        (create_form(), 0, "between 0 and 150"),
        (create_form(), 150, "between 0 and 150"),
        (create_form(c=0.2), 30, "between 30 and 150"),
        (create_form(c=0.2), 12.5, "number 1 is 12.5"),
        (create_tkp_form(), 45, "between 45 and 225"),
        (create_form(), np.nan, "number 1 is nan"),
    ],
)
def test_points_that_nobody_is_expected_to_earn_have_no_ability(form, points, range_):
    with pytest.raises(BadInput, match=range_):
        scale.theta_of_points([100.0, points], form)


def test_options_without_order_are_worth_no_points():
    with pytest.raises(BadInput, match="item 0 is nominal"):
        ReferenceForm(nominal_items([[0, 1, 2]], [[0, 0, 0]]), 5, 0)


def test_a_category_must_be_worth_something():
    with pytest.raises(BadInput, match="points_per_category must be at least 1; got 0"):
        ReferenceForm(logistic_items([1.0], [0.0]), 0, 0)
