"""The login of all members of staff, in Indonesian."""

from __future__ import annotations

from typing import Any

from flask_security import SQLAlchemyUserDatastore, lookup_identity
from flask_security.forms import LoginForm
from flask_security.utils import validate_redirect_url
from wtforms import Field, PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from web.db import db, transaction
from web.tables import User

TOO_LONG = "Terlalu panjang."


class Accounts(SQLAlchemyUserDatastore):
    """Where the framework finds accounts."""

    def put(self, model: User) -> User:
        """Keep a password that is hashed anew because its hash was made with older settings.

        In a transaction of its own: that of the request only reads, and SQLite refuses to write in
        one once somebody else has written since it began.
        """
        password = model.password
        db.session.rollback()
        with transaction():
            model.password = password
        return model


class StaffLoginForm(LoginForm):
    """Username and password."""

    email = None
    remember = None  # a shared office computer must not stay logged in
    username = StringField(
        "Nama pengguna",
        [InputRequired("Nama pengguna belum diisi."), Length(max=80, message=TOO_LONG)],
    )
    password = PasswordField(
        "Kata sandi", [InputRequired("Kata sandi belum diisi."), Length(max=200, message=TOO_LONG)]
    )
    submit = SubmitField("Masuk")

    def validate_next(self, field: Field) -> None:
        """An address that leads elsewhere is dropped, not held against the password."""
        if not validate_redirect_url(field.data):
            field.data = ""

    def validate(self, **kwargs: Any) -> bool:
        """The framework's checks, on the account that the username names."""
        self.ifield = self.username
        self.user = lookup_identity(self.username.data) if self.username.data else None
        return bool(super().validate(**kwargs))
