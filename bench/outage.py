"""Time given back to a nation after an outage, and a nation's clocks that run out together.

Run it with `python -m bench.outage --json out/bench/outage.json`. A scratch PostgreSQL holds people
in mid-exam, as the platform itself would have stored them. Timed is the one beat of the pulse that
finds the gap: it locks every running sitting, seals two events each and commits. Some sittings are
verified by replay afterwards. Then the time of some runs out, and they are closed a few at a time.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import click
import numpy as np
from flask import Flask
from sqlalchemy import select

from bench import machine, report
from bench.load import hall
from bench.scratch_postgres import SECRET, Database, scratch
from cat.exam.record import MICROSECONDS
from cat.exam.state import Phase
from web import create_app
from web.db import db, own_session
from web.operations import outages
from web.operations.overdue import close_some
from web.operations.verification import verify_sitting
from web.tables import Pulse, Sitting

WANTED_SECONDS = 15.0
GAP_SECONDS = 90
TOGETHER = 5  # as web.pulse closes them


@click.command()
@click.option("--people", default=50_000, show_default=True)
@click.option("--verified", default=200, show_default=True, help="Sittings replayed afterwards.")
@click.option("--closed", default=200, show_default=True, help="Sittings closed afterwards.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(people: int, verified: int, closed: int, path: Path | None) -> None:
    """Fill a scratch PostgreSQL, give back an outage, verify, close, and print the times."""
    facts = machine.describe(("sqlalchemy", "psycopg"))
    with scratch() as database, tempfile.TemporaryDirectory() as folder:
        facts["postgresql"] = database.version
        report.show_facts("Machine", facts)
        click.echo("filling the tables", err=True)
        nation = hall.store(database, people)
        app = _app(database, folder)
        given, seconds, again = _give_back(app)
        chosen = np.random.default_rng(2024).choice(nation.seats["id"].to_numpy(), verified, False)
        findings = _verify(app, chosen.tolist())
        closing = _close(app, closed)
    rows = [
        ("sittings given time back", f"{given:,}", f"{people:,}"),
        ("seconds until the commit", f"{seconds:.1f}", f"at most {WANTED_SECONDS:.0f}"),
        ("given back by the beat after it", str(again), "0"),
        ("of those replayed, not verified", f"{len(findings)} of {verified}", "0"),
        ("seconds to close one sitting that nobody looks at", f"{closing:.4f}", ""),
    ]
    report.show("An outage", ("", "measured", "wanted"), rows)
    if path:
        figures = {"people": people, "given": given, "seconds": seconds, "again": again}
        more = {"findings": findings, "verified": verified, "closing": closing}
        report.save(path, {"machine": facts, **figures, **more})
    is_whole = given == people and not again and not findings and seconds <= WANTED_SECONDS
    raise SystemExit(0 if is_whole else 1)


def _app(database: Database, folder: str) -> Flask:
    os.environ["CATCPNS_SECRET"] = SECRET
    os.environ["CATCPNS_PLAIN_HTTP"] = "1"
    return create_app({"SQLALCHEMY_DATABASE_URI": database.url, "INSTANCE_PATH": folder})


def _give_back(app: Flask) -> tuple[int, float, int]:
    """Sittings and seconds of the beat that finds a gap; sittings of the one right after it."""
    keys = app.config["KEYS"]
    with app.app_context():
        with own_session(db.engine, writes=True) as session:
            last = max(session.scalars(select(Sitting.last_at)))
            session.merge(Pulse(id=1, at=last))
        now = last + GAP_SECONDS * MICROSECONDS
        began = time.perf_counter()
        with own_session(db.engine, writes=True) as session:
            beat = outages.beat(session, now=now, keys=keys)
        seconds = time.perf_counter() - began
        with own_session(db.engine, writes=True) as session:
            again = outages.beat(session, now=beat.resumed + MICROSECONDS, keys=keys)
    return beat.given, seconds, again.given


def _verify(app: Flask, sitting_ids: list[str]) -> list[str]:
    key = app.config["KEYS"].record
    with app.app_context():
        session = db.session()
        return [
            f"{each}: {found}"
            for each in sitting_ids
            for found in verify_sitting(session, session.get_one(Sitting, each), key)
        ]


def _close(app: Flask, count: int) -> float:
    """Seconds for each sitting closed, when the clocks of `count` run out in one moment."""
    keys = app.config["KEYS"]
    with app.app_context():
        with own_session(db.engine) as session:
            ends = select(Sitting.deadline).where(Sitting.phase == Phase.WORKING.value)
            first = sorted(session.scalars(ends))[:count]
        now, done = first[-1] + 20 * MICROSECONDS, 0
        began = time.perf_counter()
        while done < count:
            with own_session(db.engine, writes=True) as session:
                closed = close_some(session, now=now, keys=keys, most=TOGETHER).count
            if not closed:
                break
            done += closed
        return (time.perf_counter() - began) / max(1, done)


if __name__ == "__main__":
    main()
