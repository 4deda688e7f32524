"""Texts that several items share: which there are, who shares them, changing them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import NotFound

from cat.errors import BadItem
from cat.itembank.lifecycle import EDITABLE, Status
from cat.itembank.rendering import render
from cat.itembank.store import content_of
from web import clock
from web.access import PENULIS
from web.db import db, transaction
from web.operations.penulisan import peringatan, stimulus
from web.writer import queries
from web.writer.blueprint import bp
from web.writer.editor import writers_only

_NOTHING_ELSE: dict[str, Any] = {"stem": "", "options": ()}
CHANGED_MEANWHILE = (
    "Ada butir yang berubah sejak halaman ini dibuka. Periksa daftar di bawah, lalu simpan lagi; "
    "tulisan Anda masih ada."
)


@bp.get("/stimulus")
def stimuli() -> ResponseReturnValue:
    """Every stimulus of the bank, by part."""
    _catch_up()
    parts = sorted({path.partition(".")[0] for path in queries.domains()})
    found = {part: stimulus.codes_of(db.session(), part) for part in parts}
    return render_template("writer/daftar_stimulus.html", parts=found)


@bp.route("/stimulus/<kode>", methods=["GET", "POST"])
def stimulus_page(kode: str) -> ResponseReturnValue:
    """One stimulus: its text, the items under it, and a new text for those still in draft."""
    if request.method == "GET":
        return _page(kode)
    writers_only()
    text, mark = request.form.get("teks", ""), request.form.get("tanda", 0, type=int)
    try:
        with transaction() as session:
            changed = stimulus.change_text(
                session, kode, text, mark=mark, by=current_user.username, now=clock.now()
            )
    except stimulus.StaleStimulus:
        return _page(kode, text=text, problem=CHANGED_MEANWHILE, status=409)
    except BadItem as error:
        return _page(kode, text=text, problem=str(error), status=422)
    said = f"Versi baru dibuat untuk {', '.join(changed.taken)}."
    if changed.kept:
        said += f" Tetap memakai teks lama: {', '.join(changed.kept)}."
    flash(said)
    return redirect(url_for(".stimulus_page", kode=kode), 303)


def _page(
    kode: str, *, text: str | None = None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    _catch_up()
    found = stimulus.find(db.session(), kode)
    if found is None:
        raise NotFound
    page = render_template(
        "writer/stimulus.html",
        stimulus=found,
        text=found.text if text is None else text,
        html=_rendered(found),
        problem=problem,
        is_writer=current_user.has_role(PENULIS),
        editable=[v for v in found.versions if Status(v.item.status) in EDITABLE],
        locked=[v for v in found.versions if Status(v.item.status) not in EDITABLE],
    )
    return page, status


def _rendered(shared: stimulus.Sharing) -> str:
    """The text as candidates see it, with the pictures of the item that has it."""
    newest = max(shared.versions, key=lambda version: version.id)
    return render(replace(content_of(newest), **_NOTHING_ELSE)).stem


def _catch_up() -> None:
    if peringatan.is_behind(db.session()):
        with transaction() as session:
            peringatan.catch_up(session)
