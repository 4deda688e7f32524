"""A set of items: what it accepts, what it refuses, and how sets are taken apart and joined."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from cat.errors import BadInput, BadParameters
from cat.irt import items as irt
from cat.irt.families import nominal_items, partial_credit_items, rating_scale_items
from cat.irt.items import Items, Model, concatenate, logistic_items, polytomous_items

NAN = np.nan


def make(model="logistic", a=1.0, b=(0.0,), c=0.0, d=1.0, slopes=None, intercepts=None):
    """Two items of which the first is harmless and the second is as asked."""
    width = max(len(b), 1)
    first = [0.0] + [NAN] * (width - 1)
    options = None if slopes is None else [[NAN] * len(slopes), slopes]
    constants = None if intercepts is None else [[NAN] * len(intercepts), intercepts]
    return Items(
        ("logistic", model), [1.0, a], [first, list(b)], [0.0, c], [1.0, d], options, constants
    )


def test_items_know_their_categories():
    items = concatenate(
        [
            logistic_items([1.0, 2.0], 0.0),
            polytomous_items(Model.GRADED, 1.0, [[0.0, 1.0, NAN], [0.0, 1.0, 2.0]]),
            nominal_items([[0.0, 1.0, 0.5]], [[0.0, 0.0, 0.0]]),
        ]
    )

    assert items.categories.tolist() == [2, 2, 3, 4, 3]
    assert items.shape == (5, 4)
    assert len(items) == 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"a": 0.0}, "a must be positive; item 1 has a = 0.0"),
        ({"a": -1.0}, "a must be positive; item 1 has a = -1.0"),
        ({"a": np.inf}, "a must be positive; item 1 has a = inf"),
        ({"a": NAN}, "a must be positive; item 1 has a = nan"),
        ({"b": (NAN,)}, r"b must be finite; item 1 has b = \[nan\]"),
        ({"b": (-np.inf,)}, r"b must be finite; item 1 has b = \[-inf\]"),
        ({"b": (0.0, 1.0)}, "b must be one number where the model is logistic; item 1"),
        ({"c": -0.1}, r"c must lie in \[0, 1\); item 1 has c = -0.1"),
        ({"c": 1.0}, r"c must lie in \[0, 1\); item 1 has c = 1.0"),
        ({"c": NAN}, r"c must lie in \[0, 1\); item 1 has c = nan"),
        ({"c": 0.4, "d": 0.4}, r"d must lie in \(c, 1\]; item 1 has d = 0.4"),
        ({"d": 1.2}, r"d must lie in \(c, 1\]; item 1 has d = 1.2"),
        ({"d": NAN}, r"d must lie in \(c, 1\]; item 1 has d = nan"),
        ({"model": "graded", "b": (1.0, 0.0)}, "b must increase from category to category; item 1"),
        ({"model": "graded", "b": (0.0, 0.0)}, "b must increase from category to category; item 1"),
        (
            {"model": "partial_credit", "b": (0.0, NAN, 1.0)},
            "b must not have NaN between its numbers; item 1",
        ),
        ({"model": "partial_credit", "b": (NAN, NAN)}, "b must be finite; item 1"),
        ({"model": "graded", "c": 0.2}, "c must be 0 unless the model is logistic; item 1"),
        ({"model": "graded", "d": 0.9}, "d must be 1 unless the model is logistic; item 1"),
        ({"model": "ideal_point"}, "model must be one of logistic, .*; item 1 has .*'ideal_point'"),
        ({"model": "nominal", "a": NAN, "b": (NAN,)}, "nominal item 1 needs slopes and intercepts"),
        (
            {"model": "nominal", "slopes": (1.0, 1.0), "intercepts": (0.0, 0.0)},
            "slopes must not all be equal; item 1",
        ),
        (
            {"model": "nominal", "slopes": (1.0, 2.0, 3.0), "intercepts": (0.0, 0.0, 0.0)},
            r"slopes must have shape \(2, 2\)",
        ),
    ],
)
def test_an_impossible_item_is_refused_by_number_and_value(changes, message):
    with pytest.raises(BadParameters, match=message):
        make(**changes)


def test_the_refusal_carries_its_evidence():
    with pytest.raises(BadParameters) as refusal:
        make(c=1.5)

    assert refusal.value.evidence == {"parameter": "c", "item": 1, "value": 1.5}


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (([1.0], [[0.0], [0.0]], [0.0, 0.0], [1.0, 1.0]), r"a must have shape \(2,\)"),
        (([1.0, 1.0], [[0.0]], [0.0, 0.0], [1.0, 1.0]), r"b must have shape \(2, 1\)"),
        (([1.0, 1.0], [[0.0], [0.0]], [0.0], [1.0, 1.0]), r"c must have shape \(2,\)"),
        (([1.0, 1.0], [[[0.0]]], [0.0, 0.0], [1.0, 1.0]), "b must have 2 axes"),
        (([1.0, 1.0], [[], []], [0.0, 0.0], [1.0, 1.0]), r"b must be \(I, K - 1\), K >= 2"),
        ((["x", 1.0], [[0.0], [0.0]], [0.0, 0.0], [1.0, 1.0]), "a must be numbers"),
    ],
)
def test_arrays_of_the_wrong_shape_are_refused_by_name(arrays, message):
    with pytest.raises(BadParameters, match=message):
        Items(("logistic", "logistic"), *arrays)


def test_partial_credit_steps_may_come_in_any_order():
    items = make("partial_credit", b=(1.0, -1.0))

    assert items.categories.tolist() == [2, 3]


def test_the_caller_cannot_change_a_set_of_items_through_its_arrays():
    a = np.array([1.0, 2.0])
    items = logistic_items(a, 0.0)

    a[0] = -1.0

    assert items.a.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        items.a[0] = 3.0


def test_a_number_stands_for_all_items():
    items = logistic_items(1.0, [0.0, 1.0, 2.0], 0.2)

    assert items.a.tolist() == [1.0, 1.0, 1.0]
    assert items.c.tolist() == [0.2, 0.2, 0.2]
    assert polytomous_items(Model.GRADED, 1.5, [[0, 1], [1, 2]]).a.tolist() == [1.5, 1.5]


def test_parameters_for_different_numbers_of_items_are_refused():
    with pytest.raises(BadParameters, match=r"same I; got a \(2,\), b \(3,\), c \(1,\)"):
        logistic_items([1.0, 1.0], [0.0, 0.0, 0.0])
    with pytest.raises(BadParameters, match=r"a must have shape \(1,\), .*; got \(3,\)"):
        polytomous_items(Model.GRADED, [1.0, 1.0, 1.0], [[0.0, 1.0]])


def test_taking_items_keeps_their_order_and_their_parameters():
    items = concatenate(
        [logistic_items([1.0, 2.0], [0.1, 0.2], 0.2), partial_credit_items([[-1.0, 1.0]])]
    )

    taken = items.only([2, 0])

    assert taken.model == (Model.PARTIAL_CREDIT, Model.LOGISTIC)
    assert taken.a.tolist() == [1.0, 1.0]
    assert taken.c.tolist() == [0.0, 0.2]
    assert taken.b[0].tolist() == [-1.0, 1.0]
    assert taken.shape == (2, 3)


@pytest.mark.parametrize("position", [-1, 2])
def test_a_position_outside_the_set_is_refused(position):
    with pytest.raises(BadInput, match=rf"positions must lie in 0..1; got {position}"):
        logistic_items([1.0, 1.0], 0.0).only([0, position])


def test_a_mask_is_not_a_list_of_positions():
    with pytest.raises(BadInput, match="positions must be whole numbers; got bool"):
        logistic_items([1.0, 1.0], 0.0).only([False, True])


def test_nothing_may_be_taken():
    nothing = logistic_items([1.0, 1.0], 0.0).only([])

    assert len(nothing) == 0
    assert irt.probability([0.0, 1.0], nothing).shape == (2, 0, 2)
    assert irt.information([0.0, 1.0], nothing).shape == (2, 0)
    assert irt.expected_category([0.0], nothing).shape == (1, 0)


def test_joining_fills_up_with_nan():
    items = concatenate(
        [
            logistic_items(1.0, 0.0),
            partial_credit_items([[-1.0, 0.0, 1.0]]),
            nominal_items([0.0, 1.0], [0.0, 0.5]),
        ]
    )

    assert np.array_equal(
        items.b, [[0.0, NAN, NAN], [-1.0, 0.0, 1.0], [NAN, NAN, NAN]], equal_nan=True
    )
    assert np.array_equal(items.slopes[2], [0.0, 1.0, NAN, NAN], equal_nan=True)


def test_joining_what_was_taken_apart_gives_the_whole():
    items = concatenate(
        [logistic_items([1.0, 2.0], [0.1, 0.2], 0.2), nominal_items([0, 1, 2], [0, 0.5, 0])]
    )

    again = concatenate([items.only([i]) for i in range(3)])

    assert again.model == items.model
    for name in ("a", "b", "c", "d", "slopes", "intercepts"):
        assert np.array_equal(getattr(again, name), getattr(items, name), equal_nan=True)


def test_no_sets_at_all_cannot_be_joined():
    with pytest.raises(BadInput, match="at least one set"):
        concatenate([])


def test_items_travel_between_processes():
    items = rating_scale_items([0.0, 1.0], [-1.0, 1.0])

    arrived = pickle.loads(pickle.dumps(items))

    assert irt.probability([0.3], arrived).tolist() == irt.probability([0.3], items).tolist()
