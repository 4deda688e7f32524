"""What a run proposes, and deciding about it: item by item, or several with a preview."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from cat.errors import BadInput
from web import clock
from web.db import db, transaction
from web.kalibrasi import queries
from web.kalibrasi.blueprint import bp
from web.kalibrasi.forms import DecisionForm
from web.operations.kalibrasi.jalankan import ESTIMATED
from web.operations.kalibrasi.usulan import Decision, ProposalRefused, decide, decide_many
from web.operations.penulisan.alur import Actor
from web.tables import CalibrationResult

ACTS = {"terima": True, "tolak": False}


@bp.get("/<run_id>")
def show(run_id: str) -> ResponseReturnValue:
    """One run: how far it is, what it found on the whole, and its proposals."""
    wanted, order = request.args.get("saring", "ditaksir"), request.args.get("urut", "butir")
    wanted = wanted if wanted in queries.FILTERS else "ditaksir"
    order = order if order in queries.SORTS else "butir"
    result = db.session.get(CalibrationResult, run_id)
    page = request.args.get("halaman", 1, type=int)
    return render_template(
        "kalibrasi/show.html",
        row=queries.get_run(run_id),
        result=result,
        listing=queries.listing(run_id, wanted, order, page) if result else None,
        wanted=wanted,
        order=order,
        filters=queries.FILTERS,
        sorts=queries.SORTS,
        parameters=queries.parameters,
    )


@bp.post("/<run_id>/putuskan")
def preview(run_id: str) -> ResponseReturnValue:
    """What a decision about several proposals would do; nothing is done yet."""
    queries.get_run(run_id)
    return _preview(run_id, DecisionForm())


@bp.post("/<run_id>/putusan")
def apply(run_id: str) -> ResponseReturnValue:
    """Decide about several proposals; those that may not be are named and left."""
    queries.get_run(run_id)
    form = DecisionForm()
    if not form.validate():
        return _preview(run_id, form), 422
    own = {row.proposal.id for row in queries.proposal_rows(run_id)}
    ids = [each for each in _ids(run_id) if each in own]
    accept = ACTS.get(request.form.get("putusan", ""), False)
    with transaction() as session:
        done = decide_many(
            session,
            ids,
            accept=accept,
            reason=form.alasan.data,
            actor=_actor(),
            activate=form.aktifkan.data,
            now=clock.now(),
        )
    return render_template("kalibrasi/diputuskan.html", run_id=run_id, done=done, accept=accept)


@bp.get("/butir/<int(max=2147483647):proposal_id>")
def item(proposal_id: int) -> ResponseReturnValue:
    """The page of one item, fit to be printed."""
    return _item(proposal_id, DecisionForm())


@bp.post("/butir/<int(max=2147483647):proposal_id>")
def decide_one(proposal_id: int) -> ResponseReturnValue:
    """Accept or reject the proposal of one item."""
    form = DecisionForm()
    if not form.validate():
        return _item(proposal_id, form), 422
    accept = ACTS.get(request.form.get("putusan", ""), False)
    try:
        with transaction() as session:
            done = decide(
                session,
                proposal_id,
                accept=accept,
                reason=form.alasan.data,
                actor=_actor(),
                activate=form.aktifkan.data,
                now=clock.now(),
            )
    except ProposalRefused as error:
        form.form_errors.extend(error.evidence["reasons"])
        return _item(proposal_id, form), 422
    flash(_told(done, accept))
    return redirect(url_for(".item", proposal_id=proposal_id), 303)


def _preview(run_id: str, form: DecisionForm) -> str:
    accept = ACTS.get(request.form.get("putusan", ""), False)
    ids = set(_ids(run_id))
    rows = [row for row in queries.proposal_rows(run_id) if row.proposal.id in ids]
    refused = [row for row in rows if row.obstacles] if accept else []
    if not accept:
        refused = [row for row in rows if row.proposal.decision is not None]
    return render_template(
        "kalibrasi/putuskan.html",
        run=queries.get_run(run_id).run,
        form=form,
        accept=accept,
        chosen=[row for row in rows if row not in refused],
        refused=refused,
        parameters=queries.parameters,
    )


def _ids(run_id: str) -> list[int]:
    """The proposals that were ticked, or all that nothing is said against."""
    if "bersih" not in request.form:
        return queries.chosen_ids(request.form.getlist("usulan"))
    return [
        row.proposal.id
        for row in queries.proposal_rows(run_id)
        if row.proposal.role == ESTIMATED and not row.doubts and not row.obstacles
    ]


def _item(proposal_id: int, form: DecisionForm) -> str:
    row = queries.get_proposal(proposal_id)
    return render_template(
        "kalibrasi/butir.html",
        row=row,
        proposal=row.proposal,
        history=queries.history(row.proposal),
        form=form,
        parameters=queries.parameters,
    )


def _told(done: Decision, accept: bool) -> str:
    if not accept:
        return "Usulan ditolak; parameter di bank tidak berubah."
    words = "Parameter diterima dan berlaku untuk versi itu."
    if done.activated:
        words += " Butir diaktifkan."
    if done.not_activated:
        words += f" Butir belum diaktifkan: {'; '.join(done.not_activated)}."
    return words


def _actor() -> Actor:
    return Actor(current_user.username, frozenset(role.name for role in current_user.roles))


@bp.errorhandler(BadInput)
def refuse(error: BadInput) -> ResponseReturnValue:
    """What a form sent cannot be read."""
    flash(f"Tidak dilakukan: {error}.")
    return redirect(url_for(".index"), 303)
