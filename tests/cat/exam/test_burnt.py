"""Items that a person has seen in an exam that was called off never come again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cat.errors import BadRules, BlueprintInfeasible
from cat.exam import moves
from cat.exam.outcome import outcome
from cat.exam.pretest import slots
from cat.exam.record import ADAPTIVE, MICROSECONDS, Terms, first_seal, seal
from cat.exam.state import Phase, apply, begin, replay
from cat.exam.verify import Head, SealedEvent, verify
from cat.itembank.pool import Pool
from cat.selection.policy import Policy
from cat.selection.published import adaptive_parts
from cat.selection.stopping import Stopping
from tests.conftest import toy_pool

KEY = b"kunci rekaman untuk tes"
ENEMIES = 'enemy,item,"kode in (""TIU-VER-OGI-001"", ""TIU-VER-OGI-002"", ""TIU-NUM-GKA-004"")",,\n'
LIMITS = "sum,kata,,0,9999\n"
RULES = [{"jenis": "se", "batas": 0.8}]
POOLS = {
    "plain": lambda: toy_pool(per_domain=12),
    "enemies": lambda: toy_pool(per_domain=12, limits=ENEMIES),
    "shadow": lambda: toy_pool(per_domain=12, limits=LIMITS),
    "linked": lambda: toy_pool(per_domain=12, correlation=0.6),
    "trial": lambda: toy_pool(per_domain=12, pretest=2),
    "variable": lambda: toy_pool(
        per_domain=12,
        policy=Policy(top=3, stopping=Stopping.from_mapping({"terpendek": 2, "aturan": RULES})),
    ),
}


def sit(pool: Pool, seed: int, burnt: tuple[str, ...]):
    """A whole sitting with random answers: its terms, events and last state."""
    terms = Terms("s-1", pool.digest, "r", ADAPTIVE, seed, 6000, burnt=burnt)
    rng, state, events, now = np.random.default_rng(seed), begin(terms, pool), [], 0
    todo = [moves.admit(state, now, "p"), []]
    while state.phase is not Phase.FINISHED:
        for event in todo.pop(0):
            state = apply(state, event)
            events.append(event)
        now += MICROSECONDS
        if state.phase is Phase.ADMITTED:
            todo = [moves.start(state, now)]
        elif state.phase is Phase.WORKING:
            todo = [moves.answer(state, now, state.number, "ABCDE"[rng.integers(5)])]
    return terms, events, state


def codes(events) -> set[str]:
    return {event.item.partition("@")[0] for event in events if event.item}


@pytest.mark.parametrize("name", POOLS)
def test_who_sits_again_meets_none_of_the_items_seen_and_the_blueprint_is_kept(name):
    pool = POOLS[name]()
    for seed in range(4):
        _, first, _ = sit(pool, seed, ())
        burnt = tuple(sorted(codes(first)))

        terms, again, state = sit(pool, seed, burnt)

        assert codes(again).isdisjoint(burnt)
        assert replay(terms, pool, again) == state
        if name == "variable":
            continue
        for place, part in enumerate(pool.parts):
            leaves = [part.leaf[answer.item] for answer in state.answers_in(place)]
            taken = np.bincount(leaves, minlength=len(part.tree.leaves))
            assert part.tree.violations(taken) == []


def findings(terms, pool, events, state):
    previous, record = first_seal(KEY, terms), []
    for event in events:
        previous = seal(KEY, previous, event)
        record.append(SealedEvent(event, previous))
    return verify(terms, pool, record, Head(len(record), previous), outcome(state), KEY)


def test_a_record_without_burnt_items_verifies_and_one_that_holds_them_does_not():
    pool = POOLS["plain"]()
    terms, events, state = sit(pool, 3, ("TWK-NAS-SME-001",))
    shown = next(event.item for event in events if event.item)
    other = replace(terms, burnt=(shown.partition("@")[0],))

    assert findings(terms, pool, events, state) == []
    assert "mesin memilih" in str(findings(other, pool, events, state)[0])


def test_the_pools_of_these_tests_are_of_the_kinds_that_they_claim_to_be():
    tiu = {name: adaptive_parts(POOLS[name]())[1] for name in ("plain", "enemies", "shadow")}

    assert tiu["plain"].ranking is not None
    assert tiu["enemies"].rivals is not None
    assert tiu["shadow"].shadow is not None


def test_without_burnt_items_nothing_is_different():
    pool = POOLS["plain"]()

    assert adaptive_parts(pool, ()) is adaptive_parts(pool)
    assert adaptive_parts(pool, ("TKP-TIDAK-ADA-1",))[2] is adaptive_parts(pool)[2]


@pytest.mark.parametrize("limits", ["", LIMITS, ENEMIES])
def test_a_bank_that_cannot_do_without_them_says_so(limits):
    pool = toy_pool(limits=limits)
    part = pool.parts[1]
    burnt = tuple(item.code for item in part.items if item.domain.startswith("numerik"))

    with pytest.raises(BlueprintInfeasible, match=r"tiu: kisi-kisi tidak dapat dipenuhi tanpa 8"):
        adaptive_parts(pool, burnt)


def test_a_shadow_test_without_them_is_asked_for_too():
    header = (
        'number,item,"kode in (""TIU-VER-OGI-000"", ""TIU-VER-OGI-001"")",1,2\nsum,kata,,0,99\n'
    )
    pool = toy_pool(limits=header)

    with pytest.raises(BlueprintInfeasible):
        adaptive_parts(pool, ("TIU-VER-OGI-000", "TIU-VER-OGI-001"))
    assert adaptive_parts(pool, ("TIU-VER-OGI-000",))


def test_a_policy_that_needs_its_ranking_refuses_burnt_items():
    pool = toy_pool(policy=Policy(criterion="maximum_information"))

    with pytest.raises(BadRules, match="posterior_information"):
        adaptive_parts(pool, (pool.parts[0].items[0].code,))


def test_burnt_items_on_trial_are_passed_over_and_others_come_instead():
    part = POOLS["trial"]().part("tiu")
    for seed in range(30):
        first = slots(seed, 1, part)
        burnt = tuple(part.pretest[slot.item].code for slot in first)

        again = slots(seed, 1, part, burnt)

        assert {slot.item for slot in again}.isdisjoint(slot.item for slot in first)
        assert [slot.after for slot in again] == [slot.after for slot in first]
