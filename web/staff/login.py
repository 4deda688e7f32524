"""The login of all members of staff, in Indonesian."""

from __future__ import annotations

from typing import Any

from flask_security import lookup_identity
from flask_security.forms import LoginForm
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

TOO_LONG = "Terlalu panjang."


class StaffLoginForm(LoginForm):
    """Username and password."""

    email = None
    username = StringField(
        "Nama pengguna",
        [InputRequired("Nama pengguna belum diisi."), Length(max=80, message=TOO_LONG)],
    )
    password = PasswordField(
        "Kata sandi", [InputRequired("Kata sandi belum diisi."), Length(max=200, message=TOO_LONG)]
    )
    submit = SubmitField("Masuk")

    def validate(self, **kwargs: Any) -> bool:
        """The framework's checks, on the account that the username names."""
        self.ifield = self.username
        self.user = lookup_identity(self.username.data) if self.username.data else None
        return bool(super().validate(**kwargs))
