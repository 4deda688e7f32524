"""Forms of the profile pages."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from cat.kompetensi.aturan_bukti import JenisBukti
from cat.kompetensi.kamus import Kamus
from web.forms import Form
from web.operations.bukti import LONGEST_ALASAN, LONGEST_ASAL, Isian
from web.operations.norma import LONGEST_NAMA, LONGEST_SIAPA, PilihanNorma

_REQUIRED = InputRequired("Wajib diisi.")


def _at_most(letters: int) -> Length:
    return Length(max=letters, message=f"Paling banyak {letters} huruf.")


class Day(DateField):
    """A day as browsers send it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; refuses anything else in Indonesian."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Harus tanggal.") from None


class EvidenceForm(Form):
    """One piece of evidence."""

    kompetensi = SelectField("Kompetensi", validators=[_REQUIRED])
    jenis = SelectField("Jenis bukti", validators=[_REQUIRED])
    level = SelectField("Level yang dinyatakan", coerce=int, validators=[_REQUIRED])
    tanggal = Day("Tanggal", validators=[_REQUIRED])
    berlaku_sampai = Day("Berlaku sampai", validators=[Optional()])
    asal = StringField("Asal", validators=[_REQUIRED, _at_most(LONGEST_ASAL)])
    alasan = StringField("Alasan mencatat", validators=[_REQUIRED, _at_most(LONGEST_ALASAN)])

    def offer(self, kamus: Kamus, kinds: Sequence[JenisBukti]) -> EvidenceForm:
        """List what may be chosen."""
        self.kompetensi.choices = [SelectChoice(each.kode, each.nama) for each in kamus.kompetensi]
        self.jenis.choices = [SelectChoice(each.kode, each.nama) for each in kinds]
        self.level.choices = [
            SelectChoice(str(each.angka), f"{each.angka} · {each.nama}") for each in kamus.level
        ]
        return self

    def isian(self, person_id: int) -> Isian:
        """What the form enters about a person."""
        return Isian(
            person_id=person_id,
            kompetensi=self.kompetensi.data,
            jenis=self.jenis.data,
            level=self.level.data,
            tanggal=self.tanggal.data,
            berlaku_sampai=self.berlaku_sampai.data,
            asal=self.asal.data or "",
            alasan=self.alasan.data or "",
        )

    def tell(self, problems: Sequence[tuple[str, str]]) -> None:
        """Show problems at their fields."""
        for name, rule in problems:
            self[name].errors = [*self[name].errors, rule[:1].upper() + rule[1:] + "."]


class DecisionForm(Form):
    """A decision about a piece of evidence, with its reason."""

    keputusan = SelectField(
        "Keputusan",
        choices=[
            SelectChoice("setuju", "Setuju"),
            SelectChoice("tolak", "Tolak"),
            SelectChoice("tarik", "Tarik"),
        ],
    )
    alasan = StringField("Alasan", validators=[_REQUIRED, _at_most(LONGEST_ALASAN)])


class ImportForm(Form):
    """What to do with a file of evidence; the file itself comes beside the fields."""

    tindakan = RadioField(
        "Tindakan",
        choices=[
            SelectChoice("periksa", "Periksa saja"),
            SelectChoice("simpan", "Simpan bila tidak ada masalah"),
        ],
        default="periksa",
    )
    alasan = StringField("Alasan mencatat", validators=[_REQUIRED, _at_most(LONGEST_ALASAN)])


class NormForm(Form):
    """Whose sittings make a norm group."""

    nama = StringField("Nama kelompok", validators=[_REQUIRED, _at_most(LONGEST_NAMA)])
    siapa = StringField("Siapa mereka", validators=[_REQUIRED, _at_most(LONGEST_SIAPA)])
    sesi = SelectMultipleField(
        "Sesi",
        coerce=int,
        validators=[InputRequired("Pilih sedikitnya satu sesi.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    jenis_kebutuhan = SelectField("Jenis kebutuhan")

    def offer(self, sesi: Sequence[tuple[int, str]], kinds: Sequence[str]) -> NormForm:
        """List what may be chosen."""
        self.sesi.choices = [SelectChoice(str(key), nama) for key, nama in sesi]
        self.jenis_kebutuhan.choices = [
            SelectChoice("", "semua"),
            *(SelectChoice(kind, kind.replace("_", " ")) for kind in kinds),
        ]
        return self

    def pilihan(self) -> PilihanNorma:
        """What the form asks for."""
        return PilihanNorma(
            nama=self.nama.data or "",
            siapa=self.siapa.data or "",
            sesi=tuple(sorted(set(self.sesi.data or ()))),
            jenis_kebutuhan=self.jenis_kebutuhan.data or "",
        )
