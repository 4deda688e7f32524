"""A CSV table of answers is read whole or refused with its place."""

from __future__ import annotations

import pytest

from cat.calibration.answer_file import read_answers
from cat.errors import BadInput


def read(text):
    return read_answers(text.splitlines(keepends=True))


@pytest.mark.parametrize("separator", [",", ";"])
def test_item_columns_are_kept_and_covariates_left_out(separator):
    text = "a,cov_umur,b\n1,tiga puluh,0\n0,,1\n".replace(",", separator)

    table = read(text)

    assert table.items == ("a", "b")
    assert table.answers == ((1, 0), (0, 1))


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("", "empty_file", {}),
        ("a,b\n", "persons", {}),
        ("a,a\n1,0\n", "names", {"value": "a"}),
        ("a,\n1,0\n", "names", {"value": ""}),
        ("a,b\n1,0\n1\n", "row", {"person": 1, "value": 1}),
        ("a,b\n1,0\n\n1,1\n", "row", {"person": 1, "value": 0}),
        ("a,b\n1,0\n1, \n", "missing", {"person": 1, "item": "b", "value": ""}),
        ("a,b\nNA,0\n", "category", {"person": 0, "item": "a", "value": "NA"}),
        ("a,b\n-1,0\n", "category", {"person": 0, "item": "a", "value": "-1"}),
        ("a,b\n1.5,0\n", "category", {"person": 0, "item": "a", "value": "1.5"}),
        ('a,b\n"1,0\n', "csv", {}),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, rule, place):
    with pytest.raises(BadInput) as refused:
        read(text)

    assert refused.value.evidence["rule"] == rule
    assert {key: refused.value.evidence[key] for key in place} == place
