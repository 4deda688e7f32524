"""Moving many items: choose on the list, look at what would happen, then do it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from cat.itembank.lifecycle import Status
from web import clock
from web.db import db, transaction
from web.operations.penulisan import massal, pencarian
from web.operations.penulisan.alur import MoveRefused, Seen
from web.writer import queries
from web.writer.blueprint import bp
from web.writer.reading import actor


@bp.post("/massal")
def bulk_preview() -> ResponseReturnValue:
    """What would happen to each item that was chosen."""
    target, codes = _target(), request.form.getlist("butir")
    if "semua" in request.form:
        codes = pencarian.codes(db.session(), queries.wanted(request.form), massal.MOST + 1)
    if not codes:
        flash("Belum ada butir yang dipilih.")
        return redirect(url_for(".index"), 303)
    if len(codes) > massal.MOST:
        flash(f"Paling banyak {massal.MOST} butir sekaligus; persempit saringannya.")
        return redirect(url_for(".index"), 303)
    verdicts = massal.preview(db.session(), codes, target, actor=actor())
    return _page(verdicts, target)


@bp.post("/massal/terapkan")
def bulk_apply() -> ResponseReturnValue:
    """Move what can be moved, and name the rest."""
    target, reason = _target(), request.form.get("alasan", "")
    chosen = [_seen(text) for text in request.form.getlist("butir")]
    if not 0 < len(chosen) <= massal.MOST:
        raise BadRequest
    try:
        with transaction() as session:
            verdicts = massal.apply(
                session, chosen, target, actor=actor(), reason=reason, now=clock.now()
            )
    except MoveRefused as refusal:
        codes = [seen.code for seen in chosen]
        verdicts = massal.preview(db.session(), codes, target, actor=actor())
        return _page(verdicts, target, refusal.evidence["reasons"], reason), 422
    return render_template(
        "writer/massal.html", verdicts=verdicts, target=target, is_done=True, problems=()
    )


def _page(
    verdicts: list[massal.Verdict], target: Status, problems: list[str] | tuple[()] = (), reason=""
) -> str:
    return render_template(
        "writer/massal.html",
        verdicts=verdicts,
        target=target,
        is_done=False,
        label=massal.targets(actor()).get(target, target),
        needs_reason=massal.needs_reason(target),
        problems=problems,
        reason=reason,
    )


def _target() -> Status:
    if (target := request.form.get("ke", "")) not in massal.targets(actor()):
        raise BadRequest
    return Status(target)


def _seen(text: str) -> Seen:
    code, _, rest = text.partition("@")
    version, _, status = rest.partition(":")
    if not version.isdecimal() or len(version) > 9:
        raise BadRequest
    return Seen(code, int(version), status)
