"""Keeps the platform's pulse while this process lives, and closes what has run out of time.

A process serves candidates and proctors only while its own pulse is fresh: see `web.gate`. So
whatever kept it from storing things (the process, the machine or the database stood still, a lock,
a full disk) is noticed and given back before anybody's next act is dated.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from flask import Flask
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from web import clock
from web.db import db, writing
from web.gate import Gate
from web.layanan import ukuran
from web.operations import jam, outages
from web.operations.overdue import close_some
from web.tables import JamMesin, Pulse

# A process that nobody has asked anything for so long begins to beat by itself.
UNASKED_SECONDS = 15.0
RETRY_SECONDS = 0.1
# SQLite has one writer. Asking for the lock this often finds the gaps that other writers leave.
SQLITE_RETRY_SECONDS = 0.01
SQLITE_BUSY_MILLISECONDS = 5
# The share of its time that a process gives to closing: the rest belongs to those who work.
CLOSING_SECONDS = 0.15
CLOSING_TOGETHER = 5
LISTENING_SECONDS = 1.2
LONE_AFTER = int(outages.OUTAGE_SECONDS * MICROSECONDS)

# A pulse that waits for a lock waits with everybody: it takes those locks that an answer takes.
_LIMITS = text(
    "SELECT set_config('lock_timeout', '1s', true), set_config('statement_timeout', '60s', true),"
    " set_config('idle_in_transaction_session_timeout', '20s', true)"
)
_LOCKS = text("LOCK TABLE sitting, sitting_event IN ROW EXCLUSIVE MODE")


def start(app: Flask) -> Heart:
    """Let the pulse begin with the first request, which waits for it.

    Only then it is known that people reach this process: an outage lasts until somebody is served
    again, not until a process that will serve begins to load.
    """
    heart = Heart(app)
    threading.Thread(target=heart.keep_beating, name="pulse", daemon=True).start()
    app.wsgi_app = Gate(app, app.wsgi_app, heart)  # type: ignore[method-assign]
    app.extensions["pulse"] = heart
    return heart


def read_clocks() -> jam.Reading:
    """The clocks of this machine now."""
    return jam.Reading(clock.machine(), clock.since_boot(), clock.wall())


def keep_time(session: Session) -> None:
    """Let this process keep the platform's time, as every process must that dates what people did.

    The web processes do so by themselves.
    """
    clock.keep(jam.join(session, read_clocks(), lone_after=LONE_AFTER).offset)


class Heart:
    """The pulse of this process. `wait_fresh` tells whether it may serve."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.engine: Engine = db.engine
        self.keys = app.config["KEYS"]
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.connection: Connection | None = None
        self.has_joined = False
        self.per_thousand = outages.SECONDS_PER_THOUSAND
        self.trouble = ""  # why the last beat failed
        self.apart = 0  # seconds, as last told
        self.broken: frozenset[str] = frozenset()  # sittings that cannot be closed
        # All in the machine's own microseconds since its start.
        self.fresh_until = 0
        self.failing_since = 0
        self.well = 0
        self.version: int | None = None
        self.opened = threading.Condition()
        self.is_asked = threading.Event()

    def is_fresh(self) -> bool:
        """Whether this process stored its pulse less than OUTAGE_SECONDS ago."""
        return clock.since_boot() < self.fresh_until

    def wait_fresh(self, seconds: float) -> bool:
        """Wait until the pulse is fresh, at most so long; returns whether it is."""
        if self.is_fresh():
            return True
        with self.opened:
            return self.opened.wait_for(self.is_fresh, seconds)

    def asked(self) -> None:
        """Somebody reached this process."""
        if not self.is_asked.is_set():
            self.is_asked.set()

    def keep_beating(self) -> None:
        """Beat until the process ends."""
        self.is_asked.wait(UNASKED_SECONDS)
        while True:
            if self._attempt():
                time.sleep(outages.PERIOD_SECONDS)
            else:
                time.sleep(SQLITE_RETRY_SECONDS if self.is_sqlite else RETRY_SECONDS)

    def _attempt(self) -> bool:
        try:
            with self.app.app_context():
                self._beat()
                self._close()
        except SQLAlchemyError as error:
            self._failed(error)
            return False
        except Exception as error:  # without a pulse nobody is served: whatever it was, go on
            self.app.logger.error("pulse failed: %s", type(error).__name__)
            self._hang_up()
            return False
        if self.trouble:
            self.app.logger.info("pulse beats again")
        self.trouble, self.failing_since = "", 0
        return True

    def _failed(self, error: SQLAlchemyError) -> None:
        """Nothing is lost by waiting: the next beat finds the gap and gives it back."""
        if self.is_sqlite and "locked" in str(error) and self._others_store():
            return
        self.failing_since = self.failing_since or clock.since_boot()
        lasts = clock.since_boot() - self.failing_since > LONE_AFTER
        if type(error).__name__ != self.trouble and lasts:
            self.trouble = type(error).__name__
            self.app.logger.error("pulse failed: %s", self.trouble)
        if not (self.is_sqlite and "locked" in str(error)):
            self._hang_up()

    def _others_store(self) -> bool:
        """Whether another connection to the SQLite database committed since this was last asked:
        then the queue of writers moves, and everybody in it is served in turn.
        """
        at, before = clock.since_boot(), self.version
        with suppress(SQLAlchemyError):
            driver = self._open().connection.driver_connection
            assert driver is not None
            self.version = driver.execute("PRAGMA data_version").fetchone()[0]
        if before is None or self.version == before or not self.is_fresh():
            # The first to be served after an outage must not make it look like a queue that moved.
            return False
        self.well = at
        self._mark(at)
        return True

    def _open(self) -> Connection:
        if self.connection is None:
            self.connection = writing(self.engine.connect())
            self.version = None
            if self.is_sqlite:
                driver = self.connection.connection.driver_connection
                assert driver is not None
                driver.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MILLISECONDS}")
        return self.connection

    def _hang_up(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.invalidate()  # its timeout is not that of the others
                connection.close()

    def _beat(self) -> None:
        connection = self._open()
        seen = None if self.has_joined else self._listen(connection)
        with Session(connection, expire_on_commit=False) as session, session.begin():
            if not self.is_sqlite:
                session.execute(_LIMITS)
                session.execute(_LOCKS)
            session.scalar(select(Pulse).with_for_update())
            reading = read_clocks()
            if self.has_joined:
                agreed = jam.follow(session, reading, own=clock.offset())
            else:
                agreed = jam.join(session, reading, lone_after=LONE_AFTER, seen=seen)
            clock.keep(agreed.offset)
            now = reading.since_boot + agreed.offset
            beat = outages.beat(
                session,
                now=now,
                well=self.well + agreed.offset,
                keys=self.keys,
                per_thousand=self.per_thousand,
            )
        self.has_joined = True
        self._tell(beat, agreed, (clock.since_boot() - reading.since_boot) / MICROSECONDS)
        begins = max(beat.resumed, now) - agreed.offset
        time.sleep(max(0.0, (begins - clock.since_boot()) / MICROSECONDS))
        self._mark(begins)

    def _listen(self, connection: Connection) -> int | None:
        """The pulse of other machines when it moves; asked only where this machine is new and its
        clock shows another time.
        """
        with Session(connection) as session, session.begin():
            first = session.scalar(select(Pulse.at))
            known = session.get(JamMesin, clock.machine())
        apart = 0 if first is None else abs(clock.wall() - first)
        if known is not None or apart <= jam.SET_SECONDS * MICROSECONDS:
            return None
        time.sleep(LISTENING_SECONDS)
        with Session(connection) as session, session.begin():
            second = session.scalar(select(Pulse.at))
        return second if second != first else None

    def _tell(self, beat: outages.Beat, agreed: jam.Agreed, took: float) -> None:
        if beat.given:
            gap = (beat.resumed - beat.stopped) / MICROSECONDS
            self.app.logger.warning(
                "outage of %.1f s: time given back to %d sittings in %.1f s", gap, beat.given, took
            )
            ukuran.note_outage(gap, beat.given)
        if beat.given >= outages.FEW:
            # A machine that is slower than thought must not find itself late again and again.
            self.per_thousand = max(self.per_thousand, 1500 * took / beat.given)
        apart = round(agreed.apart / MICROSECONDS)
        if abs(apart - self.apart) > jam.SET_SECONDS:
            self.apart = apart
            self.app.logger.warning("clock of the machine is %+d s from the platform's time", apart)

    def _mark(self, at: int) -> None:
        """Serve until the pulse written at `at` is too old."""
        with self.opened:
            self.fresh_until = at + LONE_AFTER
            self.opened.notify_all()

    def _close(self) -> None:
        """Close a few sittings that nobody looks at; the next beat goes on."""
        end = time.monotonic() + CLOSING_SECONDS
        while self.is_fresh() and time.monotonic() < end:
            try:
                with Session(self._open(), expire_on_commit=False) as session, session.begin():
                    closed = close_some(
                        session,
                        now=clock.now(),
                        keys=self.keys,
                        most=CLOSING_TOGETHER,
                        skip=self.broken,
                    )
            except OperationalError:
                return  # somebody works: closing can wait
            if closed.broken:
                self.broken |= closed.broken
                self.app.logger.error("%d sittings cannot be closed", len(self.broken))
            if closed.count + len(closed.broken) < CLOSING_TOGETHER:
                return
