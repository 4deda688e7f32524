"""The pages of a sitting: what each shows depends on where the sitting stands."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from cat.exam.linear import LinearState
from cat.exam.moves import GRACE_SECONDS
from cat.exam.record import MICROSECONDS
from cat.exam.state import Phase, State
from web import clock
from web.candidate import login_check, queries, words
from web.candidate.blueprint import bp
from web.candidate.forms import AnswerForm
from web.db import db, transaction
from web.operations import records, sittings
from web.tables import Sitting


@bp.get("/<sitting_id>")
def exam(sitting_id: str) -> ResponseReturnValue:
    """The one page of a sitting: what it shows depends on where the sitting stands."""
    sitting = login_check.own(sitting_id)
    return show(sitting, current_state(sitting))


@bp.get("/<sitting_id>/selesai")
def confirm(sitting_id: str) -> ResponseReturnValue:
    """What is answered, empty and unsure, before a linear sitting is ended."""
    sitting = login_check.own(sitting_id)
    state = current_state(sitting)
    left = state.left(clock.now())
    if state.phase is not Phase.WORKING or not isinstance(state, LinearState) or not left:
        return redirect(url_for(".exam", sitting_id=sitting_id), 303)
    parts = queries.grid(state, queries.get_rules(sitting.rules_digest))
    return render_template(
        "candidate/confirm.html",
        state=state,
        parts=parts,
        left=left / MICROSECONDS,
        words=words.of_script(),
        urls=urls_of(sitting),
        grace=GRACE_SECONDS,
        **common(sitting),
    )


def current_state(sitting: Sitting) -> State:
    """The state now; a clock that has run out meanwhile closes the sitting first."""
    now = clock.now()
    state = records.state_of(db.session(), sitting)
    if not state.is_overdue(now):
        return state
    with transaction() as database:
        keys = current_app.config["KEYS"]
        return sittings.close_if_overdue(database, sitting.id, now=now, keys=keys)


def show(sitting: Sitting, state: State, problem: str | None = None) -> str:
    """The page of a sitting. problem : what was wrong with the form just sent."""
    rules = queries.get_rules(sitting.rules_digest)
    every: dict[str, Any] = {"state": state, "rules": rules, **common(sitting)}
    left = state.left(clock.now())
    match state.phase:
        case Phase.WORKING if left == 0:
            return render_template("candidate/ending.html", **every)
        case Phase.WORKING:
            return _item(sitting, state, rules, problem, every)
        case Phase.PAUSED:
            seconds = left // MICROSECONDS
            return render_template("candidate/paused.html", left=seconds, **every)
        case Phase.FINISHED:
            results = db.session.get_one(Sitting, sitting.id, populate_existing=True).results
            every["is_time_up"] = queries.ended_by_the_clock(sitting)
            return render_template("candidate/finished.html", results=results, **every)
        case _:
            is_waiting = state.phase is Phase.WAITING
            refusal = queries.refusal(sitting, browser["masuk_id"]) if is_waiting else None
            every["lengths"] = queries.lengths(state)
            return render_template("candidate/briefing.html", refusal=refusal, **every)


def common(sitting: Sitting) -> dict[str, Any]:
    """What every page of a sitting shows beside its matter: messages and the call for help."""
    seen = browser.get("pesan", 0)
    newest, is_calling = queries.news(sitting)
    messages = queries.unread(sitting, seen) if newest > seen else ()
    return {
        "sitting": sitting,
        "messages": messages,
        "newest": messages[-1].id if messages else seen,
        "is_calling": is_calling,
    }


def urls_of(sitting: Sitting, blueprint: str = "candidate") -> dict[str, str]:
    """Where the page's script and forms send to. The practice page has addresses of its own."""

    def url(name: str) -> str:
        return url_for(f"{blueprint}.{name}", sitting_id=sitting.id)

    return {
        "ujian": url("exam"),
        "jawab": url("answer"),
        "pilih": url("choose"),
        "ragu": url("flag"),
        "keadaan": url("standing"),
        "soal": url("items"),
        "selesai": url("confirm"),
    }


def _item(
    sitting: Sitting,
    state: State,
    rules: queries.Rules,
    problem: str | None,
    every: dict[str, Any],
) -> str:
    now = clock.now()
    is_linear = isinstance(state, LinearState)
    asked = queries.as_number(request.args.get("soal")) if is_linear else None
    number = min(max(asked, 1), state.length) if asked else None
    return render_template(
        "candidate/item.html",
        page=queries.item_page(state, rules, now, number),
        parts=queries.grid(state, rules) if isinstance(state, LinearState) else None,
        form=AnswerForm(formdata=None),
        problem=problem,
        turn=queries.first_turn(state, now),
        words=words.of_script(),
        urls=urls_of(sitting),
        grace=GRACE_SECONDS,
        practice=None,
        **every,
    )
