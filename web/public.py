"""What anybody may see: the front door and whether the platform is well."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cat.exam.record import MICROSECONDS
from web import clock
from web.db import db
from web.tables import Pulse

bp = Blueprint("public", __name__)

STALE_SECONDS = 30


@bp.get("/")
def home() -> ResponseReturnValue:
    """The front door: candidates to the left, staff to the right."""
    if current_app.config["BAGIAN"] == "ujian":  # the offices are served by other processes
        return redirect(url_for("candidate.login"), 303)
    return render_template("home.html")


@bp.get("/sehat")
def health() -> ResponseReturnValue:
    """Whether the web process and its database answer, and the pulse is beating."""
    try:
        last = db.session.scalar(select(Pulse.at))
    except SQLAlchemyError:
        return {"status": "basis data tidak siap; jalankan catcpns db upgrade"}, 503
    if last is not None and clock.now() - last > STALE_SECONDS * MICROSECONDS:
        return {"status": "denyut berhenti"}, 503
    return {"status": "sehat"}
