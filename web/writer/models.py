"""Item models: which there are, trying one, and keeping the children that please."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import NotFound

from cat.errors import BadItem
from web import clock
from web.db import db, transaction
from web.operations.penulisan import model_butir
from web.tables import ItemModelRow
from web.writer import queries
from web.writer.blueprint import bp
from web.writer.editor import writers_only

SEEDS = 1_000_000


@bp.get("/model")
def models() -> ResponseReturnValue:
    """Every item model."""
    return render_template("writer/daftar_model.html", models=model_butir.models(db.session()))


@bp.route("/model/baru", methods=["GET", "POST"])
def new_model() -> ResponseReturnValue:
    """Write a model: try it, then store it."""
    writers_only()
    return _write("", None)


@bp.route("/model/<code>/ubah", methods=["GET", "POST"])
def change_model(code: str) -> ResponseReturnValue:
    """Write the next version of a model."""
    writers_only()
    row = _get_model(code)
    return _write(row.text, row)


@bp.get("/model/<code>")
def model(code: str) -> ResponseReturnValue:
    """One model: its text, its children in the bank, and, when asked for, new ones to look at."""
    row = _get_model(code)
    shown: dict[str, Any] = {}
    if "benih" in request.args:
        shown = _try(row.text, **_asked(request.args))
    return render_template(
        "writer/model.html",
        row=row,
        children=model_butir.children_of(db.session(), code),
        **{"banyak": 4, "benih": 1} | shown,
    )


@bp.post("/model/<code>/anak")
def keep_children(code: str) -> ResponseReturnValue:
    """Store the chosen children as drafts."""
    writers_only()
    row, asked = _get_model(code), _asked(request.form)
    try:
        with transaction() as session:
            kept = model_butir.keep_children(
                session,
                row,
                count=asked["banyak"],
                seed=asked["benih"],
                mark=request.form.get("tanda", ""),
                codes=request.form.getlist("butir"),
                by=current_user.username,
                now=clock.now(),
            )
            codes = [version.item.code for version in kept]
    except BadItem as error:
        flash(str(error))
        return redirect(url_for(".model", code=code, **asked), 303)
    flash(f"{len(codes)} draf disimpan: {', '.join(codes)}.")
    return redirect(url_for(".model", code=code), 303)


def _write(text: str, row: ItemModelRow | None) -> ResponseReturnValue:
    text, status = request.form.get("teks", text), 200
    shown: dict[str, Any] = {}
    if request.method == "POST":
        try:
            if "simpan" in request.form:
                with transaction() as session:
                    stored = model_butir.store_model(
                        session, text, by=current_user.username, now=clock.now()
                    )
                    code, version = stored.code, stored.version
                flash(f"{code} versi {version} tersimpan.")
                return redirect(url_for(".model", code=code), 303)
            shown = _try(text, **_asked(request.form))
            status = 422 if "problem" in shown else 200
        except BadItem as error:
            shown, status = {"problem": str(error)}, 422
    page = render_template(
        "writer/model_ubah.html", row=row, teks=text, **{"banyak": 4, "benih": 1} | shown
    )
    return page, status


def _try(text: str, *, banyak: int, benih: int) -> dict[str, Any]:
    """What the page shows of the children: each rendered, and what stopped the model."""
    asked: dict[str, Any] = {"banyak": banyak, "benih": benih}
    try:
        made = model_butir.family(db.session(), text, banyak, benih)
    except BadItem as error:
        return asked | {"problem": str(error)}
    looks = [(child, queries.preview(child)) for child in made.found.children]
    return asked | {"family": made, "looks": looks}


def _asked(given: Any) -> dict[str, int]:
    banyak = given.get("banyak", 4, type=int)
    return {"banyak": banyak, "benih": max(0, given.get("benih", 1, type=int)) % SEEDS}


def _get_model(code: str) -> ItemModelRow:
    row = model_butir.find_model(db.session(), code)
    if row is None:
        raise NotFound
    return row
