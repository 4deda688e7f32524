"""The form of a new key."""

from __future__ import annotations

from wtforms import SelectField, SelectMultipleField, StringField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from web.forms import Form, WholeNumber
from web.operations.api.tokens import LONGEST_DAYS, SCOPES


class TokenForm(Form):
    """Who calls, for what, how long."""

    nama = StringField(
        "Nama program", [InputRequired("Nama belum diisi."), Length(3, 80, "3 sampai 80 huruf.")]
    )
    scopes = SelectMultipleField(
        "Cakupan",
        choices=[SelectChoice(kode, f"{kode}: {arti}") for kode, arti in SCOPES.items()],
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )
    instansi = SelectField("Instansi", coerce=int)
    purpose = StringField(
        "Tujuan",
        [InputRequired("Tujuan belum diisi."), Length(5, 300, "5 sampai 300 huruf.")],
        description="Untuk apa program ini memerlukan data pribadi.",
    )
    legal_basis = StringField(
        "Dasar hukum",
        [InputRequired("Dasar hukum belum diisi."), Length(5, 300, "5 sampai 300 huruf.")],
        description="Misalnya peraturan atau perjanjian pertukaran data.",
    )
    days = WholeNumber(
        "Masa berlaku (hari)",
        [
            InputRequired("Masa berlaku belum diisi."),
            NumberRange(1, LONGEST_DAYS, f"1 sampai {LONGEST_DAYS} hari."),
        ],
        default=90,
    )
