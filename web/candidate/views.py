"""Pages and acts of a candidate: log in, read the rules, start, answer, finish."""

from __future__ import annotations

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from cat.exam.record import MICROSECONDS
from cat.exam.state import Phase, State
from web import clock, limits
from web.candidate import queries
from web.candidate.forms import AnswerForm, LoginForm
from web.db import db, transaction
from web.errors import wants_json
from web.operations import pools, records, sittings
from web.operations.login import find_sitting
from web.tables import Sitting

bp = Blueprint("candidate", __name__, url_prefix="/ujian")


@bp.before_request
def candidates_only() -> ResponseReturnValue | None:
    """Everything here but the login belongs to a candidate who is logged in."""
    if request.endpoint != "candidate.login" and "sitting_id" not in session:
        if wants_json():
            return jsonify(kode="U00", pesan="Silakan masuk lagi."), 401
        flash("Silakan masuk dahulu.")
        return redirect(url_for("candidate.login"), 303)
    return None


def login() -> ResponseReturnValue:
    """Log in with nomor peserta and PIN."""
    form = LoginForm()
    if request.method == "GET":
        return render_template("candidate/login.html", form=form)
    if not form.validate():
        return render_template("candidate/login.html", form=form), 422
    nomor, pin = form.nomor.data.strip(), form.pin.data.strip()
    sitting = find_sitting(db.session(), nomor, pin, keys=current_app.config["KEYS"])
    if sitting is None:
        wrong = "Nomor peserta atau PIN salah. Periksa kembali, atau panggil pengawas."
        return render_template("candidate/login.html", form=form, wrong=wrong), 401
    with transaction() as database:
        sittings.arrive(database, sitting.id, now=clock.now())
    session.clear()
    session["sitting_id"] = sitting.id
    return redirect(url_for(".exam", sitting_id=sitting.id), 303)


bp.add_url_rule(
    "/masuk",
    view_func=limits.limit_failures("nomor", "nomor", login),
    methods=["GET", "POST"],
)


@bp.post("/keluar")
def logout() -> ResponseReturnValue:
    """Leave this computer; the sitting stays as it is."""
    with transaction() as database:
        sittings.depart(database, session["sitting_id"])
    session.clear()
    return redirect(url_for("public.home"), 303)


@bp.get("/<sitting_id>")
def exam(sitting_id: str) -> ResponseReturnValue:
    """The one page of a sitting: what it shows depends on where the sitting stands."""
    sitting = queries.own_sitting(sitting_id)
    return _page(sitting, _current_state(sitting))


@bp.post("/<sitting_id>/mulai")
def start(sitting_id: str) -> ResponseReturnValue:
    """Start; the clock runs from here."""
    now = clock.now()
    queries.own_sitting(sitting_id)
    with transaction() as database:
        sittings.start(database, sitting_id, now=now, keys=current_app.config["KEYS"])
    return redirect(url_for(".exam", sitting_id=sitting_id), 303)


@bp.post("/<sitting_id>/jawab")
def answer(sitting_id: str) -> ResponseReturnValue:
    """Make the marked option final and go on to the next item."""
    now = clock.now()  # when it arrived, not when the database had time for it
    sitting = queries.own_sitting(sitting_id)
    form = AnswerForm()
    if not form.validate():
        state = _current_state(sitting)
        return _page(sitting, state, problem="Pilih salah satu jawaban dahulu."), 422
    with transaction() as database:
        state = sittings.answer(
            database,
            sitting_id,
            form.nomor.data,
            form.pilihan.data,
            now=now,
            keys=current_app.config["KEYS"],
        )
    if wants_json():
        return jsonify(_standing(state, clock.now()))
    return redirect(url_for(".exam", sitting_id=sitting_id), 303)


@bp.post("/<sitting_id>/pilih")
def choose(sitting_id: str) -> ResponseReturnValue:
    """Save the option just marked, without making it final; for the page's script."""
    now = clock.now()
    queries.own_sitting(sitting_id)
    form = AnswerForm()
    if not form.validate():
        return jsonify(kode="U07", pesan="Pilihan tidak terbaca."), 422
    with transaction() as database:
        state = sittings.choose(
            database,
            sitting_id,
            form.nomor.data,
            form.pilihan.data,
            now=now,
            keys=current_app.config["KEYS"],
        )
    return jsonify(_standing(state, clock.now()))


@bp.get("/<sitting_id>/keadaan")
def standing(sitting_id: str) -> ResponseReturnValue:
    """Where the sitting stands, for the page's script: phase, item number, seconds left."""
    state = _current_state(queries.own_sitting(sitting_id))
    return jsonify(_standing(state, clock.now()))


def _standing(state: State, now: int) -> dict[str, object]:
    return {
        "keadaan": state.phase.value,
        "nomor": state.number,
        "sisa": state.left(now) / MICROSECONDS,
    }


def _current_state(sitting: Sitting) -> State:
    """The state now; a clock that has run out meanwhile closes the sitting first."""
    now = clock.now()
    state = records.state_of(db.session(), sitting)
    if not state.is_overdue(now):
        return state
    with transaction() as database:
        keys = current_app.config["KEYS"]
        return sittings.close_if_overdue(database, sitting.id, now=now, keys=keys)


def _page(sitting: Sitting, state: State, problem: str | None = None) -> str:
    rules = pools.get_rules(db.session(), sitting.rules_digest)
    common = {"sitting": sitting, "state": state, "rules": rules}
    match state.phase:
        case Phase.WORKING:
            page = queries.item_page(state, rules, clock.now())
            form = AnswerForm(formdata=None)
            return render_template(
                "candidate/item.html", page=page, form=form, problem=problem, **common
            )
        case Phase.PAUSED:
            left = state.left(clock.now()) // MICROSECONDS
            return render_template("candidate/paused.html", left=left, **common)
        case Phase.FINISHED:
            results = db.session.get_one(Sitting, sitting.id, populate_existing=True).results
            return render_template("candidate/finished.html", results=results, **common)
        case _:
            return render_template("candidate/briefing.html", **common)
