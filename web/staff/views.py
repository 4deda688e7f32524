"""Pages of BKN staff: sesi live, ranking, profile, flexible work, exports."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import Session

from web import clock
from web.access import PENGAWAS, PENULIS, STAF, role_required
from web.db import db, transaction
from web.operations import audit, eligibility, exports
from web.operations.pools import find_rules, get_rules
from web.operations.ranking import rank_formasi
from web.staff import queries
from web.tables import Formasi, Pegawai, Sesi, Sitting

bp = Blueprint("staff", __name__)
bp.before_request(role_required(STAF))

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HOME_OF = {STAF: "staff.index", PENULIS: "writer.index", PENGAWAS: "proctor.index"}


@bp.get("/petugas/")
def landing() -> ResponseReturnValue:
    """Where each role begins; whoever is not logged in goes to the login."""
    for role, home in _HOME_OF.items():
        if current_user.is_authenticated and current_user.has_role(role):
            return redirect(url_for(home), 303)
    return redirect(url_for("security.login"), 303)


@bp.get("/staf/")
def index() -> ResponseReturnValue:
    """Sesi and formasi at a glance."""
    return render_template(
        "staff/index.html", sesi=queries.sesi_summaries(), formasi=queries.formasi_summaries()
    )


@bp.get("/staf/sesi/<int(max=2147483647):sesi_id>")
def sesi(sesi_id: int) -> ResponseReturnValue:
    """One sesi live: every sitting with where it stands and its nilai."""
    chosen = db.get_or_404(Sesi, sesi_id)
    sittings = queries.sittings_of(sesi_id)
    lengths = {sitting.id: queries.pool_of(sitting).length for sitting in sittings}
    return render_template(
        "staff/sesi.html", sesi=chosen, sittings=sittings, lengths=lengths, now=clock.now()
    )


@bp.get("/staf/sesi/<int(max=2147483647):sesi_id>/hasil.<kind>")
def sesi_export(sesi_id: int, kind: str) -> ResponseReturnValue:
    """Results of a sesi as XLSX or CSV."""
    chosen = db.get_or_404(Sesi, sesi_id)
    _refuse_unknown(kind)
    rows = list(exports.sesi_rows(queries.sittings_of(sesi_id)))
    _note("ekspor hasil sesi", chosen.nama)
    return _file(kind, f"hasil-sesi-{sesi_id}", exports.SESI_COLUMNS, rows)


@bp.get("/staf/formasi/<int(max=2147483647):formasi_id>")
def formasi(formasi_id: int) -> ResponseReturnValue:
    """The ranking of one formasi, with the reasons."""
    chosen = db.get_or_404(Formasi, formasi_id)
    session = db.session()
    rules = find_rules(session, f"cpns-{chosen.tahun}")
    return render_template(
        "staff/formasi.html",
        formasi=chosen,
        rules=rules,
        threshold=rules.get_ambang_batas(chosen.jenis_kebutuhan),
        mode=rules.get_moda("adaptif"),
        ranked=rank_formasi(session, chosen, rules),
    )


@bp.get("/staf/formasi/<int(max=2147483647):formasi_id>/peringkat.<kind>")
def formasi_export(formasi_id: int, kind: str) -> ResponseReturnValue:
    """The ranking of one formasi as XLSX or CSV."""
    chosen = db.get_or_404(Formasi, formasi_id)
    _refuse_unknown(kind)
    session: Session = db.session()
    ranked = rank_formasi(session, chosen, find_rules(session, f"cpns-{chosen.tahun}"))
    rows = list(exports.ranking_rows(chosen, ranked))
    _note("ekspor peringkat", chosen.kode)
    return _file(kind, f"peringkat-{chosen.kode}", exports.RANKING_COLUMNS, rows)


@bp.get("/staf/ujian/<sitting_id>/profil")
def profile(sitting_id: str) -> ResponseReturnValue:
    """The competency profile of one person."""
    sitting = queries.get_finished(sitting_id)
    _note("buka profil", sitting.peserta.nomor)
    rules = get_rules(db.session(), sitting.rules_digest)
    names = {part.kode: part.nama for part in rules.bagian}
    return render_template(
        "staff/profile.html",
        sitting=sitting,
        person=sitting.peserta.person,
        rules=rules,
        mode=rules.get_moda(sitting.mode),
        parts=queries.part_profiles(sitting, names),
        digital=queries.digital_profile(sitting),
        weak=queries.WEAK_RELIABILITY,
    )


@bp.get("/staf/ujian/<sitting_id>/kerja-fleksibel")
def candidate_eligibility(sitting_id: str) -> ResponseReturnValue:
    """The flexible-work check that this participant would meet as CPNS."""
    sitting: Sitting = queries.get_finished(sitting_id)
    if sitting.peserta.formasi is None:
        pegawai = sitting.peserta.person.pegawai or abort(404)
        return redirect(url_for(".pegawai_eligibility", pegawai_id=pegawai.id), 303)
    session = db.session()
    policy = eligibility.get_policy(session)
    assessment = eligibility.assess_candidate(session, sitting, policy, clock.today())
    _note("periksa kerja fleksibel", sitting.peserta.nomor)
    return render_template(
        "staff/eligibility.html",
        assessment=assessment,
        groups=queries.by_group(assessment),
        policy=policy,
        person=sitting.peserta.person,
        position=sitting.peserta.formasi.jabatan.nama,
        agency=sitting.peserta.formasi.instansi.nama,
        standing="CPNS (bila diangkat dari seleksi ini)",
        sitting=sitting,
    )


@bp.get("/staf/pegawai")
def pegawai() -> ResponseReturnValue:
    """Serving employees with the outcome of their flexible-work check."""
    session = db.session()
    policy = eligibility.get_policy(session)
    today = clock.today()
    rows = [
        (each, eligibility.assess_pegawai(session, each, policy, today))
        for each in queries.pegawai_rows()
    ]
    _note("periksa kerja fleksibel", "semua pegawai")
    return render_template("staff/pegawai.html", rows=rows, policy=policy)


@bp.get("/staf/pegawai/<int(max=2147483647):pegawai_id>/kerja-fleksibel")
def pegawai_eligibility(pegawai_id: int) -> ResponseReturnValue:
    """The flexible-work check of a serving employee."""
    chosen = db.get_or_404(Pegawai, pegawai_id)
    session = db.session()
    policy = eligibility.get_policy(session)
    assessment = eligibility.assess_pegawai(session, chosen, policy, clock.today())
    _note("periksa kerja fleksibel", chosen.nip)
    return render_template(
        "staff/eligibility.html",
        assessment=assessment,
        groups=queries.by_group(assessment),
        policy=policy,
        person=chosen.person,
        position=chosen.jabatan.nama,
        agency=chosen.instansi.nama,
        standing=chosen.status.upper(),
        sitting=eligibility.latest_sitting(session, chosen.person_id),
    )


def _note(act: str, subject: str) -> None:
    with transaction() as session:
        audit.record(session, at=clock.now(), by=current_user.username, act=act, subject=subject)


def _refuse_unknown(kind: str) -> None:
    if kind not in ("xlsx", "csv"):
        abort(404)


def _file(kind: str, name: str, columns: tuple[str, ...], rows: list[exports.Row]) -> Response:
    if kind == "xlsx":
        response = Response(exports.as_xlsx(name, columns, rows), mimetype=XLSX)
    else:
        response = Response(exports.as_csv(columns, rows), mimetype="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
