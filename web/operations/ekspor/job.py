"""Big exports as background jobs, small ones while somebody waits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.operations import audit, jobs
from web.operations.ekspor import making, packing
from web.operations.ekspor.making import Made, Plan
from web.operations.ekspor.packing import Stamp
from web.operations.jobs import Context
from web.tables import Job

KIND = "ekspor"


def is_small(session: Session, plan: Plan) -> bool:
    """Whether an export may be made while somebody waits for the page."""
    return plan.dataset.count(session, plan.filters) <= plan.dataset.at_once


def ask(session: Session, plan: Plan, by: str, now: int) -> Job:
    """Ask for an export in the background; the same one asked for twice is one job."""
    for waiting in session.scalars(
        select(Job).where(
            Job.kind == KIND, Job.created_by == by, Job.status.in_(jobs.OPEN_STATUSES)
        )
    ):
        if waiting.params == plan.to_mapping():
            return waiting
    note(session, plan, by, now)
    return jobs.enqueue(session, KIND, plan.to_mapping(), by, now)


def note(session: Session, plan: Plan, by: str, now: int) -> None:
    """Note in the audit trail who took what out of the platform."""
    audit.record(
        session, at=now, by=by, act="ekspor", subject=plan.dataset.code, **plan.to_mapping()
    )


def make_package(session: Session, plan: Plan, folder: Path, stamp: Stamp, seed: bytes) -> Path:
    """The export as a signed ZIP in a folder of its own, at once."""
    made = making.make(session, plan, folder, _unwatched)
    out = folder / package_name(plan, stamp)
    packing.pack(made, plan, plan.dataset.origins(session, plan.filters), stamp, seed, out)
    return out


def make_bare(session: Session, plan: Plan, folder: Path) -> Path:
    """Only the file with the rows, in a folder of its own, at once."""
    return making.make(session, plan, folder, _unwatched).path


def package_name(plan: Plan, stamp: Stamp) -> str:
    """Name of the ZIP: what, when, in which format."""
    when = stamp.iso[:19].translate(str.maketrans("T", "-", ":-"))
    return f"{plan.dataset.code}-{when}-{plan.format.code}.zip"


def run(context: Context) -> dict[str, Any]:
    """The job of an export; goes on after the last whole block that an earlier worker left."""
    plan = Plan.from_mapping(context.params)
    stamp = Stamp(context.created_at, context.created_by)
    with context.session() as session:
        made: Made = making.make(session, plan, context.folder, context.progress)
        origins = plan.dataset.origins(session, plan.filters)
    context.progress(made.rows, made.rows, "menandatangani dan mengemas")
    out = context.folder / package_name(plan, stamp)
    packing.pack(made, plan, origins, stamp, context.keys.signing, out)
    made.path.unlink()
    making.clean(context.folder)
    return {"berkas": [out.name], "baris": made.rows}


def _unwatched(done: int, total: int, message: str) -> None:
    """Nobody watches an export that takes a moment."""


jobs.register(KIND, run, title="Ekspor data")
