"""Levels of a competency."""

from __future__ import annotations

import pytest

from cat.errors import BadInput
from cat.scoring.levels import chance_of_reaching, likeliest_level

CUTS = [-1.5, -0.5, 0.5, 1.5]


def test_a_person_at_a_cut_has_an_even_chance_of_it():
    assert chance_of_reaching(0.5, 0.4, CUTS)[2] == pytest.approx(0.5)


def test_higher_levels_are_never_likelier_than_lower_ones():
    chances = chance_of_reaching(0.1, 0.9, CUTS)

    assert (chances[:-1] > chances[1:]).all()


@pytest.mark.parametrize(("theta", "level"), [(-3, 1), (-1, 2), (0, 3), (1, 4), (3, 5)])
def test_a_sure_estimate_falls_into_its_level(theta, level):
    assert likeliest_level(theta, 0.2, CUTS) == level


@pytest.mark.parametrize(("se", "cuts"), [(0.0, CUTS), (0.5, [1, 1]), (0.5, [2, 1])])
def test_impossible_input_is_refused(se, cuts):
    with pytest.raises(BadInput):
        chance_of_reaching(0, se, cuts)
