"""Between the seat and the proctor: the call for help, messages and that they were read."""

from __future__ import annotations

from flask import jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from web import clock
from web.candidate import login_check, queries
from web.candidate.blueprint import bp
from web.candidate.forms import ReadForm
from web.db import transaction
from web.errors import wants_json
from web.formatting import jam
from web.operations.hari_ujian import panggilan
from web.tables import Sitting

DIGITS_OF_ID = 9  # fewer than what the column of a message's id holds


@bp.post("/<sitting_id>/panggil")
def call(sitting_id: str) -> ResponseReturnValue:
    """Ask the proctor to come to this seat; again changes nothing while the call is open."""
    sitting = login_check.own(sitting_id)
    with transaction() as database:
        panggilan.call(database, sitting, panggilan.BANTUAN, now=clock.now())
    if wants_json():
        return jsonify(_news(sitting, after=session.get("pesan", 0)))
    return _back(sitting)


@bp.get("/<sitting_id>/pesan")
def messages(sitting_id: str) -> ResponseReturnValue:
    """Messages not yet marked as read, and whether the call for help still waits; for the script.

    sesudah : id of the newest message that the page already shows.
    """
    sitting = login_check.own(sitting_id)
    shown = queries.as_number(request.args.get("sesudah"), DIGITS_OF_ID) or 0
    return jsonify(_news(sitting, after=max(shown, session.get("pesan", 0))))


@bp.post("/<sitting_id>/pesan/dibaca")
def read(sitting_id: str) -> ResponseReturnValue:
    """The candidate has read the messages so far; this browser keeps up to which."""
    sitting = login_check.own(sitting_id)
    form = ReadForm()
    if form.validate():
        newest = queries.newest_message(sitting)
        session["pesan"] = max(session.get("pesan", 0), min(form.sampai.data, newest))
    if wants_json():
        return jsonify(_news(sitting, after=session.get("pesan", 0)))
    return _back(sitting)


def _news(sitting: Sitting, *, after: int) -> dict[str, object]:
    newest, is_calling = queries.news(sitting)
    unread = queries.unread(sitting, after) if newest > after else ()
    return {
        "pesan": [
            {
                "id": each.id,
                "pukul": jam(each.at, sitting.sesi.titik_lokasi.zona)[:5],
                "isi": each.isi,
            }
            for each in unread
        ],
        "dipanggil": is_calling,
    }


def _back(sitting: Sitting) -> ResponseReturnValue:
    number = queries.as_number(request.form.get("soal"))
    return redirect(url_for(".exam", sitting_id=sitting.id, soal=number), 303)
