"""The web front end. `create_app` is the only place that wires."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask_babel import Babel
from flask_migrate import Migrate
from flask_security import Security, SQLAlchemyUserDatastore
from flask_wtf import CSRFProtect

from web import access, assets, errors, formatting, headers, limits
from web.config import settings
from web.db import db
from web.tables import Role, User

ROOT = Path(__file__).resolve().parent


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application.

    overrides : settings that win over the environment; INSTANCE_PATH moves the instance folder.
    """
    given = dict(overrides or {})
    instance = Path(given.pop("INSTANCE_PATH", ROOT.parent / "instance"))
    app = Flask(__name__, instance_path=str(instance))
    app.config.update(settings(instance))
    app.config.update(given)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}

    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    Babel(app)
    csrf = CSRFProtect(app)
    limits.limiter.init_app(app)
    _add_staff_login(app)

    from web.api import bp as api
    from web.cli import register as register_commands
    from web.operations.penulisan import daftar  # noqa: F401 - keeps the bank's list up to date

    for blueprint in _blueprints():
        app.register_blueprint(blueprint)
    csrf.exempt(api)  # its callers show a token in a header, which no other site can make them do
    access.protect(app)
    assets.version(app)
    headers.add(app)
    errors.register(app)
    formatting.register(app)
    register_commands(app)
    return app


def _blueprints() -> tuple[Blueprint, ...]:
    """What each audience sees: the public, candidates, staff matter by matter, programs."""
    from web import media, public
    from web.api import bp as api
    from web.candidate import bp as candidate
    from web.employee import bp as employee
    from web.head import bp as head
    from web.kalibrasi import bp as kalibrasi
    from web.papan import bp as papan
    from web.pengumuman import bp as pengumuman
    from web.periksa import bp as periksa
    from web.pools import bp as pools
    from web.proctor import bp as proctor
    from web.registrasi import bp as registrasi
    from web.staff import bp as staff
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
    from web.writer import bp as writer

    everybody = (public.bp, media.bp, pengumuman, periksa)
    rooms = (candidate, registrasi, proctor, papan, writer, kalibrasi, pools, employee, head)
    matters = (seleksi, ketentuan, dasbor, profil, talenta, fleksibel)
    tools = (jadwal, dokumen, ekspor, pekerjaan, pelindungan, staff_api)
    return (*everybody, *rooms, staff, *matters, *tools, api)


def _add_staff_login(app: Flask) -> None:
    from web.staff.login import StaffLoginForm

    Security(app, SQLAlchemyUserDatastore(db, User, Role), login_form=StaffLoginForm)
    app.view_functions["security.login"] = limits.limit_failures(
        "akun", "username", app.view_functions["security.login"]
    )
