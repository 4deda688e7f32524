"""The queue of background jobs: asking for one, taking one, and what its function is given.

A kind of work is a function registered under a name. It may be stopped at any moment and called
again with the same parameters and folder, so it must be able to go on or to start over.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from web.operations import audit
from web.operations.sittings import Keys
from web.tables import Job

STALE_SECONDS = 60
MAX_ATTEMPTS = 3
_PROGRESS_PERIOD = 500_000  # microseconds between two writes of progress
_MESSAGE_LENGTH = 300
_MICROSECONDS = 1_000_000


class Status(StrEnum):
    """Where a job stands."""

    WAITING = "menunggu"
    RUNNING = "berjalan"
    DONE = "selesai"
    FAILED = "gagal"
    CANCELLED = "dibatalkan"


OPEN_STATUSES = (Status.WAITING, Status.RUNNING)


class JobCancelled(Exception):
    """Somebody cancelled the job, or another worker has taken it: stop at once."""


class Sessions(Protocol):
    """Opens a short-lived session: committed at its end, rolled back when the block raises."""

    def __call__(self, *, writes: bool = False) -> AbstractContextManager[Session]:
        """writes : take the write lock at once where the database has only one."""


@dataclass
class Context:
    """What the function of a job may use.

    params : as given to `enqueue`. folder : private to the job and still there when it is resumed.
    created_at, created_by : when (microseconds) and by whom it was asked for.
    sessions : sessions of its own; a long read must not be opened with `writes`.
    now : the clock, microseconds.
    """

    job_id: str
    worker: str
    params: Mapping[str, Any]
    folder: Path
    created_at: int
    created_by: str
    keys: Keys
    sessions: Sessions
    now: Callable[[], int]
    _written_at: int | None = field(default=None, repr=False)

    def session(self) -> AbstractContextManager[Session]:
        """A session for reading; holds no lock that keeps others from writing."""
        return self.sessions()

    def transaction(self) -> AbstractContextManager[Session]:
        """A session for writing; keep it short."""
        return self.sessions(writes=True)

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Note how far the job is, in a small transaction of its own, at most twice a second.

        Raises JobCancelled when the job is no longer this worker's.
        """
        now = self.now()
        is_soon = self._written_at is not None and 0 < now - self._written_at < _PROGRESS_PERIOD
        if is_soon and done < total:
            return
        with self.transaction() as session:
            job = own(session, self.job_id, self.worker)
            job.done, job.total, job.heartbeat_at = done, total, now
            job.message = message[:_MESSAGE_LENGTH]
        self._written_at = now


Function = Callable[[Context], dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """One kind of work. title : what staff read, in Indonesian."""

    title: str
    function: Function


_kinds: dict[str, Kind] = {}


def register(kind: str, function: Function, *, title: str) -> None:
    """Let workers do this kind of work.

    function : returns what to keep as the result; `{"berkas": [names]}` offers files of the
        job's folder for download.
    """
    _kinds[kind] = Kind(title, function)


def find_kind(kind: str) -> Kind | None:
    """The kind of this name, or None when no part of the platform knows it."""
    return _kinds.get(kind)


def enqueue(session: Session, kind: str, params: Mapping[str, Any], by: str, now: int) -> Job:
    """Ask for a job; it begins when a worker is free."""
    if kind not in _kinds:
        raise BadInput(f"jenis pekerjaan {kind!r} tidak dikenal", kind=kind)
    job = Job(
        id=str(uuid.uuid4()),
        kind=kind,
        params=dict(params),
        status=Status.WAITING,
        done=0,
        total=0,
        message="",
        created_at=now,
        created_by=by,
        attempts=0,
    )
    session.add(job)
    audit.record(session, at=now, by=by, act="minta pekerjaan", subject=job.id, jenis=kind)
    session.flush()
    return job


def cancel(session: Session, job_id: str, by: str, now: int) -> bool:
    """Cancel a job that has not ended; False when it had. A running one stops at its next step."""
    job = _locked(session, job_id)
    if job.status not in OPEN_STATUSES:
        return False
    job.status, job.finished_at, job.message = Status.CANCELLED, now, f"dibatalkan oleh {by}"
    audit.record(session, at=now, by=by, act="batalkan pekerjaan", subject=job_id)
    session.flush()
    return True


def retry(session: Session, job_id: str, by: str, now: int) -> bool:
    """Put a failed or cancelled job back in the queue; False when it is neither.

    What it had already made is kept, so that it can go on from there.
    """
    job = _locked(session, job_id)
    if job.status not in (Status.FAILED, Status.CANCELLED):
        return False
    job.status, job.attempts, job.message = Status.WAITING, 0, ""
    job.worker = job.heartbeat_at = job.finished_at = None
    audit.record(session, at=now, by=by, act="ulangi pekerjaan", subject=job_id)
    session.flush()
    return True


def is_work_waiting(session: Session, now: int) -> bool:
    """Whether `claim` would find anything; takes no lock."""
    return session.scalar(_claimable(now).with_only_columns(Job.id)) is not None


def claim(session: Session, worker: str, now: int) -> Job | None:
    """Take the oldest job that waits, or whose worker has been silent for STALE_SECONDS.

    Two workers never get the same one: PostgreSQL skips locked rows, and on SQLite the caller's
    transaction holds the only write lock. A job that MAX_ATTEMPTS workers died of is failed.
    """
    free = _claimable(now).with_for_update(skip_locked=True)
    while True:
        job: Job | None = session.scalar(free)
        if job is None:
            return None
        if job.attempts < MAX_ATTEMPTS:
            job.status, job.worker, job.attempts = Status.RUNNING, worker, job.attempts + 1
            job.started_at = job.heartbeat_at = now
            session.flush()
            return job
        job.status, job.finished_at = Status.FAILED, now
        job.message = f"pekerja berhenti mendadak {job.attempts} kali"
        session.flush()


def own(session: Session, job_id: str, worker: str) -> Job:
    """The job, locked, while it runs on this worker; raises JobCancelled when it no longer does."""
    job = _locked(session, job_id)
    if job.status != Status.RUNNING or job.worker != worker:
        raise JobCancelled(job_id)
    return job


def files_of(job: Job) -> tuple[str, ...]:
    """Names of the files that a finished job offers."""
    is_done = job.status == Status.DONE and job.result is not None
    return tuple(job.result.get("berkas", ())) if is_done and job.result else ()


def folder_of(instance: Path, job_id: str) -> Path:
    """Where the files of a job lie."""
    return instance / "pekerjaan" / job_id


def _claimable(now: int) -> Select[Job]:
    stale = now - STALE_SECONDS * _MICROSECONDS
    lost = and_(Job.status == Status.RUNNING, Job.heartbeat_at < stale)
    return (
        select(Job)
        .where(or_(Job.status == Status.WAITING, lost))
        .order_by(Job.created_at, Job.id)
        .limit(1)
    )


def _locked(session: Session, job_id: str) -> Job:
    job: Job | None = session.scalar(
        select(Job)
        .where(Job.id == job_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if job is None:
        raise BadInput(f"tidak ada pekerjaan {job_id}", job=job_id)
    return job
