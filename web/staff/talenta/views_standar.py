"""Pages and acts about competency standards."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select

from cat.errors import BadInput, BadRules, DecisionError
from cat.kompetensi.standar import JABATAN, JENJANG, Standar
from web import clock
from web.db import db, transaction
from web.operations.talenta import standar
from web.operations.talenta.acuan import Acuan, get_acuan
from web.staff.talenta import queries
from web.staff.talenta.forms import DecisionForm, StandardForm
from web.staff.talenta.views import bp
from web.tables import Jabatan, StandarJabatan


@bp.get("/standar")
def standards() -> ResponseReturnValue:
    """Every jabatan and jenjang with the standard in force and its versions."""
    acuan = get_acuan(db.session())
    positions, kinds = queries.targets(acuan)
    return render_template(
        "staff/talenta/standards.html",
        acuan=acuan,
        positions=positions,
        kinds=kinds,
        waiting=queries.waiting_standards(),
        today=clock.today(),
    )


@bp.get("/standar/<int(max=2147483647):standar_id>")
def standard(standar_id: int) -> ResponseReturnValue:
    """One version with what it changes."""
    return _render_version(db.get_or_404(StandarJabatan, standar_id), DecisionForm())


@bp.post("/standar/<int(max=2147483647):standar_id>")
def decide(standar_id: int) -> ResponseReturnValue:
    """Agree to a version or reject it, as the second person."""
    row, form = db.get_or_404(StandarJabatan, standar_id), DecisionForm()
    if not form.validate():
        return _render_version(row, form), 422
    try:
        with transaction() as session:
            standar.decide(
                session,
                standar_id,
                form.putusan.data,
                alasan=form.alasan.data.strip(),
                by=current_user.username,
                now=clock.now(),
            )
        flash("Putusan disimpan. Hitung ulang potret agar halaman populasi mengikutinya.")
    except (BadInput, DecisionError) as error:
        flash(str(error))
    return redirect(url_for(".standard", standar_id=standar_id), 303)


@bp.route("/standar/usul", methods=["GET", "POST"])
def propose() -> ResponseReturnValue:
    """Write a new version for a jabatan or jenjang (`sasaran`)."""
    acuan = get_acuan(db.session())
    sasaran = request.args.get("sasaran", "")
    nama, current = _target(sasaran, acuan)
    form, problem, status = StandardForm.of(acuan.kamus), "", 200
    if request.method == "GET":
        form.berlaku_mulai.data = clock.today() + timedelta(days=1)
        form.judul.data, form.persen_teknis.data = nama, 0
        if current is not None:
            form.fill(current)
    elif not form.validate():
        status = 422
    else:
        try:
            proposal = Standar.from_mapping(form.content(sasaran, acuan.kamus), acuan.kamus)
            with transaction() as session:
                row = standar.propose(
                    session,
                    proposal,
                    acuan,
                    berlaku_mulai=form.berlaku_mulai.data,
                    alasan=form.alasan.data.strip(),
                    by=current_user.username,
                    now=clock.now(),
                )
            flash("Usul disimpan dan menunggu putusan orang kedua.")
            return redirect(url_for(".standard", standar_id=row.id), 303)
        except BadRules as error:
            problem, status = str(error), 422
    page = render_template(
        "staff/talenta/propose.html",
        form=form,
        groups=form.groups(acuan.kamus),
        nama=nama,
        sasaran=sasaran,
        problem=problem,
    )
    return page, status


def _target(sasaran: str, acuan: Acuan) -> tuple[str, Standar | None]:
    """Name of a jabatan or jenjang and its standard in force; 404 when there is no such thing."""
    session, today = db.session(), clock.today()
    if sasaran.startswith(JABATAN):
        kode = sasaran.removeprefix(JABATAN)
        jabatan = session.scalar(select(Jabatan).where(Jabatan.kode == kode)) or abort(404)
        found = standar.standards_in_force(session, [jabatan], today, acuan).get(jabatan.id)
        return jabatan.nama, found.standar if found else None
    jenjang = acuan.jenjang.find(sasaran.removeprefix(JENJANG))
    if not sasaran.startswith(JENJANG) or jenjang is None:
        abort(404)
    found = standar.standard_of_jenjang(session, jenjang.kode, today, acuan)
    return jenjang.nama, found.standar if found else None


def _render_version(row: StandarJabatan, form: DecisionForm) -> str:
    acuan = get_acuan(db.session())
    return render_template(
        "staff/talenta/standard.html",
        row=row,
        standar=standar.read_standard(row, acuan),
        before=queries.version_before(row, acuan),
        acuan=acuan,
        form=form,
        is_own=row.proposed_by == current_user.username,
    )
