"""Pages about talent: overview, employees, nine boxes, populations."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from web import clock
from web.access import STAF, role_required
from web.db import db, transaction
from web.operations import jobs
from web.operations.pelindungan import access
from web.operations.talenta import pelatihan, potret
from web.operations.talenta.acuan import Acuan, get_acuan
from web.operations.talenta.penilaian import assess
from web.staff.talenta import figures, queries
from web.staff.talenta.charts import share_chart
from web.staff.talenta.forms import FinishForm, OutsideForm
from web.tables import Pegawai

bp = Blueprint("talenta", __name__, url_prefix="/staf/talenta")
bp.before_request(role_required(STAF))


@bp.get("/")
def index() -> ResponseReturnValue:
    """Talent at a glance: each agency, and what waits for a decision."""
    acuan = _acuan()
    return render_template(
        "staff/talenta/index.html",
        acuan=acuan,
        rows=figures.summaries(clock.today().year, acuan),
        tahun=clock.today().year,
        waiting=queries.waiting_standards(),
        computed=queries.last_computed(),
    )


@bp.post("/potret")
def refresh() -> ResponseReturnValue:
    """Ask for all pictures to be worked out anew."""
    with transaction() as session:
        jobs.enqueue(session, potret.KIND, {}, current_user.username, clock.now())
    flash("Potret semua pegawai masuk antrean pekerjaan; halaman ini berubah setelah selesai.")
    return redirect(url_for(".index"), 303)


@bp.get("/pegawai")
def people() -> ResponseReturnValue:
    """Employees with their last picture, filtered."""
    chosen, text = _agency(), request.args.get("cari", "").strip()
    page = queries.people(
        instansi_id=chosen, text=text, number=request.args.get("halaman", 1, type=int)
    )
    return render_template(
        "staff/talenta/people.html",
        page=page,
        agencies=queries.agencies(),
        chosen=chosen,
        text=text,
        acuan=_acuan(),
    )


@bp.get("/pegawai/<int(max=2147483647):pegawai_id>")
def person(pegawai_id: int) -> ResponseReturnValue:
    """Everything about one employee, worked out now."""
    pegawai = queries.get_pegawai(pegawai_id)
    with transaction() as session:
        access.note(
            session,
            pegawai.person_id,
            pegawai.nip,
            act="buka profil talenta",
            activity="profil",
            by=current_user.username,
            at=clock.now(),
        )
    return render_person(pegawai, FinishForm(), OutsideForm())


def render_person(pegawai: Pegawai, finish: FinishForm, outside: OutsideForm) -> str:
    """The page of an employee, with forms as they stand."""
    session, acuan, today = db.session(), _acuan(), clock.today()
    return render_template(
        "staff/talenta/person.html",
        pegawai=pegawai,
        acuan=acuan,
        found=assess(session, [pegawai], today, acuan)[0],
        years=queries.performance_years(pegawai.id),
        plan=pelatihan.find_plan(session, pegawai.id, today.year),
        progress=pelatihan.progress(session, pegawai, today.year, acuan),
        trainings=pelatihan.trainings_of(session, pegawai.id),
        duty=acuan.pelatihan.duty(pegawai.status),
        finish=finish,
        outside=outside,
        today=today,
    )


@bp.get("/peta")
def boxes() -> ResponseReturnValue:
    """The nine boxes with counts, and the people of a chosen one (`kotak`, 0 for none yet)."""
    acuan, chosen = _acuan(), _agency()
    number = request.args.get("kotak", type=int)
    if number is not None and not 0 <= number <= 9:
        abort(404)
    page = None
    if number is not None:
        page = queries.people(
            instansi_id=chosen, kotak=number, number=request.args.get("halaman", 1, type=int)
        )
    return render_template(
        "staff/talenta/boxes.html",
        acuan=acuan,
        counts=queries.box_counts(chosen),
        agencies=queries.agencies(),
        chosen=chosen,
        number=number,
        box=next((each for each in acuan.peta.kotak if each.nomor == number), None),
        page=page,
        computed=queries.last_computed(),
    )


@bp.get("/populasi")
def population() -> ResponseReturnValue:
    """Strong IT base against the aim, gaps by agency, JP of the year."""
    acuan, by_jabatan = _acuan(), request.args.get("menurut") == "jabatan"
    shares = figures.strong_shares(acuan.populasi, by_jabatan)
    agencies, gaps = figures.gap_table(acuan)
    return render_template(
        "staff/talenta/population.html",
        acuan=acuan,
        by_jabatan=by_jabatan,
        shares=shares,
        chart=share_chart(shares, acuan.populasi.sasaran_persen),
        agencies=agencies,
        gaps=gaps,
        summaries=figures.summaries(clock.today().year, acuan),
        tahun=clock.today().year,
        computed=queries.last_computed(),
    )


def _acuan() -> Acuan:
    return get_acuan(db.session())


def _agency() -> int | None:
    chosen = request.args.get("instansi", type=int)
    if chosen is not None and chosen not in {each.id for each in queries.agencies()}:
        abort(404)
    return chosen
