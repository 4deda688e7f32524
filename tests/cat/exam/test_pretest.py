"""Items on trial: at random places, in nobody's score, and never twice nor beside an enemy."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadRules, RecordBroken
from cat.exam import moves
from cat.exam.outcome import outcome, profile
from cat.exam.pretest import slots
from cat.exam.record import MICROSECONDS, Event, Kind, Terms
from cat.exam.state import Phase, State, apply, begin, replay
from cat.itembank.content import LETTERS
from cat.itembank.pool import Pool, load
from cat.selection.policy import Policy
from cat.selection.stopping import Stopping
from tests.conftest import toy_pool

PLAIN = toy_pool()
TRIAL = toy_pool(pretest=2)
EARLY = Stopping.from_mapping({"terpendek": 3, "aturan": [{"jenis": "se", "batas": 0.9}]})
VARIABLE = toy_pool(per_domain=12, lengths=(6, 7, 4), policy=Policy(stopping=EARLY), pretest=2)


def own_letter(key: str) -> str:
    """What everybody answers to an item, whatever the order of its options."""
    return LETTERS[sum(key.encode()) % 5]


def sit(pool: Pool, seed: int) -> State:
    state = begin(Terms("s", pool.digest, "r", "adaptif", seed, 6000), pool)
    now = MICROSECONDS
    todo = [*moves.admit(state, now, "p")]
    while state.phase is not Phase.FINISHED:
        for event in todo:
            state = apply(state, event)
        now += MICROSECONDS
        if state.phase is Phase.ADMITTED:
            todo = moves.start(state, now)
        elif state.phase is Phase.WORKING:
            shown = LETTERS[state.order.index(own_letter(state.current_item.key))]
            todo = moves.answer(state, now, state.number, shown)
    return state


@given(seed=st.integers(0, 2**63 - 1))
def test_items_on_trial_change_neither_the_scored_items_nor_any_score(seed: int) -> None:
    plain, trial = sit(PLAIN, seed), sit(TRIAL, seed)

    assert trial.answers == plain.answers
    assert outcome(trial) == outcome(plain)
    assert profile(trial) == profile(plain)
    assert len(trial.pretest) == 2 * len(TRIAL.parts)
    assert len(trial.options) == TRIAL.length == PLAIN.length + 2 * len(TRIAL.parts)


@given(seed=st.integers(0, 2**63 - 1))
def test_a_part_that_may_end_early_meets_all_its_trial_items_before(seed: int) -> None:
    state = sit(VARIABLE, seed)

    met = Counter(answer.part for answer in state.pretest)
    assert met == {0: 2, 1: 2, 2: 2}
    assert max(answer.after for answer in state.pretest) < EARLY.shortest


@given(seed=st.integers(0, 2**63 - 1))
def test_no_item_comes_twice_and_no_two_enemies_meet(seed: int) -> None:
    for place, part in enumerate(TRIAL.parts):
        drawn = [part.pretest[slot.item] for slot in slots(seed, place, part)]
        codes = [item.code for item in drawn]
        assert len(set(codes)) == len(codes) == 2
        assert not {enemy for item in drawn for enemy in item.enemies} & set(codes)


def test_every_place_and_every_item_has_its_chance() -> None:
    part = TRIAL.part("tiu")
    drawn = [slots(seed, 1, part) for seed in range(3000)]

    places = Counter(slot.after for found in drawn for slot in found)
    items = Counter(slot.item for found in drawn for slot in found)

    # 6 places of 1/3 each: a count beyond 5 SD of binomial(3000, 1/3) has chance 1 in a million.
    assert set(places) == set(range(6))
    assert max(abs(count - 1000) for count in places.values()) < 5 * np.sqrt(3000 * 2 / 9)
    assert set(items) == set(range(len(part.pretest)))
    assert min(items.values()) > 400


def test_the_same_seed_draws_the_same_and_parts_draw_apart() -> None:
    part = TRIAL.part("tiu")

    assert slots(7, 1, part) == slots(7, 1, part)
    assert [slots(seed, 0, part) for seed in range(50)] != [slots(s, 1, part) for s in range(50)]


def state_events(seed: int) -> list[Event]:
    state = begin(Terms("s", TRIAL.digest, "r", "adaptif", seed, 6000), TRIAL)
    events, now = [], MICROSECONDS
    while state.phase is not Phase.FINISHED:
        now += MICROSECONDS
        if state.phase is Phase.WAITING:
            made = moves.admit(state, now, "p")
        elif state.phase is Phase.ADMITTED:
            made = moves.start(state, now)
        else:
            made = moves.answer(state, now, state.number, "A")
        for event in made:
            state = apply(state, event)
        events += made
    return events


def test_a_trial_item_at_another_place_breaks_the_record() -> None:
    events = state_events(11)
    on_trial = {item.key for part in TRIAL.parts for item in part.pretest}
    answered = [i for i, event in enumerate(events) if event.kind is Kind.ANSWERED]
    place = next(i for i in answered[1:] if events[i].item in on_trial)
    neighbour = place - 1 if events[place - 1].item not in on_trial else place + 1
    swapped = list(events)
    swapped[place] = replace(events[place], item=events[neighbour].item)
    swapped[neighbour] = replace(events[neighbour], item=events[place].item)
    terms = Terms("s", TRIAL.digest, "r", "adaptif", 11, 6000)

    assert replay(terms, TRIAL, events).is_complete
    with pytest.raises(RecordBroken, match="on trial"):
        replay(terms, TRIAL, swapped)


def test_a_repeated_answer_to_a_trial_item_changes_nothing_and_another_is_refused() -> None:
    state = begin(Terms("s", TRIAL.digest, "r", "adaptif", 11, 6000), TRIAL)
    for event in state_events(11):
        before, state = state, apply(state, event)
        if state.pretest and not before.pretest:
            break

    number = state.number - 1
    shown = LETTERS[state.order_at(number).index(state.pretest[0].option)]
    assert moves.answer(state, state.last_at, number, shown) == []


def test_a_pool_keeps_its_trial_items_and_one_without_them_keeps_its_digest() -> None:
    again = load(TRIAL.manifest, TRIAL.tables, TRIAL.digest)

    assert [part.pretest for part in again.parts] == [part.pretest for part in TRIAL.parts]
    assert b"uji_coba" not in PLAIN.manifest


@pytest.mark.parametrize(("slots_asked", "rule"), [(7, "tempat uji coba"), (-1, "tempat uji coba")])
def test_more_places_than_there_are_items_or_questions_are_refused(
    slots_asked: int, rule: str
) -> None:
    with pytest.raises(BadRules, match=rule):
        toy_pool(pretest=slots_asked)
