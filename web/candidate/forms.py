"""Forms of the candidate."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from web.forms import Form, WholeNumber


class LoginForm(Form):
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


class AnswerForm(Form):
    """An answer to the item on the screen: its number and the letter marked there."""

    nomor = WholeNumber(validators=[InputRequired()])
    pilihan = StringField(validators=[InputRequired("Pilih salah satu jawaban.")])
