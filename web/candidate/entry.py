"""Coming in and going out: login, logout, and how the pages look on this computer."""

from __future__ import annotations

import secrets

from flask import (
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from web import clock, limits
from web.candidate import queries, tampilan
from web.candidate.blueprint import bp
from web.candidate.forms import LanguageForm, LoginForm, LookForm
from web.candidate.tampilan import Tampilan
from web.db import db, transaction
from web.formatting import ZONES
from web.operations.hari_ujian import masuk
from web.operations.login import Refused, find_sitting, needs_of
from web.tables import Sitting
from web.tema import is_own_path

COMPUTER = "komputer"  # cookie that tells this browser from another, whoever logs in
COMPUTER_SECONDS = 365 * 24 * 3600
NEAR_SECONDS = 6 * 3600  # sesi that somebody at this page may be about to sit
SENTENCES = {
    Refused.WRONG: _l("Nomor peserta atau PIN salah. Periksa kembali, atau panggil pengawas."),
    Refused.NO_PIN: _l(
        "PIN untuk nomor ini belum diterbitkan. Selesaikan dahulu registrasi di meja registrasi."
    ),
    Refused.CLOSED: _l("Sesi Anda sudah ditutup. Panggil pengawas."),
    Refused.VOID: _l(
        "Sesi Anda dibatalkan dan akan dijadwalkan ulang. Tanyakan jadwalnya kepada panitia."
    ),
}


def login() -> ResponseReturnValue:
    """Log in with nomor peserta and PIN."""
    form = LoginForm()
    if request.method == "GET":
        # Named before the login: if its reply is lost, who sends it again is no second computer.
        return _remember(make_response(_login_page(form)), _computer())
    if not form.validate():
        return _login_page(form), 422
    nomor, pin = form.nomor.data, form.pin.data
    found = find_sitting(db.session(), nomor, pin, keys=current_app.config["KEYS"])
    if isinstance(found, Refused):
        # Only wrong guesses count against the number: 401 does, 409 does not.
        status = 401 if found in (Refused.WRONG, Refused.NO_PIN) else 409
        return _login_page(form, SENTENCES[found]), status
    return _let_in(found)


bp.add_url_rule(
    "/masuk",
    view_func=limits.limit_failures("nomor", "nomor", login),
    methods=["GET", "POST"],
)


@bp.post("/keluar")
def logout() -> ResponseReturnValue:
    """Leave this computer; the sitting stays as it is."""
    with transaction() as database:
        masuk.leave(database, session["masuk_id"], now=clock.now())
    session.clear()
    return tampilan.forget(make_response(redirect(url_for(".login", keluar=1), 303)))


@bp.post("/tampilan")
def look() -> ResponseReturnValue:
    """Choose size, colours, keys and the crossing out of options, without the page's script."""
    form, chosen = LookForm(), tampilan.current()
    if form.validate():
        chosen = Tampilan(
            huruf=int(form.huruf.data),
            tema=form.tema.data,
            bahasa=chosen.bahasa,
            pintasan=form.pintasan.data == "1",
            coret=form.coret.data == "1",
        )
    return _back(chosen)


@bp.post("/bahasa")
def language() -> ResponseReturnValue:
    """Choose the language of the pages; items stay in theirs."""
    form, chosen = LanguageForm(), tampilan.current()
    if form.validate():
        chosen = Tampilan(**{**vars(chosen), "bahasa": form.bahasa.data})
    return _back(chosen)


def _back(chosen: Tampilan) -> Response:
    """To the page that asked: one of ours, named by its path."""
    path = request.form.get("kembali", "")
    target = path if is_own_path(path, f"{tampilan.PATH}/") else url_for(".login")
    return tampilan.keep(make_response(redirect(target, 303)), chosen)


def _let_in(sitting: Sitting) -> Response:
    komputer = _computer()
    is_first = sitting.arrived_at is None
    with transaction() as database:
        login = masuk.log_in(
            database,
            sitting.id,
            komputer=komputer,
            alamat=request.remote_addr or "",
            now=clock.now(),
            keys=current_app.config["KEYS"],
        )
    session.clear()
    session["sitting_id"], session["masuk_id"] = sitting.id, login.id
    reply = make_response(redirect(url_for(".exam", sitting_id=sitting.id), 303))
    _remember(reply, komputer)
    if is_first:
        needs = needs_of(db.session(), sitting.peserta_id)
        tampilan.keep(reply, tampilan.current().with_needs(needs))
    return reply


def _computer() -> str:
    """The name of this browser: the one that it brings, or a new one."""
    komputer = request.cookies.get(COMPUTER, "")
    is_ours = len(komputer) == 32 and komputer.isalnum()
    return komputer if is_ours else secrets.token_hex(16)


def _remember(reply: Response, komputer: str) -> Response:
    reply.set_cookie(
        COMPUTER,
        komputer,
        max_age=COMPUTER_SECONDS,
        path=tampilan.PATH,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return reply


def _login_page(form: LoginForm, wrong: object = None) -> str:
    now = clock.now()
    near = queries.open_sesi(now, NEAR_SECONDS)
    zones = list(dict.fromkeys(sesi.titik_lokasi.zona for sesi in near)) or list(ZONES)
    one_site = len({sesi.titik_lokasi_id for sesi in near}) == 1
    return render_template(
        "candidate/login.html",
        form=form,
        wrong=wrong,
        now=now,
        zones=zones,
        sesi=near if one_site else (),
    )
