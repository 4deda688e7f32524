"""The pulse, and giving back the time of an outage: in bulk as one by one, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from cat.exam import moves
from cat.exam.outage import Running, give_back
from cat.exam.record import MICROSECONDS, Kind, seal
from cat.exam.state import apply
from tests.web.conftest import KEYS
from web.db import db, own_session, transaction
from web.operations import outages, overdue, sittings
from web.operations.records import read_record, state_of
from web.tables import AuditRow, Pulse

pytestmark = pytest.mark.both

MINUTE = 60 * MICROSECONDS


def beat(clock, **given):
    with transaction() as session:
        return outages.beat(session, now=clock.now(), keys=KEYS, **given)


def one_by_one(sitting, stopped, resumed):
    """The record and the deadline that two ordinary moves would leave."""
    state = state_of(db.session(), sitting)
    paused = moves.pause(state, stopped, "sistem", "gangguan layanan")
    state = apply(state, paused[0])
    resuming = moves.resume(state, resumed, "sistem")
    state = apply(state, resuming[0])
    last, record = sitting.seal, []
    for event in paused + resuming:
        last = seal(KEYS.record, last, event)
        record.append((event, last))
    return record, state.clock.deadline(state.limit)


def test_time_is_given_back_in_bulk_as_it_would_be_one_by_one(app, peserta, clock):
    beat(clock)
    people = [peserta(seat) for seat in (1, 2, 3)]
    for person in people:
        person.starts()
        person.answers("B")
    beat(clock)
    stopped = clock.now()
    clock.tick(0.5)
    people[1].answers("C")  # served in the last moment before the outage was noticed
    clock.tick(600)
    expected = {p: one_by_one(p.stored(), stopped, clock.now()) for p in people}

    assert beat(clock).given == 3

    for person in people:
        record, deadline = expected[person]
        sitting = person.stored()
        stored = [(e.event, e.seal) for e in read_record(db.session(), sitting.id)[-2:]]
        assert stored == record
        assert (sitting.deadline, sitting.seal) == (deadline, record[-1][1])
        assert person.findings() == []


def test_two_processes_that_find_the_same_gap_give_it_back_once(app, working, clock):
    beat(clock)
    clock.tick(300)
    db.session.remove()
    engine = db.engine

    def process(_):
        with own_session(engine, writes=True) as session:
            return outages.beat(session, now=clock.now(), keys=KEYS).given

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(process, range(4)))

    assert sorted(given) == [0, 0, 0, 1]
    kinds = [each.event.kind for each in read_record(db.session(), working.sitting_id)]
    assert kinds.count(Kind.PAUSED) == kinds.count(Kind.RESUMED) == 1
    noted = db.session.scalars(db.select(AuditRow).filter_by(act="waktu dikembalikan")).all()
    assert [row.data["mikrodetik"] for row in noted] == [300 * MICROSECONDS]


sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@sqlite_only
def test_the_clocks_of_thousands_go_on_when_the_work_is_done(app, working, clock, monkeypatch):
    monkeypatch.setattr(outages, "FEW", 1)
    beat(clock)
    clock.tick(300)

    found = beat(clock, per_thousand=2_000)

    assert found.resumed == clock.now() + 2 * MICROSECONDS
    assert db.session.get_one(Pulse, 1).at == found.resumed
    assert beat(clock).resumed == found.resumed  # the other processes wait for it too


@sqlite_only
def test_a_queue_of_writers_that_moved_until_a_lock_counts_only_the_lock(app, working, clock):
    beat(clock)
    clock.tick(10)
    well = clock.now()
    clock.tick(20)

    found = beat(clock, well=well)

    assert (found.given, found.resumed - found.stopped) == (1, 20 * MICROSECONDS)


@sqlite_only
def test_overdue_sittings_are_closed_a_few_at_a_time_the_longest_overdue_first(app, peserta, clock):
    people = [peserta(seat) for seat in (1, 3, 4)]
    for person in people:
        person.starts()
        clock.tick(1)
    clock.tick(6_000 + sittings.GRACE_SECONDS)

    def close(**given):
        with transaction() as session:
            return overdue.close_some(session, now=clock.now(), keys=KEYS, most=2, **given).count

    assert [close(), close(), close()] == [2, 1, 0]
    assert {person.stored().phase for person in people} == {"finished"}


@sqlite_only
def test_a_sitting_that_cannot_be_closed_does_not_keep_others_open(
    app, peserta, clock, monkeypatch
):
    from cat.errors import RecordBroken

    broken, sound = peserta(1), peserta(3)
    broken.starts()
    clock.tick(1)
    sound.starts()
    clock.tick(7_000)
    close = sittings.close_if_overdue

    def refuse(session, sitting_id, **given):
        if sitting_id == broken.sitting_id:
            raise RecordBroken("damaged", seq=1)
        return close(session, sitting_id, **given)

    monkeypatch.setattr(overdue, "close_if_overdue", refuse)
    with transaction() as session:
        found = overdue.close_some(session, now=clock.now(), keys=KEYS, most=5)

    assert (found.count, found.broken) == (1, {broken.sitting_id})
    assert sound.stored().phase == "finished"


@pytest.mark.parametrize(
    ("last_at", "deadline", "since", "why"),
    [
        (5, 100, 10, "an ordinary sitting stops with the service"),
        (12, 100, 12, "what was still served dates the stop"),
        (5, 10, None, "a clock that had run out stays run out"),
        (100, 100, None, "an act in the grace is dated at the deadline: nothing is left"),
    ],
)
def test_where_a_stop_is_dated(last_at, deadline, since, why):
    after, events = give_back(Running(7, last_at, deadline), 10, 40)

    if since is None:
        assert (after, events) == (Running(7, last_at, deadline), []), why
    else:
        assert [(e.seq, e.at) for e in events] == [(8, since), (9, 40)], why
        assert after == Running(9, 40, deadline + 40 - since), why
