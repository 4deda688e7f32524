"""Pages and acts about norm groups."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import AlreadyDecided, NormGroupTooSmall
from web import clock
from web.db import db, transaction
from web.operations.data_kompetensi import get_aturan_norma
from web.operations.norma import make_group, read_group
from web.staff.profil import queries
from web.staff.profil.forms import NormForm
from web.staff.profil.views import bp
from web.tables import KelompokNorma


@bp.get("/staf/profil/norma")
def norms() -> ResponseReturnValue:
    """Every norm group, and a form to make one."""
    return _render(_form())


@bp.post("/staf/profil/norma")
def make_norm() -> ResponseReturnValue:
    """Make a norm group of finished sittings."""
    form = _form()
    if not form.validate():
        return _render(form), 422
    try:
        with transaction() as session:
            row = make_group(
                session,
                form.pilihan(),
                by=current_user.username,
                now=clock.now(),
                today=clock.today(),
            )
    except NormGroupTooSmall as error:
        persons, minimum = error.evidence["persons"], error.evidence["minimum"]
        form.sesi.errors = [f"Hanya {persons} orang; kelompok norma perlu {minimum}."]
        return _render(form), 422
    except AlreadyDecided:
        form.nama.errors = ["Nama ini sudah dipakai kelompok lain."]
        return _render(form), 422
    flash(f"Kelompok norma {row.nama} dibuat dari {row.persons} orang.")
    return redirect(url_for(".norm", norma_id=row.id), 303)


@bp.get("/staf/profil/norma/<int(max=2147483647):norma_id>")
def norm(norma_id: int) -> ResponseReturnValue:
    """One norm group: who they are, how they are spread, and which domains add information."""
    row = db.get_or_404(KelompokNorma, norma_id)
    norma = read_group(row)
    return render_template(
        "staff/profil/norm.html",
        row=row,
        norma=norma,
        judged=queries.judged_domains(norma),
        rules=get_aturan_norma(db.session()),
    )


def _form() -> NormForm:
    return NormForm().offer(queries.sesi_choices(), queries.kinds_of_need())


def _render(form: NormForm) -> str:
    return render_template(
        "staff/profil/norms.html",
        form=form,
        groups=queries.norm_groups(),
        rules=get_aturan_norma(db.session()),
    )
