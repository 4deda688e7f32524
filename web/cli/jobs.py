"""catcpns job: work that no web page waits for."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import time
from functools import partial
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cat.errors import BadInput
from web import clock
from web.db import db, own_session, transaction
from web.layanan import catatan
from web.operations import jobs
from web.operations.job_worker import Workshop, work_once
from web.process import end_with_parent
from web.tables import Job

job = AppGroup("job", help="Pekerjaan latar: ekspor besar, dokumen massal.")

POLL_SECONDS = 2
NICENESS = 10  # exam pages come first
SHOWN = 50


@job.command("work")
@click.option("--once", is_flag=True, help="Kerjakan yang menunggu, lalu berhenti.")
@click.option("--parent", type=int, hidden=True, help="Berhenti bersama proses ini.")
def work(once: bool, parent: int | None) -> None:
    """Kerjakan pekerjaan latar satu demi satu, dengan prioritas rendah."""
    signal.signal(signal.SIGTERM, _stop)
    if os.environ.get("CATCPNS_LOG") == "json":
        catatan.configure()
    if parent is not None:
        end_with_parent(parent, signal.SIGTERM)
    os.nice(NICENESS)
    workshop = Workshop(
        name=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"[-80:],
        instance=Path(current_app.instance_path),
        sessions=partial(own_session, db.engine),
        keys=current_app.config["KEYS"],
        now=clock.now,
    )
    while True:
        try:
            if work_once(workshop):
                continue
        except SQLAlchemyError as error:
            # The job was not ended in the database: once silent for long enough, it is taken again.
            click.echo(f"basis data tidak dapat dipakai: {type(error).__name__}", err=True)
            if once:
                sys.exit(1)
        if once:
            return
        time.sleep(POLL_SECONDS)


@job.command("list")
def show() -> None:
    """Sebutkan pekerjaan terbaru: id, keadaan, jenis, kemajuan, peminta, pesan."""
    newest = select(Job).order_by(Job.created_at.desc()).limit(SHOWN)
    for each in db.session.scalars(newest):
        share = f"{each.done}/{each.total}" if each.total else "-"
        cells = (each.id, each.status, each.kind, share, each.created_by, each.message)
        click.echo("\t".join(cells))


@job.command("cancel")
@click.argument("job_id")
@click.option("--dry-run", is_flag=True, help="Periksa saja, jangan batalkan.")
def cancel(job_id: str, dry_run: bool) -> None:
    """Batalkan pekerjaan JOB_ID yang menunggu atau berjalan."""
    try:
        with transaction() as session:
            cancelled = jobs.cancel(session, job_id, by="operator", now=clock.now())
            if dry_run:
                session.rollback()
    except BadInput as error:
        raise click.ClickException(str(error)) from error
    if not cancelled:
        raise click.ClickException(f"pekerjaan {job_id} sudah berakhir")
    click.echo(f"{job_id} {'dapat' if dry_run else 'sudah'} dibatalkan", err=True)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
