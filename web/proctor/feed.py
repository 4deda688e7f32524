"""What the script of the map asks every few seconds."""

from __future__ import annotations

from flask import Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from web import clock
from web.db import db
from web.operations.pengawasan.keadaan import Gambaran, Reading
from web.operations.pengawasan.kemajuan import read_progress
from web.proctor import queries
from web.proctor.blueprint import bp

MILLISECOND = 1_000


@bp.get("/sesi/<int(max=2147483647):sesi_id>/keadaan")
def state(sesi_id: int) -> ResponseReturnValue:
    """Where every seat stands; 304 while nothing but the number of answers changed."""
    head = queries.own_head(sesi_id)
    room = request.args.get("ruang", type=int)
    extra = f"{head.is_closed}{head.is_void}"
    reading = Reading(db.session(), sesi_id, now=clock.now(), ruang_id=room, extra=extra)
    if reading.etag in request.if_none_match:
        return _tagged(make_response("", 304), reading.etag)
    answer = jsonify(tutup=head.is_closed or head.is_void, **_plain(reading.gambaran()))
    return _tagged(answer, reading.etag)


@bp.get("/sesi/<int(max=2147483647):sesi_id>/kemajuan")
def progress(sesi_id: int) -> ResponseReturnValue:
    """How many are answered and who was heard of since the last look; 204 for nothing new."""
    queries.own_head(sesi_id)
    found = read_progress(db.session(), sesi_id, request.args.get("sejak", ""), now=clock.now())
    if found is None:
        return "", 204
    return jsonify(sejak=found.cursor, kursi=[list(row) for row in found.rows])


def _plain(found: Gambaran) -> dict[str, object]:
    """Moments in milliseconds, as browsers reckon; seats as short rows."""
    return {
        "kursi": [
            [
                seat.id,
                seat.seat,
                seat.ruang_id,
                seat.keadaan,
                seat.masalah,
                seat.tanda,
                seat.until // MILLISECOND if seat.until is not None else None,
                seat.left,
            ]
            for seat in found.kursi
        ],
        "panggilan": [
            [call.id, call.sitting_id, call.jenis, call.at // MILLISECOND]
            for call in found.panggilan
        ],
    }


def _tagged(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    return response
