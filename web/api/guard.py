"""Who may call what: every endpoint names its scope, and every refusal is a problem document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from cat.errors import CatError
from web import clock
from web.api.document import PREFIX, PROBLEM_TYPE, document
from web.api.models import Fault, Problem
from web.db import db
from web.errors import refusal_of
from web.layanan.catatan import route_of_request
from web.limits import limiter
from web.operations.api import tokens

bp = Blueprint("api", __name__, url_prefix=PREFIX)

View = TypeVar("View", bound=Callable[..., Any])
_WORDS = {
    400: ("Permintaan tidak dapat dipahami", "H400"),
    401: ("Token tidak dikenal", "H401"),
    403: ("Token tidak berwenang", "H403"),
    404: ("Tidak ditemukan", "H404"),
    405: ("Cara mengakses tidak didukung", "H405"),
    409: ("Bertentangan dengan yang tersimpan", "H409"),
    413: ("Kiriman terlalu besar", "H413"),
    415: ("Kiriman harus application/json", "H415"),
    422: ("Masukan melanggar aturan", "H422"),
    429: ("Terlalu banyak permintaan", "H429"),
}


def needs(scope: str) -> Callable[[View], View]:
    """The scope that an endpoint asks for; without one it is closed to everybody."""

    def mark(view: View) -> View:
        view.scope = scope  # type: ignore[attr-defined]
        return view

    return mark


def problem(status: int, detail: str, faults: list[Fault] | None = None) -> Response:
    """A refusal as RFC 9457 asks for."""
    title, kode = _WORDS.get(status, ("Kesalahan pada server", f"H{status}"))
    body = Problem(title=title, status=status, detail=detail, kode=kode, masalah=faults or [])
    reply = jsonify(body.model_dump())
    reply.status_code = status
    reply.mimetype = PROBLEM_TYPE
    if status == 401:
        reply.headers["WWW-Authenticate"] = "Bearer"
    return reply


@bp.before_request
def authorise() -> ResponseReturnValue | None:
    """A live token whose scopes hold the endpoint's."""
    if request.endpoint == "api.openapi":
        return None
    kind, _, plain = request.headers.get("Authorization", "").partition(" ")
    token = None
    if kind.lower() == "bearer" and plain:
        token = tokens.find_live(db.session(), plain.strip()[:200], clock.now())
    if token is None:
        return problem(401, "Kirim Authorization: Bearer <token> yang masih berlaku.")
    scope = getattr(current_app.view_functions[request.endpoint or ""], "scope", None)
    if scope is None or scope not in token.scopes:
        return problem(403, f"Token ini tidak memiliki cakupan {scope}.")
    if request.method == "POST" and not request.is_json:
        return problem(415, "Kirim isi sebagai application/json.")
    if request.method == "POST" and not isinstance(request.get_json(silent=True), dict):
        return problem(400, "Isi kiriman bukan objek JSON.")
    g.token = token
    return None


@bp.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """The OpenAPI document; open to everybody."""
    return jsonify(document(current_app))


@bp.errorhandler(CatError)
def refuse(error: CatError) -> ResponseReturnValue:
    """A refusal of an operation; its own words name place, value and rule."""
    row = refusal_of(error)
    current_app.logger.info("%s %s %s", row.code, route_of_request(), type(error).__name__)
    return problem(row.status, str(error) if row.status < 500 else row.sentence)


@bp.errorhandler(HTTPException)
def http(error: HTTPException) -> ResponseReturnValue:
    """Any other refusal."""
    if error.response is not None:
        return cast(Response, error.response)
    status = error.code or 500
    return problem(status, _WORDS.get(status, ("Kesalahan pada server.", ""))[0])


def explain(request: Any, response: Response | None, error: Any, _: Any, adapter: Any) -> None:
    """Say what a model refused, field by field, instead of the library's English list."""
    if error is None or response is None:
        return
    faults = [
        Fault(
            tempat=".".join(str(step) for step in each["loc"]) or "isi",
            nilai=repr(each.get("input"))[:80],
            aturan=each["msg"],
        )
        for each in error.errors()
    ]
    fresh = problem(422, "Masukan melanggar bentuk yang dijanjikan dokumen OpenAPI.", faults)
    response.data, response.mimetype = fresh.data, fresh.mimetype


def _caller() -> str:
    return f"token:{request.headers.get('Authorization', '')[-12:]}"


limiter.limit("1200 per minute", key_func=_caller)(bp)
