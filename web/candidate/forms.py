"""Forms of the candidate."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class LoginForm(FlaskForm):
    """Nomor peserta and PIN registrasi."""

    nomor = StringField(
        "Nomor peserta",
        [
            InputRequired("Nomor peserta belum diisi."),
            Length(max=30, message="Nomor peserta terlalu panjang."),
        ],
    )
    pin = PasswordField(
        "PIN registrasi",
        [InputRequired("PIN belum diisi."), Length(max=20, message="PIN terlalu panjang.")],
    )


class AnswerForm(FlaskForm):
    """An answer to the item on the screen: its number and the letter marked there."""

    nomor = IntegerField(validators=[InputRequired()])
    pilihan = StringField(validators=[InputRequired("Pilih salah satu jawaban.")])
