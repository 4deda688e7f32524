"""Forms of the documents pages."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from web.dokumen.kinds import Jenis
from web.forms import Form, WholeNumber
from web.operations.dokumen.batches import MOST_NUMBERS, read_numbers
from web.operations.dokumen.checking import Status
from web.operations.dokumen.subjects import Subject


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class SubjectForm(Form):
    """Which document to issue; the fields that do not apply stay empty."""

    jenis = HiddenField(validators=[InputRequired()])
    sitting_id = HiddenField(validators=[Length(max=36)])
    sesi_id = WholeNumber()
    pengumuman_id = WholeNumber()
    instansi_id = WholeNumber()

    def subject(self) -> Subject:
        """The subject; raises ValueError for an unknown kind."""
        return Subject(
            Jenis(self.jenis.data),
            self.sitting_id.data or None,
            self.sesi_id.data,
            self.pengumuman_id.data,
            self.instansi_id.data,
        )


class BatchForm(Form):
    """Whose results to issue: a sesi, an announcement, or a list of numbers."""

    sesi_id = WholeNumber()
    pengumuman_id = WholeNumber()
    nomor = TextAreaField("Nomor peserta")

    def numbers(self) -> list[str]:
        """The numbers in the list, each once."""
        return read_numbers(self.nomor.data or "")

    def validate_nomor(self, field: TextAreaField) -> None:
        """Refuse an empty choice, or a list that is too long."""
        count = len(self.numbers())
        if not (count or self.sesi_id.data or self.pengumuman_id.data):
            raise ValidationError("Isi sekurang-kurangnya satu nomor peserta.")
        if count > MOST_NUMBERS:
            raise ValidationError(f"Paling banyak {MOST_NUMBERS} nomor sekali minta.")


class ReasonForm(Form):
    """Why a document is replaced or withdrawn."""

    alasan = StringField(
        "Alasan",
        [Length(10, 500, "Tulis alasan 10 sampai 500 huruf.")],
        filters=[lambda text: (text or "").strip()],
    )


class DecisionForm(Form):
    """What the second person decides."""

    putusan = RadioField(
        "Putusan",
        choices=_choices({"setuju": "Setuju", "tolak": "Tolak"}),
        validators=[InputRequired()],
    )


class FilterForm(Form):
    """Which documents to list."""

    class Meta(Form.Meta):
        """A filter is part of the address and changes nothing."""

        csrf = False

        def wrap_formdata(self, form: Form, formdata: object) -> object:
            """What the address says."""
            return formdata

    jenis = SelectField(
        "Jenis",
        [Optional()],
        choices=_choices({"": "Semua"} | {jenis.value: jenis.nama for jenis in Jenis}),
    )
    status = SelectField(
        "Status",
        [Optional()],
        choices=_choices(
            {
                "": "Semua",
                Status.BERLAKU.value: "Berlaku",
                Status.DIGANTI.value: "Diganti",
                Status.DITARIK.value: "Ditarik",
                "usul": "Menunggu penarikan",
            }
        ),
    )
    cari = StringField("Nomor dokumen atau peserta", [Length(max=40)])
