"""What every criterion promises, whatever it computes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cat.errors import BadInput
from cat.irt.items import Items, Model, concatenate, logistic_items, polytomous_items
from cat.scoring import eap
from cat.scoring.tables import tabulate
from cat.selection import criteria
from cat.selection.criteria import CRITERIA, named, weighted_sums
from tests.cat.selection.criteria.conftest import (
    NAMES,
    criterion_of,
    mixed_items,
    only,
    persons_known,
)

GRID = eap.normal_quadrature(31, 5.0)
# Their scores depend on which number an item has, as a lottery's must.
BY_LOT = {"random_item", "progressive"}


def nominal_items() -> Items:
    nan = np.full(1, np.nan)
    return Items(
        (Model.NOMINAL,),
        nan,
        np.full((1, 2), np.nan),
        np.zeros(1),
        np.ones(1),
        slopes=np.array([[-0.8, 0.1, 0.7]]),
        intercepts=np.array([[0.2, 0.0, -0.2]]),
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cells", [2**20, 700])
def test_a_person_gets_the_same_scores_alone_as_in_a_cohort_to_the_last_bit(
    name, cells, monkeypatch
):
    monkeypatch.setattr(weighted_sums, "SLICE_CELLS", cells)
    tables, known = tabulate(mixed_items(each=5), GRID), persons_known(257, GRID)
    criterion = criterion_of(name)

    together = criterion(known, tables)

    for person in [*range(0, 257, 23), 255, 256]:
        assert np.array_equal(criterion(only(known, [person]), tables)[0], together[person])
    for start, stop in ((0, 7), (100, 164), (190, 257)):
        some = criterion(only(known, slice(start, stop)), tables)
        assert np.array_equal(some, together[start:stop])


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32), answered=st.integers(0, 19), persons=st.integers(2, 40))
@pytest.mark.parametrize("name", NAMES)
def test_the_size_of_the_cohort_never_changes_a_bit(name, seed, answered, persons):
    tables = tabulate(mixed_items(seed, each=3), GRID)
    known = persons_known(persons, GRID, answered=answered, seed=seed)
    criterion = criterion_of(name)

    last = criterion(only(known, [persons - 1]), tables)

    assert np.array_equal(last[0], criterion(known, tables)[-1])


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32), order=st.permutations(range(12)))
@pytest.mark.parametrize("name", [name for name in NAMES if name not in BY_LOT])
def test_listing_the_items_in_another_order_only_reorders_the_scores(name, seed, order):
    items, known = mixed_items(seed, each=4), persons_known(5, GRID, seed=seed)
    criterion = criterion_of(name)

    scores = criterion(known, tabulate(items, GRID))

    shuffled = criterion(known, tabulate(items.only(order), GRID))
    assert shuffled == pytest.approx(scores[:, order], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BY_LOT | {"stratified"}])
def test_categories_that_only_other_items_have_count_for_nothing(name):
    # one item with five categories gives all others three that they do not have
    items = logistic_items([0.8, 1.5, 1.1], [-1.0, 0.2, 0.9], [0.2, 0.0, 0.1])
    wider = concatenate(
        [items, polytomous_items(Model.PARTIAL_CREDIT, [1.0], [[-1.0, -0.3, 0.3, 1.0]])]
    )
    known, criterion = persons_known(5, GRID), criterion_of(name)

    scores = criterion(known, tabulate(wider, GRID))

    assert scores[:, :3] == pytest.approx(criterion(known, tabulate(items, GRID)), rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_scores_are_finite_before_the_first_answer_and_after_the_last(name):
    tables = tabulate(mixed_items(each=4), GRID)

    for answered in (0, 20):
        scores = criterion_of(name)(persons_known(3, GRID, answered=answered), tables)
        assert scores.shape == (3, 12)
        assert np.isfinite(scores).all()


@pytest.mark.parametrize("name", NAMES)
def test_steep_items_and_persons_at_the_end_of_the_scale_give_finite_scores(name):
    grid = eap.normal_quadrature(61, 8.0)
    steep = concatenate(
        [
            logistic_items(4.0, [-8.0, 0.0, 8.0], [0.0, 0.3, 0.0]),
            polytomous_items(Model.PARTIAL_CREDIT, [4.0], [[-3.0, 2.0, -2.0, 3.0]]),
            polytomous_items(Model.GRADED, [4.0], [[-8.0, -7.5, 7.0, 8.0]]),
        ]
    )
    known = persons_known(2, grid)
    for row, node in enumerate((0, 60)):
        known.posterior[row] = known.likelihood[row] = np.eye(61)[node]

    scores = criterion_of(name)(known, tabulate(steep, grid))

    assert np.isfinite(scores).all()


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"closest_difficulty", "stratified"}))
def test_items_without_order_are_ranked_like_any_other(name):
    items = concatenate([mixed_items(), nominal_items()])

    scores = criterion_of(name)(persons_known(4, GRID), tabulate(items, GRID))

    assert scores.shape == (4, 10)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("name", ["closest_difficulty", "stratified"])
def test_criteria_by_difficulty_refuse_an_item_that_has_none(name):
    items = concatenate([mixed_items(), nominal_items()])

    with pytest.raises(BadInput, match="butir 9"):
        criterion_of(name)(persons_known(4, GRID), tabulate(items, GRID))


@pytest.mark.parametrize("name", NAMES)
def test_a_criterion_is_called_by_the_name_of_its_file_and_cannot_be_changed(name):
    criterion = criterion_of(name)

    assert type(criterion).__module__ == f"{criteria.__name__}.{name}"
    assert is_dataclass(criterion)
    assert criterion == criterion_of(name)
    for field in fields(criterion):
        with pytest.raises(FrozenInstanceError):
            setattr(criterion, field.name, None)


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(BadInput, match=r"'fisher' tidak dikenal; yang ada: .*maximum_information"):
        named("fisher")
    with pytest.raises(BadInput, match="yang ada"):
        named(None)


def test_an_unknown_parameter_is_answered_with_the_known_ones():
    with pytest.raises(BadInput, match=r"stratified .* strat; yang ada: strata, block_difficulty"):
        named("stratified", strat=3)
    with pytest.raises(BadInput, match="yang ada: tidak ada"):
        named("random_item", seed=3)


def test_a_missing_parameter_is_named():
    with pytest.raises(BadInput, match="information_at_cut memerlukan parameter cut"):
        named("information_at_cut")


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("kullback_leibler", {"width": 0.0}),
        ("kullback_leibler", {"width": "3"}),
        ("information_at_cut", {"cut": float("nan")}),
        ("information_at_cut", {"cut": None}),
        ("stratified", {"strata": 0}),
        ("stratified", {"strata": 2.5}),
        ("stratified", {"strata": True}),
        ("stratified", {"block_difficulty": 1}),
        ("expected_information", {"observed": "ya"}),
    ],
)
def test_a_value_that_breaks_the_rule_of_its_parameter_is_refused_by_name(name, parameters):
    with pytest.raises(BadInput, match=next(iter(parameters))):
        named(name, **parameters)


def test_every_registered_criterion_is_in_the_table():
    assert len(CRITERIA) == 12
