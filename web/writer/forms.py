"""The form of an item."""

from __future__ import annotations

from dataclasses import replace

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cat.itembank.content import LETTERS, ItemContent, is_keyed, points_of_key
from web.formatting import domain as domain_label
from web.forms import Form, WholeNumber

LETTER_FIELDS = tuple(f"opsi_{letter.lower()}" for letter in LETTERS)
POINT_FIELDS = tuple(f"poin_{letter.lower()}" for letter in LETTERS)


def _at_most(letters: int) -> Length:
    return Length(max=letters, message=f"Paling banyak {letters} huruf.")


def _option(letter: str) -> TextAreaField:
    rules = [InputRequired("Pilihan wajib diisi."), _at_most(500)]
    return TextAreaField(f"Pilihan {letter}", rules)


def _points(letter: str) -> WholeNumber:
    return WholeNumber(f"Nilai {letter}", [Optional(), NumberRange(1, 5, "Nilai 1 sampai 5.")])


class ItemForm(Form):
    """Content of one draft. `dasar` is the version that the writer started from."""

    dasar = WholeNumber(validators=[Optional()])
    soal = TextAreaField("Soal", [InputRequired("Soal wajib diisi."), _at_most(5000)])
    opsi_a, opsi_b, opsi_c, opsi_d, opsi_e = (_option(letter) for letter in LETTERS)
    kunci = RadioField(
        "Kunci", choices=list(LETTERS), validators=[Optional()], validate_choice=False
    )
    poin_a, poin_b, poin_c, poin_d, poin_e = (_points(letter) for letter in LETTERS)
    rasional = TextAreaField("Rasional", [InputRequired("Rasional wajib diisi."), _at_most(500)])
    sumber = StringField("Sumber", [_at_most(300)])

    def fill(self, content: ItemContent, version: int) -> None:
        """Show a stored version."""
        self.dasar.data = version
        self.soal.data, self.rasional.data = content.stem, content.rationale
        self.sumber.data, self.kunci.data = content.source, content.key
        for name, text in zip(LETTER_FIELDS, content.options, strict=True):
            self[name].data = text
        for name, points in zip(POINT_FIELDS, content.points, strict=True):
            self[name].data = points or None

    def content(self, base: ItemContent) -> ItemContent:
        """The item as written in the form, with what the form does not show taken from `base`."""
        keyed = is_keyed(base.part)
        points = tuple(self[name].data or 0 for name in POINT_FIELDS)
        return replace(
            base,
            stem=(self.soal.data or "").strip().replace("\r\n", "\n"),
            options=tuple((self[name].data or "").strip() for name in LETTER_FIELDS),
            points=points_of_key(self.kunci.data or "") if keyed else points,
            rationale=(self.rasional.data or "").strip(),
            source=(self.sumber.data or "").strip(),
        )


class NewItemForm(Form):
    """Where a new draft belongs."""

    domain = SelectField("Domain kisi-kisi", validators=[InputRequired()])

    def offer(self, domains: list[str]) -> None:
        """List the domains to choose from."""
        self.domain.choices = [(path, domain_label(path)) for path in domains]
