"""The blueprint that the views of the schedule share, and what all of them do alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from babel.dates import format_date
from flask import Blueprint, current_app
from flask_security import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from cat.errors import BadInput, DecisionError
from web import clock
from web.access import STAF, role_required
from web.db import transaction
from web.operations.jadwal.waktu import ZONA, local
from web.operations.sittings import Keys

ID = "<int(max=2147483647):{}>"
T = TypeVar("T")

bp = Blueprint("jadwal", __name__, url_prefix="/petugas/jadwal")
bp.before_request(role_required(STAF))


def signed() -> dict[str, Any]:
    """By whom and when: the arguments that every act takes."""
    return {"by": current_user.username, "now": clock.now()}


def keys() -> Keys:
    """The secrets of this installation."""
    found: Keys = current_app.config["KEYS"]
    return found


def attempt(form: FlaskForm, act: Callable[[Session], T]) -> T | None:
    """Do an act in one transaction; what refuses it stands in `form.form_errors` afterwards."""
    if not form.validate():
        return None
    try:
        with transaction() as session:
            return act(session)
    except (BadInput, DecisionError) as error:
        form.form_errors = [sentence(error)]
        return None


def sentence(error: Exception) -> str:
    """A refusal as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!")) else ".")


@bp.app_template_filter("hari_tanggal")
def hari_tanggal(day: date) -> str:
    """A day with its name: Kamis, 19-11-2026."""
    return str(format_date(day, "EEEE, dd-MM-yyyy", locale="id"))


@bp.app_template_filter("hari")
def hari(at: int, zona: str) -> str:
    """The name of the local day of a moment."""
    return str(format_date(local(at, zona).date(), "EEEE", locale="id"))


@bp.app_template_filter("jam_menit")
def jam_menit(at: int, zona: str) -> str:
    """Local hour and minute of a moment: 08.00."""
    return f"{local(at, zona):%H.%M}"


@bp.app_template_filter("zona")
def zona_singkat(zona: str) -> str:
    """A time zone as people write it: WIB."""
    return ZONA[zona]
