"""Reading the nilai of millions off a curve gives what each person would be given alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.irt.items import Model, logistic_items, polytomous_items
from cat.scoring import scale
from cat.scoring.scale import ReferenceForm
from cat.scoring.scale_many import PointsCurve, nilai_se_of_many

RNG = np.random.default_rng(20241)
RIGHT_OR_WRONG = ReferenceForm(
    logistic_items(RNG.lognormal(0.2, 0.4, 35), RNG.normal(0, 1, 35), 0.2), 5, 0
)
GRADED = ReferenceForm(
    polytomous_items(
        Model.GRADED, RNG.lognormal(0, 0.3, 45), np.sort(RNG.normal(0, 1.2, (45, 4)), axis=1)
    ),
    1,
    1,
)
STEEP = ReferenceForm(logistic_items([40.0, 0.3], [0.5, -1.0]), 5, 0)
FORMS = {"right or wrong": RIGHT_OR_WRONG, "graded": GRADED, "steep": STEEP}
CURVES = {name: PointsCurve(form) for name, form in FORMS.items()}

person = st.tuples(
    st.floats(-12, 12, allow_subnormal=False), st.integers(0, 24), st.floats(0.05, 1.0)
)


@pytest.mark.parametrize("name", FORMS)
@given(people=st.lists(person, min_size=1, max_size=40))
def test_many_persons_get_the_nilai_and_the_error_that_each_gets_alone(name, people):
    form, curve = FORMS[name], CURVES[name]
    theta, answered, se = (np.array(column) for column in zip(*people, strict=True))
    length = np.full(len(people), 24)

    nilai = curve.nilai(theta, answered, length)
    nilai_se = nilai_se_of_many(theta, se, form, answered, length)

    for i, (t, a, s) in enumerate(people):
        assert nilai[i] == scale.nilai(t, form, a, 24)
        assert nilai_se[i] == scale.nilai_se(t, s, form, a, 24)


@pytest.mark.parametrize("name", FORMS)
def test_abilities_at_the_very_edge_of_a_point_round_as_they_do_alone(name):
    form, curve = FORMS[name], CURVES[name]
    low, high = scale.expected_points([-7.9, 7.9], form)
    halves = np.arange(np.ceil(low), np.floor(high)) + 0.5
    at = scale.theta_of_points(halves, form)
    theta = np.concatenate([at, np.nextafter(at, 9), np.nextafter(at, -9), at + 1e-11, at - 1e-11])
    all_answered = np.ones(len(theta), dtype=int)

    found = curve.nilai(theta, all_answered, all_answered)

    assert found.tolist() == [scale.nilai(float(t), form, 1, 1) for t in theta]


@pytest.mark.parametrize("name", FORMS)
def test_the_curve_is_read_closer_than_the_margin_that_it_allows_itself(name):
    form, curve = FORMS[name], CURVES[name]
    theta = np.random.default_rng(7).uniform(-8, 8, 20_000)

    error = np.abs(curve._read(theta) - scale.expected_points(theta, form)).max()

    assert error < curve.margin / 2
    assert curve.margin < 1e-3  # so that few have to be computed twice


@pytest.mark.parametrize(
    ("theta", "answered", "length"),
    [([0.0, np.nan], [1, 1], [2, 2]), ([0.0], [3], [2]), ([0.0], [0], [0]), ([0.0], [-1], [2])],
)
def test_impossible_progress_is_refused(theta, answered, length):
    with pytest.raises(BadInput):
        CURVES["graded"].nilai(theta, answered, length)
