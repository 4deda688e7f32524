"""Known parameters come back, as closely as so many answers allow."""

from __future__ import annotations

import numpy as np
import pytest

from cat.calibration.fit import calibrate
from cat.irt import partial_credit


def rmse(found, truth):
    return float(np.sqrt(np.mean((np.asarray(found) - truth) ** 2)))


def test_2pl_parameters_are_recovered_from_two_thousand_persons(simulate):
    made = simulate(persons=2000, items=25, seed=20)

    result = calibrate(made.items, made.answers)

    # At J = 2000 the asymptotic standard errors lie about 0.06 to 0.11 for these a and 0.05 to
    # 0.12 for these b; an unbiased fit has an RMSE near 0.085, and 0.12 leaves room for the draw.
    assert rmse([item.a for item in result.items], made.a) < 0.12
    assert rmse([item.b[0] for item in result.items], made.b) < 0.12
    assert np.polyfit(made.b, [i.b[0] for i in result.items], 1)[0] == pytest.approx(1, abs=0.05)
    assert not any(item.doubts for item in result.items)


def test_partial_credit_steps_are_recovered_where_items_differ_in_categories():
    # The check that girth's pcm_mml had to pass before it was offered: 2, 3 and 5 categories mixed.
    rng = np.random.default_rng(8)
    theta, a = rng.normal(size=2000), rng.uniform(0.7, 1.6, 9)
    steps = [np.sort(rng.normal(0, 1, k - 1)) for k in (2, 2, 2, 3, 3, 3, 5, 5, 5)]
    columns = []
    for slope, step in zip(a, steps, strict=True):
        p = partial_credit.probability(theta, [slope], step[None, :])[:, 0]
        columns.append((p.cumsum(axis=1)[:, :-1] < rng.random((2000, 1))).sum(axis=1))

    result = calibrate([f"x{i}" for i in range(9)], np.column_stack(columns), "pcm")

    # Nine items tell less about each a than 25 do; a step rests on the persons of two categories.
    assert rmse([item.a for item in result.items], a) < 0.15
    assert [len(item.b) for item in result.items] == [len(step) for step in steps]
    assert rmse(np.concatenate([item.b for item in result.items]), np.concatenate(steps)) < 0.15


def test_negative_control_answers_that_ignore_ability_are_doubted_on_most_items():
    coins = np.random.default_rng(9).integers(0, 2, (1000, 10))

    result = calibrate([f"x{i}" for i in range(10)], coins)

    assert sum(bool(item.doubts) for item in result.items) >= 8
