"""The statutory scale: expected points on the reference form."""

from __future__ import annotations

import numpy as np
import pytest

from cat.scoring import scale
from cat.scoring.scale import ReferenceForm


def create_form(items: int = 30, c: float = 0.0) -> ReferenceForm:
    b = np.linspace(-2, 2, items)[:, None]
    return ReferenceForm(np.ones(items), b, np.full(items, c), 5, 0)


def create_tkp_form(items: int = 45) -> ReferenceForm:
    steps = np.tile([-2.0, -1.0, 0.0, 1.0], (items, 1))
    return ReferenceForm(np.ones(items), steps, np.zeros(items), 1, 1)


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
    form = ReferenceForm(np.ones(1), np.zeros((1, 1)), np.zeros(1), 5, 0)

    assert scale.slope([0.0], form)[0] == pytest.approx(1.25, abs=1e-6)
    assert scale.nilai_se(0.0, 0.4, form, 20, 20) == pytest.approx(0.5, abs=1e-6)
