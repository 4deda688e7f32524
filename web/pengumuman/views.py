"""Public pages: announcements, and the state of an objection by its ticket."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from web.db import db
from web.limits import PER_ADDRESS, limiter
from web.operations.seleksi import sanggah
from web.pengumuman import queries

bp = Blueprint("pengumuman", __name__, url_prefix="/pengumuman")


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every approved announcement."""
    return render_template("pengumuman/index.html", rows=queries.published())


@bp.get("/<kode>")
def show(kode: str) -> ResponseReturnValue:
    """One announcement: numbers, nilai, rank and code, nothing that names a person."""
    head = queries.find_published(kode) or abort(404)
    return render_template(
        "pengumuman/show.html",
        head=head,
        page=queries.page_of(head, queries.search_of(request.args)),
        instansi=queries.agency_of(head),
        replaced_by=queries.replaced_by(head),
    )


@bp.get("/sanggah")
@limiter.limit(PER_ADDRESS)
def objection() -> ResponseReturnValue:
    """What became of an objection, for whoever holds its ticket."""
    tiket = request.args.get("tiket", "").strip()[:20]
    row = sanggah.by_ticket(db.session(), tiket) if tiket else None
    page = render_template("pengumuman/sanggah.html", tiket=tiket, row=row)
    return page, 404 if tiket and row is None else 200
