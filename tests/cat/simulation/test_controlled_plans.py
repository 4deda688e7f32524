"""Plans under exposure control, as they are published."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadRules
from cat.selection.policy import ExposurePlan, Policy
from cat.selection.published import adaptive_parts
from cat.selection.randomness import random_bits
from cat.simulation import cohort, controlled_plans
from cat.simulation.cohort import SimulatedAnswers

PERSONS = 2000


def highest_exposure(pool):
    parts, numbers = adaptive_parts(pool), np.arange(PERSONS)
    theta = np.random.default_rng(3).normal(size=(PERSONS, 3))
    answers = SimulatedAnswers(parts, theta, random_bits(1, numbers))
    runs = cohort.run(parts, answers, random_bits(2, numbers))
    return [np.bincount(run.items.ravel()).max() / PERSONS for run in runs]


def test_a_pool_published_under_control_keeps_it_and_stays_the_same(create_pool):
    policy = Policy(exposure=ExposurePlan("kelayakan", 0.5))

    free, held = create_pool(per_domain=12), create_pool(per_domain=12, policy=policy)

    assert max(highest_exposure(free)) > 0.7
    assert max(highest_exposure(held)) < 0.57
    assert create_pool(per_domain=12, policy=policy).digest == held.digest


def test_a_cap_by_counting_cannot_be_published(create_pool):
    with pytest.raises(BadRules, match="hanya untuk simulasi"):
        create_pool(policy=Policy(exposure=ExposurePlan("batas_keras", 0.5)))


def test_plans_without_control_are_left_alone():
    assert controlled_plans.with_control([]) == ()
