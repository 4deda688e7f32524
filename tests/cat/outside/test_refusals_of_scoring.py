"""What the estimators of ability and their neighbours refuse; see `spoils`."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadInput
from cat.irt import families
from cat.irt.items import logistic_items
from cat.scoring import eap, levels, linked_prior, map, mle, profile, scale, sum_score, tables, wle
from tests.cat.outside.spoils import (
    ADDING_TO_ONE,
    ANSWERS,
    BELIEF,
    COUNT,
    EVEN,
    GRID,
    ITEMS,
    NODES,
    NUMBER,
    POSITIVE,
    PRIOR,
    QUADRATURE,
    ROWS,
    THETA,
    WEIGHTS,
    Row,
    cases,
    refuse_by_name,
    without_row,
)

TWO = logistic_items([1.0, 1.5], [0.0, 1.0], [0.2, 0.0])
NONE = logistic_items([], [])
UNORDERED = families.nominal_items([[0.0, 1.0, 2.0]], [[0.0, 0.0, 0.0]])
FORM = scale.ReferenceForm(TWO, 5, 0)
LINK = linked_prior.transition(GRID, 0.5)
MATRIX = {
    "nan": LINK * np.nan,
    "zero": LINK * 0,
    "negative": -LINK,
    "not square": LINK[:5],
    "no": None,
}

PEOPLE = [0.0, 1.0]
SCORED = {"responses": [[1, 0], [0, 1]], "items": TWO}
SPOILED_SCORES = {"responses": ANSWERS, "items": ITEMS}
ON_GRID = {**SCORED, "quadrature": GRID}
SPOILED_ON_GRID = {**SPOILED_SCORES, "quadrature": QUADRATURE}
SCORING: dict[str, Row] = {
    "eap.score": (
        eap.score,
        {**ON_GRID, "prior": BELIEF},
        {**SPOILED_ON_GRID, "prior": {k: v for k, v in ROWS.items() if k != "nothing"}},
    ),
    "map.score": (
        map.score,
        {**SCORED, "mean": 0.0, "sd": 1.0},
        {
            **SPOILED_SCORES,
            "mean": {**PRIOR, "beyond any use": 1e300},
            "sd": {**PRIOR, "zero": 0.0, "negative": -1.0, "hardly any": 1e-300},
            "information": {"other": "expected", "nothing": None},
        },
    ),
    "mle.score": (mle.score, SCORED, SPOILED_SCORES),
    "wle.score": (
        wle.score, {**SCORED, "weight": "warm"}, {**SPOILED_SCORES, "weight": {"other": "sqrt"}}
    ),
    "sum_score.score": (sum_score.score, ON_GRID, SPOILED_ON_GRID),
    "sum_score.table": (
        sum_score.table,
        {"items": TWO, "quadrature": GRID},
        {"items": ITEMS, "quadrature": QUADRATURE},
    ),
    "sum_score.score_distribution": (
        sum_score.score_distribution, {"items": TWO, "nodes": PEOPLE}, {"items": ITEMS}
    ),
    "Quadrature": (
        eap.Quadrature,
        {"nodes": PEOPLE, "weights": [0.5, 0.5]},
        {"nodes": NODES, "weights": WEIGHTS},
    ),
    "normal_quadrature": (
        eap.normal_quadrature,
        {"count": 61, "reach": 6.0, "mean": 0.0, "sd": 1.0},
        {
            "count": {**COUNT, "one": 1},
            "reach": POSITIVE,
            "mean": {**NUMBER, "beyond any use": 1e300},
            "sd": POSITIVE,
        },
    ),
    "eap.start": (eap.start, {"quadrature": GRID, "persons": 2}, {"persons": COUNT}),
    "eap.update": (
        eap.update,
        {"posterior": BELIEF, "likelihood": EVEN},
        {"posterior": ROWS, "likelihood": ROWS},
    ),
    "eap.estimate": (
        eap.estimate,
        {"posterior": BELIEF, "quadrature": GRID},
        {"posterior": ADDING_TO_ONE, "quadrature": QUADRATURE},
    ),
    "linked_prior.transition": (
        linked_prior.transition,
        {"quadrature": GRID, "correlation": 0.5},
        {"quadrature": QUADRATURE, "correlation": {**NUMBER, "one": 1.0, "minus one": -1.0}},
    ),
    "linked_prior.prior_after": (
        linked_prior.prior_after,
        {"posterior": BELIEF, "transition": LINK},
        {"posterior": ADDING_TO_ONE, "transition": MATRIX},
    ),
    "tabulate": (
        tables.tabulate,
        {"items": TWO, "quadrature": GRID},
        {"items": ITEMS, "quadrature": QUADRATURE},
    ),
    "domain_score": (
        profile.domain_score,
        {"likelihood": EVEN, "quadrature": GRID, "form": FORM},
        {"likelihood": ROWS},
    ),
    "chance_of_reaching": (
        levels.chance_of_reaching,
        {"theta": 0.0, "se": 0.3, "cuts": PEOPLE},
        {"theta": NUMBER, "se": POSITIVE, "cuts": {**NODES, "one": [np.nan], "one number": 1.0}},
    ),
    "likeliest_level": (
        levels.likeliest_level,
        {"theta": 0.0, "se": 0.3, "cuts": PEOPLE},
        {"theta": NUMBER, "se": POSITIVE, "cuts": {**NODES, "one": [np.nan]}},
    ),
    "ReferenceForm": (
        scale.ReferenceForm,
        {"items": TWO, "points_per_category": 5, "base_points": 0},
        {
            "items": {**ITEMS, "empty": NONE, "without order": UNORDERED},
            "points_per_category": {**COUNT, "zero": 0},
            "base_points": COUNT,
        },
    ),
    "expected_points": (scale.expected_points, {"theta": PEOPLE, "form": FORM}, {"theta": THETA}),
    "slope": (scale.slope, {"theta": PEOPLE, "form": FORM}, {"theta": THETA}),
    "theta_of_points": (
        scale.theta_of_points,
        {"points": [4.0, 5.0], "form": FORM},
        {"points": {**THETA, "more than all": [10.0], "less than luck": [1.0]}},
    ),
    "nilai": (
        scale.nilai,
        {"theta": 0.0, "form": FORM, "answered": 1, "length": 2},
        {
            "theta": NUMBER,
            "answered": {**COUNT, "more than all": 3},
            "length": {**COUNT, "zero": 0},
        },
    ),
    "nilai_se": (
        scale.nilai_se,
        {"theta": 0.0, "se": 0.3, "form": FORM, "answered": 1, "length": 2},
        {
            "theta": NUMBER,
            "se": {**NUMBER, "negative": -0.1},
            "answered": {**COUNT, "more than all": 3},
            "length": {**COUNT, "zero": 0},
        },
    ),
}  # fmt: skip


def test_every_public_function_has_a_row():
    modules = [eap, levels, linked_prior, map, mle, profile, scale, sum_score, tables, wle]

    assert not without_row(SCORING, modules, spared={"require_quadrature"})


@pytest.mark.parametrize(("function", "arguments", "spoils", "argument"), cases(SCORING))
def test_a_spoiled_argument_is_refused_by_name(function, arguments, spoils, argument):
    refuse_by_name(function, arguments, spoils, argument)


@pytest.mark.parametrize("score", [map.score, mle.score, wle.score])
def test_items_too_far_apart_to_be_searched_are_refused(score):
    # a calibration gone wrong: the easiest item a million logits away from the steepest
    items = logistic_items([1.5, 1.0], [-1e6, 0.0], 0.2)

    with pytest.raises(BadInput, match=r"lie between -1e\+06 and 0"):
        score([[1, 0]], items)
