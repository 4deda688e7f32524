"""Forms about personal data."""

from __future__ import annotations

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from web.forms import Form
from web.operations.pelindungan.requests import KINDS

_REASON = [InputRequired("Alasan belum diisi."), Length(5, 300, "5 sampai 300 huruf.")]


class RevealForm(Form):
    """Why somebody must see a whole NIK."""

    alasan = StringField("Alasan melihat NIK lengkap", _REASON)


class RequestForm(Form):
    """What a person asks for."""

    jenis = SelectField("Jenis permintaan", choices=[SelectChoice(*each) for each in KINDS.items()])
    isi = TextAreaField(
        "Permintaan",
        [InputRequired("Permintaan belum diisi."), Length(5, 1000, "5 sampai 1.000 huruf.")],
    )


class AnswerForm(Form):
    """The answer to a request."""

    putusan = RadioField(
        "Putusan",
        [InputRequired("Putusan belum dipilih.")],
        choices=[SelectChoice("ya", "Dikabulkan"), SelectChoice("tidak", "Ditolak")],
    )
    jawaban = TextAreaField(
        "Jawaban", [InputRequired("Jawaban belum diisi."), Length(5, 1000, "5 sampai 1.000 huruf.")]
    )


class RetentionForm(Form):
    """Up to which day, and why."""

    tanggal = DateField("Masa simpan habis pada", [InputRequired("Tanggal belum diisi.")])
    alasan = StringField("Alasan", _REASON)
