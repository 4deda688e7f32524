"""What the criteria of selection refuse; see `spoils`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cat.errors import BadInput
from cat.irt.items import logistic_items
from cat.scoring import eap, tables
from cat.selection.criteria import CRITERIA, named
from cat.selection.known import Known
from tests.cat.outside.spoils import ADDING_TO_ONE, BELIEF, EVEN, GRID, ROWS

TWO = logistic_items([1.0, 1.5], [0.0, 1.0], [0.2, 0.0])
NONE = logistic_items([], [])
NEEDED = {"information_at_cut": {"cut": 0.0}}
TABLES = tables.tabulate(TWO, GRID)


def known(**spoiled: Any) -> Known:
    good = {
        "posterior": BELIEF,
        "likelihood": EVEN,
        "answered": 2,
        "length": 10,
        "quadrature": GRID,
        "chance": lambda items: np.full((2, len(items)), 0.5),
    }
    return Known(**{**good, **spoiled})


SPOILED_KNOWN = {
    "posterior": {**ADDING_TO_ONE, "a list": BELIEF.tolist()},
    "likelihood": {**ROWS, "other persons": np.ones((3, 61)), "a list": EVEN.tolist()},
    "answered": {"negative": -1, "half": 2.5, "nan": np.nan, "nothing": None},
    "length": {"zero": 0, "half": 2.5, "nothing": None},
    "quadrature": {
        "other nodes": eap.normal_quadrature(41), "moved": eap.normal_quadrature(mean=1),
    },
    "chance": {"nothing": None},
    "given_estimate": {
        "nan": (np.full(2, np.nan), np.ones(2)), "other persons": (np.zeros(3), np.ones(3)),
    },
}  # fmt: skip


@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        pytest.param(field, wrong, id=f"{field}-{how}")
        for field, ways in SPOILED_KNOWN.items()
        for how, wrong in ways.items()
    ],
)
def test_every_criterion_refuses_a_person_of_whom_nothing_sound_is_known(criterion, field, wrong):
    score = named(criterion, **NEEDED.get(criterion, {}))

    with pytest.raises(BadInput, match=field):
        score(known(**{field: wrong}), TABLES)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_every_criterion_refuses_an_empty_bank_and_what_is_no_bank(criterion):
    score = named(criterion, **NEEDED.get(criterion, {}))

    with pytest.raises(BadInput, match="at least one item"):
        score(known(), tables.tabulate(NONE, GRID))
    with pytest.raises(BadInput, match="Known and ItemTables"):
        score(known(), None)
    with pytest.raises(BadInput, match="Known and ItemTables"):
        score(None, TABLES)


@pytest.mark.parametrize("criterion", ["random_item", "progressive"])
@pytest.mark.parametrize("wrong", [np.ones((2, 2)), np.full((2, 2), np.nan), np.zeros((2, 3))])
def test_lots_that_are_no_lots_are_refused(criterion, wrong):
    with pytest.raises(BadInput, match="chance"):
        named(criterion)(known(chance=lambda items: wrong), TABLES)
