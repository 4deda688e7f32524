"""Pages and acts about evidence of competency."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadInput, DecisionError, FileRefused
from web import clock
from web.db import db, transaction
from web.errors import refusal_of
from web.operations import bukti
from web.operations.data_kompetensi import get_aturan_bukti, get_kamus
from web.operations.impor_bukti import COLUMNS, check_file, store_file
from web.staff.profil import queries
from web.staff.profil.forms import DecisionForm, EvidenceForm, ImportForm
from web.staff.profil.views import bp
from web.tables import BuktiKompetensi, Person


@bp.get("/staf/profil/<int(max=2147483647):person_id>/bukti")
def evidence(person_id: int) -> ResponseReturnValue:
    """What was entered about a person, and a form to enter more."""
    return _render(db.get_or_404(Person, person_id), _form())


@bp.post("/staf/profil/<int(max=2147483647):person_id>/bukti")
def enter(person_id: int) -> ResponseReturnValue:
    """Enter a piece of evidence."""
    person, form = db.get_or_404(Person, person_id), _form()
    if not form.validate():
        return _render(person, form), 422
    try:
        with transaction() as session:
            bukti.enter(
                session,
                [form.isian(person_id)],
                by=current_user.username,
                now=clock.now(),
                today=clock.today(),
            )
    except BadInput as error:
        form.tell(error.evidence.get("problems", ()))
        return _render(person, form), 422
    flash("Bukti dicatat.")
    return redirect(url_for(".evidence", person_id=person_id), 303)


@bp.get("/staf/profil/bukti")
def waiting() -> ResponseReturnValue:
    """What waits for a second person."""
    return render_template(
        "staff/profil/waiting.html", rows=queries.waiting_rows(), me=current_user.username
    )


@bp.post("/staf/profil/bukti/<int(max=2147483647):bukti_id>")
def decide(bukti_id: int) -> ResponseReturnValue:
    """Agree to, refuse or withdraw a piece of evidence."""
    row, form = db.get_or_404(BuktiKompetensi, bukti_id), DecisionForm()
    if not form.validate():
        flash("Keputusan belum disimpan: alasan wajib diisi, paling banyak 300 huruf.")
        return redirect(url_for(".evidence", person_id=row.person_id), 303)
    try:
        with transaction() as session:
            bukti.decide(
                session,
                bukti_id,
                form.keputusan.data,
                form.alasan.data or "",
                by=current_user.username,
                now=clock.now(),
            )
    except DecisionError as error:
        flash(f"Keputusan tidak disimpan. {refusal_of(error).sentence}")
    else:
        flash("Keputusan disimpan.")
    return redirect(url_for(".evidence", person_id=row.person_id), 303)


@bp.get("/staf/profil/bukti/impor")
def import_page() -> ResponseReturnValue:
    """A form to enter a file of evidence."""
    return render_template("staff/profil/import.html", form=ImportForm(), **_import_context())


@bp.post("/staf/profil/bukti/impor")
def import_file() -> ResponseReturnValue:
    """Check a file of evidence, and store it when that was asked for and nothing is wrong."""
    form, upload = ImportForm(), request.files.get("berkas")
    context = _import_context()
    if not form.validate() or upload is None or not upload.filename:
        context["told"] = "Pilih berkas dan isi alasannya."
        return render_template("staff/profil/import.html", form=form, **context), 422
    content, alasan, today = upload.read(), form.alasan.data or "", clock.today()
    try:
        report = check_file(db.session(), content, alasan=alasan, today=today)
        if form.tindakan.data == "simpan" and not report.problems:
            with transaction() as session:
                store_file(
                    session,
                    content,
                    alasan=alasan,
                    by=current_user.username,
                    now=clock.now(),
                    today=today,
                )
            flash(f"{report.accepted} bukti disimpan, {report.unchanged} sudah ada.")
            return redirect(url_for(".waiting"), 303)
    except FileRefused as error:
        context["told"] = str(error)
        return render_template("staff/profil/import.html", form=form, **context), 422
    context["report"] = report
    status = 422 if report.problems else 200
    return render_template("staff/profil/import.html", form=form, **context), status


def _form() -> EvidenceForm:
    session = db.session()
    return EvidenceForm().offer(get_kamus(session), bukti.kinds_to_enter(get_aturan_bukti(session)))


def _render(person: Person, form: EvidenceForm) -> str:
    return render_template(
        "staff/profil/evidence.html",
        person=person,
        form=form,
        rows=queries.evidence_rows(person.id),
        decision=DecisionForm(),
        me=current_user.username,
        today=clock.today(),
    )


def _import_context() -> dict[str, object]:
    session = db.session()
    return {
        "columns": COLUMNS,
        "kamus": get_kamus(session),
        "kinds": bukti.kinds_to_enter(get_aturan_bukti(session)),
        "report": None,
        "told": "",
    }
