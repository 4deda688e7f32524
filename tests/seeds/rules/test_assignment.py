"""The puzzle language refuses what it does not have and tells its questions apart."""

from __future__ import annotations

import pytest

from tests.seeds.rules.assignment import answers_to_puzzle, claims


def test_conditions_that_nothing_meets_are_refused():
    rule = {"variabel": {"x": [1, 2]}, "syarat": ["x > 2"], "pilihan": {}, "tanya": "pasti"}

    with pytest.raises(ValueError, match="no assignment"):
        answers_to_puzzle(rule)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "x.bit_length() > 0",
        "max(x, 2) == 2",
        "y == 1",
        "x * 2 == 2",
        "x in [1, 2]",
        "[x for x in [1]] == [1]",
        "x == 1.0",
        "x",
    ],
)
def test_an_expression_outside_the_language_is_refused(text):
    with pytest.raises(ValueError, match=r"not in the language|neither true nor false"):
        claims(text, {"x": 1})


@pytest.mark.parametrize(
    ("question", "answers"),
    [("pasti", {"A"}), ("mungkin", {"A", "B"}), ("tidak_mungkin", {"C"})],
)
def test_the_three_questions_are_told_apart(question, answers):
    rule = {
        "tanya": question,
        "berbeda": [["x", "y"]],
        "variabel": {"x": [1, 2, 3], "y": [1, 2, 3]},
        "syarat": ["x < y"],
        "pilihan": {"A": "x != 3", "B": "x + 1 == y", "C": "abs(x - y) == 0"},
    }

    assert answers_to_puzzle(rule) == answers
