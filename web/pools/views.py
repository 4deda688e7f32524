"""Pools and proposals: one analyst proposes, another publishes or refuses."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TypeVar

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadInput, CatError, DecisionError
from cat.itembank.pool_file import save_pool
from web import clock
from web.db import db, transaction
from web.errors import refusal_of
from web.forms import ReasonForm
from web.operations import audit
from web.operations.kisi_kisi import usulan
from web.operations.pools import get_pool
from web.pools import charts, queries
from web.pools.blueprint import bp
from web.pools.forms import UsulForm

AnyForm = TypeVar("AnyForm", bound=ReasonForm)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Published pools and what waits for a decision."""
    return render_template(
        "pools/index.html",
        pools=queries.pool_rows(),
        usulan=usulan.proposals(db.session()),
        groups=queries.version_groups(),
    )


@bp.get("/<digest>")
def pool(digest: str) -> ResponseReturnValue:
    """One pool: counts, never a key."""
    return _show_pool(digest, ReasonForm())


@bp.get("/<digest>/berkas")
def download(digest: str) -> ResponseReturnValue:
    """The pool as one file; it holds keys, so it is noted who took it."""
    page = queries.pool_page(digest)
    chosen = get_pool(db.session(), digest)
    with tempfile.TemporaryDirectory(prefix="catcpns-") as scratch:
        path = Path(scratch) / "pool"
        save_pool(chosen, path)
        body = path.read_bytes()
    with transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            by=current_user.username,
            act="unduh pool",
            subject=page.row.code,
            hash=digest,
        )
    reply = Response(body, mimetype="application/octet-stream")
    name = f"{page.row.code}-{digest[:12]}.catcpns"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


@bp.post("/<digest>/tarik")
def withdraw(digest: str) -> ResponseReturnValue:
    """Let no new sitting use this pool."""
    form = ReasonForm()
    if not form.validate():
        return _show_pool(digest, form), 422
    try:
        with transaction() as session:
            usulan.withdraw(
                session,
                digest,
                by=current_user.username,
                reason=form.alasan.data,
                now=clock.now(),
            )
    except (BadInput, DecisionError) as problem:
        return _show_pool(digest, _refused(form, problem)), refusal_of(problem).status
    flash("Pool ditarik: sesi baru tidak dapat memakainya.")
    return redirect(url_for(".pool", digest=digest), 303)


@bp.post("/kisi-kisi/<digest>/usul")
def propose(digest: str) -> ResponseReturnValue:
    """Ask that the bank be published under this version."""
    from web.pools.editing import show_version

    form = UsulForm()
    if not form.validate():
        return show_version(digest, form), 422
    try:
        with transaction() as session:
            row = usulan.propose(
                session,
                queries.get_version(digest).digest,
                by=current_user.username,
                reason=form.alasan.data,
                now=clock.now(),
                persons=form.orang.data,
                seed=form.benih.data,
            )
    except (BadInput, DecisionError) as problem:
        return show_version(digest, _refused(form, problem)), refusal_of(problem).status
    flash("Usulan dicatat; pemeriksaannya berjalan di belakang layar.")
    return redirect(url_for(".proposal", proposal_id=row.id), 303)


@bp.get("/usulan/<proposal_id>")
def proposal(proposal_id: str) -> ResponseReturnValue:
    """One proposal with its report."""
    return _show_proposal(proposal_id, ReasonForm())


@bp.post("/usulan/<proposal_id>/terbit")
def publish(proposal_id: str) -> ResponseReturnValue:
    """Publish what was checked."""
    return _decide(proposal_id, is_published=True)


@bp.post("/usulan/<proposal_id>/tolak")
def refuse(proposal_id: str) -> ResponseReturnValue:
    """Refuse a proposal."""
    return _decide(proposal_id, is_published=False)


def _decide(proposal_id: str, *, is_published: bool) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _show_proposal(proposal_id, form), 422
    act = usulan.publish if is_published else usulan.refuse
    try:
        with transaction() as session:
            act(
                session,
                proposal_id,
                by=current_user.username,
                reason=form.alasan.data,
                now=clock.now(),
            )
    except (BadInput, DecisionError) as problem:
        return _show_proposal(proposal_id, _refused(form, problem)), refusal_of(problem).status
    flash("Pool terbit." if is_published else "Usulan ditolak.")
    return redirect(url_for(".proposal", proposal_id=proposal_id), 303)


def _show_pool(digest: str, form: ReasonForm) -> str:
    return render_template("pools/pool.html", page=queries.pool_page(digest), form=form)


def _show_proposal(proposal_id: str, form: ReasonForm) -> str:
    try:
        found = usulan.get(db.session(), proposal_id)
    except BadInput:
        abort(404)
    report = found.check.report if found.check else None
    return render_template(
        "pools/usulan.html",
        usulan=found,
        report=report,
        charts=charts.report_charts(report) if report else {},
        mine=found.row.by == current_user.username,
        form=form,
    )


def _refused(form: AnyForm, problem: CatError) -> AnyForm:
    form.alasan.errors = [str(problem)]
    return form
