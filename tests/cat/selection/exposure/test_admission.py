"""Chances of admission by group of ability."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadInput
from cat.selection.exposure.admission import Admission

EDGES = np.array([-1.0, 1.0])
CHANCES = np.array([[0.1, 1.0], [0.5, 0.5], [1.0, 0.2]])


def test_an_ability_on_an_edge_belongs_to_the_group_above():
    admission = Admission(EDGES, CHANCES)

    assert admission.group_of([-9.0, -1.0, 0.0, 1.0, 9.0]).tolist() == [0, 1, 1, 2, 2]


def test_without_edges_everybody_is_in_one_group():
    admission = Admission.of_everything(3)

    assert admission.group_of([-9.0, 0.0, 9.0]).tolist() == [0, 0, 0]
    assert admission.admitted(np.zeros(2), np.full((2, 3), 0.999)).all()


def test_an_item_is_open_when_the_persons_number_for_it_lies_below_its_chance():
    admission = Admission(EDGES, CHANCES)
    numbers = np.array([[0.05, 0.999], [0.5, 0.49], [0.3, 0.3]])

    opened = admission.admitted(np.array([-2.0, 0.0, 2.0]), numbers)

    assert opened.tolist() == [[True, True], [False, True], [True, False]]


def test_chosen_positions_say_the_same_as_all_items_and_no_item_is_never_open():
    rng = np.random.default_rng(0)
    admission = Admission(EDGES, rng.uniform(0.1, 1, (3, 20)))
    theta, numbers = rng.normal(0, 2, 50), rng.random((50, 20))
    items = rng.permuted(np.tile(np.arange(-3, 20), (50, 1)), axis=1)[:, :8]
    own = np.take_along_axis(numbers, np.maximum(items, 0), axis=1)

    opened = admission.admitted(theta, own, items)

    everywhere = admission.admitted(theta, numbers)
    expected = np.take_along_axis(everywhere, np.maximum(items, 0), axis=1) & (items >= 0)
    assert np.array_equal(opened, expected)


def test_items_are_admitted_as_often_as_their_chance_says():
    admission = Admission(EDGES, CHANCES)

    opened = admission.admitted(np.full(20_000, -3.0), np.random.default_rng(1).random((20_000, 2)))

    assert opened.mean(axis=0) == pytest.approx([0.1, 1.0], abs=0.01)  # 4 standard errors: 0.0085


def test_an_admission_comes_back_from_its_arrays():
    admission = Admission(EDGES, CHANCES)

    again = Admission.from_arrays(admission.to_arrays())

    assert np.array_equal(again.edges, EDGES)
    assert np.array_equal(again.probability, CHANCES)


def test_what_it_was_made_from_can_change_without_changing_it():
    chances = CHANCES.copy()
    admission = Admission(EDGES, chances)

    chances[0, 0] = 0.9

    assert admission.probability[0, 0] == 0.1
    with pytest.raises(ValueError, match="read-only"):
        admission.probability[0, 0] = 0.9


@pytest.mark.parametrize(
    ("edges", "chances", "said"),
    [
        ([1.0, 1.0], CHANCES, r"edges must be finite and ascending; got \[1\.0, 1\.0\]"),
        ([np.nan, 1.0], CHANCES, "edges"),
        ([0.0], CHANCES, r"G = 2.*\(3, 2\)"),
        ([], [[0.5, 0.0]], "group 0, item 1 has 0.0"),
        ([], [[1.01, 0.5]], "group 0, item 0 has 1.01"),
        ([], [[0.4, np.nan]], "group 0, item 1 has nan"),
    ],
)
def test_what_is_not_an_admission_is_refused_by_place_and_value(edges, chances, said):
    with pytest.raises(BadInput, match=said):
        Admission(np.array(edges), np.array(chances))


def test_an_ability_that_is_not_a_number_is_refused():
    with pytest.raises(BadInput, match="person 1"):
        Admission(EDGES, CHANCES).group_of([0.0, np.nan])


def test_numbers_for_other_items_than_asked_about_are_refused():
    with pytest.raises(BadInput, match=r"chance must be \(2, 2\)"):
        Admission(EDGES, CHANCES).admitted(np.zeros(2), np.zeros((2, 1)))
