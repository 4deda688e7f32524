"""Pages of BKN staff: sesi live, ranking, exports."""

from __future__ import annotations

from pathlib import Path

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

from web import clock
from web.access import (
    ANALIS,
    PEGAWAI,
    PENELAAH,
    PENGAWAS,
    PENULIS,
    PIMPINAN,
    REGISTRASI,
    STAF,
    role_required,
)
from web.db import db, own_session, transaction
from web.operations import audit
from web.operations.ekspor import job
from web.operations.ekspor.datasets import HASIL_SESI, PERINGKAT
from web.operations.ekspor.datasets.source import Dataset, Filters
from web.operations.ekspor.formats import FORMATS
from web.operations.ekspor.making import Plan
from web.operations.pools import find_rules
from web.operations.ranking import rank_formasi
from web.staff import queries
from web.staff.ekspor.sending import send_made
from web.tables import Formasi, Sesi

bp = Blueprint("staff", __name__)
bp.before_request(role_required(STAF))

_HOME_OF = {
    STAF: "staff.index",
    PENULIS: "writer.index",
    PENELAAH: "writer.index",
    ANALIS: "writer.index",
    PENGAWAS: "proctor.index",
    REGISTRASI: "registrasi.index",
    PIMPINAN: "head.index",
    PEGAWAI: "employee.index",
}


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
        "staff/sesi.html",
        sesi=chosen,
        sittings=sittings,
        parts=queries.part_names(sittings),
        lengths=lengths,
        now=clock.now(),
    )


@bp.get("/staf/sesi/<int(max=2147483647):sesi_id>/hasil.<kind>")
def sesi_export(sesi_id: int, kind: str) -> ResponseReturnValue:
    """Results of a sesi as XLSX or CSV."""
    chosen = db.get_or_404(Sesi, sesi_id)
    return _export(HASIL_SESI, Filters(sesi=chosen.id), kind, f"hasil-sesi-{sesi_id}")


@bp.get("/staf/formasi/<int(max=2147483647):formasi_id>")
def formasi(formasi_id: int) -> ResponseReturnValue:
    """The ranking of one formasi, with the reasons."""
    chosen = db.get_or_404(Formasi, formasi_id)
    session = db.session()
    rules = find_rules(session, f"cpns-{chosen.tahun}", clock.today())
    ranked = rank_formasi(session, chosen, rules)
    modes = sorted({row.sitting.mode for row in ranked if row.sitting})
    return render_template(
        "staff/formasi.html",
        formasi=chosen,
        rules=rules,
        threshold=rules.get_ambang_batas(chosen.jenis_kebutuhan),
        modes=[rules.get_moda(mode) for mode in modes],
        ranked=ranked,
    )


@bp.get("/staf/formasi/<int(max=2147483647):formasi_id>/peringkat.<kind>")
def formasi_export(formasi_id: int, kind: str) -> ResponseReturnValue:
    """The ranking of one formasi as XLSX or CSV."""
    chosen = db.get_or_404(Formasi, formasi_id)
    filters = Filters(formasi=chosen.kode, pada=clock.today().isoformat())
    return _export(PERINGKAT, filters, kind, f"peringkat-{chosen.kode}")


def _note(act: str, subject: str) -> None:
    with transaction() as session:
        audit.record(session, at=clock.now(), by=current_user.username, act=act, subject=subject)


def _export(dataset: Dataset, filters: Filters, kind: str, name: str) -> Response:
    """The rows alone; the page of exports gives them with a signed manifest."""
    if kind not in ("xlsx", "csv"):
        abort(404)
    plan = Plan(dataset, filters, FORMATS[kind])
    with transaction() as session:
        job.note(session, plan, by=current_user.username, now=clock.now())

    def make(folder: Path) -> Path:
        with own_session(db.engine) as own:
            return job.make_bare(own, plan, folder)

    return send_made(make, plan.format.mimetype, f"{name}.{kind}")
