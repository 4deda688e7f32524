"""A-stratified selection, with and without blocks of difficulty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cat.irt.items import Model, logistic_items, polytomous_items
from cat.scoring import eap
from cat.scoring.tables import tabulate
from cat.selection.criteria.stratified import Stratified
from tests.cat.selection.criteria.conftest import criterion_of, persons_known

GRID = eap.normal_quadrature(41, 5.0)


def stage(criterion, known, tables, answered):
    return criterion(replace(known, answered=answered), tables)


def test_each_stage_takes_the_closest_item_of_its_stratum():
    rng = np.random.default_rng(2)
    a, b = rng.uniform(0.5, 2.0, 24), rng.normal(0, 1, 24)
    tables, known = tabulate(logistic_items(a, b), GRID), persons_known(30, GRID, length=12)
    by_a = np.argsort(a)

    for answered in range(12):
        best = stage(Stratified(strata=3), known, tables, answered).argmax(axis=1)
        stratum = by_a[8 * (answered // 4) : 8 * (answered // 4) + 8]
        closest = [stratum[np.abs(b[stratum] - theta).argmin()] for theta in known.theta]
        assert best.tolist() == closest


def test_a_stage_whose_stratum_is_used_up_turns_to_the_nearest_one():
    a = np.array([0.5, 0.6, 1.0, 1.1, 2.0, 2.1])
    tables = tabulate(logistic_items(a, np.array([-3.0, 3.0, 0.0, 0.1, 0.0, 0.1])), GRID)
    known = persons_known(10, GRID, answered=0, length=6)

    order = np.argsort(-Stratified(strata=3)(known, tables), axis=1)

    assert (np.sort(order[:, :2]) == [0, 1]).all()
    assert (np.sort(order[:, 2:4]) == [2, 3]).all()


def test_items_of_equal_discrimination_form_one_stratum_so_that_closest_difficulty_remains():
    # a Rasch bank listed by difficulty must not begin with its easiest quarter
    tables = tabulate(logistic_items(1.0, np.linspace(-3, 3, 40)), GRID)
    known = persons_known(10, GRID, answered=0)

    best = Stratified()(known, tables).argmax(axis=1)

    assert np.array_equal(best, criterion_of("closest_difficulty")(known, tables).argmax(axis=1))


def test_strata_differ_in_size_by_no_more_than_one():
    for count in range(3, 30):
        items = logistic_items(np.linspace(0.5, 2, count), 0.0)
        sizes = np.bincount(Stratified(strata=3).stratum(items), minlength=3)
        assert sizes.max() - sizes.min() <= 1


def test_blocks_give_every_stratum_easy_and_hard_items_though_hard_items_are_sharper():
    # Chang, Qian & Ying (2001): where a and b go together, plain strata differ in difficulty
    rng = np.random.default_rng(8)
    b = rng.normal(0, 1, 400)
    items = logistic_items(np.exp(0.3 * b + 0.1 * rng.normal(0, 1, 400)), b)

    plain, blocked = Stratified().stratum(items), Stratified(block_difficulty=True).stratum(items)

    def means(values, stratum):
        return np.array([values[stratum == s].mean() for s in range(4)])

    assert np.ptp(means(b, plain)) > 2
    assert np.ptp(means(b, blocked)) < 0.05
    assert (np.diff(means(items.a, blocked)) > 0).all()
    assert np.bincount(blocked).tolist() == [100] * 4


def test_polytomous_items_are_stratified_by_slope_and_placed_by_the_mean_of_their_steps():
    items = polytomous_items(
        Model.GRADED, [2.0, 0.6, 0.7, 1.9], [[-1.0, 1.0], [-2.0, -1.0], [1.0, 2.0], [0.5, 2.5]]
    )
    tables, known = tabulate(items, GRID), persons_known(20, GRID, answered=0, length=2)

    first = stage(Stratified(strata=2), known, tables, 0).argmax(axis=1)
    second = stage(Stratified(strata=2), known, tables, 1).argmax(axis=1)

    assert first == pytest.approx(np.where(known.theta < 0, 1, 2))
    assert second == pytest.approx(np.where(known.theta < 0.75, 0, 3))


def test_answers_beyond_the_planned_length_stay_in_the_last_stage():
    tables = tabulate(logistic_items([0.5, 1.0, 1.5, 2.0], 0.0), GRID)
    known = persons_known(2, GRID, answered=20, length=20)

    assert (Stratified(strata=4)(known, tables).argmax(axis=1) == 3).all()
