"""The blueprint of candidates: who comes in, and in which language and look."""

from __future__ import annotations

from flask import (
    Blueprint,
    flash,
    has_request_context,
    jsonify,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from web.access import PUBLIC
from web.candidate import tampilan
from web.errors import wants_json

bp = Blueprint("candidate", __name__, url_prefix="/ujian")
LOGGED_OUT = "U00"


@bp.before_request
def candidates_only() -> ResponseReturnValue | None:
    """Everything here but the login belongs to a candidate who is logged in."""
    if request.endpoint in PUBLIC or ("sitting_id" in session and "masuk_id" in session):
        return None
    return to_login()


def to_login() -> ResponseReturnValue:
    """Whoever has no login here is sent to the page where it begins."""
    if wants_json():
        return jsonify(kode=LOGGED_OUT, pesan=gettext("Silakan masuk lagi.")), 401
    flash(gettext("Silakan masuk dahulu."))
    return redirect(url_for("candidate.login"), 303)


@bp.app_context_processor
def look() -> dict[str, object]:
    """Language and look that this browser has chosen, also where a page was not found."""
    if not has_request_context() or not request.path.startswith(f"{tampilan.PATH}/"):
        return {}
    chosen = tampilan.current()
    return {"tampilan": chosen, "bahasa": chosen.bahasa, "kelas_html": chosen.classes}
