"""What may not be calibrated is refused, with the place, the value and the rule."""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.responses import checked
from cat.errors import BadInput

ITEMS = ["x0", "x1", "x2", "x3"]


@pytest.fixture
def answers(simulate):
    return simulate(persons=200, items=4, seed=1).answers.astype(float)


def refusal(answers, model="2pl", items=ITEMS):
    with pytest.raises(BadInput) as refused:
        checked(items, answers, model)
    return refused.value


@pytest.mark.parametrize("missing", [np.nan, -1])
@pytest.mark.parametrize("model", ["2pl", "pcm"])
def test_a_missing_answer_is_refused_with_its_place(answers, missing, model):
    answers[17, 2] = missing

    error = refusal(answers, model)

    assert error.evidence["rule"] == "missing"
    assert (error.evidence["item"], error.evidence["person"]) == ("x2", 17)
    assert "x2, person 17" in str(error)


def test_a_masked_answer_is_missing_even_if_a_number_hides_under_the_mask(answers):
    masked = np.ma.masked_array(answers, mask=np.zeros_like(answers, dtype=bool))
    masked.mask[3, 1] = True

    assert refusal(masked).evidence["rule"] == "missing"


def test_none_is_missing(answers):
    with_none = answers.astype(object)
    with_none[0, 0] = None

    assert refusal(with_none).evidence["rule"] == "missing"


@pytest.mark.parametrize(
    ("model", "value"),
    [
        ("2pl", 2),
        ("2pl", 0.5),
        ("2pl", -99999),  # girth's own mark of a missing answer
        ("pcm", 0.5),
        ("pcm", -2),
        ("pcm", np.inf),
        ("pcm", 1e300),
    ],
)
def test_a_value_that_is_no_category_is_refused_with_its_place(answers, model, value):
    answers[5, 1] = value

    error = refusal(answers, model)

    assert error.evidence["rule"] == "category"
    assert (error.evidence["item"], error.evidence["person"]) == ("x1", 5)
    assert error.evidence["value"] == f"{value:g}"


@pytest.mark.parametrize("everybody", [0, 1])
@pytest.mark.parametrize("model", ["2pl", "pcm"])
def test_an_item_on_which_everybody_agrees_is_refused(answers, everybody, model):
    answers[:, 3] = everybody

    error = refusal(answers, model)

    assert (error.evidence["rule"], error.evidence["item"]) == ("constant", "x3")


def test_categories_with_a_gap_are_refused_naming_the_one_nobody_uses(answers):
    answers[answers[:, 0] == 1, 0] = 2

    error = refusal(answers, "pcm")

    assert (error.evidence["rule"], error.evidence["unused"]) == ("gap", 1)


def test_categories_that_start_at_one_are_refused(answers):
    assert refusal(answers + 1, "pcm").evidence["unused"] == 0


def test_the_three_parameter_model_is_refused_because_girth_cannot_fit_it(answers):
    assert "3PL" in str(refusal(answers, "3pl"))


@pytest.mark.parametrize(
    ("change", "items", "rule"),
    [
        (lambda x: x.T, ITEMS, "shape"),  # axes swapped
        (lambda x: x[:, 0], ITEMS, "shape"),
        (lambda x: x[None], ITEMS, "shape"),
        (lambda x: [[0, 1], [0]], ITEMS, "shape"),
        (lambda x: [["benar"] * 4], ITEMS, "shape"),
        (lambda x: x, ["x0", "x1", "x2"], "shape"),
        (lambda x: x, ["x0", "x1", "x2", "x2"], "names"),
        (lambda x: x, ["x0", "x1", "x2", " "], "names"),
        (lambda x: x[:199], ITEMS, "persons"),
        (lambda x: x[:0], ITEMS, "persons"),
        (lambda x: x[:, :2], ["x0", "x1"], "items"),
    ],
)
def test_what_is_not_a_large_enough_matrix_of_named_items_is_refused(answers, change, items, rule):
    assert refusal(change(answers), items=items).evidence["rule"] == rule


@pytest.mark.parametrize("dtype", [bool, np.uint8, float, object])
def test_complete_answers_of_any_number_type_become_one_read_only_matrix(answers, dtype):
    responses = checked(ITEMS, answers.astype(dtype), "2pl")

    assert responses.matrix.dtype == np.int64
    assert not responses.matrix.flags.writeable
    assert (responses.matrix == answers).all()
