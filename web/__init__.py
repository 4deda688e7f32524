"""The web front end. `create_app` is the only place that wires."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
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
    CSRFProtect(app)
    limits.limiter.init_app(app)
    _add_staff_login(app)

    from web import media, public
    from web.candidate import bp as candidate
    from web.cli import register as register_commands
    from web.proctor import bp as proctor
    from web.staff import bp as staff
    from web.writer import bp as writer

    for blueprint in (public.bp, media.bp, candidate, proctor, staff, writer):
        app.register_blueprint(blueprint)
    access.protect(app)
    assets.version(app)
    headers.add(app)
    errors.register(app)
    formatting.register(app)
    register_commands(app)
    return app


def _add_staff_login(app: Flask) -> None:
    from web.staff.login import StaffLoginForm

    Security(app, SQLAlchemyUserDatastore(db, User, Role), login_form=StaffLoginForm)
    app.view_functions["security.login"] = limits.limit_failures(
        "akun", "username", app.view_functions["security.login"]
    )
