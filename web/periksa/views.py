"""Checking a document by its number and code, or by its file."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from web.db import db
from web.limits import limiter
from web.operations.dokumen import checking
from web.operations.signing import public_key
from web.periksa.forms import FileForm

bp = Blueprint("periksa", __name__, url_prefix="/periksa")

MOST_BYTES = 24 * 1024 * 1024
# A hall may share one address; guessing numbers and codes, and feeding files, may not.
PER_ADDRESS = "120 per minute"
MISSES = "20 per 10 minutes"
FILES = "30 per 10 minutes"


def _is_miss(response: Response) -> bool:
    return response.status_code == 404


def trusted_keys() -> tuple[str, ...]:
    """Public keys whose signatures count: this platform's, and earlier ones that it names."""
    return public_key(current_app.config["KEYS"].signing), *current_app.config["TRUSTED_KEYS"]


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Documents may be larger than what is sent elsewhere."""
    if endpoint == "periksa.upload":
        request.max_content_length = MOST_BYTES


@bp.get("/")
@limiter.limit(PER_ADDRESS)
def index() -> ResponseReturnValue:
    """Ask for number and code, or for the file; a filled form leads to the document's page."""
    if "nomor" in request.args:
        nomor = request.args["nomor"].strip().upper()[:40].replace("/", "-") or "-"
        kode = checking.plain_code(request.args.get("kode", "")[:20])
        return redirect(url_for(".show", nomor=nomor, k=kode), 303)
    return render_template("periksa/index.html", form=FileForm())


@bp.get("/<nomor>")
@limiter.limit(PER_ADDRESS)
@limiter.limit(MISSES, deduct_when=_is_miss)
def show(nomor: str) -> ResponseReturnValue:
    """What a document says in public and whether it holds; the QR code leads here."""
    dokumen = checking.find(db.session(), nomor[:40], request.args.get("k", "")[:20])
    if dokumen is None:
        # One answer for an unknown number and a wrong code: numbers cannot be listed.
        return render_template("periksa/index.html", form=FileForm(), missed=nomor[:40]), 404
    checked = checking.check(dokumen, trusted_keys())
    form = FileForm(data={"nomor": dokumen.nomor, "kode": dokumen.kode})
    return render_template("periksa/show.html", checked=checked, form=form)


@bp.post("/berkas")
@limiter.limit(FILES)
@limiter.limit(MISSES, deduct_when=_is_miss)
def upload() -> ResponseReturnValue:
    """Hold a file against the document that it claims to be."""
    form, file = FileForm(), request.files.get("berkas")
    if not form.validate_on_submit() or file is None or not file.filename:
        return render_template("periksa/index.html", form=form, no_file=True), 422
    session, claimed = db.session(), None
    if form.nomor.data:
        claimed = checking.find(session, form.nomor.data, form.kode.data or "")
        if claimed is None:
            return render_template("periksa/index.html", form=form, missed=form.nomor.data), 404
    try:
        found = checking.check_file(session, file.read(), trusted_keys(), claimed)
    except TimeoutError:
        return render_template("periksa/index.html", form=form, is_busy=True), 503
    return render_template("periksa/file.html", found=found, name=file.filename[:120], form=form)
