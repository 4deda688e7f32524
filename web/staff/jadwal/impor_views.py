"""Pages that bring participants and photographs in: check first, then exactly what was checked."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadInput, FileRefused
from web import clock
from web.db import db, transaction
from web.operations.jadwal import berkas, foto, impor
from web.operations.jadwal.pelaksanaan import aturan_pelaksanaan
from web.operations.jadwal.waktu import moment_text
from web.staff.jadwal import queries
from web.staff.jadwal.blueprint import ID, bp, keys, signed
from web.staff.jadwal.forms import ImportForm
from web.tables import ImporPeserta

_ROOM = 64 * 1024  # for the other fields of the form
SHOWN = 200
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Files of people and photographs may be larger than what is sent elsewhere."""
    if endpoint == "jadwal.import_file":
        request.max_content_length = berkas.MOST_BYTES + _ROOM
    if endpoint == "jadwal.photos_file":
        request.max_content_length = foto.MOST_BYTES + _ROOM


@bp.get("/impor")
def import_page() -> ResponseReturnValue:
    """A form to send a file of participants."""
    return _page(_form())


@bp.get("/impor/templat.<kind>")
def import_template(kind: str) -> ResponseReturnValue:
    """The file to fill in."""
    if kind not in _TYPES:
        abort(404)
    response = Response(berkas.template(kind), mimetype=_TYPES[kind].partition(";")[0])
    response.headers["Content-Type"] = _TYPES[kind]
    response.headers["Content-Disposition"] = f'attachment; filename="templat-peserta.{kind}"'
    return response


@bp.post("/impor")
def import_file() -> ResponseReturnValue:
    """Dry run of a file; its report says what applying it would do."""
    form, file = _form(), request.files.get("berkas")
    if not form.validate() or file is None or not file.filename:
        return _page(form, told="Pilih berkas yang akan diperiksa."), 422
    content, sesi_id = file.read(), form.sesi.data or None
    try:
        report = impor.examine(db.session(), content, sesi_id=sesi_id, now=clock.now())
    except (FileRefused, BadInput) as error:
        return _page(form, told=str(error)), 422
    row = None
    if not report.masalah:
        with transaction() as session:
            row = impor.keep(session, file.filename, content, report, **signed())
    page = _page(form, report=report, row=row, name=file.filename)
    return page, 422 if report.masalah else 200


@bp.post(f"/impor/{ID.format('row_id')}/terapkan")
def import_apply(row_id: int) -> ResponseReturnValue:
    """Bring in the file that was checked."""
    row, form = _own(row_id), _form()
    if not form.validate():
        abort(400)
    sesi_id = form.sesi.data or None
    try:
        with transaction() as session:
            report = impor.apply_kept(session, row, sesi_id=sesi_id, keys=keys(), **signed())
    except (FileRefused, BadInput) as error:
        return _page(form, told=f"Tidak ada yang disimpan. {error}"), 409
    flash(
        f"{report.jumlah} peserta diterapkan: {report.baru} baru, {report.diubah} diubah, "
        f"{report.ditempatkan} mendapat kursi."
    )
    if sesi_id:
        return redirect(url_for(".sesi", sesi_id=sesi_id), 303)
    return redirect(url_for(".import_page"), 303)


@bp.post(f"/impor/{ID.format('row_id')}/buang")
def import_abandon(row_id: int) -> ResponseReturnValue:
    """Throw a checked file away."""
    row = _own(row_id)
    with transaction() as session:
        impor.abandon(session, row, **signed())
    flash("Berkas dibuang; tidak ada yang disimpan.")
    return redirect(url_for(".import_page"), 303)


@bp.get("/foto")
def photos() -> ResponseReturnValue:
    """A form to send photographs."""
    return render_template("staff/jadwal/foto.html", limits=foto)


@bp.post("/foto")
def photos_file() -> ResponseReturnValue:
    """Check a ZIP of photographs, and store them where that was asked for and all is right."""
    file = request.files.get("berkas")
    content = file.read() if file else b""
    if not content:
        told = "Pilih berkas ZIP."
        return render_template("staff/jadwal/foto.html", limits=foto, told=told), 422
    try:
        report = foto.examine(db.session(), content)
        if "simpan" in request.form and not report.masalah:
            with transaction() as session:
                report = foto.store(session, content, **signed())
            flash(f"{len(report.baru)} foto baru disimpan, {len(report.diganti)} diganti.")
            return redirect(url_for(".photos"), 303)
    except FileRefused as error:
        return render_template("staff/jadwal/foto.html", limits=foto, told=str(error)), 422
    page = render_template("staff/jadwal/foto.html", limits=foto, report=report, shown=SHOWN)
    return page, 422 if report.masalah else 200


def _form() -> ImportForm:
    form = ImportForm()
    sesi = queries.upcoming()
    form.sesi.choices = [(0, "Tidak ada: hanya daftarkan pesertanya")] + [
        (
            each.id,
            f"{moment_text(each.starts_at, each.titik_lokasi.zona)} · {each.nama} · "
            f"{each.titik_lokasi.nama}",
        )
        for each in sesi
    ]
    wanted = request.args.get("sesi", 0, type=int)
    if request.method == "GET" and any(wanted == value for value, _ in form.sesi.choices):
        form.sesi.data = wanted
    return form


def _page(form: ImportForm, **shown: Any) -> str:
    return render_template(
        "staff/jadwal/impor.html",
        form=form,
        required=berkas.REQUIRED,
        optional=berkas.OPTIONAL,
        needs=aturan_pelaksanaan(db.session(), clock.today()).akomodasi,
        shown=SHOWN,
        **shown,
    )


def _own(row_id: int) -> ImporPeserta:
    row = db.get_or_404(ImporPeserta, row_id)
    if row.oleh != current_user.username:
        abort(404)
    return row
