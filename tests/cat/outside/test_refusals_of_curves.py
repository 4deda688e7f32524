"""What the response models and the makers of items refuse; see `spoils`."""

from __future__ import annotations

import numpy as np
import pytest

from cat.irt import families, graded, logistic, metric, nominal, partial_credit
from cat.irt import items as irt
from cat.irt.items import Items, Model, logistic_items, polytomous_items
from tests.cat.outside.spoils import (
    ANSWERS,
    ITEMS,
    NUMBER,
    OPTIONS,
    POSITIVE,
    SLOPES,
    STEPS,
    THETA,
    THRESHOLDS,
    A,
    B,
    C,
    D,
    Row,
    cases,
    refuse_by_name,
    without_row,
)

TWO = logistic_items([1.0, 1.5], [0.0, 1.0], [0.2, 0.0])
PEOPLE = [0.0, 1.0]
LOGISTIC = {"theta": PEOPLE, "a": [1.0, 1.5], "b": PEOPLE, "c": [0.2, 0.0], "d": [1.0, 1.0]}
SPOILED = {"theta": THETA, "a": A, "b": B, "c": C, "d": {**D, "equal to c": [0.2, 1.0]}}
ORDERED = {"theta": PEOPLE, "a": [1.0, 1.0]}
BOTH = [[0.0, 1.0], [0.0, 1.0]]
OPTION = {"theta": PEOPLE, "slopes": [[0.0, 1.0, 2.0]], "intercepts": [[0.0, 0.0, 0.0]]}
SCORED = {"responses": [[1, 0], [0, 1]], "items": TWO}
SPOILED_SCORES = {"responses": ANSWERS, "items": ITEMS}
CURVES: dict[str, Row] = {
    **{
        f"logistic.{f.__name__}": (f, LOGISTIC, SPOILED)
        for f in (
            logistic.probability,
            logistic.category_probability,
            logistic.information,
            logistic.curves,
        )
    },
    **{
        f"graded.{f.__name__}": (
            f, {**ORDERED, "thresholds": BOTH}, {"theta": THETA, "a": A, "thresholds": THRESHOLDS}
        )
        for f in (graded.probability, graded.information, graded.curves)
    },
    **{
        f"partial_credit.{f.__name__}": (
            f, {**ORDERED, "steps": BOTH}, {"theta": THETA, "a": A, "steps": STEPS}
        )
        for f in (partial_credit.probability, partial_credit.information, partial_credit.curves)
    },
    **{
        f"nominal.{f.__name__}": (
            f, OPTION, {"theta": THETA, "slopes": SLOPES, "intercepts": OPTIONS}
        )
        for f in (nominal.probability, nominal.information, nominal.curves)
    },
    **{
        f"items.{f.__name__}": (
            f, {"theta": PEOPLE, "items": TWO}, {"theta": THETA, "items": ITEMS}
        )
        for f in (
            irt.probability,
            irt.curves,
            irt.derivatives,
            irt.information,
            irt.expected_category,
        )
    },
    **{
        f"items.{f.__name__}": (
            f, {"theta": PEOPLE, **SCORED}, {"theta": THETA, **SPOILED_SCORES}
        )
        for f in (irt.score, irt.observed_information)
    },
}  # fmt: skip
MAKERS: dict[str, Row] = {
    "Items": (
        Items,
        {
            "model": ("logistic",) * 2,
            "a": [1.0, 1.0],
            "b": [[0.0], [1.0]],
            "c": [0.0, 0.0],
            "d": [1.0, 1.0],
        },
        {
            "model": {"nothing": None, "text": "logistic", "numbers": (1, 2), "one": ("logistic",)},
            "a": A,
            "b": {"nothing": None, "one axis": [0.0, 1.0, 2.0], "nan": [[np.nan], [0.0]]},
            "c": {**C, "nothing": None},
            "d": {**D, "equal to c": [0.0, 1.0]},
            "slopes": {"other shape": [[0.0, 1.0, 2.0]], "text": "x"},
        },
    ),
    "Items.only": (
        TWO.only,
        {"positions": [0, 1]},
        {
            "positions": {
                "negative": [-1], "beyond": [2], "half": [0.5], "a mask": [True, False],
                "text": ["a"], "two axes": [[0]], "one number": 0, "nothing": None,
            }
        },
    ),
    "concatenate": (
        irt.concatenate,
        {"sets": [TWO, TWO]},
        {"sets": {"empty": [], "nothing": None, "numbers": [1], "drained": iter([TWO])}},
    ),
    "logistic_items": (
        logistic_items,
        {name: LOGISTIC[name] for name in "abcd"},
        {name: SPOILED[name] for name in "abcd"},
    ),
    "polytomous_items": (
        polytomous_items,
        {"model": Model.GRADED, "a": [1.0, 1.0], "b": BOTH},
        {
            "model": {"text": "x", "nothing": None, "number": 3, "nominal": Model.NOMINAL},
            "a": A,
            "b": THRESHOLDS,
        },
    ),
    "partial_credit_items": (
        families.partial_credit_items,
        {"steps": BOTH, "a": 1.0},
        {"steps": {k: v for k, v in STEPS.items() if k != "other items"}, "a": A},
    ),
    "rating_scale_items": (
        families.rating_scale_items,
        {"location": PEOPLE, "thresholds": PEOPLE, "a": 1.0},
        {"location": B, "thresholds": B, "a": A},
    ),
    "nominal_items": (
        families.nominal_items,
        {name: OPTION[name] for name in ("slopes", "intercepts")},
        {"slopes": SLOPES, "intercepts": OPTIONS},
    ),
    "to_logistic_metric": (
        metric.to_logistic_metric,
        {"a": [1.0, 1.0], "constant": 1.7},
        {"a": A, "constant": POSITIVE},
    ),
    "to_normal_metric": (
        metric.to_normal_metric,
        {"a": [1.0, 1.0], "constant": 1.7},
        {"a": A, "constant": POSITIVE},
    ),
    "rescaled": (
        metric.rescaled,
        {"items": TWO, "scale": 2.0, "shift": 0.0},
        {"scale": POSITIVE, "shift": NUMBER},
    ),
}  # fmt: skip


# Between the models: their arguments have been checked.
SPARED = {"shares", "curves_of", "check", "checked"}


def test_every_public_function_has_a_row():
    modules = [logistic, graded, partial_credit, nominal, irt, families, metric]

    assert not without_row({**CURVES, **MAKERS}, modules, SPARED)


@pytest.mark.parametrize(
    ("function", "arguments", "spoils", "argument"), cases({**CURVES, **MAKERS})
)
def test_a_spoiled_argument_is_refused_by_name(function, arguments, spoils, argument):
    refuse_by_name(function, arguments, spoils, argument)
