"""Ways of spoiling an argument, and the two tests that every table of functions goes through.

A table has one row a function: the function, arguments that it accepts, and for each argument the
values that it must refuse. A refusal must be a CatError that names the argument. Errors and
warnings of numpy, silent NaN and silent answers all fail, for warnings are errors here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import isfunction
from typing import Any

import numpy as np
import pytest

from cat.errors import CatError
from cat.scoring import eap

NAN, INF = np.nan, np.inf
MASKED = np.ma.array([1.0, 2.0], mask=[False, True])

# Ways of spoiling, by what an argument is. Each value is wrong wherever that kind is expected.
NOT_NUMBERS = {
    "text": ["x", "y"],
    "digits as text": ["1.0", "2.0"],
    "complex": [1j, 2.0],
    "things": [object(), 1.0],
    "dates": np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"),
    "masked": MASKED,
}
RAGGED = {"ragged": [[1.0], [1.0, 2.0]]}
NOT_FINITE = {"nan": [NAN, 1.0], "inf": [INF, 1.0], "none in a list": [None, 1.0]}
BEYOND = {"beyond any use": [1e300, 1.0]}
THETA = {
    **NOT_NUMBERS, **RAGGED, **NOT_FINITE, **BEYOND,
    "one number": 0.3, "two axes": [[0.0, 1.0]], "nothing": None,
}  # fmt: skip
A = {
    **NOT_NUMBERS, **RAGGED, **NOT_FINITE, **BEYOND,
    "zero": [0.0, 1.0], "negative": [-1.0, 1.0], "two axes": [[1.0, 1.0]], "nothing": None,
    "hardly any": [1e-300, 1.0],
}  # fmt: skip
B = {**NOT_NUMBERS, **RAGGED, **NOT_FINITE, **BEYOND, "two axes": [[0.0, 1.0]], "nothing": None}
C = {
    **NOT_NUMBERS, **NOT_FINITE,
    "one": [1.0, 0.0], "negative": [-0.1, 0.0], "above one": [1.2, 0.0], "nothing": None,
}  # fmt: skip
D = {
    **NOT_NUMBERS, **NOT_FINITE,
    "zero": [0.0, 1.0], "equal to c": [0.2, 1.0], "above one": [1.1, 1.0], "nothing": None,
}  # fmt: skip
STEPS = {
    "none at all": [[NAN, NAN], [0.0, 1.0]],
    "a gap": [[NAN, 1.0], [0.0, 1.0]],
    "inf": [[0.0, INF], [0.0, 1.0]],
    "beyond any use": [[0.0, 1e300], [0.0, 1.0]],
    "other items": [[0.0, 1.0]] * 3,
    "three axes": [[[0.0]]],
    "text": [["x", "y"], ["x", "y"]],
    "empty": [],
    "nothing": None,
    **RAGGED,
}
THRESHOLDS = {**STEPS, "falling": [[1.0, 0.0], [0.0, 1.0]], "equal": [[1.0, 1.0], [0.0, 1.0]]}
OPTIONS = {
    "nan": [[NAN, NAN, NAN]],
    "one option": [[1.0, NAN, NAN]],
    "inf": [[0.0, INF, 1.0]],
    "beyond any use": [[0.0, 1e300, 1.0]],
    "a gap": [[0.0, NAN, 1.0]],
    "too few": [[0.0, 1.0]],
    "text": [["x", "y", "z"]],
    "empty": [],
    "no options": [[]],
    "nothing": None,
}
SLOPES = {**OPTIONS, "all equal": [[1.0, 1.0, 1.0]]}
ITEMS = {"nothing": None, "a list": [1, 2]}
ANSWERS = {
    "too high": [[2, 0], [0, 1]],
    "too low": [[-2, 0], [0, 1]],
    "nan": [[NAN, 0], [0, 1]],
    "half": [[0.5, 0], [0, 1]],
    "inf": [[INF, 0], [0, 1]],
    "text": [["a", "b"], ["c", "d"]],
    "complex": [[1j, 0], [0, 1]],
    "none in a list": [[None, 0], [0, 1]],
    "masked": np.ma.array([[1, 0], [0, 1]], mask=[[True, False], [False, False]]),
    "one axis": [1, 0],
    "three axes": [[[1, 0]]],
    "other items": [[1, 0, 0], [0, 0, 1]],
    "ragged": [[1], [0, 1]],
    "huge": [[2**70, 0], [0, 1]],
    "nothing": None,
    "empty": [],
}
NUMBER = {"nan": NAN, "inf": INF, "text": "x", "nothing": None, "a list": [1.0], "complex": 1j}
POSITIVE = {**NUMBER, "zero": 0.0, "negative": -1.0, "beyond any use": 1e300, "hardly any": 1e-300}
COUNT = {"nan": NAN, "half": 2.5, "text": "x", "nothing": None, "negative": -1, "a list": [1]}
PRIOR = {"text": "x", "nan": NAN, "other persons": [1.0, 2.0, 3.0], "two axes": [[1.0], [1.0]]}
QUADRATURE = {"nothing": None, "text": "x"}
NODES = {
    **NOT_NUMBERS,
    **NOT_FINITE,
    **BEYOND,
    "falling": [1.0, 0.0],
    "one": [1.0],
    "nothing": None,
}
WEIGHTS = {
    **NOT_NUMBERS, **NOT_FINITE,
    "negative": [-1.0, 2.0], "all zero": [0.0, 0.0], "overflow": [1e308, 1e308],
    "other nodes": [1.0, 1.0, 1.0], "nothing": None,
}  # fmt: skip


# Beliefs about two persons on the usual nodes.
GRID = eap.normal_quadrature()
BELIEF, EVEN = eap.start(GRID, 2), np.ones((2, 61))
ROWS = {
    "nan": np.full((2, 61), NAN),
    "inf": np.full((2, 61), INF),
    "negative": -BELIEF,
    "all zero": np.zeros((2, 61)),
    "other nodes": BELIEF[:, :5],
    "one axis": BELIEF[0],
    "text": "x",
    "nothing": None,
}
ADDING_TO_ONE = {**ROWS, "adding to 3": 3 * BELIEF, "overflow": np.full((2, 61), 1e308)}

Row = tuple[Callable[..., Any], dict[str, Any], dict[str, dict[str, Any]]]
# What a message may say instead of the argument's own name: the array or set it belongs to.
ALSO = {
    "theta": "persons?|edges|items",
    "a": "parameters|must have shape|must be \\(I",
    "b": "parameters|must have shape|must be \\(I",
    "c": "parameters|must have shape|d",
    "d": "parameters|must have shape",
    "steps": "b",
    "thresholds": "b",
    "location": "b|a",
    "model": "nominal|c|b",
    "slopes": "intercepts",
    "intercepts": "slopes",
    "sets": "items|concatenate",
    "scale": "a",
    "sd": "reach",
    "likelihood": "posterior",
    "weights": "nodes",
    "edges": "probability",
    "arrays": "admission",
    "given": "nobody|positions|overlap|exposure rate|group",
    "selected": "nobody|positions|group",
    "group": "admitted|feasible",
    "observed": "selected|administered|persons|eligible|feasible",
    "state": "eligible|persons|feasible",
    "admitted": "group",
    "length": "answered",
    "items": "positions|categories",
    "groups": "group",
    "chance": "items",
    "form": "items",
}


def cases(table: dict[str, Row]) -> list[Any]:
    """Parameters of a test: every function with every argument that can be spoiled."""
    return [
        pytest.param(*table[name], argument, id=f"{name}-{argument}")
        for name in table
        for argument in table[name][2]
    ]


def without_row(table: dict[str, Row], modules: list[Any], spared: set[str]) -> set[str]:
    """Names of the public functions of the modules that the table neither has nor spares."""
    have = {function for function, _, _ in table.values()}
    return {
        name
        for module in modules
        for name, value in vars(module).items()
        if isfunction(value) and value.__module__ == module.__name__ and value not in have
        if not name.startswith("_") and name not in spared
    }


def refuse_by_name(function, arguments, spoils, argument) -> None:
    """Assert that the function takes its good arguments and refuses each spoiled one by name."""
    function(**arguments)
    for how, wrong in spoils[argument].items():
        try:
            answer = function(**{**arguments, argument: wrong})
        except CatError as refusal:
            said = str(refusal)
        else:
            pytest.fail(f"{argument} {how}: accepted, {answer!r}")
        names = rf"\b({argument}|{ALSO.get(argument, argument)})\b"
        assert re.search(names, said), f"{argument} {how}: {said}"
