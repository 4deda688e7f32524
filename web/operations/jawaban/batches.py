"""One batch: lock, judge, store, and only then tell."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import psycopg
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from cat.itembank.pool import Pool
from web.operations import pools, records
from web.operations.jawaban import judging
from web.operations.jawaban.asks import ANSWER, CHOOSE, STANDING, Ask, Told, Verdict
from web.operations.jawaban.cache import Cache
from web.operations.jawaban.postgres import PostgresStore
from web.operations.jawaban.rows import Row, Store
from web.operations.jawaban.sheets import Sheets
from web.operations.jawaban.sqlite import SqliteStore
from web.operations.jawaban.ukuran import Ukuran
from web.tables import Sitting

# The database is away, full or restarting: nothing is wrong with the requests.
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, sqlite3.OperationalError)
# How long a request may wait for a row that somebody else holds.
PATIENCE_MICROSECONDS = 3_000_000
_log = logging.getLogger(__name__)


def open_store(engine: Engine) -> Store:
    """A connection of its own to the engine's database."""
    is_postgres = engine.dialect.name == "postgresql"
    return PostgresStore(engine) if is_postgres else SqliteStore(engine)


def _as_sitting(row: Mapping[str, Any]) -> Sitting:
    return cast(Sitting, SimpleNamespace(**row))


class Batches:
    """Judges and stores batches, one after the other; one thread may use it.

    key : of the seals. now : the platform's clock. newest : id of the newest message to a seat.
    heard : told whenever the login that may act was heard of.
    """

    def __init__(
        self,
        engine: Engine,
        key: bytes,
        now: Callable[[], int],
        newest: Callable[[Row], int],
        heard: Callable[[str, int], None],
        ukuran: Ukuran,
    ) -> None:
        self._engine, self._key, self._now, self._newest = engine, key, now, newest
        self._heard, self._ukuran = heard, ukuran
        self._store: Store | None = None
        self.cache = Cache(self._get_sheets, lambda row: records.terms_of(_as_sitting(row)), ukuran)

    def run(self, asks: Sequence[Ask]) -> tuple[list[Told], list[Ask]]:
        """Judge requests, at most one act of a sitting; stored when this returns.

        Returns what each is to be told, and those that must wait for a row held by others.
        """
        started = time.perf_counter()
        try:
            told, again = self._run(asks)
        except _AWAY as error:
            _log.error("answers: the database is away: %s", type(error).__name__)
            self._give_up(asks)
            told, again = [(ask, Verdict.BUSY, b"") for ask in asks], []
        except Exception as error:
            _log.exception("answers: a batch of %d failed: %s", len(asks), type(error).__name__)
            self._give_up(asks)
            told, again = self._one_by_one(asks)
        self._count(told, again, time.perf_counter() - started)
        return told, again

    def close(self) -> None:
        """Give the connection back."""
        if self._store is not None:
            store, self._store = self._store, None
            try:
                store.close()
            except Exception as error:  # it may be gone already, which is as good
                _log.info("answers: closing: %s", type(error).__name__)

    def _one_by_one(self, asks: Sequence[Ask]) -> tuple[list[Told], list[Ask]]:
        """So that one bad request hurts nobody else; the ordinary way says what is wrong."""
        if len(asks) == 1:
            return [(asks[0], Verdict.PASSED, b"")], []
        told: list[Told] = []
        again: list[Ask] = []
        for ask in asks:
            one, later = self.run([ask])
            told += one
            again += later
        return told, again

    def _run(self, asks: Sequence[Ask]) -> tuple[list[Told], list[Ask]]:
        if self._store is None:
            self._store = open_store(self._engine)
        store = self._store
        acts = [ask.sitting_id for ask in asks if ask.act != STANDING]
        looks = {ask.sitting_id for ask in asks if ask.act == STANDING}
        # Nobody acts on a row that is only looked at: somebody else may hold it.
        rows = {row.id: row for row in store.lock(acts, list(looks.difference(acts)))}
        judged, again = self._judge(asks, rows, store)
        if acts:
            store.commit(judged.writes)
        now = self._now()
        told: list[Told] = [(ask, Verdict.PASSED, b"") for ask in judged.passed]
        told += [(ask, Verdict.LAST, b"") for ask in judged.last]
        told += [
            (ask, Verdict.DONE, body) for ask, body in judging.bodies(judged, now, self._newest)
        ]
        return self._patient(told, again, now)

    def _judge(
        self, asks: Sequence[Ask], rows: dict[str, Row], store: Store
    ) -> tuple[judging.Judged, list[Ask]]:
        pairs, looked, passed, again = [], [], [], []
        for ask in asks:
            row = rows.get(ask.sitting_id)
            if row is None:
                again.append(ask)
                continue
            if row.masuk_id == ask.login:
                self._heard(row.id, ask.at)
            if not judging.is_ordinary(ask, row):
                passed.append(ask)
            elif ask.act == STANDING:
                looked.append((ask, row))
            else:
                pairs.append((ask, row))
        entries = self.cache.entries([row for _, row in pairs], store) if pairs else {}
        judged = judging.judge(pairs, entries, self._key)
        judged.looked, judged.passed = looked, judged.passed + passed
        return judged, again

    def _patient(
        self, told: list[Told], again: list[Ask], now: int
    ) -> tuple[list[Told], list[Ask]]:
        """Sends away whoever has waited too long for a row."""
        waiting = []
        for ask in again:
            ask.tries += 1
            if now - ask.at > PATIENCE_MICROSECONDS:
                told.append((ask, Verdict.BUSY, b""))
            else:
                waiting.append(ask)
        return told, waiting

    def _give_up(self, asks: Sequence[Ask]) -> None:
        """After a failure neither connection nor entries are known to be sound."""
        self._ukuran.failed_batches += 1
        self.close()
        for ask in asks:
            self.cache.drop(ask.sitting_id)

    def _get_sheets(self, pool_digest: str, rules_digest: str) -> tuple[Pool, Sheets]:
        with Session(self._engine) as session:
            pool = pools.get_pool(session, pool_digest)
            return pool, Sheets(pool, pools.get_rules(session, rules_digest))

    def _count(self, told: Sequence[Told], again: Sequence[Ask], seconds: float) -> None:
        ukuran, now = self._ukuran, self._now()
        ukuran.batch_seconds.add(seconds)
        ukuran.batch_size.add(len(told) + len(again))
        ukuran.skipped += len(again)
        ukuran.cached = len(self.cache)
        for ask, verdict, _ in told:
            if verdict is Verdict.DONE:
                ukuran.answers += ask.act == ANSWER
                ukuran.choices += ask.act == CHOOSE
                ukuran.unchanged += ask.act == STANDING
                ukuran.wait_seconds.add((now - ask.at) / 1e6)
            else:
                ukuran.passed += verdict is Verdict.PASSED
                ukuran.busy += verdict is Verdict.BUSY
