"""Doing background jobs, one at a time, so that none is lost when the worker is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from cat.errors import CatError
from web.operations import jobs
from web.operations.jobs import Context, JobCancelled, Sessions, Status
from web.operations.sittings import Keys

HEARTBEAT_SECONDS = 10
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workshop:
    """What a worker needs. instance : folder under which jobs keep their files."""

    name: str
    instance: Path
    sessions: Sessions
    keys: Keys
    now: Callable[[], int]


def work_once(workshop: Workshop) -> bool:
    """Do the next job, if there is one; returns whether there was."""
    with workshop.sessions() as session:
        if not jobs.is_work_waiting(session, workshop.now()):
            return False
    with workshop.sessions(writes=True) as session:
        job = jobs.claim(session, workshop.name, workshop.now())
        if job is None:
            return False
        context = Context(
            job_id=job.id,
            worker=workshop.name,
            params=job.params,
            folder=jobs.folder_of(workshop.instance, job.id),
            created_at=job.created_at,
            created_by=job.created_by,
            keys=workshop.keys,
            sessions=workshop.sessions,
            now=workshop.now,
        )
        kind = jobs.find_kind(job.kind)
    context.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _Heart(context):
        _run(context, kind.function if kind else _unknown)
    return True


def _run(context: Context, function: jobs.Function) -> None:
    """Call the function and store how it ended; an interrupted job goes back to the queue."""
    try:
        result = function(context)
    except JobCancelled:
        _log.info("job %s was cancelled", context.job_id)
    except CatError as error:
        _end(context, Status.FAILED, str(error))
    except Exception as error:
        _log.exception("job %s failed", context.job_id)
        _end(context, Status.FAILED, f"kesalahan program: {type(error).__name__}")
    except BaseException:
        _give_back(context)
        raise
    else:
        _end(context, Status.DONE, "", result)


def _end(
    context: Context, status: Status, message: str, result: dict[str, Any] | None = None
) -> None:
    with suppress(JobCancelled), context.transaction() as session:
        job = jobs.own(session, context.job_id, context.worker)
        job.status, job.message, job.result = status, message[:300], result
        job.finished_at = context.now()
        if status is Status.DONE:
            job.done = job.total = max(job.total, job.done, 1)


def _give_back(context: Context) -> None:
    """The worker was told to stop: the next one goes on at once, and it counts as no attempt."""
    with suppress(JobCancelled, SQLAlchemyError), context.transaction() as session:
        job = jobs.own(session, context.job_id, context.worker)
        job.status, job.worker, job.attempts = Status.WAITING, None, job.attempts - 1


def _unknown(context: Context) -> dict[str, Any]:
    raise CatError("jenis pekerjaan ini tidak dikenal oleh program yang sedang berjalan")


class _Heart:
    """Shows every HEARTBEAT_SECONDS that the worker lives, also during one long step."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="job heart", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.wait(HEARTBEAT_SECONDS):
            try:
                with self._context.transaction() as session:
                    job = jobs.own(session, self._context.job_id, self._context.worker)
                    job.heartbeat_at = self._context.now()
            except JobCancelled:
                return  # the job itself notices at its next step
            except SQLAlchemyError as error:
                _log.warning("heartbeat failed: %s", type(error).__name__)
