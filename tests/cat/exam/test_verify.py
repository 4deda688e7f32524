"""The audit by replay: an untouched record verifies, any change is found and named."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cat.errors import ExamError
from cat.exam import moves
from cat.exam.outcome import PartOutcome, outcome
from cat.exam.record import MICROSECONDS, Terms, first_seal, seal
from cat.exam.state import Phase, apply, begin, replay
from cat.exam.verify import Head, SealedEvent
from cat.exam.verify import verify as verify_against

KEY = b"kunci rekaman untuk tes"


@dataclass(frozen=True)
class StoredResult:
    """What stands beside the record: the published parts, the number of events, the last seal."""

    parts: tuple[PartOutcome, ...]
    events: int
    seal: str


def verify(terms, pool, record, result, key):
    return verify_against(terms, pool, record, Head(result.events, result.seal), result.parts, key)


def sealed(terms, events, key=KEY):
    previous, record = first_seal(key, terms), []
    for event in events:
        previous = seal(key, previous, event)
        record.append(SealedEvent(event, previous))
    return record


def sit(pool, seed=5):
    """A whole sitting with random answers: its terms, events and result."""
    terms = Terms("s-1", pool.digest, "r", "adaptif", seed, 6000)
    rng = np.random.default_rng(seed)
    state, events, now = begin(terms, pool), [], 1_000 * MICROSECONDS
    todo = [moves.admit(state, now, "pengawas")]
    while state.phase is not Phase.FINISHED:
        for event in todo.pop():
            state = apply(state, event)
            events.append(event)
        now += int(rng.integers(1, 60)) * MICROSECONDS
        if state.phase is Phase.ADMITTED:
            todo.append(moves.start(state, now))
        elif state.phase is Phase.WORKING:
            todo.append(moves.answer(state, now, state.number, "ABCDE"[rng.integers(5)]))
    record = sealed(terms, events)
    return terms, record, StoredResult(outcome(state), len(record), record[-1].seal)


def test_an_untouched_sitting_verifies(pool):
    terms, record, result = sit(pool)

    assert verify(terms, pool, record, result, KEY) == []


def tamper(record, place, **changes):
    changed = list(record)
    changed[place] = replace(changed[place], event=replace(changed[place].event, **changes))
    return changed


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        (4, {"option": "other"}),
        (-2, {"option": "other"}),
        (6, {"at": 1}),
        (6, {"item": "TWK-PAL-SU@1"}),
        (1, {"data": {"oleh": "orang lain"}}),
    ],
    ids=["an early answer", "the last answer", "a time", "an item", "who did it"],
)
def test_a_changed_row_is_named(pool, place, changes):
    terms, record, result = sit(pool)
    if changes.get("option"):
        own = record[place].event.option
        changes = {"option": "ABCDE"[("ABCDE".index(own) + 1) % 5]}

    found = verify(terms, pool, tamper(record, place, **changes), result, KEY)

    assert found
    assert found[0].seq == record[place].event.seq


def test_a_rewritten_record_without_the_key_is_found(pool):
    terms, record, result = sit(pool)
    changed = tamper(record, 5, at=record[5].event.at + 1)
    forged = sealed(terms, [each.event for each in changed], b"tebakan")

    found = verify(terms, pool, forged, replace(result, seal=forged[-1].seal), KEY)

    assert found[0].seq == 1


def test_a_resealed_answer_changes_what_follows_and_is_still_found(pool):
    # Whoever holds even the key must also invent the whole rest of the test.
    terms, record, result = sit(pool)
    event, part = record[3].event, pool.parts[0]
    points = part.items[part.position[event.item]].points
    was_right = points["ABCDE".index(event.option)]
    changed = tamper(record, 3, option="ABCDE"[points.index(1 - was_right)])
    forged = sealed(terms, [each.event for each in changed])

    found = verify(terms, pool, forged, replace(result, seal=forged[-1].seal), KEY)

    assert any("dihitung" in str(f) or "mesin memilih" in str(f) for f in found)


@pytest.mark.parametrize("drop", [0, 3, -1])
def test_a_missing_row_is_found(pool, drop):
    terms, record, result = sit(pool)
    del record[drop]

    assert verify(terms, pool, record, result, KEY)


def test_changed_terms_are_found(pool):
    terms, record, result = sit(pool)

    found = verify(replace(terms, seconds=9_999), pool, record, result, KEY)

    assert found[0].seq == 1


@pytest.mark.parametrize("field", ["theta", "se", "nilai", "answered"])
def test_a_published_figure_that_differs_in_its_last_bit_is_found(pool, field):
    terms, record, result = sit(pool)
    part = result.parts[1]
    value = getattr(part, field)
    other = value + 1 if isinstance(value, int) else float(np.nextafter(value, np.inf))
    parts = (result.parts[0], replace(part, **{field: other}), result.parts[2])

    found = verify(terms, pool, record, replace(result, parts=parts), KEY)

    assert [f"tiu.{field}" in str(f) for f in found] == [True]


def test_a_finished_sitting_without_a_result_is_found(pool):
    terms, record, result = sit(pool)

    found = verify(terms, pool, record, replace(result, parts=()), KEY)

    assert "hasil tidak tersimpan" in str(found[0])


def test_an_unfinished_sitting_cut_short_is_found(pool):
    terms, record, _ = sit(pool)
    unfinished = StoredResult((), 8, record[7].seal)

    assert verify(terms, pool, record[:8], unfinished, KEY) == []
    assert verify(terms, pool, record[:6], unfinished, KEY)[0].seq == 7


MOVE_NAMES = ["admit", "start", "choose", "answer", "answer", "pause", "resume", "time_up"]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(MOVE_NAMES),
        st.integers(-30, 120),
        st.integers(-1, 16),
        st.sampled_from("ABCDEF"),
    ),
    max_size=60,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(MOVES)
def test_no_series_of_moves_breaks_a_sitting(pool, series):
    terms = Terms("s-1", pool.digest, "r", "adaptif", 9, 900)
    state, events, now = begin(terms, pool), [], 0
    for name, seconds, number, shown in series:
        now += seconds * MICROSECONDS
        number = state.number if number > 8 else number
        arguments = {
            "admit": ("pengawas",),
            "pause": ("pengawas", "gangguan"),
            "resume": ("pengawas",),
            "choose": (number, shown),
            "answer": (number, shown),
        }.get(name, ())
        try:
            made = getattr(moves, name)(state, now, *arguments)
        except ExamError:
            continue  # refused: nothing may have changed
        answered = len(state.answers)
        for event in made:
            state = apply(state, event)
        events += made
        assert len(state.answers) in (answered, answered + 1)
        assert getattr(moves, name)(state, now, *arguments) == []  # repeating changes nothing

    again = replay(terms, pool, events)
    assert (again.phase, again.answers) == (state.phase, state.answers)
    assert again.left(now) == state.left(now)
    record = sealed(terms, events)
    published = outcome(state) if state.phase is Phase.FINISHED else ()
    last = record[-1].seal if record else first_seal(KEY, terms)
    result = StoredResult(published, len(record), last)
    assert verify(terms, pool, record, result, KEY) == []
