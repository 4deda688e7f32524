"""The platform's time: nobody who sets the clock of a machine moves it while anybody works."""

from __future__ import annotations

import time

import pytest

from cat.exam.record import MICROSECONDS
from tests.web.conftest import KEYS
from web import clock as platform
from web.db import db, transaction
from web.operations import jam, outages
from web.tables import JamMesin, Pulse

HOUR = 3600 * MICROSECONDS
LONE = int(1.5 * MICROSECONDS)
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def reading(now, *, wall=0, since_boot=1_000_000, machine="satu"):
    """Clocks of a machine whose count stands at `since_boot`; its wall is `wall` off."""
    return jam.Reading(machine, since_boot, now + wall)


def joined(clock, **given):
    with transaction() as session:
        agreed = jam.join(session, reading(clock.now(), **given), lone_after=LONE)
        outages.beat(session, now=given.get("since_boot", 1_000_000) + agreed.offset, keys=KEYS)
    return agreed


def followed(clock, own, **given):
    with transaction() as session:
        return jam.follow(session, reading(clock.now(), **given), own=own)


def test_a_clock_set_forward_or_back_moves_no_running_exam(app, working, clock):
    own = joined(clock).offset

    for wall in (HOUR, -HOUR, 10 * 60 * MICROSECONDS):
        found = followed(clock, own, wall=wall)
        assert (found.offset, found.apart) == (own, wall)


def test_a_process_that_starts_again_under_a_wrong_clock_keeps_the_time(app, working, clock):
    own = joined(clock).offset
    clock.tick(30)

    found = joined(clock, wall=-HOUR, since_boot=1_000_000 + 30 * MICROSECONDS)

    assert found.offset == own
    stopped = db.session.get_one(JamMesin, "satu").disetel_at
    assert db.session.get_one(Pulse, 1).at - stopped == 30 * MICROSECONDS


def test_the_platform_sets_itself_when_no_exam_has_begun(app, clock, petugas_closes):
    petugas_closes()
    own = joined(clock).offset

    found = followed(clock, own, wall=HOUR)

    assert found.offset == own + HOUR
    with transaction() as session:
        beat = outages.beat(session, now=clock.now() + HOUR, keys=KEYS)
    assert (beat.given, beat.resumed - beat.stopped) == (0, 0)  # the step is no outage


@pytest.fixture
def petugas_closes(app):
    """Nobody is left who may start."""

    def close():
        from web.tables import Sesi

        with transaction() as session:
            for sesi in session.scalars(db.select(Sesi)):
                sesi.is_closed = True

    return close


def test_a_seat_that_may_start_at_any_moment_keeps_the_platform_from_setting_itself(app, clock):
    own = joined(clock).offset

    assert followed(clock, own, wall=HOUR).offset == own


def test_a_machine_started_anew_behind_the_last_pulse_goes_on_from_it(app, working, clock):
    joined(clock)

    found = joined(clock, wall=-HOUR, since_boot=7, machine="dua")

    assert found.offset + 7 == clock.now()


def test_a_new_machine_whose_clock_is_wrong_takes_the_time_of_those_who_serve(app, working, clock):
    joined(clock)

    with transaction() as session:
        seen = clock.now()
        found = jam.join(
            session,
            reading(clock.now(), wall=HOUR, machine="dua"),
            lone_after=LONE,
            seen=seen,
        )

    assert found.offset + 1_000_000 == seen


def test_setting_the_clock_of_the_machine_does_not_move_the_platforms(database, monkeypatch):
    before = platform.now()

    monkeypatch.setattr(time, "time_ns", lambda: 0)

    assert 0 <= platform.now() - before < 5 * MICROSECONDS
    assert platform.wall() == 0


def test_a_clock_set_back_logs_nobody_out(working, monkeypatch):
    hour_ago = time.time() - 3_600

    monkeypatch.setattr(time, "time", lambda: hour_ago)

    assert working.number() == 1
