"""Pages of the policy: every version readable, proposed by one person and decided by another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadInput, BadRules
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.susun import compose, has_standard_words
from cat.ketentuan.toml_text import read_as, write_mapping
from web import clock
from web.db import db, transaction
from web.operations.fleksibel import kebijakan
from web.staff.fleksibel import queries
from web.staff.fleksibel.blueprint import bp
from web.staff.fleksibel.forms import LayerForm, TextForm, VerdictForm, sentence_of
from web.tables import Instansi, KebijakanVersi

VERSI = "<int(max=2147483647):versi_id>"
INSTANSI = "<int(max=2147483647):instansi_id>"


@bp.get("/fleksibel/kebijakan")
def kebijakan_index() -> ResponseReturnValue:
    """Every version of the national rule and of the agencies' layers."""
    return render_template(
        "staff/fleksibel/kebijakan.html",
        rows=queries.version_rows(clock.today()),
        agencies=queries.agencies(),
    )


@bp.get(f"/fleksibel/kebijakan/{VERSI}")
def versi(versi_id: int) -> ResponseReturnValue:
    """One version, fully readable."""
    return _show(db.get_or_404(KebijakanVersi, versi_id), VerdictForm())


@bp.post(f"/fleksibel/kebijakan/{VERSI}/putusan")
def putuskan(versi_id: int) -> ResponseReturnValue:
    """The second person's verdict."""
    row = db.get_or_404(KebijakanVersi, versi_id)
    form = VerdictForm()
    if not form.validate():
        return _show(row, form), 422
    given = {"by": current_user.username, "reason": form.alasan.data, "now": clock.now()}
    try:
        with transaction() as session:
            if form.putusan.data == "setujui":
                kebijakan.approve(session, row, today=clock.today(), **given)
            else:
                kebijakan.reject(session, row, **given)
    except BadInput as problem:
        return _show(row, form, str(problem)), 409
    flash("Putusan dicatat.")
    return redirect(url_for(".versi", versi_id=row.id), 303)


@bp.get(f"/fleksibel/kebijakan/instansi/{INSTANSI}/usul")
def usul(instansi_id: int) -> ResponseReturnValue:
    """The form of an agency's layer, beginning with the one in force."""
    agency = db.get_or_404(Instansi, instansi_id)
    policy = queries.current_layer(agency.id, clock.today())
    form = LayerForm()
    if policy.lapisan is not None:
        form.fill(policy.lapisan)
    return _form(agency, policy, form)


@bp.post(f"/fleksibel/kebijakan/instansi/{INSTANSI}/usul")
def usulkan(instansi_id: int) -> ResponseReturnValue:
    """Propose the layer that the form describes."""
    agency = db.get_or_404(Instansi, instansi_id)
    policy = queries.current_layer(agency.id, clock.today())
    form = LayerForm()
    form.offer(policy)
    problem = ""
    if form.validate():
        content = compose(form.layer_figures(policy.kode))
        try:
            return _proposed(
                kebijakan.LAPISAN, content, agency.id, form.berlaku_sejak.data, form.alasan.data
            )
        except BadRules as found:
            problem = "" if form.show_problem(found) else sentence_of(found)
        except BadInput as found:
            problem = str(found)
    return _form(agency, policy, form, problem), 422


@bp.get("/fleksibel/kebijakan/dasar/teks")
def usul_dasar() -> ResponseReturnValue:
    """The national rule as text."""
    form = TextForm()
    policy = kebijakan.national_policy(db.session(), clock.today())
    form.teks.data = write_mapping(policy.to_mapping())
    return _text(None, form)


@bp.post("/fleksibel/kebijakan/dasar/teks")
def usulkan_dasar() -> ResponseReturnValue:
    """Propose a national rule."""
    return _propose_text(None)


@bp.get(f"/fleksibel/kebijakan/instansi/{INSTANSI}/teks")
def usul_teks(instansi_id: int) -> ResponseReturnValue:
    """An agency's layer as text."""
    agency = db.get_or_404(Instansi, instansi_id)
    policy = queries.current_layer(agency.id, clock.today())
    form = TextForm()
    layer = policy.to_mapping().get("lapisan", {"dasar": policy.kode, "contoh": False})
    form.teks.data = write_mapping(layer)
    return _text(agency, form)


@bp.post(f"/fleksibel/kebijakan/instansi/{INSTANSI}/teks")
def usulkan_teks(instansi_id: int) -> ResponseReturnValue:
    """Propose the layer that the text describes."""
    return _propose_text(db.get_or_404(Instansi, instansi_id))


def _propose_text(agency: Instansi | None) -> ResponseReturnValue:
    form, problem = TextForm(), ""
    begins = form.berlaku_sejak.data or clock.today()

    def read_layer(content: Mapping[str, Any]) -> dict[str, Any]:
        return kebijakan.check_layer(db.session(), content, begins)

    def read_national(content: Mapping[str, Any]) -> dict[str, Any]:
        return Policy.from_mapping(content).to_mapping()

    if form.validate():
        lapis = kebijakan.LAPISAN if agency else kebijakan.DASAR
        try:
            content = read_as(form.teks.data, read_layer if agency else read_national)
            agency_id = agency.id if agency else None
            return _proposed(lapis, content, agency_id, begins, form.alasan.data)
        except BadRules as found:
            form.show_problem(found)
        except BadInput as found:
            problem = str(found)
    return _text(agency, form, problem), 422


def _proposed(
    lapis: str, content: Mapping[str, Any], agency: int | None, begins: date, reason: str
) -> ResponseReturnValue:
    with transaction() as session:
        row = kebijakan.propose(
            session,
            lapis,
            content,
            instansi_id=agency,
            berlaku_sejak=begins,
            by=current_user.username,
            reason=reason,
            now=clock.now(),
        )
    flash("Usulan tersimpan. Orang lain harus menyetujuinya sebelum berlaku.")
    return redirect(url_for(".versi", versi_id=row.id), 303)


def _show(row: KebijakanVersi, form: VerdictForm, problem: str = "") -> str:
    session, today = db.session(), clock.today()
    policy = kebijakan.policy_of_version(session, row)
    return render_template(
        "staff/fleksibel/versi.html",
        row=row,
        policy=policy,
        in_force=kebijakan.is_in_force(session, row, today),
        text=write_mapping(row.content),
        form=form,
        problem=problem,
        is_own=row.diusulkan_oleh == current_user.username,
    )


def _form(agency: Instansi, policy: Policy, form: LayerForm, problem: str = "") -> str:
    form.offer(policy)
    return render_template(
        "staff/fleksibel/usul.html",
        agency=agency,
        policy=policy,
        form=form,
        problem=problem,
        own_words=policy.lapisan is not None and not has_standard_words(policy.lapisan),
    )


def _text(agency: Instansi | None, form: TextForm, problem: str = "") -> str:
    return render_template(
        "staff/fleksibel/usul_teks.html", agency=agency, form=form, problem=problem
    )
