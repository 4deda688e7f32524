"""Pages about personal data."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import or_, select

from cat.errors import BadInput
from web import clock
from web.access import STAF, role_required
from web.db import db, transaction
from web.operations.pelindungan import access, register, requests, retention, subject
from web.staff.pelindungan.forms import AnswerForm, RequestForm, RetentionForm, RevealForm
from web.tables import DataRequest, Pegawai, Person, Peserta, RetentionRun

bp = Blueprint("pelindungan", __name__, url_prefix="/staf/data-pribadi")
bp.before_request(role_required(STAF))

_MOST_FOUND = 20


@bp.get("/")
def index() -> ResponseReturnValue:
    """The register, open requests, and the way to one person."""
    session = db.session()
    wanted = request.args.get("cari", "").strip()[:40]
    return render_template(
        "staff/pelindungan/index.html",
        register=register.in_force(session),
        wanted=wanted,
        found=_find(wanted) if wanted else [],
        open_requests=session.scalars(
            select(DataRequest)
            .where(DataRequest.answered_at.is_(None))
            .order_by(DataRequest.due_at)
        ).all(),
        kinds=requests.KINDS,
        now=clock.now(),
    )


@bp.get("/orang/<int(max=2147483647):person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """What is held about one person, who looked, what they asked for."""
    return _person_page(db.get_or_404(Person, person_id))


@bp.post("/orang/<int(max=2147483647):person_id>/nik")
def reveal(person_id: int) -> ResponseReturnValue:
    """Show the whole NIK once, with the reason on record."""
    chosen, form = db.get_or_404(Person, person_id), RevealForm()
    if not form.validate():
        return _person_page(chosen, reveal_form=form), 422
    _note(chosen, f"lihat NIK: {form.alasan.data}")
    return _person_page(chosen, nik=chosen.nik)


@bp.post("/orang/<int(max=2147483647):person_id>/salinan")
def copy(person_id: int) -> ResponseReturnValue:
    """The copy of everything that is held about a person."""
    chosen = db.get_or_404(Person, person_id)
    _note(chosen, "buat salinan data")
    response = Response(subject.as_zip(db.session(), chosen), mimetype="application/zip")
    name = f"salinan-data-{chosen.id}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/orang/<int(max=2147483647):person_id>/permintaan")
def receive(person_id: int) -> ResponseReturnValue:
    """Register a request."""
    chosen, form = db.get_or_404(Person, person_id), RequestForm()
    if not form.validate():
        return _person_page(chosen, request_form=form), 422
    with transaction() as session:
        requests.receive(
            session,
            chosen,
            kind=form.jenis.data,
            wish=form.isi.data,
            by=current_user.username,
            now=clock.now(),
        )
    flash("Permintaan dicatat; jawab dalam 3 x 24 jam.")
    return redirect(url_for(".person", person_id=chosen.id), 303)


@bp.route("/permintaan/<int(max=2147483647):request_id>", methods=["GET", "POST"])
def answer(request_id: int) -> ResponseReturnValue:
    """Answer a request."""
    chosen, form = db.get_or_404(DataRequest, request_id), AnswerForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                requests.answer(
                    session,
                    chosen,
                    granted=form.putusan.data == "ya",
                    text=form.jawaban.data,
                    by=current_user.username,
                    now=clock.now(),
                )
            flash("Jawaban dicatat.")
        except BadInput as error:
            flash(f"{error}.")
        return redirect(url_for(".person", person_id=chosen.person_id), 303)
    page = render_template(
        "staff/pelindungan/answer.html", wish=chosen, form=form, kinds=requests.KINDS
    )
    return page, 422 if form.errors else 200


@bp.route("/retensi", methods=["GET", "POST"])
def retain() -> ResponseReturnValue:
    """What has outlived its time; propose to clear it."""
    form = RetentionForm(data={"tanggal": clock.today()})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                retention.propose(
                    session,
                    as_of=form.tanggal.data,
                    reason=form.alasan.data,
                    by=current_user.username,
                    now=clock.now(),
                )
            flash("Usul dicatat; petugas lain perlu menyetujui.")
        except BadInput as error:
            flash(f"{error}.")
        return redirect(url_for(".retain"), 303)
    session = db.session()
    page = render_template(
        "staff/pelindungan/retention.html",
        form=form,
        register=register.in_force(session),
        due=retention.due(session, clock.today()),
        today=clock.today(),
        runs=session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc())).all(),
    )
    return page, 422 if form.errors else 200


@bp.post("/retensi/<int(max=2147483647):run_id>/setujui")
def approve(run_id: int) -> ResponseReturnValue:
    """Approve a clearing; a background job does it."""
    run = db.get_or_404(RetentionRun, run_id)
    try:
        with transaction() as session:
            retention.approve(session, run, by=current_user.username, now=clock.now())
        flash("Disetujui; penghapusan berjalan di latar belakang.")
    except BadInput as error:
        flash(f"{error}.")
    return redirect(url_for(".retain"), 303)


def _find(wanted: str) -> list[Person]:
    """Persons with this nomor peserta, NIP, or part of a name."""
    by_number = select(Peserta.person_id).where(Peserta.nomor == wanted)
    by_nip = select(Pegawai.person_id).where(Pegawai.nip == wanted)
    by_name = Person.nama.icontains(wanted, autoescape=True)
    query = select(Person).where(or_(Person.id.in_(by_number), Person.id.in_(by_nip), by_name))
    return list(db.session.scalars(query.order_by(Person.nama, Person.id).limit(_MOST_FOUND)))


def _person_page(
    chosen: Person,
    *,
    nik: str | None = None,
    reveal_form: RevealForm | None = None,
    request_form: RequestForm | None = None,
) -> str:
    session = db.session()
    held = subject.everything(session, chosen)
    return render_template(
        "staff/pelindungan/person.html",
        person=chosen,
        nik=nik,
        held={name: len(rows) for name, rows in held.items()},
        looks=access.history(session, chosen.id),
        asked=session.scalars(
            select(DataRequest)
            .where(DataRequest.person_id == chosen.id)
            .order_by(DataRequest.id.desc())
        ).all(),
        kinds=requests.KINDS,
        reveal_form=reveal_form or RevealForm(),
        request_form=request_form or RequestForm(),
        now=clock.now(),
    )


def _note(person: Person, act: str) -> None:
    activity = "profil" if person.pegawai else "seleksi"
    with transaction() as session:
        access.note(
            session,
            person.id,
            f"orang {person.id}",
            act=act,
            activity=activity,
            by=current_user.username,
            at=clock.now(),
        )
