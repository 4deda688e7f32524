"""Cohorts of simulees."""

from __future__ import annotations

import numpy as np

from cat.exam.record import Event, Kind, Terms
from cat.exam.state import apply, begin
from cat.simulation.cohort import simulate

PERSONS = 300


def run(pool):
    rng = np.random.default_rng(3)
    theta = rng.normal(size=(PERSONS, 3))
    seeds = rng.integers(0, 2**63, PERSONS).astype(np.uint64)
    return theta, seeds, simulate(pool, theta, seeds, rng)


def test_nobody_sees_an_item_twice_or_a_test_outside_the_blueprint(pool):
    _, _, runs = run(pool)

    for part, of_part in zip(pool.parts, runs, strict=True):
        assert all(len(set(row)) == part.blueprint.length for row in of_part.items.tolist())
        assert not any(part.tree.violations(taken) for taken in of_part.taken)


def test_a_person_of_a_cohort_gets_the_items_and_theta_of_the_live_exam(pool):
    _, seeds, runs = run(pool)

    for person in range(0, PERSONS, 30):
        terms = Terms("s", pool.digest, "r", "adaptif", int(seeds[person]), 6000)
        state = begin(terms, pool)
        for seq, kind in enumerate((Kind.ADMITTED, Kind.STARTED), start=1):
            state = apply(state, Event(seq, kind, 0))
        for part, of_part in zip(pool.parts, runs, strict=True):
            for item, category in zip(
                of_part.items[person], of_part.categories[person], strict=True
            ):
                assert state.current == item
                option = "ABCDE"[list(part.category[item]).index(category)]
                key = part.items[item].key
                event = Event(state.seq + 1, Kind.ANSWERED, 0, item=key, option=option)
                state = apply(state, event)
        for of_part, progress in zip(runs, state.progress, strict=True):
            theta = (progress.posterior * pool.parts[0].quadrature.nodes).sum(axis=1)[0]
            assert theta == of_part.theta[person]


def test_ability_is_recovered_better_than_by_guessing_the_mean(pool):

    theta, _, runs = run(pool)

    for position, of_part in enumerate(runs):
        error = of_part.theta - theta[:, position]
        assert np.sqrt((error**2).mean()) < 0.8
        assert abs(error.mean()) < 0.15


def test_different_seeds_get_different_tests(pool):
    _, _, runs = run(pool)

    assert len({tuple(row) for row in runs[0].items.tolist()}) > PERSONS / 4
