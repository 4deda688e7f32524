"""Forms of the candidate."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from web.candidate.tampilan import LANGUAGES
from web.forms import Form, WholeNumber, choices_of
from web.tema import SIZES, THEMES


class LoginForm(Form):
    """Nomor peserta and PIN registrasi."""

    nomor = StringField(
        _l("Nomor peserta"),
        [
            InputRequired(_l("Nomor peserta belum diisi.")),
            Length(max=30, message=_l("Nomor peserta terlalu panjang.")),
        ],
        filters=[lambda text: (text or "").strip()],
    )
    pin = PasswordField(
        _l("PIN registrasi"),
        [
            InputRequired(_l("PIN belum diisi.")),
            Length(max=20, message=_l("PIN terlalu panjang.")),
        ],
        filters=[lambda text: (text or "").strip()],
    )


class AnswerForm(Form):
    """An option of an item: the item's number and the letter marked there.

    urut : the page's own number of the act, growing. sisa : milliseconds left on the page's clock
    when the act was made; above zero it was in time.
    """

    nomor = WholeNumber(validators=[InputRequired()])
    pilihan = StringField(validators=[InputRequired(_l("Pilih salah satu jawaban."))])
    urut = WholeNumber()
    sisa = WholeNumber()


class FlagForm(Form):
    """Ragu-ragu up (1) or down (0) at an item."""

    nomor = WholeNumber(validators=[InputRequired()])
    ragu = RadioField(choices=choices_of((("1", ""), ("0", ""))))
    urut = WholeNumber()
    sisa = WholeNumber()


class LookForm(Form):
    """How pages look; without the page's script it is sent with a button."""

    huruf = RadioField(choices=choices_of((str(size), "") for size in SIZES))
    tema = RadioField(choices=choices_of((theme, "") for theme in THEMES))
    pintasan = RadioField(choices=choices_of((("1", ""), ("0", ""))))
    coret = RadioField(choices=choices_of((("1", ""), ("0", ""))))


class LanguageForm(Form):
    """The language of the pages, not of the items."""

    bahasa = RadioField(choices=choices_of((code, "") for code in LANGUAGES))


class ReadForm(Form):
    """Messages read up to this id."""

    sampai = WholeNumber(validators=[InputRequired()])
