"""Background jobs: none is lost, none is done twice, and each can be stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from cat.errors import BadInput
from tests.web.conftest import KEYS, START, _sql, settings
from web import create_app
from web.db import db, own_session
from web.operations import jobs
from web.operations.job_worker import Workshop, work_once
from web.operations.jobs import Context, JobCancelled, Status
from web.tables import AuditRow, Job

ROOT = Path(__file__).resolve().parents[2]
STALE = (jobs.STALE_SECONDS + 1) * 1_000_000


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path, clock) -> Iterator[Flask]:
    """The application on empty tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'kosong.sqlite'}"
    else:
        server, name = request.getfixturevalue("postgres"), f"kosong_{uuid.uuid4().hex[:12]}"
        _sql(server, f"CREATE DATABASE {name}")
        url = f"{server}/{name}"
    app = create_app(settings(url, tmp_path))
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def shop(bare: Flask, clock) -> Callable[[str], Workshop]:
    """A worker of that name."""
    sessions = partial(own_session, db.engine)
    return lambda name="satu": Workshop(name, Path(bare.instance_path), sessions, KEYS, clock.now)


@pytest.fixture
def ask(bare: Flask, monkeypatch) -> Callable[..., str]:
    """Ask for a job that calls a function; returns its id."""

    def enqueue(function: jobs.Function, **params: object) -> str:
        monkeypatch.setitem(jobs._kinds, "uji", jobs.Kind("Uji", function))
        with own_session(db.engine, writes=True) as session:
            return jobs.enqueue(session, "uji", params, "staf", START).id

    return enqueue


def stored(job_id: str) -> Job:
    with own_session(db.engine) as session:
        return session.get_one(Job, job_id)


def act(function, job_id: str, **kwargs):
    with own_session(db.engine, writes=True) as session:
        return function(session, job_id, by="staf", now=START, **kwargs)


def test_a_job_is_done_once_with_its_parameters_folder_and_result(ask, shop):
    def double(context: Context) -> dict:
        (context.folder / "hasil.txt").write_text("ya")
        return {"dua": 2 * context.params["n"], "berkas": ["hasil.txt"]}

    job_id = ask(double, n=21)

    assert work_once(shop())
    assert not work_once(shop())
    job = stored(job_id)
    assert (job.status, job.result["dua"], job.attempts) == (Status.DONE, 42, 1)
    assert jobs.files_of(job) == ("hasil.txt",)
    assert (jobs.folder_of(shop().instance, job_id) / "hasil.txt").read_text() == "ya"


def test_jobs_are_done_in_the_order_of_asking(ask, shop):
    seen = []
    for n in (1, 2, 3):
        ask(lambda context: seen.append(context.params["n"]) or {}, n=n)
        with own_session(db.engine, writes=True) as session:  # each a moment later
            newest = session.scalars(db.select(Job).where(Job.created_at == START)).one()
            newest.created_at += n

    while work_once(shop()):
        pass

    assert seen == [1, 2, 3]


def test_a_cancelled_job_stops_at_its_next_step_and_stays_cancelled(ask, shop):
    reached = []

    def long(context: Context) -> dict:
        context.progress(1, 10, "mulai")
        act(jobs.cancel, context.job_id)
        reached.append("before")
        context.progress(2, 10)
        reached.append("after")
        return {}

    job_id = ask(long)
    work_once(shop())

    job = stored(job_id)
    assert reached == ["before"]
    assert (job.status, job.done, job.message) == (Status.CANCELLED, 1, "dibatalkan oleh staf")
    assert not work_once(shop())


def test_cancelling_after_the_last_step_wins_over_the_result(ask, shop):
    job_id = ask(lambda context: act(jobs.cancel, context.job_id) and {})
    work_once(shop())

    assert stored(job_id).status == Status.CANCELLED


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (BadInput("formasi 9 tidak ada"), "formasi 9 tidak ada"),
        (KeyError("x"), "kesalahan program: KeyError"),
    ],
)
def test_a_failed_job_says_why_and_goes_on_when_retried(ask, shop, error, message):
    def fail_once(context: Context) -> dict:
        mark = context.folder / "sebagian"
        if mark.exists():
            return {"sebagian": mark.read_text()}
        mark.write_text("ada")
        raise error

    job_id = ask(fail_once)
    work_once(shop())
    assert (stored(job_id).status, stored(job_id).message) == (Status.FAILED, message)

    assert act(jobs.retry, job_id)
    work_once(shop())

    assert stored(job_id).result == {"sebagian": "ada"}


def test_what_has_ended_can_neither_be_cancelled_nor_retried(ask, shop):
    job_id = ask(lambda context: {})
    work_once(shop())

    assert not act(jobs.cancel, job_id)
    assert not act(jobs.retry, job_id)
    with pytest.raises(BadInput, match="tidak ada pekerjaan"):
        act(jobs.cancel, "bukan-id")


def test_asking_cancelling_and_retrying_are_in_the_audit_trail(ask, shop):
    job_id = ask(lambda context: {})
    act(jobs.cancel, job_id)
    act(jobs.retry, job_id)

    with own_session(db.engine) as session:
        noted = session.scalars(db.select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.act for row in noted] == [
        "minta pekerjaan",
        "batalkan pekerjaan",
        "ulangi pekerjaan",
    ]
    assert {row.subject for row in noted} == {job_id}


def test_a_silent_worker_loses_its_job_and_may_not_end_it(ask, shop, clock):
    def taken_over(context: Context) -> dict:
        if context.worker == "dua":
            return {"oleh": "dua"}
        clock.tick(STALE / 1_000_000)
        assert work_once(shop("dua"))
        with pytest.raises(JobCancelled):
            context.progress(1, 2)
        return {"oleh": "satu"}

    job_id = ask(taken_over)
    work_once(shop("satu"))

    assert stored(job_id).result == {"oleh": "dua"}
    assert stored(job_id).attempts == 2


def test_a_job_that_kills_every_worker_is_given_up(ask, shop, clock):
    job_id = ask(lambda context: {})
    for n in range(jobs.MAX_ATTEMPTS):  # each takes it and is never heard of again
        with own_session(db.engine, writes=True) as session:
            assert jobs.claim(session, f"mati {n}", clock.now()).id == job_id
        clock.tick(STALE / 1_000_000)

    assert not work_once(shop())
    assert stored(job_id).status == Status.FAILED
    assert "berhenti mendadak 3 kali" in stored(job_id).message


def test_a_worker_that_is_told_to_stop_gives_its_job_back_at_once(ask, shop):
    def stopped(context: Context) -> dict:
        if context.worker == "satu":
            raise SystemExit(0)
        return {}

    job_id = ask(stopped)
    with pytest.raises(SystemExit):
        work_once(shop("satu"))
    assert (stored(job_id).status, stored(job_id).attempts) == (Status.WAITING, 0)

    work_once(shop("dua"))
    assert stored(job_id).status == Status.DONE


def test_eight_workers_at_once_do_each_job_exactly_once(ask, shop):
    done, lock = [], threading.Lock()

    def note(context: Context) -> dict:
        with lock:
            done.append(context.job_id)
        return {}

    wanted = {ask(note) for _ in range(24)}

    def worker(n: int) -> None:
        while work_once(shop(f"pekerja {n}")):
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(worker, range(8)))

    assert sorted(done) == sorted(wanted)


def test_an_unknown_kind_is_refused_when_asked_for_and_fails_when_met(ask, shop, monkeypatch):
    job_id = ask(lambda context: {})
    monkeypatch.delitem(jobs._kinds, "uji")

    work_once(shop())
    assert "tidak dikenal" in stored(job_id).message
    with (
        own_session(db.engine, writes=True) as session,
        pytest.raises(BadInput, match="'uji' tidak dikenal"),
    ):
        jobs.enqueue(session, "uji", {}, "staf", START)


def test_reading_for_long_does_not_keep_others_from_writing(ask, shop):
    def reads(context: Context) -> dict:
        with context.session() as session:
            session.scalars(db.select(AuditRow)).first()
            context.progress(1, 2)  # writes while the read is still open
        return {}

    job_id = ask(reads)
    work_once(shop())

    assert stored(job_id).status == Status.DONE


WORKER = """
import sys, time
from functools import partial
from pathlib import Path
from tests.web.conftest import KEYS, settings
from web import clock, create_app
from web.db import db, own_session
from web.operations import jobs
from web.operations.job_worker import Workshop, work_once

def count(context):
    for n in range(1, 6):
        step = context.folder / str(n)
        if step.exists():
            continue
        if n == 4 and "hang" in sys.argv:
            (context.folder / "hanging").touch()
            time.sleep(600)
        step.write_text(context.worker)
        context.progress(n, 5)
    return {"oleh": [(context.folder / str(n)).read_text() for n in range(1, 6)]}

jobs.register("hitung", count, title="Hitung")
with create_app(settings(sys.argv[1], Path(sys.argv[2]))).app_context():
    sessions = partial(own_session, db.engine)
    work_once(Workshop(sys.argv[3], Path(sys.argv[2]), sessions, KEYS, clock.now))
"""


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_goes_on(
    bare, shop, monkeypatch, wait_until, tmp_path
):
    monkeypatch.setitem(jobs._kinds, "hitung", jobs.Kind("Hitung", dict))
    with own_session(db.engine, writes=True) as session:
        job_id = jobs.enqueue(session, "hitung", {}, "staf", START).id
    folder = jobs.folder_of(tmp_path, job_id)
    url = db.engine.url.render_as_string(hide_password=False)

    def worker(name: str, *more: str) -> subprocess.Popen:
        words = [sys.executable, "-c", WORKER, url, str(tmp_path), name, *more]
        return subprocess.Popen(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})

    first = worker("satu", "hang")
    wait_until(lambda: (folder / "hanging").exists())
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert stored(job_id).status == Status.RUNNING
    assert stored(job_id).done >= 1  # progress is written at most twice a second
    with own_session(db.engine, writes=True) as session:  # as if it had been silent for long
        session.get_one(Job, job_id).heartbeat_at = time.time_ns() // 1000 - STALE

    assert worker("dua").wait(timeout=60) == 0

    job = stored(job_id)
    assert (job.status, job.attempts) == (Status.DONE, 2)
    assert job.result["oleh"] == ["satu"] * 3 + ["dua"] * 2


def test_the_server_keeps_one_worker_that_ends_with_it(tmp_path, monkeypatch, wait_until):
    from web.cli import serving

    notes, program = tmp_path / "pekerja", tmp_path / "pekerja.sh"
    program.write_text(f"#!/bin/sh\necho $$ >> {notes}\nexec sleep 600\n")
    program.chmod(0o700)
    monkeypatch.setattr(serving.sys, "executable", str(program))
    monkeypatch.setattr(serving, "RESTART_SECONDS", 0.1)

    def pids() -> list[int]:
        return [int(line) for line in notes.read_text().split()] if notes.exists() else []

    with serving._job_worker():
        wait_until(lambda: len(pids()) == 1)
        os.kill(pids()[0], signal.SIGKILL)
        wait_until(lambda: len(pids()) == 2)

    with pytest.raises(ProcessLookupError):
        os.kill(pids()[1], 0)
