"""The list of background jobs: progress, cancelling, trying again, downloading."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_security import current_user

from web import clock
from web.access import STAF, role_required
from web.db import db, transaction
from web.operations import audit, jobs
from web.staff.pekerjaan import queries
from web.tables import Job

bp = Blueprint("pekerjaan", __name__, url_prefix="/staf/pekerjaan")
bp.before_request(role_required(STAF))
bp.add_app_template_filter(queries.bita)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every job, newest first."""
    rows = queries.newest_jobs(Path(current_app.instance_path))
    return render_template("staff/pekerjaan/index.html", rows=rows)


@bp.post("/<job_id>/batal")
def cancel(job_id: str) -> ResponseReturnValue:
    """Cancel a job that has not ended."""
    job = db.get_or_404(Job, job_id)
    with transaction() as session:
        cancelled = jobs.cancel(session, job.id, by=current_user.username, now=clock.now())
    flash("Pekerjaan dibatalkan." if cancelled else "Pekerjaan itu sudah berakhir.")
    return redirect(url_for(".index"), 303)


@bp.post("/<job_id>/ulang")
def retry(job_id: str) -> ResponseReturnValue:
    """Put a failed or cancelled job back in the queue."""
    job = db.get_or_404(Job, job_id)
    with transaction() as session:
        queued = jobs.retry(session, job.id, by=current_user.username, now=clock.now())
    flash("Pekerjaan masuk antrean lagi." if queued else "Pekerjaan itu tidak perlu diulang.")
    return redirect(url_for(".index"), 303)


@bp.get("/<job_id>/berkas/<name>")
def download(job_id: str, name: str) -> ResponseReturnValue:
    """A file that a finished job made; which, is what its result says and nothing else."""
    job = db.get_or_404(Job, job_id)
    if name not in jobs.files_of(job):
        abort(404)
    with transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            by=current_user.username,
            act="unduh berkas pekerjaan",
            subject=job.id,
            berkas=name,
        )
    folder = jobs.folder_of(Path(current_app.instance_path), job.id)
    return send_from_directory(folder, name, as_attachment=True)
