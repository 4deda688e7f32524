"""Items in from files and out to files: template, upload, report, confirmation, export."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadInput, BadItem, FileRefused
from cat.itembank.exchange.archive import MOST_FILE_BYTES
from web import clock
from web.access import ANALIS, PENULIS
from web.db import db, transaction
from web.operations.pertukaran import ekspor, impor
from web.tables import ItemImport, ItemImportApplied
from web.writer import queries
from web.writer.blueprint import bp

NOTHING = "Pilih berkas yang akan diperiksa."
_ROOM = 64 * 1024  # for the other fields of the form


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Packages may be larger than what is sent elsewhere."""
    if endpoint == "writer.exchange_examine":
        request.max_content_length = MOST_FILE_BYTES + _ROOM


@bp.get("/pertukaran/")
def exchange() -> ResponseReturnValue:
    """What can be brought in and taken out, and this person's imports."""
    return _page()


@bp.get("/pertukaran/templat.xlsx")
def exchange_template() -> ResponseReturnValue:
    """The workbook to fill in."""
    return _download("templat-butir.xlsx", ekspor.XLSX, ekspor.empty_template(db.session()))


@bp.post("/pertukaran/periksa")
def exchange_examine() -> ResponseReturnValue:
    """Dry run of a file; its report is a page of its own."""
    _only(PENULIS)
    file, domain = request.files.get("berkas"), request.form.get("domain", "")[:80]
    if file is None or not file.filename:
        return _page(problem=NOTHING), 422
    with file.stream:
        data = file.read()
    try:
        batch = impor.examine(db.session(), file.filename, data, domain=domain)
    except FileRefused as error:
        return _page(problem=str(error), domain=domain), 422
    with transaction() as session:
        row = impor.keep(
            session, batch, data, domain=domain, by=current_user.username, now=clock.now()
        )
    return redirect(url_for(".exchange_report", import_id=row.id), 303)


@bp.get("/pertukaran/<int(max=2147483647):import_id>")
def exchange_report(import_id: int) -> ResponseReturnValue:
    """What a file would bring, item by item, or what it brought."""
    return _report(_own(import_id))


@bp.post("/pertukaran/<int(max=2147483647):import_id>/terapkan")
def exchange_apply(import_id: int) -> ResponseReturnValue:
    """Store what the report showed."""
    row = _own(import_id)
    try:
        if db.session.get(ItemImportApplied, import_id) is None:
            batch = impor.read_again(db.session(), row)
            with transaction() as session:
                codes = impor.apply(session, row, batch, by=current_user.username, now=clock.now())
            flash(f"{len(codes)} butir masuk ke bank sebagai draf.")
    except FileRefused as error:
        return _report(row, problem=str(error)), 409
    return redirect(url_for(".exchange_report", import_id=import_id), 303)


@bp.post("/pertukaran/<int(max=2147483647):import_id>/batal")
def exchange_abandon(import_id: int) -> ResponseReturnValue:
    """Throw the uploaded file away."""
    row = _own(import_id)
    with transaction() as session:
        impor.abandon(session, row, by=current_user.username, now=clock.now())
    flash(f"Berkas {row.file_name} dibuang; tidak ada butir yang masuk.")
    return redirect(url_for(".exchange"), 303)


@bp.post("/pertukaran/ekspor")
def exchange_export() -> ResponseReturnValue:
    """Items that match, as a file. Keys are in it, so only analysts take it, and it is noted."""
    _only(ANALIS)
    wanted = queries.wanted(request.form)
    try:
        with transaction() as session:
            made = ekspor.export(
                session,
                wanted,
                request.form.get("bentuk", ""),
                by=current_user.username,
                now=clock.now(),
            )
    except (BadInput, BadItem) as error:
        return _page(export_problem=str(error)), 422
    return _download(made.name, made.media_type, made.body)


def _only(role: str) -> None:
    if not current_user.has_role(role):
        abort(404)


def _own(import_id: int) -> ItemImport:
    row = impor.find(db.session(), import_id, current_user.username)
    if row is None:
        abort(404)
    return row


def _page(**said: str) -> str:
    return render_template(
        "writer/pertukaran/index.html",
        imports=impor.of_person(db.session(), current_user.username),
        choices=queries.choices(),
        domains=queries.domains(),
        kinds=ekspor.KINDS,
        may_import=current_user.has_role(PENULIS),
        may_export=current_user.has_role(ANALIS),
        asked=request.form,
        most_mega=MOST_FILE_BYTES >> 20,
        **said,
    )


def _report(row: ItemImport, problem: str = "") -> str:
    items = row.report["butir"]
    return render_template(
        "writer/pertukaran/laporan.html",
        row=row,
        report=row.report,
        refused=[item for item in items if item["sebab"]],
        lossy=[item for item in items if not item["sebab"] and item["kehilangan"]],
        whole=[item for item in items if not item["sebab"] and not item["kehilangan"]],
        applied=db.session.get(ItemImportApplied, row.id),
        is_kept=impor.is_kept(db.session(), row.id),
        problem=problem,
    )


def _download(name: str, media_type: str, body: bytes) -> Response:
    reply = Response(body, content_type=media_type)
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply
