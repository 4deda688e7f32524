"""The score board of a sesi, for a screen in the hall: whoever has its address may look."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.access import PENGAWAS, STAF, role_required
from web.db import db
from web.formatting import bagian, jam
from web.operations.pengawasan.aturan import aturan
from web.operations.pengawasan.papan import NILAI, ORDERS, Papan, read_board
from web.tampilan import board_theme
from web.tema import THEMES, classes

bp = Blueprint("papan", __name__, url_prefix="/papan")
bp.before_request(role_required(PENGAWAS, STAF))

# Rows of a page where no script fits them to the screen.
_ROWS = 12


@bp.get("/<secret>")
def show(secret: str) -> ResponseReturnValue:
    """The board; without a script it turns its pages by reloading."""
    order, board = _asked(secret)
    pages = max(1, -(-len(board.rows) // _ROWS))
    page = request.args.get("hal", 1, type=int)
    page = page if 1 <= page <= pages else 1
    theme = board_theme()
    # What the address asks for goes along as the board turns its pages.
    asked = {"tema": theme} if "tema" in request.args else {}
    return render_template(
        "papan/papan.html",
        board=_plain(board),
        order=order,
        page=page,
        pages=pages,
        rows=_plain(board)["baris"][(page - 1) * _ROWS : page * _ROWS],
        first=(page - 1) * _ROWS,
        following=url_for(".show", secret=secret, urut=order, hal=page % pages + 1, **asked),
        other=url_for(".show", secret=secret, urut=next(o for o in ORDERS if o != order), **asked),
        source=url_for(".data", secret=secret, urut=order),
        seconds=aturan().papan.detik_per_halaman,
        etag=board.etag,
        kelas_html=classes(theme, 1),
        theme=theme,
        themes={each: url_for(".show", secret=secret, urut=order, tema=each) for each in THEMES},
    )


@bp.get("/<secret>/data")
def data(secret: str) -> ResponseReturnValue:
    """The same for the script; 304 while nothing has changed."""
    _, board = _asked(secret)
    answer = make_response("", 304)
    if board.etag not in request.if_none_match:
        answer = jsonify(_plain(board))
    answer.set_etag(board.etag)
    return answer


def _asked(secret: str) -> tuple[str, Papan]:
    order = request.args.get("urut", NILAI)
    order = order if order in ORDERS else NILAI
    board = read_board(db.session(), secret, order=order)
    if board is None:
        abort(404)
    return order, board


def _plain(board: Papan) -> dict[str, Any]:
    return {
        "sesi": board.sesi,
        "lokasi": board.lokasi,
        "bagian": [bagian(part) for part in board.parts],
        "baris": [[row.nomor, row.nama, list(row.nilai), row.total] for row in board.rows],
        "jumlah": board.counts,
        "pembaruan": jam(board.changed_at, board.zona) if board.changed_at else "",
    }
