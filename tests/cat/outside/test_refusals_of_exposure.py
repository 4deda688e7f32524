"""What exposure control and its rates refuse; see `spoils`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cat.selection.exposure import (
    admission,
    eligibility,
    hard_cap,
    rates,
    sympson_hetter,
    targets,
)
from cat.selection.exposure.admission import Admission
from tests.cat.outside.spoils import (
    COUNT,
    NUMBER,
    Row,
    cases,
    refuse_by_name,
    without_row,
)

PEOPLE = [0.0, 1.0]
GIVEN = np.array([[0, 1], [1, 2]])
POSITIONS = {
    "beyond": [[0, 1], [1, 9]], "twice": [[0, 0], [1, 2]], "halves": [[0.5, 1.0], [1.0, 2.0]],
    "one axis": [0, 1], "text": [["a", "b"]], "nothing": None, "nobody": np.zeros((0, 2), int),
}  # fmt: skip
GROUP = {
    "beyond": [0, 5], "negative": [0, -1], "halves": [0.0, 0.5], "other persons": [0],
    "two axes": [[0, 0]], "nothing": None,
}  # fmt: skip
RATES = {
    "nan": [np.nan, 0.5], "above one": [1.5, 0.5], "negative": [-0.1, 0.5], "all zero": [0.0, 0.0],
    "two axes": [[0.5, 0.5]], "text": "x", "nothing": None,
}  # fmt: skip
R_MAX = {
    "zero": 0.0, "above one": 1.1, "nan": np.nan, "text": "x", "nothing": None,
    "other groups": [0.5, 0.5],
}  # fmt: skip
EDGES = {
    "falling": [1.0, 0.0], "nan": [np.nan], "two axes": [[0.0]], "text": "x", "one number": 1.0,
}  # fmt: skip
OPEN, HALF = Admission.of_everything(4), Admission([0.0], [[0.5, 1.0], [1.0, 0.5]])
CAME_UP = sympson_hetter.Observed(np.array([[4, 3, 2, 1]]), np.array([[2, 2, 2, 1]]), np.array([4]))
SEEN = eligibility.Observed(np.array([[1, 1]]), np.array([[2, 2]]), np.array([2]), np.array([2]))
COUNTED = eligibility.adjust(eligibility.start(2), SEEN)


def spoiled_counts(counts: Any, name: str) -> dict[str, Any]:
    value = getattr(counts, name)
    return {
        f"{name} {how}": replace(counts, **{name: wrong})
        for how, wrong in (
            ("nan", value * np.nan),
            ("negative", -1 - value),
            ("of another shape", value[..., :0]),
            ("nothing", None),
        )
    }


EXPOSURE: dict[str, Row] = {
    "tally": (
        rates.tally,
        {"given": GIVEN, "group": np.array([0, 1]), "groups": 2, "items": 3},
        {
            "given": {k: v for k, v in POSITIONS.items() if k != "nobody"},
            "group": GROUP,
            "groups": {**COUNT, "zero": 0},
            "items": {**COUNT, "zero": 0},
        },
    ),
    "exposure_rate_by_group": (
        rates.exposure_rate_by_group,
        {"given": GIVEN, "group": np.array([0, 1]), "groups": 2, "items": 3},
        {"group": GROUP, "groups": {**COUNT, "zero": 0}},
    ),
    **{
        f.__name__: (
            f, {"given": GIVEN, "items": 3}, {"given": POSITIONS, "items": {**COUNT, "zero": 0}}
        )
        for f in (rates.summary, rates.exposure_rate, rates.overlap_rate)
    },
    "expected_overlap": (rates.expected_overlap, {"rate": np.array([0.5, 0.5])}, {"rate": RATES}),
    "assign": (
        hard_cap.assign,
        {"candidates": GIVEN, "capacity": np.array([1, 1, 1])},
        {
            "candidates": {k: POSITIONS[k] for k in ("beyond", "halves", "one axis", "nothing")},
            "capacity": {"negative": [1, -1, 1], "halves": [0.5, 1.0, 1.0], "nothing": None},
        },
    ),
    "Admission": (
        Admission,
        {"edges": [0.0], "probability": [[0.5, 1.0], [1.0, 0.5]]},
        {
            "edges": EDGES,
            "probability": {
                "zero": [[0.0, 1.0], [1.0, 1.0]], "above one": [[1.1, 1.0], [1.0, 1.0]],
                "nan": [[np.nan, 1.0], [1.0, 1.0]], "one group": [[1.0, 1.0]], "text": "x",
                "nothing": None,
            },
        },
    ),
    "Admission.of_everything": (
        Admission.of_everything, {"items": 4, "edges": [0.0]}, {"items": COUNT, "edges": EDGES}
    ),
    "Admission.from_arrays": (
        Admission.from_arrays, {"arrays": HALF.to_arrays()}, {"arrays": {"edges missing": {}}}
    ),
    "Admission.group_of": (
        HALF.group_of,
        {"theta": PEOPLE},
        {"theta": {"nan": [np.nan], "text": ["x"], "two axes": [[0.0]], "nothing": None}},
    ),
    "Admission.admitted": (
        HALF.admitted,
        {"theta": PEOPLE, "chance": np.full((2, 2), 0.7), "items": np.array([[0, 1], [1, -1]])},
        {
            "theta": {"nan": [np.nan, 0.0], "other persons": [0.0], "nothing": None},
            "chance": {"other items": np.full((2, 3), 0.7), "text": "x", "nothing": None},
            "items": {"beyond": np.array([[0, 1], [1, 2]]), "halves": np.full((2, 2), 0.5)},
        },
    ),
    "eligibility.start": (
        eligibility.start,
        {"items": 2, "edges": [0.0]},
        {"items": {**COUNT, "zero": 0}, "edges": EDGES},
    ),
    "eligibility.observe": (
        eligibility.observe,
        {
            "group": np.array([0, 0]),
            "given": GIVEN,
            "admitted": np.ones((2, 3), bool),
            "feasible": np.array([True, False]),
            "groups": 1,
        },
        {
            "group": GROUP,
            "given": POSITIONS,
            "admitted": {"ones": np.ones((2, 3), int), "other": np.ones((1, 3), bool), "no": None},
            "feasible": {"ones": np.array([1, 0]), "other": np.array([True]), "no": None},
        },
    ),
    "eligibility.adjust": (
        eligibility.adjust,
        {"state": COUNTED, "observed": SEEN, "fading": 0.9},
        {
            "state": {"nothing": None},
            "observed": {
                **spoiled_counts(SEEN, "administered"), **spoiled_counts(SEEN, "eligible"),
                **spoiled_counts(SEEN, "persons"), **spoiled_counts(SEEN, "feasible"),
                "nothing": None,
            },
            "fading": {**NUMBER, "zero": 0.0, "above one": 1.1},
        },
    ),
    "eligibility.admission": (
        eligibility.admission,
        {"state": COUNTED, "r_max": 0.3},
        {
            "state": {
                **spoiled_counts(COUNTED, "administered"), **spoiled_counts(COUNTED, "eligible"),
                **spoiled_counts(COUNTED, "persons"), **spoiled_counts(COUNTED, "feasible"),
                "nothing": None,
            },
            "r_max": R_MAX,
        },
    ),
    "sympson_hetter.observe": (
        sympson_hetter.observe,
        {"group": np.array([0, 0]), "selected": GIVEN, "given": GIVEN, "admission": OPEN},
        {"group": GROUP, "given": POSITIONS, "selected": POSITIONS, "admission": {"nothing": None}},
    ),
    "sympson_hetter.adjust": (
        sympson_hetter.adjust,
        {"admission": OPEN, "observed": CAME_UP, "r_max": 0.6, "length": 2},
        {
            "admission": {"nothing": None},
            "observed": {
                **spoiled_counts(CAME_UP, "selected"), **spoiled_counts(CAME_UP, "administered"),
                **spoiled_counts(CAME_UP, "persons"), "nothing": None,
            },
            "r_max": {**R_MAX, "too low to fill a test": 0.4},
            "length": {**COUNT, "zero": 0, "more than there are": 5},
        },
    ),
    "sympson_hetter.excess": (
        sympson_hetter.excess,
        {"observed": CAME_UP, "r_max": 0.6},
        {"observed": {**spoiled_counts(CAME_UP, "persons"), "nothing": None}, "r_max": R_MAX},
    ),
}  # fmt: skip


# Checks that the other functions make; `group_of` is that of an Admission, which has a row.
SPARED = {"checked_r_max", "check_edges", "group_of"}


def test_every_public_function_has_a_row():
    modules = [rates, hard_cap, admission, eligibility, sympson_hetter, targets]

    assert not without_row(EXPOSURE, modules, SPARED)


@pytest.mark.parametrize(("function", "arguments", "spoils", "argument"), cases(EXPOSURE))
def test_a_spoiled_argument_is_refused_by_name(function, arguments, spoils, argument):
    refuse_by_name(function, arguments, spoils, argument)
