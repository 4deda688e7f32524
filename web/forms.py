"""What all forms share: only what a form sent, and Indonesian words for what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

# Signs of a whole number at most: a longer one is refused, for cut short it would be another one.
LONGEST_NUMBER = 12


class Form(FlaskForm):
    """A form that reads form fields only; files and JSON in their place are no answer."""

    class Meta(FlaskForm.Meta):
        """How the framework fills the form."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """The posted fields, or nothing."""
            if formdata is None or request.method in ("GET", "HEAD"):
                return None
            return request.form


class WholeNumber(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; refuses anything else in Indonesian."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text and not text.removeprefix("-").isdecimal():
            raise ValueError("Harus bilangan bulat.")
        if len(text) > LONGEST_NUMBER:
            raise ValueError(f"Terlalu panjang: paling banyak {LONGEST_NUMBER} angka.")
        self.data = int(text) if text else None


class Day(DateField):
    """A date as the browser sends it, yyyy-mm-dd."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; refuses anything else in Indonesian."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Harus tanggal.") from error


class ChoiceField(SelectField):
    """One of a list."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list, in Indonesian."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError("Pilih salah satu dari daftar.") from error


class TicksField(SelectMultipleField):
    """Any of a list, as check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def choices_of(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """(value, label) pairs as choices of a field."""
    return [SelectChoice(value, label) for value, label in pairs]


class ReasonForm(Form):
    """An act that needs nothing but its reason."""

    alasan = TextAreaField(
        "Alasan",
        [
            InputRequired("Alasan wajib diisi."),
            Length(5, 2000, "Alasan: 5 sampai 2.000 huruf."),
        ],
        filters=[lambda text: (text or "").strip()],
    )
