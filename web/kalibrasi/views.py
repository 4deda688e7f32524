"""Asking for calibrations: from the platform's records or a file; what runs, and items on trial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.calibration.answer_data import FileShape
from cat.errors import BadInput
from web import clock
from web.db import db, transaction
from web.kalibrasi import queries
from web.kalibrasi.blueprint import bp
from web.kalibrasi.forms import DEFAULTS, PlanForm
from web.operations import jobs
from web.operations.kalibrasi import berkas, jalankan, platform, uji_coba
from web.operations.kalibrasi.bank import Role, known_items
from web.operations.kalibrasi.rancangan import Plan


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Files of answers may be larger than what is sent elsewhere."""
    if endpoint == "kalibrasi.upload":
        request.max_content_length = berkas.MOST_BYTES


@bp.get("/")
def index() -> ResponseReturnValue:
    """All runs, and the ways to ask for one."""
    return render_template("kalibrasi/index.html", rows=queries.runs(), parts=queries.parts())


@bp.get("/uji-coba")
def trials() -> ResponseReturnValue:
    """Items on trial: answers so far, and which are ready."""
    return render_template("kalibrasi/uji_coba.html", parts=uji_coba.trials(db.session()))


@bp.route("/baru", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A calibration from the platform's records: counts first, then the form."""
    part = request.args.get("bagian", "")
    slots = queries.sesi()
    chosen = tuple(request.args.getlist("sesi", type=int))
    if not {sesi_id for sesi_id, _ in slots}.issuperset(chosen):
        abort(404)
    if part not in queries.parts():
        return redirect(url_for(".index"), 303)
    form = PlanForm(data={**DEFAULTS, "nama": f"{part.upper()} {clock.today():%d-%m-%Y}"})
    source = {"part": part, "sesi": chosen, "items": tuple(request.args.getlist("butir"))}
    if form.is_submitted() and (reply := _start(form, source)) is not None:
        return reply
    counts = platform.counts(db.session(), part, chosen)
    return render_template(
        "kalibrasi/baru.html",
        form=form,
        part=part,
        slots=slots,
        chosen=chosen,
        items=source["items"],
        counts=counts,
        roles=list(Role),
        anchors=[one for one in counts.items if one.known.role is Role.IN_USE],
        trials=[one for one in counts.items if one.known.role is Role.TRIAL],
        others=[one for one in counts.items if one.known.role is Role.OTHER],
    ), (422 if form.errors else 200)


@bp.post("/berkas")
def upload() -> ResponseReturnValue:
    """Take a file of answers; what is in it is shown before anything starts."""
    file = request.files.get("berkas")
    if file is None or not file.filename:
        flash("Pilih berkas jawaban.")
        return redirect(url_for(".index"), 303)
    try:
        stored = berkas.keep(_instance(), file.filename[-120:], file.read())
    except BadInput as error:
        flash(f"Berkas ditolak, tidak ada yang disimpan. {_sentence(error)}")
        return redirect(url_for(".index"), 303)
    return redirect(url_for(".from_file", stored=stored, nama=file.filename[-120:]), 303)


@bp.route("/berkas/<stored>", methods=["GET", "POST"])
def from_file(stored: str) -> ResponseReturnValue:
    """A calibration from an uploaded file: counts first, then the form."""
    source = {
        "file": stored,
        "file_name": request.args.get("nama", stored)[-120:],
        "group_column": request.args.get("kelompok", "").strip(),
        "weight_column": request.args.get("bobot", "").strip(),
        "lowest": request.args.get("terendah", 0, type=int),
    }
    form = PlanForm(data={**DEFAULTS, "nama": source["file_name"], "skala": "bebas"})
    if form.is_submitted() and (reply := _start(form, source)) is not None:
        return reply
    problem, found, known = "", None, {}
    try:
        path = berkas.path_of(_instance(), stored)
        if not path.exists():
            raise BadInput("berkas itu tidak ada lagi: unggah sekali lagi")
        shape = FileShape(
            group=source["group_column"] or None,
            weight=source["weight_column"] or None,
            lowest=int(source["lowest"]),
        )
        found = berkas.summary(path, shape)
        known = known_items(db.session(), [name for name, _, _ in found.items])
    except BadInput as error:
        problem = _sentence(error)
    return render_template(
        "kalibrasi/berkas.html", form=form, source=source, found=found, known=known, problem=problem
    ), (422 if form.errors or problem else 200)


@bp.post("/<run_id>/batal")
def cancel(run_id: str) -> ResponseReturnValue:
    """Cancel a run that has not ended."""
    queries.get_run(run_id)
    with transaction() as session:
        done = jobs.cancel(session, run_id, current_user.username, clock.now())
    flash("Kalibrasi dibatalkan." if done else "Kalibrasi itu sudah berakhir.")
    return redirect(url_for(".show", run_id=run_id), 303)


@bp.post("/<run_id>/ulang")
def retry(run_id: str) -> ResponseReturnValue:
    """Put a run that failed or was cancelled back in the queue."""
    queries.get_run(run_id)
    with transaction() as session:
        done = jobs.retry(session, run_id, current_user.username, clock.now())
    flash("Kalibrasi menunggu giliran lagi." if done else "Kalibrasi itu tidak perlu diulang.")
    return redirect(url_for(".show", run_id=run_id), 303)


def _start(form: PlanForm, source: dict[str, Any]) -> ResponseReturnValue | None:
    """Ask for the run; None where the form has to be shown again."""
    if not form.validate():
        return None
    try:
        plan = Plan(**source, **form.settings())
        with transaction() as session:
            run = jalankan.ask(session, plan, by=current_user.username, now=clock.now())
    except BadInput as error:
        form.form_errors.append(_sentence(error))
        return None
    flash("Kalibrasi menunggu pekerja latar. Halaman ini memperbarui diri.")
    return redirect(url_for(".show", run_id=run.id), 303)


def _instance() -> Path:
    return Path(current_app.instance_path)


def _sentence(error: BadInput) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
