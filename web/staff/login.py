"""The login of all members of staff, in Indonesian."""

from __future__ import annotations

from flask_security.forms import LoginForm
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length


class StaffLoginForm(LoginForm):
    """Username and password; the rest of the framework's form is not shown."""

    username = StringField(
        "Nama pengguna", [InputRequired("Nama pengguna belum diisi."), Length(max=80)]
    )
    password = PasswordField(
        "Kata sandi", [InputRequired("Kata sandi belum diisi."), Length(max=200)]
    )
    submit = SubmitField("Masuk")
