"""Pictures of items, by the hash of their content, for people inside an exam or the bank."""

from __future__ import annotations

from flask import Blueprint, Response, abort, session
from flask_security import current_user

from web.db import db
from web.tables import Media

bp = Blueprint("media", __name__)


@bp.before_request
def insiders_only() -> None:
    """Candidates with a sitting open in this browser, and staff."""
    if "sitting_id" not in session and not current_user.is_authenticated:
        abort(404)


@bp.get("/media/<name>")
def picture(name: str) -> Response:
    """One picture. Its name is its hash, but it must not outlive the exam in a cache."""
    media = db.get_or_404(Media, name)
    response = Response(media.body, mimetype=media.media_type)
    response.headers["Cache-Control"] = "private, max-age=600"
    return response
