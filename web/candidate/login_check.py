"""Whether the login of this browser may still act for its sitting: one computer at a time."""

from __future__ import annotations

from flask import abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from cat.exam.state import Phase
from web.candidate import queries
from web.candidate.blueprint import LOGGED_OUT, to_login
from web.db import db
from web.errors import wants_json
from web.operations.hari_ujian.masuk import DITAHAN
from web.tables import Masuk, Sitting

HELD = "U20"


def own(sitting_id: str) -> Sitting:
    """The sitting of this browser, once its login is known to be the one that may act.

    Ends the request otherwise: with the page of a frozen computer, or at the login.
    """
    sitting = queries.own_sitting(sitting_id, is_shown=request.method == "GET" and not wants_json())
    if sitting.masuk_id != browser["masuk_id"]:
        abort(make_response(_stopped(sitting)))
    return sitting


def _stopped(sitting: Sitting) -> ResponseReturnValue:
    login = db.session.get(Masuk, browser["masuk_id"])
    if login is None or login.sitting_id != sitting.id or login.keadaan != DITAHAN:
        return _ended(sitting)
    if wants_json():
        sentence = gettext("Akun ini masuk di dua komputer. Panggil pengawas.")
        return jsonify(kode=HELD, pesan=sentence), 401
    if request.endpoint != "candidate.exam":
        return redirect(url_for("candidate.exam", sitting_id=sitting.id), 303)
    return render_template("candidate/frozen.html", sitting=sitting)


def _ended(sitting: Sitting) -> ResponseReturnValue:
    refusal = queries.refusal(sitting, browser["masuk_id"])
    if not wants_json() and refusal is not None and sitting.phase == Phase.WAITING:
        browser.clear()
        return render_template("candidate/refused.html", refusal=refusal, seat=sitting.seat)
    browser.clear()
    sentence = gettext(
        "Anda sudah keluar dari komputer ini, atau masuk di komputer lain. "
        "Bila Anda tidak pindah, panggil pengawas."
    )
    if wants_json():
        return jsonify(kode=LOGGED_OUT, pesan=sentence), 401
    if request.endpoint == "candidate.logout":
        return to_login()
    flash(sentence)
    return redirect(url_for("candidate.login"), 303)
