"""Forms of the proctor."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class PauseForm(FlaskForm):
    """Why a sitting is paused."""

    alasan = StringField(
        "Alasan", [InputRequired("Alasan jeda wajib diisi."), Length(min=3, max=200)]
    )


class ActForm(FlaskForm):
    """A button: nothing but the guard against forged requests."""
