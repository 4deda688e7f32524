"""SKB: plans, entry by page and file, corrections."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cat.errors import FileRefused, NotLawful
from web.db import db, transaction
from web.forms import choices_of
from web.operations.seleksi import nilai_skb, rencana
from web.operations.seleksi.lembar import Laporan, as_csv, as_xlsx
from web.staff.seleksi import queries
from web.staff.seleksi.blueprint import (
    YEAR,
    attempt,
    bp,
    complaint,
    find_peserta,
    is_valid,
    rules_of,
    signed,
    upload,
)
from web.staff.seleksi.forms import CorrectionForm, EntryForm, PlanForm, UploadForm
from web.tables import Formasi, Instansi, Jabatan, RencanaSKB

_FILES = {
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}
_PLAN = f"/{YEAR}/skb/<int(max=2147483647):plan_id>"


@bp.get(f"/{YEAR}/skb")
def skb(tahun: int) -> ResponseReturnValue:
    """The plans of one agency, and how much is entered."""
    rules = rules_of(tahun)
    agencies = [row.instansi for row in queries.agencies(tahun)]
    wanted = request.args.get("instansi", agencies[0].id, type=int)
    chosen = next((each for each in agencies if each.id == wanted), agencies[0])
    return render_template(
        "staff/seleksi/skb.html",
        tahun=tahun,
        rules=rules,
        agencies=agencies,
        chosen=chosen,
        rows=queries.plan_rows(tahun, chosen),
    )


@bp.route(
    f"/{YEAR}/skb/rencana/<int(max=2147483647):instansi_id>/<int(max=2147483647):jabatan_id>",
    methods=["GET", "POST"],
)
def plan(tahun: int, instansi_id: int, jabatan_id: int) -> ResponseReturnValue:
    """Write the plan of a jabatan; refused with every limit that it breaks."""
    rules = rules_of(tahun)
    instansi, jabatan = _pair(tahun, instansi_id, jabatan_id)
    stored = rencana.find_plan(db.session(), tahun, instansi_id, jabatan_id)
    kinds = rencana.skb_rules(rules).names
    form, found = PlanForm(), []
    form.offer(kinds)
    if request.method == "GET":
        if stored is not None:
            form.fill(stored)
    elif form.validate():
        try:
            with transaction() as session:
                saved = rencana.save(
                    session,
                    tahun,
                    instansi,
                    jabatan,
                    form.parts(kinds),
                    rules,
                    dasar=form.dasar.data or "",
                    **signed(),
                )
            flash(f"Rencana SKB {jabatan.nama} disimpan.")
            return redirect(url_for(".entry", tahun=tahun, plan_id=saved.id), 303)
        except NotLawful as error:
            found = error.evidence.get("masalah", [])
    page = render_template(
        "staff/seleksi/rencana.html",
        tahun=tahun,
        instansi=instansi,
        jabatan=jabatan,
        limits=rencana.limits_of(rules, instansi),
        form=form,
        plan=stored,
        found=found,
        is_closed=stored is not None and rencana.has_nilai(db.session(), stored),
    )
    return page, 422 if request.method == "POST" else 200


@bp.route(_PLAN, methods=["GET", "POST"])
def entry(tahun: int, plan_id: int) -> ResponseReturnValue:
    """What is entered under a plan, and the import with its dry run."""
    stored, form = _plan(tahun, plan_id), UploadForm()
    report, refused = None, None
    if request.method == "POST" and form.validate():
        report, refused, done = upload(
            lambda session, content, dry_run: nilai_skb.import_file(
                session, stored, content, dry_run=dry_run, **signed()
            )
        )
        if done:
            return redirect(url_for(".entry", tahun=tahun, plan_id=plan_id), 303)
    return _entry_page(stored, report, refused)


@bp.post(f"{_PLAN}/isi")
def enter_one(tahun: int, plan_id: int) -> ResponseReturnValue:
    """Enter the nilai of one participant."""
    stored, form = _plan(tahun, plan_id), EntryForm()
    if is_valid(form):
        nomor = (form.nomor.data or "").strip()
        cells = {part.jenis: request.form.get(part.jenis, "") for part in stored.bagian}
        try:
            with transaction() as session:
                report = nilai_skb.enter(session, stored, nomor, cells, **signed())
            flash(f"{report.accepted} nilai {nomor} disimpan.")
        except FileRefused as error:
            flash(f"Tidak dilakukan. {complaint(error)}")
    return redirect(url_for(".entry", tahun=tahun, plan_id=plan_id), 303)


@bp.post(f"{_PLAN}/koreksi")
def correct(tahun: int, plan_id: int) -> ResponseReturnValue:
    """Propose another nilai in the place of one that was entered."""
    stored, form = _plan(tahun, plan_id), CorrectionForm()
    form.bagian.choices = choices_of((str(part.id), part.nama) for part in stored.bagian)
    peserta = find_peserta(form.nomor.data, tahun) if is_valid(form) else None
    if peserta is not None:
        part = next(part for part in stored.bagian if str(part.id) == form.bagian.data)
        text, alasan = form.nilai.data or "", form.alasan.data or ""
        attempt(
            lambda session: nilai_skb.correct(
                session, peserta, part, text, alasan=alasan, **signed()
            ),
            f"Usul koreksi nilai {peserta.nomor} menunggu orang kedua.",
        )
    return redirect(url_for(".entry", tahun=tahun, plan_id=plan_id), 303)


@bp.get(f"{_PLAN}/templat.<kind>")
def template(tahun: int, plan_id: int, kind: str) -> ResponseReturnValue:
    """The file to fill in, with everybody who goes on."""
    stored = _plan(tahun, plan_id)
    if kind not in _FILES:
        abort(404)
    write, mimetype = _FILES[kind]
    content = write(
        nilai_skb.template_columns(stored), nilai_skb.template_rows(db.session(), stored)
    )
    name = f"nilai-skb-{tahun}-{stored.instansi.kode}-{stored.jabatan.kode}.{kind}"
    reply = Response(content, mimetype=mimetype)
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


def _entry_page(
    stored: RencanaSKB, report: Laporan | None, refused: str | None
) -> ResponseReturnValue:
    correction = CorrectionForm(formdata=None)
    correction.bagian.choices = choices_of((str(part.id), part.nama) for part in stored.bagian)
    page = render_template(
        "staff/seleksi/nilai_skb.html",
        tahun=stored.tahun,
        plan=stored,
        rows=queries.entry_rows(stored),
        form=UploadForm(formdata=None),
        entry=EntryForm(formdata=None),
        correction=correction,
        report=report,
        refused=refused,
    )
    return page, 422 if refused or (report and report.problems) else 200


def _plan(tahun: int, plan_id: int) -> RencanaSKB:
    stored: RencanaSKB | None = db.session.scalar(
        select(RencanaSKB)
        .where(RencanaSKB.id == plan_id, RencanaSKB.tahun == tahun)
        .options(joinedload(RencanaSKB.instansi), joinedload(RencanaSKB.jabatan))
    )
    return stored or abort(404)


def _pair(tahun: int, instansi_id: int, jabatan_id: int) -> tuple[Instansi, Jabatan]:
    """The agency and the jabatan; 404 where no formasi of the year is for both."""
    formasi = db.session.scalar(
        select(Formasi)
        .where(
            Formasi.tahun == tahun,
            Formasi.instansi_id == instansi_id,
            Formasi.jabatan_id == jabatan_id,
        )
        .limit(1)
    )
    return (formasi.instansi, formasi.jabatan) if formasi else abort(404)
