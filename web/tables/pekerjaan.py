"""Background jobs: what was asked, how far it is, and what came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class Job(Base):
    """One piece of work for a job worker. Times are microseconds since 1970-01-01 UTC.

    kind : name under which `web.operations.jobs.register` knows its function; params : its input.
    status : a `web.operations.jobs.Status`.
    done, total : progress in a unit of the kind's own; total is 0 until it is known.
    message : what it is doing, or why it failed, in Indonesian.
    heartbeat_at : when its worker last showed that it lives; worker : that worker's name.
    result : what the function returned; `berkas` in it lists the files that staff may download.
    attempts : how often a worker began it since it was asked for or retried.
    """

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(12), index=True)
    done: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[int] = mapped_column(BigInteger, index=True)
    created_by: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[int | None] = mapped_column(BigInteger)
    heartbeat_at: Mapped[int | None] = mapped_column(BigInteger)
    finished_at: Mapped[int | None] = mapped_column(BigInteger)
    worker: Mapped[str | None] = mapped_column(String(80))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    attempts: Mapped[int]
