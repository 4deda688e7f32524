"""Pages and acts about yearly performance."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select

from cat.errors import BadInput
from web import clock
from web.db import db, transaction
from web.operations.talenta import kinerja, potret
from web.operations.talenta.acuan import get_acuan
from web.staff.talenta import queries
from web.staff.talenta.forms import ImportForm, PerformanceForm
from web.staff.talenta.views import bp
from web.tables import Pegawai


@bp.get("/kinerja")
def performance() -> ResponseReturnValue:
    """One year's performance of everybody, and the form for one more."""
    form = PerformanceForm()
    form.nip.data = request.args.get("nip", "")
    form.tahun.data = _year()
    if (stored := queries.find_performance(form.nip.data, _year())) is not None:
        form.fill(stored)
    return _render(form)


@bp.post("/kinerja")
def record() -> ResponseReturnValue:
    """Store one year of one employee."""
    form = PerformanceForm()
    if not form.validate():
        return _render(form), 422
    pegawai = db.session.scalar(select(Pegawai).where(Pegawai.nip == form.nip.data.strip()))
    if pegawai is None:
        form.nip.errors = ["NIP ini tidak ada."]
        return _render(form), 422
    try:
        nilai = kinerja.Nilai(
            form.hasil_kerja.data,
            form.perilaku_kerja.data,
            kinerja.percent(form.target.data or "", "target"),
            kinerja.percent(form.capaian.data or "", "capaian"),
        )
        with transaction() as session:
            row = kinerja.record(
                session,
                pegawai,
                form.tahun.data,
                nilai,
                get_acuan(session).kinerja,
                by=current_user.username,
                now=clock.now(),
                alasan=form.alasan.data or "",
            )
            potret.refresh(session, [pegawai], today=clock.today(), now=clock.now())
    except BadInput as error:
        return _render(form, str(error)), 422
    nama = get_acuan(db.session()).kinerja.get(row.predikat).nama
    flash(f"Kinerja {pegawai.person.nama} tahun {row.tahun} dicatat: {nama}.")
    return redirect(url_for(".performance", tahun=row.tahun), 303)


@bp.route("/kinerja/impor", methods=["GET", "POST"])
def import_performance() -> ResponseReturnValue:
    """Many lines at once: checked first, stored all or none."""
    form, status = ImportForm(), 200
    problems: list[str] = []
    entries: list[kinerja.Entry] = []
    if request.method == "POST":
        status = 422
        if form.validate():
            entries, problems = kinerja.read_file(form.isi.data)
            problems += kinerja.check(db.session(), entries)[1]
            status = 422 if problems else 200
    if entries and not problems and "simpan" in request.form:
        try:
            with transaction() as session:
                rule = get_acuan(session).kinerja
                by, now = current_user.username, clock.now()
                new = kinerja.import_entries(session, entries, rule, by=by, now=now)
        except BadInput as error:  # somebody stored other ratings since the check
            problems, status = [str(error)], 422
        else:
            flash(f"{new} baris baru disimpan. Hitung ulang potret agar peta mengikutinya.")
            return redirect(url_for(".performance", tahun=entries[0].tahun), 303)
    page = render_template(
        "staff/talenta/import.html",
        form=form,
        problems=problems,
        entries=entries,
        columns=kinerja.COLUMNS,
        most=kinerja.MOST_ROWS,
    )
    return page, status


def _year() -> int:
    return request.args.get("tahun", clock.today().year - 1, type=int)


def _render(form: PerformanceForm, problem: str = "") -> str:
    tahun, chosen = _year(), request.args.get("instansi", type=int)
    number = request.args.get("halaman", 1, type=int)
    if not kinerja.FIRST_YEAR <= tahun <= kinerja.LAST_YEAR:
        abort(404)
    if chosen is not None and chosen not in {each.id for each in queries.agencies()}:
        abort(404)
    rows, last = queries.performance_rows(tahun, chosen, number)
    return render_template(
        "staff/talenta/performance.html",
        form=form,
        problem=problem,
        rows=rows,
        number=min(max(1, number), last),
        last=last,
        tahun=tahun,
        agencies=queries.agencies(),
        chosen=chosen,
        acuan=get_acuan(db.session()),
    )
