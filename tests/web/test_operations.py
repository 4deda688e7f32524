"""Records, outages and the audit by replay, on the database itself."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cat.exam.record import MICROSECONDS
from tests.web.conftest import KEYS
from web.db import db, transaction
from web.operations import outages, proctoring, sittings
from web.operations.records import state_of
from web.operations.verification import verify_sitting
from web.tables import PartResult, Pulse, Sitting, SittingEvent

pytestmark = pytest.mark.both


def first_finished():
    db.session.remove()
    found = db.select(Sitting).filter_by(phase="finished").order_by(Sitting.id)
    return db.session.scalars(found).first()


def findings(sitting_id):
    db.session.remove()
    sitting = db.session.get_one(Sitting, sitting_id)
    return [str(f) for f in verify_sitting(db.session(), sitting, KEYS.record)]


def tamper(statement, **values):
    """Change stored rows as somebody with full access to the database could."""
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ALTER TABLE sitting_event DISABLE TRIGGER ALL"))
        else:
            for act in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER sitting_event_append_only_{act}"))
        session.execute(text(statement), values)


def test_the_200_simulated_sittings_verify(app):
    chosen = db.session.scalars(db.select(Sitting).filter_by(phase="finished")).all()

    assert len(chosen) == 206
    for sitting in chosen[::10]:
        assert verify_sitting(db.session(), sitting, KEYS.record) == []


EVENT, OF = "sitting_event", "sitting_id = :id AND"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            f"UPDATE {EVENT} SET option = 'X' WHERE {OF} seq = 9",
            "peristiwa 9:",
        ),
        (
            f"UPDATE {EVENT} SET at = at + 1 WHERE {OF} seq = 30",
            "peristiwa 30:",
        ),
        (f"DELETE FROM {EVENT} WHERE {OF} seq = 12", "peristiwa 13:"),
        ("UPDATE part_result SET nilai = nilai + 1 WHERE sitting_id = :id", "twk.nilai"),
        ("UPDATE part_result SET theta = theta + 1e-15 WHERE sitting_id = :id", "theta"),
        ("UPDATE sitting SET seconds = seconds + 60 WHERE id = :id", "peristiwa 1:"),
        ("DELETE FROM part_result WHERE sitting_id = :id", "hasil tidak tersimpan"),
    ],
)
def test_a_tampered_sitting_fails_and_says_where(app, statement, expected):
    sitting_id = first_finished().id

    tamper(statement, id=sitting_id)

    assert any(expected in finding for finding in findings(sitting_id))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE sitting_event SET at = 1", "DELETE FROM sitting_event", "DELETE FROM audit"],
)
def test_the_database_itself_refuses_to_change_what_happened(app, statement):
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize("table", ["sitting_event", "audit", "kejadian", "pemeriksaan", "dokumen"])
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # the other has no TRUNCATE
def test_the_database_refuses_to_empty_what_happened_at_a_stroke(app, table):
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(f"TRUNCATE {table} CASCADE"))


def test_an_operation_that_fails_leaves_nothing_behind(app, working):
    before = working.stored().event_count

    with pytest.raises(RuntimeError):
        answer_and_lose_the_cable(working)

    assert working.stored().event_count == before
    assert working.number() == 1


def answer_and_lose_the_cable(candidate):
    now = candidate.stored().last_at + MICROSECONDS
    with transaction() as session:
        sittings.answer(session, candidate.sitting_id, 1, "A", now=now, keys=KEYS)
        raise RuntimeError("cable cut before the commit")


def beat(clock):
    with transaction() as session:
        return outages.beat(session, now=clock.now(), keys=KEYS).given


def left(candidate, clock):
    sitting = candidate.stored()
    return state_of(db.session(), sitting).left(clock.now()) / MICROSECONDS


def test_an_outage_gives_running_candidates_their_time_back(app, working, clock):
    beat(clock)
    working.answers("A")
    clock.tick(100)
    beat_before = clock.now()
    with transaction() as session:
        session.get_one(Pulse, 1).at = beat_before
    clock.tick(3_600)

    assert beat(clock) == 1

    assert left(working, clock) == 6_000 - 100
    assert working.answers("B").status_code == 303
    assert working.stored().answered == 2
    assert working.findings() == []


def test_ordinary_unevenness_of_the_pulse_is_no_outage(app, working, clock):
    beat(clock)
    clock.tick(1)

    assert beat(clock) == 0
    assert working.stored().event_count == 2


def test_a_clock_set_back_is_no_outage(app, working, clock):
    beat(clock)
    clock.tick(-500)

    assert beat(clock) == 0


def test_time_that_ran_out_before_the_outage_is_not_given_back(app, working, clock):
    beat(clock)
    clock.tick(6_000)
    with transaction() as session:
        session.get_one(Pulse, 1).at = clock.now()
    clock.tick(600)

    assert beat(clock) == 0
    with transaction() as session:
        assert sittings.close_overdue(session, now=clock.now(), keys=KEYS) == [working.sitting_id]

    assert working.stored().phase == "finished"


def test_a_paused_candidate_stays_paused_through_an_outage(app, working, clock):
    beat(clock)
    with transaction() as session:
        proctoring.pause(
            session, working.sitting_id, by="p", reason="x", now=clock.now(), keys=KEYS
        )
    clock.tick(900)

    assert beat(clock) == 0
    assert working.stored().phase == "paused"


def test_results_are_stored_once_per_part(app):
    sitting_id = first_finished().id

    rows = db.session.scalars(db.select(PartResult).filter_by(sitting_id=sitting_id)).all()
    events = db.session.scalars(db.select(SittingEvent).filter_by(sitting_id=sitting_id)).all()

    assert sorted(row.part for row in rows) == ["tiu", "tkp", "twk"]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


def test_a_sitting_nobody_looks_at_is_closed_when_its_time_is_over(app, working, clock):
    working.marks("C")
    clock.tick(5_999)
    with transaction() as session:
        assert sittings.close_overdue(session, now=clock.now(), keys=KEYS) == []
    clock.tick(1 + sittings.GRACE_SECONDS)

    with transaction() as session:
        closed = sittings.close_overdue(session, now=clock.now(), keys=KEYS)

    assert closed == [working.sitting_id]
    assert (working.stored().phase, working.stored().answered) == ("finished", 1)


def test_waiting_in_a_queue_that_moves_is_no_outage(app, working, clock):
    beat(clock)
    clock.tick(30)  # in the queue behind other writers, the last of which was done just now
    well = clock.now() - MICROSECONDS // 2

    with transaction() as session:
        assert outages.beat(session, well=well, now=clock.now(), keys=KEYS).given == 0
    clock.tick(0.5)
    assert beat(clock) == 0


def test_an_answer_that_arrived_in_time_counts_though_the_database_was_busy(app, working, clock):
    clock.tick(5_999)
    arrived = clock.now()
    clock.tick(4)
    with transaction() as session:
        assert sittings.close_overdue(session, now=clock.now(), keys=KEYS) == []

    with transaction() as session:
        sittings.answer(session, working.sitting_id, 1, "A", now=arrived, keys=KEYS)

    assert working.stored().answered == 1
