"""A toy bank whose needs can be reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadRules
from cat.irt.items import Model, logistic_items, polytomous_items
from cat.itembank.blueprint import Blueprint, Bound
from cat.publication.health import (
    THETA,
    Need,
    Stock,
    effective_weights,
    examine,
    per_test,
    supplies,
    target_information,
)
from cat.selection.policy import ExposurePlan, Policy
from cat.selection.stopping import Precision, Stopping

DATA = {
    "sasaran_se": 0.5,
    "umur_tahun": 3,
    "bulan_menutup": 2,
    "lolos": 0.5,
    "informasi_rendah": 0.1,
    "pita": [0.0],
}
NEED = Need.from_mapping(DATA)
# Ten items in the reference form, five a test: two from "a", three from "b".
BLUEPRINT = Blueprint("tiu", 5, (Bound("a", 1, 2),), {"a": 4, "b": 6})


def stock_of(domains, difficulty, calibrated=None, enemies=()):
    count = len(domains)
    return Stock(
        codes=tuple(f"S-{i}" for i in range(count)),
        domains=tuple(domains),
        items=logistic_items(np.full(count, 2.0), np.array(difficulty, dtype=float)),
        difficulty=np.array(difficulty, dtype=float),
        calibrated=np.array([True] * count if calibrated is None else calibrated),
        enemies=enemies,
    )


def capped(r_max):
    return Policy(exposure=ExposurePlan("kelayakan", r_max))


def test_need_is_the_share_of_people_times_items_per_test_over_the_exposure_limit():
    # Half the people on each side of 0; "a" gives 5 x 4/10 = 2 items, "b" 3; r_max 0.25.
    stock = stock_of(["a", "a", "a", "b"], [-1, -1, 1, 1], calibrated=[True, False, True, True])
    health = examine(BLUEPRINT, capped(0.25), stock, {("b", 0): 4}, NEED)

    found = {(cell.domain, cell.band): cell for cell in health.cells}
    assert per_test(BLUEPRINT) == {"a": 2, "b": 3}
    assert [found[key].need for key in (("a", 0), ("a", 1), ("b", 0), ("b", 1))] == [4, 4, 6, 6]
    assert [found[key].stock for key in (("a", 0), ("a", 1), ("b", 0), ("b", 1))] == [2, 1, 0, 1]
    assert [cell.uncalibrated for cell in health.cells] == [1, 0, 0, 0]
    # Four drafts, of which half become items: 6 - 0 - 2 = 4 missing; 4 / 2 months / 0.5 = 4.
    assert (found["b", 0].missing, found["b", 0].monthly) == (4, 4)
    assert (found["a", 1].missing, found["a", 1].monthly) == (3, 3)
    # All needs are 20 items, each used for 36 months, two drafts for one item.
    assert health.refresh == pytest.approx(20 / 36 / 0.5)


def test_a_full_stock_asks_for_nothing():
    stock = stock_of(["a"] * 8 + ["b"] * 12, ([-1, 1] * 4) + ([-1, 1] * 6))

    health = examine(BLUEPRINT, capped(0.25), stock, {}, NEED)

    assert [cell.monthly for cell in health.cells] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], [1, 1, 1, 1]),
        ([(0, 1)], [1, 1, 1, 1]),  # two enemies at 0.25 each: 0.5 together, nothing is lost
        ([(0, 1), (1, 2), (0, 2)], [1, 1, 1, 1]),  # three take 0.75 at most
    ],
)
def test_enemies_that_fit_under_the_limit_count_in_full(pairs, expected):
    assert effective_weights(4, pairs, 0.25).tolist() == expected


def test_enemies_beyond_the_limit_share_what_one_test_can_take():
    clique = [(0, 1), (0, 2), (1, 2)]
    # Without a limit of exposure three mutual enemies are worth one item.
    assert effective_weights(3, clique, 1.0) == pytest.approx([1 / 3] * 3)
    # At 0.5 each person can be given one of them: as much as two items at 0.5.
    assert effective_weights(3, clique, 0.5) == pytest.approx([2 / 3] * 3)
    # A chain 0-1-2: 0 and 2 may meet, so it is worth two.
    assert effective_weights(3, [(0, 1), (1, 2)], 1.0) == pytest.approx([2 / 3] * 3)


def test_supply_is_the_best_items_with_the_rates_that_the_limit_allows():
    # A 2PL item with a = 2 has information 4 p (1 - p): 1 at its own difficulty.
    stock = stock_of(["a"] * 4, [0, 0, 1, 2])
    free, limited = supplies(stock, 2, 0.8)
    at_zero = list(THETA).index(0.0)
    p1 = 1 / (1 + np.exp(2.0))

    assert free[at_zero] == pytest.approx(2.0)
    assert limited[at_zero] == pytest.approx(0.8 + 0.8 + 0.4 * 4 * p1 * (1 - p1))
    assert supplies(stock_of([], []), 2, 0.8)[1].tolist() == [0.0] * len(THETA)
    many = stock_of(["a"] * 9000, np.linspace(-3, 3, 9000))  # more than one block
    assert supplies(many, 2, 0.8)[1][at_zero] == pytest.approx(2.0, abs=1e-4)


def test_target_comes_from_the_stopping_rule_and_the_prior_gives_its_own_information():
    precise = Policy(stopping=Stopping(1, (Precision(0.4),)))
    stock = stock_of(["a", "b"], [0, 0])

    assert target_information(0.5) == pytest.approx(3.0)
    assert examine(BLUEPRINT, Policy(), stock, {}, NEED).target == pytest.approx(3.0)
    health = examine(BLUEPRINT, precise, stock, {}, NEED)
    assert health.target == pytest.approx(5.25)
    assert len(health.weak) == len(THETA)


def test_items_with_points_supply_information_too():
    stock = Stock(
        codes=("T-1",),
        domains=("a",),
        items=polytomous_items(Model.PARTIAL_CREDIT, np.ones(1), np.array([[-1.0, 0.0, 1.0]])),
        difficulty=np.zeros(1),
        calibrated=np.ones(1, dtype=bool),
    )

    assert (supplies(stock, 1, 1.0)[0] > 0).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lolos": 1.5}, r"kebutuhan.lolos.*\(0, 1\].*1.5"),
        ({"umur_tahun": True}, "kebutuhan.umur_tahun"),
        ({"pita": [1, 0]}, r"kebutuhan.pita.*naik.*\[1, 0\]"),
        ({"lain": 1}, "kebutuhan: perlu"),
    ],
)
def test_figures_out_of_range_are_refused_by_name(change, words):
    with pytest.raises(BadRules, match=words):
        Need.from_mapping({**DATA, **change})
