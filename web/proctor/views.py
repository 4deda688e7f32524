"""Pages and acts of a proctor: the room, letting in, pausing, resuming."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import Session

from cat.errors import ExamError
from cat.exam.state import Phase, State
from web import clock
from web.access import PENGAWAS, role_required
from web.db import transaction
from web.errors import refusal_of
from web.operations import sittings
from web.proctor import queries
from web.proctor.forms import PauseForm

bp = Blueprint("proctor", __name__, url_prefix="/pengawas")
bp.before_request(role_required(PENGAWAS))


@bp.get("/")
def index() -> ResponseReturnValue:
    """The proctor's sesi."""
    return render_template("proctor/index.html", rows=queries.own_sesi(), counts=queries.counts)


@bp.get("/sesi/<int(max=2147483647):sesi_id>")
def room(sesi_id: int) -> ResponseReturnValue:
    """The room of one sesi, seat by seat."""
    sesi = queries.get_own_sesi(sesi_id)
    seats = queries.seats(sesi)
    return render_template(
        "proctor/room.html",
        sesi=sesi,
        seats=seats,
        counts=queries.counts([seat.sitting for seat in seats]),
        waiting=len(queries.waiting(sesi)),
        pause_form=PauseForm(),
        now=clock.now(),
    )


@bp.post("/sesi/<int(max=2147483647):sesi_id>/izinkan")
def admit_all(sesi_id: int) -> ResponseReturnValue:
    """Let everybody in who has logged in and is waiting."""
    sesi = queries.get_own_sesi(sesi_id)
    waiting = queries.waiting(sesi)
    with transaction() as session:
        for sitting in waiting:
            _admit(session, sitting.id)
    flash(f"{len(waiting)} peserta diizinkan mulai.")
    return redirect(url_for(".room", sesi_id=sesi.id), 303)


@bp.post("/ujian/<sitting_id>/izinkan")
def admit(sitting_id: str) -> ResponseReturnValue:
    """Let one candidate in."""
    return _act(sitting_id, _admit, "diizinkan mulai")


@bp.post("/ujian/<sitting_id>/jeda")
def pause(sitting_id: str) -> ResponseReturnValue:
    """Stop a candidate's clock, with a reason."""
    form = PauseForm()
    sitting = queries.get_own_sitting(sitting_id)
    if not form.validate():
        flash(f"Kursi {sitting.seat}: tidak dijeda. " + " ".join(form.alasan.errors))
        return redirect(url_for(".room", sesi_id=sitting.sesi_id), 303)

    def pause_for_reason(session: Session, chosen: str) -> State:
        return sittings.pause(
            session,
            chosen,
            by=current_user.username,
            reason=form.alasan.data,
            now=clock.now(),
            keys=current_app.config["KEYS"],
        )

    return _act(sitting_id, pause_for_reason, "dijeda")


@bp.post("/ujian/<sitting_id>/lanjutkan")
def resume(sitting_id: str) -> ResponseReturnValue:
    """Let a candidate's clock run again."""

    def resume_now(session: Session, chosen: str) -> State:
        keys = current_app.config["KEYS"]
        return sittings.resume(
            session, chosen, by=current_user.username, now=clock.now(), keys=keys
        )

    return _act(sitting_id, resume_now, "dilanjutkan")


def _admit(session: Session, sitting_id: str) -> State:
    keys = current_app.config["KEYS"]
    return sittings.admit(session, sitting_id, by=current_user.username, now=clock.now(), keys=keys)


def _act(sitting_id: str, act: Callable[[Session, str], State], done: str) -> ResponseReturnValue:
    sitting = queries.get_own_sitting(sitting_id)
    who = f"Kursi {sitting.seat}, {sitting.peserta.person.nama}"
    try:
        with transaction() as session:
            state = act(session, sitting_id)
        closed = state.phase is Phase.FINISHED
        flash(f"{who}: {'waktunya sudah habis, ujian ditutup' if closed else done}.")
    except ExamError as error:
        flash(f"{who}: tidak {done}. {refusal_of(error).sentence}")
    return redirect(url_for(".room", sesi_id=sitting.sesi_id), 303)
