"""How many durable answers a second, beside the database's own limit for the same row work?

Run it with `python -m bench.load.full_speed --seconds 30 --json out/bench/full-speed.json`.

As many clients as --clients answer as fast as they are answered, adaptively, from a pool of 1,000
items; the load generator runs on the same machine. Before and after each measurement pgbench does
the four statements of an answer on the same tables and the same disk: SELECT FOR UPDATE, INSERT of
an event, UPDATE of the sitting, COMMIT. Afterwards every acknowledged answer is looked up, and a
sample of sittings is verified by replay.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

import click
import numpy as np
import psutil
from flask import Flask
from flask_migrate import upgrade

from bench import machine, report
from bench.load import ledger, speed_hall
from bench.load.answering import Answered, answer_for
from bench.load.cookies import Signer
from bench.load.ledger import Start
from bench.load.rowwork import RowWork
from bench.load.server import serving
from bench.scratch_postgres import SECRET, Database, scratch
from cat.itembank.pool import Pool
from seeds.load import load_all
from web import clock, create_app
from web.config import derive
from web.db import db, transaction

PACKAGES = ("flask", "granian", "sqlalchemy", "psycopg", "numpy")
KEY = derive(SECRET.encode(), "records")
SAMPLE = 25
TARGETS = {"postgresql": 3_000, "sqlite": 2_400}
WANTED_RATIO, WANTED_P99 = 0.35, 60.0


@dataclass(frozen=True)
class Measured:
    """One run. cpu : microseconds of processor time an answer, by who used it."""

    database: str
    answers: int
    seconds: float
    p50: float
    p95: float
    p99: float
    problems: dict[str, int]
    cpu: dict[str, float]
    memory_mb: float
    row_work: float
    lost: int
    doubled: int
    changed: int
    verified: int
    broken: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


@click.command()
@click.option("--seconds", default=30.0, show_default=True, help="of load on each database")
@click.option("--clients", default=64, show_default=True)
@click.option("--workers", default=2, show_default=True, help="web processes on PostgreSQL")
@click.option("--people", type=int, help="sittings to use up; by default enough")
@click.option("--only", type=click.Choice(["postgresql", "sqlite"]))
@click.option("--json", "path", type=click.Path(path_type=Path), help="also write the figures here")
def main(
    seconds: float,
    clients: int,
    workers: int,
    people: int | None,
    only: str | None,
    path: Path | None,
) -> None:
    """Answer at full speed on PostgreSQL and on SQLite; print rates, times and ratios."""
    facts = machine.describe(PACKAGES)
    report.show_facts("Machine", facts)
    pool = speed_hall.thousand_items()
    # A sitting takes a hundred answers; more are wanted than the best machine could use up.
    count = people or max(clients, int(seconds * 60))
    found = []
    for name in ("postgresql", "sqlite"):
        if only in (None, name):
            with _database(name) as database:
                found.append(_measure(database, name, pool, count, seconds, clients, workers))
    _show(found)
    if path:
        report.save(path, {"machine": facts, "runs": [asdict(m) | {"rate": m.rate} for m in found]})


@contextmanager
def _database(name: str) -> Iterator[Database]:
    if name == "postgresql":
        with scratch() as database:
            yield database
        return
    with tempfile.TemporaryDirectory(prefix="catcpns-bench-") as folder:
        url = f"sqlite:///{folder}/catcpns.sqlite"
        with _app(url, folder).app_context():
            upgrade()
            with transaction() as session:
                pool = load_all(session, now=0)
            db.session.remove()
            db.engine.dispose()
        yield Database(url, 0, "sqlite", pool)


def _app(url: str, folder: str = "/tmp") -> Flask:
    os.environ.setdefault("CATCPNS_SECRET", SECRET)
    os.environ.setdefault("CATCPNS_PLAIN_HTTP", "1")
    settings = {"SQLALCHEMY_DATABASE_URI": url, "INSTANCE_PATH": folder, "TESTING": True}
    return create_app(settings)


def _measure(
    database: Database,
    name: str,
    pool: Pool,
    people: int,
    seconds: float,
    clients: int,
    workers: int,
) -> Measured:
    with _app(database.url).app_context():
        with transaction() as session:
            seated = speed_hall.seat(session, pool, people, key=KEY, now=clock.now())
        db.session.remove()
    starts = [start for start, _ in seated]
    signer = Signer(SECRET)
    cookies = [signer.cookie(start.sitting_id, login) for start, login in seated]
    work = RowWork(database, clients) if name == "postgresql" else None
    limits = [work.run()] if work else []
    with tempfile.TemporaryDirectory() as folder:
        one = 1 if name == "sqlite" else workers
        with serving(database, Path(folder), workers=one, bagian="ujian") as server:
            before = _cpu(server.pid, database.pid)
            run = asyncio.run(
                answer_for(seconds, server.port, starts, cookies, signer.token(), clients)
            )
            after = _cpu(server.pid, database.pid)
            memory = _memory(server.pid)
    if work:
        limits.append(work.run())
    used = {who: (after[who] - before[who]) / max(1, run.count) * 1e6 for who in after}
    return _judged(database, name, run, starts, used, memory / 2**20, mean(limits or [0.0]))


def _judged(
    database: Database,
    name: str,
    run: Answered,
    starts: Sequence[Start],
    cpu: dict[str, float],
    memory: float,
    row_work: float,
) -> Measured:
    with _app(database.url).app_context():
        verdict = ledger.check(db.engine, run.ledger, starts, shuffled=True)
        touched = sorted({starts[n].sitting_id for n in run.ledger.person})
        sample = [touched[i] for i in np.linspace(0, len(touched) - 1, SAMPLE, dtype=int)]
        broken = ledger.verify(db.engine, sample, KEY)
        db.session.remove()
        db.engine.dispose()
    for each in broken[:5]:
        click.echo(each, err=True)
    waits = np.array(run.waits) * 1000
    p50, p95, p99 = np.percentile(waits, (50, 95, 99)).tolist()
    problems = {f"{status}": times for status, times in run.problems.items()}
    return Measured(
        name,
        run.count,
        run.seconds,
        p50,
        p95,
        p99,
        problems,
        cpu,
        memory,
        row_work,
        verdict.lost,
        verdict.doubled,
        verdict.changed,
        len(sample),
        len(broken),
    )


def _cpu(server: int, database: int) -> dict[str, float]:
    """Processor seconds so far: of the generator, the web processes, the database."""
    found = {"generator": time.process_time(), "web": _tree(server)}
    return found | ({"database": _tree(database)} if database else {})


def _memory(server: int) -> float:
    """The largest web process, bytes; the worker for jobs is not one."""
    children = psutil.Process(server).children(recursive=True)
    return max(p.memory_info().rss for p in children if "job" not in p.cmdline())


def _tree(pid: int) -> float:
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        times = process.cpu_times()
        total += times.user + times.system
    return total


def _show(found: Sequence[Measured]) -> None:
    columns = ("database", "answers/s", "p50 ms", "p95", "p99", "row work/s", "ratio", "lost")
    columns += ("doubled", "replayed", "MB")
    rows = []
    for m in found:
        ratio = f"{m.rate / m.row_work:.2f}" if m.row_work else "-"
        limit = f"{m.row_work:,.0f}" if m.row_work else "-"
        times = [f"{each:.1f}" for each in (m.p50, m.p95, m.p99)]
        replayed = f"{m.verified - m.broken}/{m.verified}"
        wrong = (str(m.lost + m.changed), str(m.doubled), replayed, f"{m.memory_mb:.0f}")
        rows.append((m.database, f"{m.rate:,.0f}", *times, limit, ratio, *wrong))
    report.show("Durable answers at full speed", columns, rows)
    for m in found:
        cpu = ", ".join(f"{who} {used:.0f}" for who, used in m.cpu.items())
        click.echo(f"{m.database}: processor time an answer, us: {cpu}; problems: {m.problems}")
        click.echo(f"  wanted: {TARGETS[m.database]:,}/s, p99 {WANTED_P99:.0f} ms")
        if m.row_work:
            click.echo(f"  wanted: {WANTED_RATIO} of the row work")


if __name__ == "__main__":
    main()
