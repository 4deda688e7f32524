"""What anybody may see: the front door and whether the platform is well."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from web.db import db

bp = Blueprint("public", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    """The front door: candidates to the left, staff to the right."""
    return render_template("home.html")


@bp.get("/sehat")
def health() -> ResponseReturnValue:
    """Whether the web process and its database answer."""
    db.session.execute(text("SELECT 1"))
    return {"status": "sehat"}
