"""Cohorts of simulees."""

from __future__ import annotations

import numpy as np
import pytest

from cat.exam.outcome import outcome
from cat.exam.record import Event, Kind, Terms
from cat.exam.state import replay
from cat.selection.policy import ExposurePlan, Policy
from cat.selection.published import adaptive_parts
from cat.selection.stopping import Stopping
from cat.simulation import cohort
from cat.simulation.cohort import SimulatedAnswers

PERSONS = 10_000


def run(pool, persons=PERSONS, seed=3):
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(persons, 3))
    seeds = rng.integers(0, 2**63, persons).astype(np.uint64)
    parts = adaptive_parts(pool)
    controls = cohort.Controls(transition=pool.transition)
    runs = cohort.run(parts, SimulatedAnswers(parts, theta, seeds ^ np.uint64(1)), seeds, controls)
    return theta, seeds, runs


def live(pool, seed, runs, person):
    """A live sitting that answers as the simulee did; every item is the engine's own choice."""
    terms = Terms("s", pool.digest, "r", "adaptif", int(seed), 6000)
    events = [Event(1, Kind.ADMITTED, 0), Event(2, Kind.STARTED, 0)]
    for part, of_part in zip(pool.parts, runs, strict=True):
        for place in range(of_part.length[person]):
            state = replay(terms, pool, events)
            assert state.current == of_part.items[person, place]
            category = of_part.categories[person, place]
            option = "ABCDE"[part.category[state.current].index(category)]
            key = part.items[state.current].key
            events.append(Event(len(events) + 1, Kind.ANSWERED, 0, item=key, option=option))
    return replay(terms, pool, events)


def test_nobody_sees_an_item_twice_or_a_test_outside_the_blueprint(pool):
    _, _, runs = run(pool)

    for part, of_part in zip(pool.parts, runs, strict=True):
        assert all(len(set(row)) == part.blueprint.length for row in of_part.items.tolist())
        taken = [
            np.bincount(part.leaf[row], minlength=len(part.tree.leaves)) for row in of_part.items
        ]
        assert not any(part.tree.violations(row) for row in taken)


POOLS = {
    "parts apart": {},
    "parts linked": {"correlation": 0.6},
    "under exposure control": {"policy": Policy(top=2, exposure=ExposurePlan("kelayakan", 0.5))},
    "with enemies": {"limits": 'enemy,item,"kode in (TIU-VER-OGI-000, TIU-VER-SME-001)",,\n'},
    "by shadow tests": {
        "limits": "number,item,kunci,0,2\nsum,kata,,,60\n",
        "policy": Policy(refresh=2),
    },
    "of different length": {
        "policy": Policy(
            stopping=Stopping.from_mapping({"aturan": [{"jenis": "se", "batas": 0.85}]})
        )
    },
}


@pytest.mark.parametrize("options", POOLS.values(), ids=POOLS)
def test_a_person_of_a_cohort_gets_the_items_and_theta_of_the_live_exam(create_pool, options):
    pool = create_pool(**options)
    _, seeds, runs = run(pool)

    for person in range(0, PERSONS, 499):
        state = live(pool, seeds[person], runs, person)
        for result, of_part in zip(outcome(state), runs, strict=True):
            assert result.theta == of_part.theta[person]
            assert result.se == of_part.se[person]
            assert result.reason == of_part.reason[person]


def test_ability_is_recovered_better_than_by_guessing_the_mean(pool):
    theta, _, runs = run(pool)

    for position, of_part in enumerate(runs):
        error = of_part.theta - theta[:, position]
        assert np.sqrt((error**2).mean()) < 0.8
        assert abs(error.mean()) < 0.15


def test_different_seeds_get_different_tests(pool):
    _, _, runs = run(pool)

    assert len({tuple(row) for row in runs[0].items.tolist()}) > 200
