"""The matrix of scored answers at the room's door."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadInput
from cat.irt import items as irt
from cat.irt.items import Model, concatenate, logistic_items, polytomous_items
from cat.irt.responses import checked_responses

# Categories 0..1 and 0..2.
ITEMS = concatenate([logistic_items(1.0, 0.0), polytomous_items(Model.GRADED, 1.0, [0.0, 1.0])])


def test_categories_and_missing_answers_are_accepted():
    answers = checked_responses([[0, 2], [1, -1]], ITEMS)

    assert answers.tolist() == [[0, 2], [1, -1]]
    assert answers.dtype == np.int64


@pytest.mark.parametrize("given", [np.array([[1.0, 2.0]]), np.array([[1, 2]], dtype=np.uint8)])
def test_whole_numbers_of_any_type_are_accepted(given):
    assert checked_responses(given, ITEMS).tolist() == [[1, 2]]


def test_a_person_without_a_single_answer_is_accepted():
    assert checked_responses([[-1, -1]], ITEMS).tolist() == [[-1, -1]]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([[0, 0], [2, 0]], "from 0 to 1, or -1 .*; person 1, item 0 has 2"),
        ([[0, 3]], "from 0 to 2, or -1 .*; person 0, item 1 has 3"),
        ([[0, -2]], "person 0, item 1 has -2"),
        ([[0.5, 0]], "person 0, item 0 has 0.5"),
        ([[0, np.nan]], "person 0, item 1 has nan"),
        ([[0, np.inf]], "person 0, item 1 has inf"),
        ([0, 1], r"must be \(J, I\) = \(J, 2\); got shape \(2,\)"),
        ([[0, 1, 1]], r"got shape \(1, 3\)"),
        ([["0", "1"]], "must be whole numbers; got <U1"),
        ([[0, 1], [0]], r"must be \(J, I\) whole numbers"),
    ],
)
def test_an_impossible_answer_is_refused_by_person_and_item(answers, message):
    with pytest.raises(BadInput, match=message):
        checked_responses(answers, ITEMS)


def test_the_refusal_carries_its_evidence():
    with pytest.raises(BadInput) as refusal:
        checked_responses([[0, 0], [0, 7]], ITEMS)

    assert refusal.value.evidence == {"person": 1, "item": 1, "value": 7}


def test_answers_and_abilities_must_be_of_the_same_persons():
    with pytest.raises(BadInput, match="one row a person; got 2 rows, 3 theta"):
        irt.score([0.0, 0.1, 0.2], ITEMS, [[0, 0], [1, 1]])
