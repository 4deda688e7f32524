"""Answers that do not belong to the calibration are refused by name, not misread."""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.fitted import Fitted
from cat.errors import BadInput
from cat.irt import logistic


def test_chances_are_those_of_the_response_model(fitted):
    theta = np.array([-1.0, 0.5])

    chances = fitted.chances(theta)

    a = [one.a for one in fitted.estimates]
    b = [one.b[0] for one in fitted.estimates]
    right = logistic.probability(theta, a, b)
    ours = chances[1::2].T
    assert ours == pytest.approx(right)
    assert chances[::2] + chances[1::2] == pytest.approx(np.ones((12, 2)))


@pytest.mark.parametrize(
    ("items", "row", "group", "said"),
    [
        (["x0", "baru"], [0, 1], None, "item baru is not part of the calibration"),
        (["x0", "x1"], [2, 1], None, "item x0 has an answer in category 2"),
        (["x0", "x1"], [1, 1], ["lain"], "group lain is not part of the calibration"),
    ],
)
def test_foreign_items_categories_and_groups_are_refused(fitted, items, row, group, said):
    with pytest.raises(BadInput, match=said):
        Fitted(Answers.of_matrix(items, [row], group=group), fitted.calibrated)


def test_an_item_without_a_curve_says_so(made):
    table = made.answers.copy()
    table[:, 0] = 1
    always = type(made)(made.theta, made.a, made.b, table).fitted()

    assert not always.has_curve[0]
    with pytest.raises(BadInput, match="x0 was left out of the calibration"):
        always.item_chances(0, np.array([0.0]))
