"""The books of a load: what clients were told against what the database has."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import insert, select

from bench.load import cookies, ledger, schedule
from bench.load.client import Reply
from bench.load.ledger import Start
from bench.load.schedule import LABELS, Kind
from bench.load.sender import Sender
from tests.web.conftest import KEYS, SECRET, Peserta
from web.db import db
from web.tables import SittingEvent

PEOPLE, ANSWERS = 3, 5
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class InProcess:
    """The application asked without a network in between. swallow : which answer it only claims
    to have stored, counted from 1; 0 for none.
    """

    def __init__(self, app: Flask, swallow: int = 0) -> None:
        self.client = app.test_client(use_cookies=False)
        self.swallow, self.answers = swallow, 0

    async def get(
        self, path: str, *, cookie: str = "", headers: Mapping[str, str] | None = None
    ) -> Reply:
        return self._ask("GET", path, cookie, headers, None)

    async def post_form(
        self,
        path: str,
        fields: Mapping[str, Any],
        *,
        cookie: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        if path.endswith("/jawab"):
            self.answers += 1
            if self.answers == self.swallow:
                return Reply(200, b"HTTP/1.1 200 OK", b'{"keadaan": "working"}')
        return self._ask("POST", path, cookie, headers, urlencode(fields))

    def _ask(
        self,
        method: str,
        path: str,
        cookie: str,
        headers: Mapping[str, str] | None,
        body: str | None,
    ) -> Reply:
        db.session.remove()
        reply = contextvars.Context().run(
            lambda: self.client.open(
                path,
                method=method,
                data=body,
                headers={**(headers or {}), "Cookie": cookie},
                content_type="application/x-www-form-urlencoded" if body else None,
            )
        )
        return Reply(reply.status_code, b"HTTP/1.1 " + reply.status.encode(), reply.data)


@pytest.fixture
def people(peserta: Callable[[int], Peserta]) -> list[Peserta]:
    found = [peserta(seat) for seat in range(1, PEOPLE + 1)]
    for each in found:
        each.starts()
    return found


def load(people: list[Peserta], server: InProcess) -> tuple[Sender, list[Start]]:
    """Everybody answers a few items, in turn."""
    stored = [each.stored() for each in people]
    starts = [Start(each.id, each.seed, 0) for each in stored]
    signer = cookies.Signer(SECRET)
    logins = signer.cookies((each.id, each.masuk_id) for each in stored)
    sender = Sender(server, starts, logins, signer.token(), seed=1)
    count = PEOPLE * ANSWERS
    turns = np.arange(count, dtype=np.int32) % PEOPLE
    kinds = np.full(count, Kind.ANSWER, dtype=np.int8)
    work = sender.run(schedule.Schedule(np.linspace(0, 0.1, count), turns, kinds))
    # In a thread of its own: a browser's tests may have left a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(contextvars.copy_context().run, asyncio.run, work).result()
    db.session.remove()
    return sender, starts


@SQLITE
def test_every_acknowledged_answer_is_found_once_and_replays(
    app: Flask, people: list[Peserta]
) -> None:
    sender, starts = load(people, InProcess(app))

    verdict = ledger.check(db.engine, sender.ledger, starts, shuffled=True)

    assert verdict == ledger.Verdict(PEOPLE * ANSWERS, PEOPLE * ANSWERS, 0, 0, 0, 0)
    assert sender.tally.count(LABELS[Kind.ANSWER]) == PEOPLE * ANSWERS
    assert not sender.tally.problems
    assert ledger.verify(db.engine, [each.sitting_id for each in starts], KEYS.record) == []


@SQLITE
@pytest.mark.parametrize("swallow", [4, PEOPLE * ANSWERS], ids=["amid", "last"])
def test_an_answer_that_was_acknowledged_and_not_stored_is_reported_as_lost(
    app: Flask, people: list[Peserta], swallow: int
) -> None:
    sender, starts = load(people, InProcess(app, swallow))

    verdict = ledger.check(db.engine, sender.ledger, starts, shuffled=True)

    assert (verdict.lost, verdict.doubled, verdict.changed) == (1, 0, 0)
    assert not verdict.is_clean


@SQLITE
def test_an_answer_that_was_stored_twice_is_reported_as_doubled(
    app: Flask, people: list[Peserta]
) -> None:
    sender, starts = load(people, InProcess(app))
    last = db.session.scalars(
        select(SittingEvent)
        .where(SittingEvent.sitting_id == starts[0].sitting_id)
        .order_by(SittingEvent.seq.desc())
    ).first()
    columns = SittingEvent.__table__.columns
    again = {column.name: getattr(last, column.name) for column in columns}
    db.session.execute(insert(SittingEvent).values({**again, "seq": last.seq + 1}))
    db.session.commit()

    verdict = ledger.check(db.engine, sender.ledger, starts, shuffled=True)

    assert (verdict.lost, verdict.doubled) == (0, 1)
    assert ledger.verify(db.engine, [starts[0].sitting_id], KEYS.record)


def test_the_nation_arrives_at_random_at_the_rate_asked_for() -> None:
    left = np.full(5_000, 60)
    plan = schedule.plan(left, 120.0, per_second=92.0, rng=np.random.default_rng(7), pages=1.0)

    answers = plan.due[plan.kind == Kind.ANSWER]
    counts = np.histogram(answers, bins=600, range=(0, 120))[0]

    assert abs(len(answers) / 120 - 92) < 0.5
    assert 0.85 < counts.var() / counts.mean() < 1.15  # one for a Poisson process
    assert (np.diff(plan.due) >= 0).all()
