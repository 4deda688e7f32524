"""Scoring records in bulk gives, to the last bit, what replaying each of them gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cat.errors import RecordBroken
from cat.exam import moves
from cat.exam.outcome import outcome
from cat.exam.record import MICROSECONDS, Event, Kind, Terms
from cat.exam.rescoring import (
    KINDS,
    UNKNOWN,
    Outcomes,
    Records,
    item_keys,
    part_outcomes,
    score_many,
)
from cat.exam.state import Phase, apply, begin, replay
from cat.itembank.content import LETTERS
from cat.itembank.pool import Pool
from cat.selection.policy import Policy
from cat.selection.stopping import Stopping
from tests.conftest import toy_pool

RULES = [
    {"jenis": "se", "batas": 0.8},
    {"jenis": "selang", "batas": 0.0, "z": 1.2},
    {"jenis": "informasi", "batas": 0.3},
]


@lru_cache
def pool_named(name: str) -> Pool:
    if name == "fixed":
        return toy_pool()
    if name == "linked":
        return toy_pool(correlation=0.6)
    if name == "trial":
        return toy_pool(pretest=2)
    stopping = Stopping.from_mapping({"terpendek": 2, "aturan": RULES})
    return toy_pool(per_domain=12, lengths=(6, 7, 4), policy=Policy(top=3, stopping=stopping))


POOLS = ("fixed", "linked", "variable", "trial")


def sit(pool: Pool, seed: int) -> list[Event]:
    """A sitting with marks, changed marks, pauses, slow spells; some run out of time or stop, some
    are ended by mistake and opened again.
    """
    rng = np.random.default_rng(seed)
    state, events = begin(terms_of(pool, seed), pool), []
    now = 1_000 * MICROSECONDS
    goes_away = rng.random() < 0.15

    def happen(made: list[Event]) -> None:
        nonlocal state
        for event in made:
            state = apply(state, event)
        events.extend(made)

    happen(moves.admit(state, now, "pengawas"))
    happen(moves.start(state, now))
    while state.phase is not Phase.FINISHED:
        now += int(rng.integers(1, 60)) * MICROSECONDS
        # Within the grace, too, nothing more is sent.
        if late := moves.time_up(state, now + moves.GRACE_SECONDS * MICROSECONDS):
            happen(late)
            break
        if goes_away and rng.random() < 0.1:
            break
        step = rng.random()
        if step < 0.03:
            happen(moves.end(state, now, "pengawas", "salah orang"))
            happen(moves.reopen(state, now + MICROSECONDS, "staf", "staf2", "salah orang"))
            happen(moves.resume(state, now + MICROSECONDS, "pengawas"))
        elif step < 0.1:
            happen(moves.pause(state, now, "pengawas", "listrik"))
            happen(moves.resume(state, now + MICROSECONDS, "pengawas"))
        elif step < 0.5:
            happen(moves.choose(state, now, state.number, "ABCDE"[rng.integers(5)]))
        else:
            happen(moves.answer(state, now, state.number, "ABCDE"[rng.integers(5)]))
    return events


def terms_of(pool: Pool, seed: int) -> Terms:
    return Terms(f"s-{seed}", pool.digest, "r", "adaptif", seed, 400 + seed % 3 * 200)


def as_records(pool: Pool, sittings: Sequence[list[Event]]) -> Records:
    keys = {key: place for place, key in enumerate(item_keys(pool))}
    rows = [
        (
            number,
            event.seq,
            event.at,
            KINDS.index(event.kind),
            keys.get(event.item or "", UNKNOWN),
            LETTERS.find(event.option or "-"),
        )
        for number, events in enumerate(sittings)
        for event in events
    ]
    return Records(*np.array(rows, dtype=np.int64).reshape(-1, 6).T)


def in_bulk(pool: Pool, sittings: Sequence[list[Event]], seeds: Sequence[int]) -> Outcomes:
    return score_many(pool, as_records(pool, sittings), len(sittings), seeds)


@pytest.mark.parametrize("name", POOLS)
@given(seeds=st.lists(st.integers(0, 2**31), min_size=1, max_size=12, unique=True))
def test_many_records_come_to_what_each_comes_to_alone(name: str, seeds: list[int]) -> None:
    pool = pool_named(name)
    sittings = [sit(pool, seed) for seed in seeds]

    found = in_bulk(pool, sittings, seeds)

    for number, (seed, events) in enumerate(zip(seeds, sittings, strict=True)):
        state = replay(terms_of(pool, seed), pool, events)
        if found.doubtful[number]:  # a mark that was never made final: replay has the word
            assert any(a.kind is Kind.CHOSEN for a in events)
            continue
        assert part_outcomes(pool, found)[number] == outcome(state)
        assert found.finished[number] == (state.phase is Phase.FINISHED)


@pytest.mark.parametrize("name", POOLS)
def test_hardly_any_lawful_record_is_doubted(name: str) -> None:
    pool = pool_named(name)
    seeds = range(300)
    sittings = [sit(pool, seed) for seed in seeds]

    found = in_bulk(pool, sittings, seeds)

    assert found.finished.sum() > 200
    assert not found.doubtful[found.finished].any()
    assert len(set(found.reason[found.finished].ravel().tolist())) >= 2


def test_nothing_at_all_comes_to_nothing() -> None:
    pool = pool_named("fixed")

    found = in_bulk(pool, [[], sit(pool, 3)], [0, 3])

    assert part_outcomes(pool, found)[0] == outcome(begin(terms_of(pool, 0), pool))
    assert in_bulk(pool, [], []).theta.shape == (0, 3)


def change(events: list[Event], place: int, how: str, pool: Pool) -> list[Event]:
    """A record with one event damaged, dropped, repeated or moved."""
    place %= len(events)
    event = events[place]
    other = pool.parts[place % 3].items[place % 16].key
    changed = {
        "item": replace(event, item=other),
        "unknown item": replace(event, item="TIDAK-ADA@1"),
        "option": replace(event, option="ABCDE"[place % 5]),
        "no option": replace(event, option="Z"),
        "kind": replace(event, kind=KINDS[place % len(KINDS)]),
        "number": replace(event, seq=event.seq + 1),
        "time": replace(event, at=event.at - 200 * MICROSECONDS),
    }
    if how == "drop":
        rest = [replace(each, seq=each.seq - 1) for each in events[place + 1 :]]
        return events[:place] + rest
    if how == "repeat":
        rest = [replace(each, seq=each.seq + 1) for each in events[place:]]
        return [*events[:place], event, *rest]
    return [*events[:place], changed[how], *events[place + 1 :]]


WAYS = (
    *("item", "unknown item", "option", "no option", "kind", "number", "time", "drop", "repeat"),
)


@pytest.mark.parametrize("name", POOLS)
@example(seed=1332698, damage=[(32, "drop")])  # on trial in a part not yet begun
@given(
    seed=st.integers(0, 2**31),
    damage=st.lists(st.tuples(st.integers(0, 99), st.sampled_from(WAYS)), min_size=1, max_size=2),
)
def test_no_damaged_record_is_scored_otherwise_than_replay_would(
    name: str, seed: int, damage: list[tuple[int, str]]
) -> None:
    pool, whole = pool_named(name), sit(pool_named(name), 7)
    events = sit(pool, seed)
    for place, how in damage:
        events = change(events, place, how, pool) if events else events

    found = in_bulk(pool, [whole, events, whole], [7, seed, 7])

    try:
        expected = outcome(replay(terms_of(pool, seed), pool, events))
    except RecordBroken:
        assert found.doubtful[1]
    else:
        assert found.doubtful[1] or part_outcomes(pool, found)[1] == expected
    # A damaged neighbour changes nothing.
    assert not found.doubtful[[0, 2]].any()
    untouched = outcome(replay(terms_of(pool, 7), pool, whole))
    assert part_outcomes(pool, found)[0] == part_outcomes(pool, found)[2] == untouched
