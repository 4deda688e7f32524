"""The web front end. `create_app` is the only place that wires."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask_babel import Babel
from flask_migrate import Migrate
from flask_security import Security
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from web import access, assets, errors, formatting, headers, limits
from web.candidate.tampilan import locale
from web.config import settings
from web.db import db
from web.layanan import catatan, ukuran
from web.layanan.mesin import engine_options
from web.session_cookie import SessionCookies
from web.tables import Role, User

ROOT = Path(__file__).resolve().parent
# What a process serves (CATCPNS_BAGIAN): everything, or only what candidates see.
EXAM = "ujian"


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application.

    overrides : settings that win over the environment; INSTANCE_PATH moves the instance folder.
    """
    given = dict(overrides or {})
    usual = os.environ.get("CATCPNS_INSTANCE", ROOT.parent / "instance")
    instance = Path(given.pop("INSTANCE_PATH", usual))
    app = Flask(__name__, instance_path=str(instance))
    app.config.update(settings(instance))
    app.config.update(given)
    app.session_interface = SessionCookies()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}

    if "SQLALCHEMY_ENGINE_OPTIONS" not in app.config:
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url, os.environ)
    if proxies := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    catatan.register(app)
    ukuran.register(app)

    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    Babel(app, locale_selector=locale)
    csrf = CSRFProtect(app)
    limits.limiter.init_app(app)
    _add_staff_login(app)

    if app.config["BAGIAN"] == EXAM:
        for blueprint in _exam_blueprints():
            app.register_blueprint(blueprint)
    else:
        _add_offices(app, csrf)
    access.protect(app)
    assets.version(app)
    headers.add(app)
    errors.register(app)
    formatting.register(app)
    return app


def _add_offices(app: Flask, csrf: CSRFProtect) -> None:
    """Everything there is, for every audience."""
    from web.api import bp as api
    from web.cli import register as register_commands
    from web.operations.penulisan import daftar  # noqa: F401 - keeps the bank's list up to date

    for blueprint in _blueprints():
        app.register_blueprint(blueprint)
    csrf.exempt(api)  # its callers show a token in a header, which no other site can make them do
    register_commands(app)


def _exam_blueprints() -> tuple[Blueprint, ...]:
    """What an exam needs, and nothing of the offices: such a process is half as large, and no
    export or ranking of an office can slow it down.
    """
    from web import media, public
    from web.candidate.views import bp as candidate
    from web.layanan.views import bp as layanan

    return (public.bp, media.bp, layanan, candidate)


def _blueprints() -> tuple[Blueprint, ...]:
    """What each audience sees: the public, candidates, staff matter by matter, programs."""
    from web import media, public, tampilan
    from web.api import bp as api
    from web.candidate.views import bp as candidate
    from web.employee import bp as employee
    from web.head import bp as head
    from web.kalibrasi import bp as kalibrasi
    from web.layanan.views import bp as layanan
    from web.papan import bp as papan
    from web.pengumuman import bp as pengumuman
    from web.periksa import bp as periksa
    from web.pools import bp as pools
    from web.proctor import bp as proctor
    from web.proctor.usul import bp as usul
    from web.registrasi import bp as registrasi
    from web.staff.api import bp as staff_api
    from web.staff.dasbor import bp as dasbor
    from web.staff.dokumen import bp as dokumen
    from web.staff.ekspor import bp as ekspor
    from web.staff.fleksibel import bp as fleksibel
    from web.staff.jadwal import bp as jadwal
    from web.staff.ketentuan import bp as ketentuan
    from web.staff.pekerjaan import bp as pekerjaan
    from web.staff.pelindungan import bp as pelindungan
    from web.staff.profil import bp as profil
    from web.staff.seleksi import bp as seleksi
    from web.staff.talenta import bp as talenta
    from web.staff.views import bp as staff
    from web.writer import bp as writer

    everybody = (public.bp, tampilan.bp, media.bp, layanan, pengumuman, periksa)
    rooms = (candidate, registrasi, proctor, usul, papan, writer, kalibrasi, pools, employee, head)
    matters = (seleksi, ketentuan, dasbor, profil, talenta, fleksibel)
    tools = (jadwal, dokumen, ekspor, pekerjaan, pelindungan, staff_api)
    return (*everybody, *rooms, staff, *matters, *tools, api)


def _add_staff_login(app: Flask) -> None:
    from web.staff.login import Accounts, StaffLoginForm

    Security(app, Accounts(db, User, Role), login_form=StaffLoginForm)
    app.view_functions["security.login"] = limits.limit_failures(
        "akun", "username", app.view_functions["security.login"]
    )
