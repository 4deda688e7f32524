"""What the page of background jobs shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from web.db import db
from web.formatting import angka
from web.operations import jobs
from web.operations.jobs import Status
from web.tables import Job

SHOWN = 100


@dataclass(frozen=True)
class JobRow:
    """One job as a line of the list. share : per cent done, None while the total is not known.

    files : name and bytes of each file that can be downloaded.
    """

    job: Job
    title: str
    share: int | None
    files: tuple[tuple[str, int], ...]

    @property
    def is_open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.job.status in jobs.OPEN_STATUSES

    @property
    def can_retry(self) -> bool:
        """Whether it can be put back in the queue."""
        return self.job.status in (Status.FAILED, Status.CANCELLED)


def newest_jobs(instance: Path, kind: str | None = None) -> list[JobRow]:
    """The newest jobs, of one kind or of all. instance : the instance folder."""
    chosen = select(Job).order_by(Job.created_at.desc(), Job.id).limit(SHOWN)
    if kind is not None:
        chosen = chosen.where(Job.kind == kind)
    return [_row(job, instance) for job in db.session.scalars(chosen)]


def _row(job: Job, instance: Path) -> JobRow:
    kind = jobs.find_kind(job.kind)
    folder = jobs.folder_of(instance, job.id)
    found = [(name, folder / name) for name in jobs.files_of(job)]
    return JobRow(
        job=job,
        title=kind.title if kind else job.kind,
        share=100 * job.done // job.total if job.total else None,
        files=tuple((name, path.stat().st_size) for name, path in found if path.is_file()),
    )


def bita(size: int) -> str:
    """A number of bytes as people read it: "3,2 MB"."""
    for unit, worth in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= worth:
            return f"{angka(size / worth, 1)} {unit}"
    return f"{size} bita"
