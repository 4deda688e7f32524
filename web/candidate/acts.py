"""What a candidate does to the sitting: start, mark, answer, flag, finish; and asks where it is.

Each act answers a script with JSON, and a page without one with a redirect.
"""

from __future__ import annotations

from flask import current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from cat.exam.linear import LinearState
from cat.exam.state import Phase, State
from web import clock
from web.candidate import login_check, queries, wire
from web.candidate.blueprint import bp
from web.candidate.forms import AnswerForm, FlagForm
from web.candidate.pages import current_state, show
from web.db import transaction
from web.errors import wants_json
from web.operations import sittings
from web.tables import Sitting

LINEAR = "linear"


@bp.post("/<sitting_id>/mulai")
def start(sitting_id: str) -> ResponseReturnValue:
    """Start; the clock runs from here."""
    now = clock.now()
    login_check.own(sitting_id)
    with transaction() as database:
        sittings.start(database, sitting_id, now=now, keys=current_app.config["KEYS"])
    return redirect(url_for(".exam", sitting_id=sitting_id), 303)


@bp.post("/<sitting_id>/jawab")
def answer(sitting_id: str) -> ResponseReturnValue:
    """Make the marked option final and go on to the next item; in a linear sitting just save it."""
    now = clock.now()  # when it arrived, not when the database had time for it
    sitting = login_check.own(sitting_id)
    if sitting.mode == LINEAR:
        return _save_and_move(sitting, now)
    form = AnswerForm()
    if not form.validate():
        if wants_json():
            return jsonify(kode="U07", pesan=gettext("Pilihan tidak terbaca.")), 422
        problem = gettext("Pilih salah satu jawaban dahulu.")
        return show(sitting, current_state(sitting), problem=problem), 422
    with transaction() as database:
        state = sittings.answer(
            database,
            sitting_id,
            form.nomor.data,
            form.pilihan.data,
            in_time=_is_in_time(form),
            now=now,
            keys=current_app.config["KEYS"],
        )
    if wants_json():
        return jsonify(wire.standing(sitting, state, clock.now()) | wire.next_item(sitting, state))
    return redirect(url_for(".exam", sitting_id=sitting_id), 303)


@bp.post("/<sitting_id>/pilih")
def choose(sitting_id: str) -> ResponseReturnValue:
    """Save the option just marked, without making it final; for the page's script."""
    now = clock.now()
    sitting = login_check.own(sitting_id)
    form = AnswerForm()
    if not form.validate():
        return jsonify(kode="U07", pesan=gettext("Pilihan tidak terbaca.")), 422
    state = _choose(sitting, form, now)
    return jsonify(wire.standing(sitting, state, clock.now(), form.nomor.data))


@bp.post("/<sitting_id>/ragu")
def flag(sitting_id: str) -> ResponseReturnValue:
    """Mark an item of a linear sitting as unsure, or take the mark away."""
    now = clock.now()
    sitting = login_check.own(sitting_id)
    form = FlagForm()
    if not form.validate():
        return jsonify(kode="U07", pesan=gettext("Pilihan tidak terbaca.")), 422
    marked = AnswerForm()
    if not wants_json() and marked.validate():
        _choose(sitting, marked, now)  # the page without a script sends what is marked along
    with transaction() as database:
        state = sittings.flag(
            database,
            sitting_id,
            form.nomor.data,
            form.ragu.data == "1",
            turn=form.urut.data or 0,
            in_time=_is_in_time(form),
            now=now,
            keys=current_app.config["KEYS"],
        )
    if wants_json():
        return jsonify(wire.standing(sitting, state, clock.now(), form.nomor.data))
    return redirect(url_for(".exam", sitting_id=sitting_id, soal=form.nomor.data), 303)


@bp.post("/<sitting_id>/selesai")
def finish(sitting_id: str) -> ResponseReturnValue:
    """End a linear sitting before its time is up."""
    now = clock.now()
    sitting = login_check.own(sitting_id)
    with transaction() as database:
        state = sittings.finish(database, sitting_id, now=now, keys=current_app.config["KEYS"])
    if wants_json():
        return jsonify(wire.standing(sitting, state, clock.now()))
    return redirect(url_for(".exam", sitting_id=sitting_id), 303)


@bp.get("/<sitting_id>/keadaan")
def standing(sitting_id: str) -> ResponseReturnValue:
    """Where the sitting stands, for the page's script: phase, item number, seconds left."""
    sitting = login_check.own(sitting_id)
    return jsonify(wire.standing(sitting, current_state(sitting), clock.now()))


@bp.get("/<sitting_id>/soal")
def items(sitting_id: str) -> ResponseReturnValue:
    """The item on the screen; in a linear sitting all of them, so that no network is needed."""
    sitting = login_check.own(sitting_id)
    state = current_state(sitting)
    here = wire.standing(sitting, state, clock.now())
    if state.phase is Phase.WORKING and isinstance(state, LinearState):
        return jsonify(here | {"soal": wire.all_items(sitting, state)})
    return jsonify(here | wire.next_item(sitting, state))


def _choose(sitting: Sitting, form: AnswerForm, now: int) -> State:
    with transaction() as database:
        return sittings.choose(
            database,
            sitting.id,
            form.nomor.data,
            form.pilihan.data,
            turn=form.urut.data or 0,
            in_time=_is_in_time(form),
            now=now,
            keys=current_app.config["KEYS"],
        )


def _save_and_move(sitting: Sitting, now: int) -> ResponseReturnValue:
    """Save what is marked, if anything, and turn to the item that was asked for."""
    form = AnswerForm()
    if wants_json():
        if not form.validate():
            return jsonify(kode="U07", pesan=gettext("Pilihan tidak terbaca.")), 422
        state = _choose(sitting, form, now)
        return jsonify(wire.standing(sitting, state, clock.now(), form.nomor.data))
    if request.form.get("pilihan") and form.validate():
        _choose(sitting, form, now)
    target, number = request.form.get("ke", "berikutnya"), form.nomor.data or 1
    if target == "selesai":
        return redirect(url_for(".confirm", sitting_id=sitting.id), 303)
    steps = {"berikutnya": number + 1, "sebelumnya": number - 1}
    number = steps.get(target) or queries.as_number(target) or number
    return redirect(url_for(".exam", sitting_id=sitting.id, soal=max(1, number)), 303)


def _is_in_time(form: AnswerForm | FlagForm) -> bool:
    return (form.sisa.data or 0) > 0
