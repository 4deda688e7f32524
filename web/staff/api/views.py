"""Making, approving and revoking keys of programs."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms.fields.choices import SelectChoice

from cat.errors import BadInput
from web import clock
from web.access import STAF, role_required
from web.db import db, transaction
from web.operations.api import tokens
from web.staff.api.forms import TokenForm
from web.tables import ApiToken, Instansi

bp = Blueprint("staff_api", __name__, url_prefix="/staf/api")
bp.before_request(role_required(STAF))

ALL_AGENCIES = 0


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every key with where it stands."""
    return _page(_form())


@bp.post("/")
def create() -> ResponseReturnValue:
    """Make a key and show it, once."""
    form = _form()
    if not form.validate():
        return _page(form, status=422)
    try:
        with transaction() as session:
            token, plain = tokens.create(
                session,
                nama=form.nama.data.strip(),
                scopes=form.scopes.data,
                instansi_id=form.instansi.data or None,
                purpose=form.purpose.data.strip(),
                legal_basis=form.legal_basis.data.strip(),
                days=form.days.data,
                by=current_user.username,
                now=clock.now(),
            )
    except BadInput as error:
        form.form_errors.append(str(error))
        return _page(form, status=422)
    return render_template("staff/api/created.html", token=token, plain=plain)


@bp.post("/<int(max=2147483647):token_id>/setujui")
def approve(token_id: int) -> ResponseReturnValue:
    """Let a key work."""
    return _act(token_id, tokens.approve, "disetujui")


@bp.post("/<int(max=2147483647):token_id>/cabut")
def revoke(token_id: int) -> ResponseReturnValue:
    """End a key."""
    return _act(token_id, tokens.revoke, "dicabut")


def _act(token_id: int, act, done: str) -> ResponseReturnValue:
    token = db.get_or_404(ApiToken, token_id)
    try:
        with transaction() as session:
            act(session, token, by=current_user.username, now=clock.now())
        flash(f"Token {token.nama} {done}.")
    except BadInput as error:
        flash(f"{error}.")
    return redirect(url_for(".index"), 303)


def _form() -> TokenForm:
    form = TokenForm()
    agencies = db.session.scalars(select(Instansi).order_by(Instansi.nama))
    form.instansi.choices = [
        SelectChoice(ALL_AGENCIES, "Semua instansi"),
        *(SelectChoice(agency.id, agency.nama) for agency in agencies),
    ]
    return form


def _page(form: TokenForm, status: int = 200) -> ResponseReturnValue:
    rows = db.session.scalars(
        select(ApiToken).options(joinedload(ApiToken.instansi)).order_by(ApiToken.id.desc())
    ).all()
    now = clock.now()
    page = render_template(
        "staff/api/index.html",
        form=form,
        rows=[(row, tokens.state(row, now)) for row in rows],
        scopes=tokens.SCOPES,
    )
    return page, status
