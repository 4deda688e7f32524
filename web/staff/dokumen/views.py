"""Documents: issuing, listing, downloading, replacing, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import CannotBePrinted, DecisionError
from web import clock
from web.access import STAF, role_required
from web.db import db, transaction
from web.dokumen.kinds import Jenis
from web.operations import audit, jobs
from web.operations.dokumen import batches, issuing, withdrawal
from web.operations.dokumen.subjects import Subject
from web.periksa.views import trusted_keys
from web.staff.dokumen import queries
from web.staff.dokumen.forms import (
    BatchForm,
    DecisionForm,
    FilterForm,
    ReasonForm,
    SubjectForm,
)
from web.tables import Dokumen, Instansi, Pengumuman, Sesi, Sitting

bp = Blueprint("dokumen", __name__, url_prefix="/staf/dokumen")
bp.before_request(role_required(STAF))

AGAIN = "ulang-"  # two forms of reasons stand on one page
_TABLES = {
    "sitting_id": Sitting,
    "sesi_id": Sesi,
    "pengumuman_id": Pengumuman,
    "instansi_id": Instansi,
}


@bp.get("/")
def index() -> ResponseReturnValue:
    """All documents, newest first."""
    form = FilterForm(request.args)
    wanted = form.data if form.validate() else dict.fromkeys(form.data, "")
    before = request.args.get("sebelum", type=int)
    rows, more = queries.page(
        trusted_keys(),
        jenis=wanted["jenis"] or "",
        status=wanted["status"] or "",
        cari=wanted["cari"] or "",
        before=before,
    )
    return render_template("staff/dokumen/index.html", rows=rows, more=more, form=form)


@bp.get("/<int(max=2147483647):dokumen_id>")
def show(dokumen_id: int) -> ResponseReturnValue:
    """One document: where it stands, and what may be done with it."""
    row = queries.one(dokumen_id, trusted_keys())
    return render_template(
        "staff/dokumen/show.html",
        row=row,
        again=ReasonForm(formdata=None, prefix=AGAIN),
        reason=ReasonForm(formdata=None),
        address=current_app.config["PUBLIC_URL"],
    )


@bp.get("/<int(max=2147483647):dokumen_id>/unduh")
def download(dokumen_id: int) -> ResponseReturnValue:
    """The PDF as it was issued."""
    dokumen = db.get_or_404(Dokumen, dokumen_id)
    pdf = queries.pdf_of(dokumen_id)
    _note("unduh dokumen", dokumen.nomor)
    reply = Response(pdf, mimetype="application/pdf")
    reply.headers["Content-Disposition"] = f'attachment; filename="{dokumen.nomor}.pdf"'
    return reply


@bp.get("/ujian/<sitting_id>")
def of_sitting(sitting_id: str) -> ResponseReturnValue:
    """The result of one participant."""
    sitting = db.get_or_404(Sitting, sitting_id)
    subject = Subject(Jenis.HASIL, sitting_id=sitting_id)
    rows = queries.about(subject, trusted_keys())
    return render_template("staff/dokumen/sitting.html", sitting=sitting, rows=rows)


@bp.get("/sesi/<int(max=2147483647):sesi_id>")
def of_sesi(sesi_id: int) -> ResponseReturnValue:
    """The berita acara of a sesi, and the results of everybody in it."""
    sesi = db.get_or_404(Sesi, sesi_id)
    rows = queries.about(Subject(Jenis.BERITA_ACARA, sesi_id=sesi_id), trusted_keys())
    finished = len(batches.select_results(db.session(), sesi_id=sesi_id))
    return render_template("staff/dokumen/sesi.html", sesi=sesi, rows=rows, finished=finished)


@bp.get("/pengumuman/<int(max=2147483647):pengumuman_id>")
def of_pengumuman(pengumuman_id: int) -> ResponseReturnValue:
    """The list of an announcement, whole or for one agency, and the results of those in it."""
    pengumuman = db.get_or_404(Pengumuman, pengumuman_id)
    subject = Subject(Jenis.PERINGKAT, pengumuman_id=pengumuman_id)
    return render_template(
        "staff/dokumen/pengumuman.html",
        pengumuman=pengumuman,
        rows=queries.about(subject, trusted_keys()),
        agencies=queries.agencies_of(pengumuman_id),
    )


@bp.get("/instansi/<int(max=2147483647):instansi_id>")
def of_instansi(instansi_id: int) -> ResponseReturnValue:
    """The summary of an agency."""
    instansi = db.get_or_404(Instansi, instansi_id)
    rows = queries.about(Subject(Jenis.REKAP, instansi_id=instansi_id), trusted_keys())
    announcements = queries.announcements_of(instansi_id)
    return render_template(
        "staff/dokumen/instansi.html", instansi=instansi, rows=rows, announcements=announcements
    )


@bp.post("/terbitkan")
def issue() -> ResponseReturnValue:
    """Issue one document; asking again shows the one that is in force."""
    form = SubjectForm()
    if not form.validate() or form.jenis.data not in set(Jenis):
        abort(400)
    subject = form.subject()
    if not subject.is_whole:
        abort(400)
    for name, value in subject.ids.items():
        if value is not None:
            db.get_or_404(_TABLES[name], value)
    return _issue(subject, back=_page_of(subject))


@bp.get("/banyak")
def many() -> ResponseReturnValue:
    """Ask for the results of a list of participants."""
    return render_template("staff/dokumen/many.html", form=BatchForm(formdata=None))


@bp.post("/banyak")
def issue_many() -> ResponseReturnValue:
    """Put the results of many participants in the queue of background jobs."""
    form = BatchForm()
    if not form.validate():
        return render_template("staff/dokumen/many.html", form=form), 422
    chosen = {
        "sesi_id": form.sesi_id.data,
        "pengumuman_id": form.pengumuman_id.data,
        "nomor": form.numbers(),
    }
    params = {
        "pilihan": {name: value for name, value in chosen.items() if value},
        "alamat": current_app.config["PUBLIC_URL"],
    }
    return _enqueue(batches.MANY, params)


@bp.post("/<int(max=2147483647):dokumen_id>/ulang")
def reissue(dokumen_id: int) -> ResponseReturnValue:
    """Issue a new document in the place of this one."""
    old, form = db.get_or_404(Dokumen, dokumen_id), ReasonForm(prefix=AGAIN)
    here = url_for(".show", dokumen_id=dokumen_id)
    if not form.validate():
        flash(form.alasan.errors[0])
        return redirect(here, 303)
    return _issue(Subject.of(old), back=here, replaces=old, alasan=form.alasan.data)


@bp.post("/<int(max=2147483647):dokumen_id>/tarik")
def propose_withdrawal(dokumen_id: int) -> ResponseReturnValue:
    """Propose that a document should no longer hold."""
    dokumen, form = db.get_or_404(Dokumen, dokumen_id), ReasonForm()
    try:
        with transaction() as session:
            withdrawal.propose(
                session,
                dokumen,
                alasan=form.alasan.data or "",
                by=current_user.username,
                now=clock.now(),
            )
        flash("Usul penarikan dicatat. Akun lain harus memutuskannya.")
    except DecisionError as error:
        flash(str(error))
    return redirect(url_for(".show", dokumen_id=dokumen_id), 303)


@bp.post("/<int(max=2147483647):dokumen_id>/tarik/putusan")
def decide_withdrawal(dokumen_id: int) -> ResponseReturnValue:
    """The second person agrees or refuses."""
    dokumen, form = db.get_or_404(Dokumen, dokumen_id), DecisionForm()
    if not form.validate():
        abort(400)
    agree = form.putusan.data == "setuju"
    try:
        with transaction() as session:
            withdrawal.decide(
                session, dokumen, agree=agree, by=current_user.username, now=clock.now()
            )
        flash("Dokumen ditarik." if agree else "Usul penarikan ditolak.")
    except DecisionError as error:
        flash(str(error))
    return redirect(url_for(".show", dokumen_id=dokumen_id), 303)


def _page_of(subject: Subject) -> str:
    """Where a document of this subject is asked for."""
    if subject.jenis is Jenis.HASIL:
        return url_for(".of_sitting", sitting_id=subject.sitting_id or "")
    if subject.jenis is Jenis.BERITA_ACARA:
        return url_for(".of_sesi", sesi_id=subject.sesi_id or 0)
    if subject.jenis is Jenis.PERINGKAT:
        return url_for(".of_pengumuman", pengumuman_id=subject.pengumuman_id or 0)
    return url_for(".of_instansi", instansi_id=subject.instansi_id or 0)


def _issue(
    subject: Subject, *, back: str, replaces: Dokumen | None = None, alasan: str | None = None
) -> ResponseReturnValue:
    """Issue a document now, or ask for it as a job where it takes long."""
    session, config = db.session(), current_app.config
    if batches.is_long(session, subject):
        params = {
            "pokok": subject.to_mapping(),
            "alamat": config["PUBLIC_URL"],
            "menggantikan": replaces.id if replaces else None,
            "alasan": alasan,
        }
        return _enqueue(batches.ONE, params)
    desk = issuing.Desk(
        by=current_user.username,
        now=clock.now(),
        address=config["PUBLIC_URL"],
        keys=config["KEYS"],
        transaction=transaction,
    )
    try:
        sheet = issuing.compose(session, subject, desk.keys)
        row = issuing.issue(desk, subject, sheet, replaces=replaces, alasan=alasan)
    except (DecisionError, CannotBePrinted) as error:
        flash(str(error))
        return redirect(back, 303)
    return redirect(url_for(".show", dokumen_id=row.id), 303)


def _enqueue(kind: str, params: dict[str, Any]) -> ResponseReturnValue:
    with transaction() as session:
        jobs.enqueue(session, kind, params, current_user.username, clock.now())
    flash("Permintaan masuk antrean. Unduh berkasnya di halaman ini setelah selesai.")
    return redirect(url_for("pekerjaan.index"), 303)


def _note(act: str, subject: str) -> None:
    with transaction() as session:
        audit.record(session, at=clock.now(), by=current_user.username, act=act, subject=subject)
