"""A cohort gives every sitting the very items that following it alone gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cat.exam.display import ORDERS, option_order, order_codes
from cat.exam.lockstep import Cohort, can_follow
from cat.exam.record import Event, Kind, Terms
from cat.exam.state import AdaptiveState, apply, replay
from cat.itembank.blueprint import Blueprint
from cat.itembank.content import LETTERS
from cat.itembank.pool import Pool
from cat.publication.publish import PartPlan, publish
from cat.selection.policy import ExposurePlan, Policy
from cat.selection.stopping import Precision, Stopping
from tests.conftest import toy_items, toy_pool

ENEMIES = 'enemy,item,"kode in (TIU-VER-OGI-000, TIU-VER-SME-001, TIU-NUM-GKA-004)",,\n'
CONTROLLED = Policy(top=3, exposure=ExposurePlan("kelayakan", 0.5))
POOLS: dict[str, Callable[[], Pool]] = {
    "plain": lambda: toy_pool(),
    "linked parts": lambda: toy_pool(correlation=0.6, seed=3),
    "items on trial": lambda: toy_pool(pretest=2, seed=4),
    "exposure control": lambda: toy_pool(policy=CONTROLLED, seed=5),
    "enemies": lambda: toy_pool(limits=ENEMIES, seed=7),
    "everything": lambda: toy_pool(
        per_domain=14, lengths=(6, 7, 4), policy=CONTROLLED, correlation=0.4, pretest=3, seed=6
    ),
}


@cache
def pool_named(name: str) -> Pool:
    return POOLS[name]()


def begun(pool: Pool, seed: int, mode: str = "adaptif") -> AdaptiveState:
    terms = Terms(f"s{seed}", pool.digest, "", mode, seed, 6_000)
    state = replay(terms, pool, [Event(1, Kind.ADMITTED, 0), Event(2, Kind.STARTED, 0)])
    assert isinstance(state, AdaptiveState)
    return state


def answered(state: AdaptiveState, letter: str) -> AdaptiveState:
    item = state.current_item.key
    after = apply(state, Event(state.seq + 1, Kind.ANSWERED, 0, item=item, option=letter))
    assert isinstance(after, AdaptiveState)
    return after


def agree(cohort: Cohort, row: int, state: AdaptiveState) -> None:
    """Every figure that a reply or the next move rests on."""
    assert cohort.item(row) is state.current_item
    assert cohort.current[row] == state.current
    assert ORDERS[cohort.order[row]] == state.order
    assert (cohort.given[row], cohort.part[row]) == (state.answered, state.part)
    assert cohort.in_part(np.array([row]))[0] == state.answered_in_part
    told = "".join(LETTERS[each] for each in cohort.options[row, : state.answered])
    assert told == "".join(state.options)
    progress = state.progress(state.part)
    assert cohort._likelihood[row].tobytes() == progress.likelihood[0].tobytes()
    if len(cohort._prior) and state.part:
        assert cohort._prior[row].tobytes() == progress.prior[0].tobytes()


@pytest.mark.parametrize("name", POOLS)
@settings(max_examples=6, deadline=None)
@given(
    seeds=st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=5, unique=True),
    picks=st.randoms(use_true_random=False),
)
def test_sittings_at_different_items_advance_together_as_each_would_alone(name, seeds, picks):
    pool = pool_named(name)
    cohort, states = Cohort(pool, 8), [begun(pool, seed) for seed in seeds]
    for row, state in enumerate(states):  # some join when they are well under way
        for _ in range(picks.choice([0, 0, 1, 5, 9])):
            state = states[row] = answered(state, picks.choice(LETTERS))
        cohort.load(row, state)
    while states:
        for row, state in enumerate(states):
            agree(cohort, row, state)
        rows = np.arange(len(states))
        ends = cohort.completes(rows)
        moving = [row for row in rows[~ends].tolist() if picks.random() < 0.7]
        letters = [picks.randrange(len(LETTERS)) for _ in moving]
        for row, letter in zip(moving, letters, strict=True):
            states[row] = answered(states[row], LETTERS[letter])
        if moving:
            cohort.answer(np.array(moving), np.array(letters))
        for row in rows[ends]:
            assert answered(states[row], "A").is_complete
        if ends.all():
            return


def test_a_part_so_long_that_its_likelihood_is_scaled_keeps_its_bits():
    items = toy_items("tiu", 25, np.random.default_rng(2))
    plan = PartPlan(Blueprint("tiu", 70, (), {}), items, 5, 0, Policy(top=3))
    pool, rng = publish("panjang", [plan], shuffle_options=False), np.random.default_rng(1)
    states, cohort = [begun(pool, seed) for seed in (1, 2)], Cohort(pool, 2)
    states[1] = answered(states[1], "A")
    for row, state in enumerate(states):
        cohort.load(row, state)
    while not cohort.completes(np.arange(2)).any():
        letters = rng.integers(0, 5, 2)
        cohort.answer(np.arange(2), letters)
        states = [answered(s, LETTERS[x]) for s, x in zip(states, letters.tolist(), strict=True)]
    for row, state in enumerate(states):
        agree(cohort, row, state)


def test_what_a_cohort_does_not_know_is_refused():
    pool = pool_named("plain")
    terms = begun(pool, 1).terms
    shadowed = toy_pool(limits="sum,kata,,0,100000\n")
    early = toy_pool(policy=Policy(stopping=Stopping(2, (Precision(0.4),))))

    assert can_follow(terms, pool)
    assert not can_follow(replace(terms, mode="linear"), pool)
    assert not can_follow(replace(terms, burnt=("TIU-VER-OGI-000",)), pool)
    assert not can_follow(terms, shadowed)
    assert not can_follow(terms, early)


@given(seed=st.integers(0, 2**63 - 1), number=st.integers(1, 200))
def test_the_table_of_orders_gives_the_order_of_each_item(seed, number):
    seeds, numbers = np.array([seed], np.uint64), np.array([number])
    for shuffle in (True, False):
        code = int(order_codes(seeds, numbers, shuffle=shuffle)[0])
        assert ORDERS[code] == option_order(seed, number, shuffle=shuffle)
