"""Asking for exports, fetching them, what their columns mean, and the public key."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadInput
from web import clock
from web.access import STAF, role_required
from web.db import db, own_session, transaction
from web.operations import signing
from web.operations.ekspor import job
from web.operations.ekspor.datasets import DATASETS
from web.operations.ekspor.packing import Stamp
from web.staff.ekspor import queries
from web.staff.ekspor.forms import ExportForm
from web.staff.ekspor.sending import send_made
from web.staff.pekerjaan.queries import newest_jobs

bp = Blueprint("ekspor", __name__)
bp.before_request(role_required(STAF))


@bp.get("/kunci-publik")
def public_key() -> ResponseReturnValue:
    """The public key under exports, documents and announcements, as plain text."""
    return Response(
        signing.public_key(current_app.config["KEYS"].signing) + "\n", 200, None, "text/plain"
    )


@bp.route("/staf/ekspor/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """What can be exported, the form, and the exports that were made in the background."""
    form = ExportForm()
    form.offer(*queries.choices())
    if not form.is_submitted():
        return _page(form), 200
    if not form.validate():
        return _page(form), 422
    try:
        plan = form.plan(clock.today())
        plan.filters.check(db.session())
    except BadInput as error:
        return _page(form, str(error)), 422
    if job.is_small(db.session(), plan):
        given = {**plan.to_mapping(), **plan.filters.to_mapping()}
        given.pop("saringan")
        return redirect(url_for(".at_once", **given), 303)
    with transaction() as session:
        job.ask(session, plan, by=current_user.username, now=clock.now())
    flash("Ekspor dikerjakan di latar; berkasnya muncul di bawah bila selesai.")
    return redirect(url_for(".index"), 303)


@bp.get("/staf/ekspor/langsung")
def at_once() -> ResponseReturnValue:
    """A small export as a signed ZIP."""
    plan = queries.plan_of(request.args)
    plan.filters.check(db.session())
    if not job.is_small(db.session(), plan):
        return redirect(url_for(".index"), 303)
    stamp = Stamp(clock.now(), current_user.username)
    with transaction() as session:
        job.note(session, plan, stamp.by, stamp.at)
    seed = current_app.config["KEYS"].signing

    def make(folder: Path) -> Path:
        with own_session(db.engine) as own:
            return job.make_package(own, plan, folder, stamp, seed)

    return send_made(make, "application/zip")


@bp.get("/staf/ekspor/kolom/<code>")
def columns(code: str) -> ResponseReturnValue:
    """What each column of a dataset means."""
    dataset = DATASETS.get(code) or abort(404)
    return render_template("staff/ekspor/kolom.html", dataset=dataset)


def _page(form: ExportForm, problem: str = "") -> str:
    return render_template(
        "staff/ekspor/index.html",
        form=form,
        problem=problem,
        datasets=DATASETS.values(),
        titles={code: dataset.title for code, dataset in DATASETS.items()},
        rows=newest_jobs(Path(current_app.instance_path), kind=job.KIND),
        key=signing.public_key(current_app.config["KEYS"].signing),
    )
