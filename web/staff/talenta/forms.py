"""Forms of talent management."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from cat.kompetensi.ip_asn import JENIS_PELATIHAN
from cat.kompetensi.kamus import KELOMPOK, Kamus
from cat.kompetensi.kinerja import NAMA_RATING
from cat.kompetensi.standar import Standar
from web.forms import Form, WholeNumber
from web.operations.talenta.kinerja import FIRST_YEAR, LAST_YEAR
from web.operations.talenta.pelatihan import MOST_JP
from web.tables import Kinerja

RATINGS = [SelectChoice(kode, nama[:1].upper() + nama[1:]) for kode, nama in NAMA_RATING.items()]
KINDS = [SelectChoice(kind, kind[:1].upper() + kind[1:]) for kind in JENIS_PELATIHAN]
KEYAKINAN = [
    SelectChoice("A", "A: naskah peraturan"),
    SelectChoice("B", "B: satu laporan"),
    SelectChoice("C", "C: belum pasti atau contoh"),
]
CHOOSE = SelectChoice("", "Pilih rating")
PUTUSAN = [SelectChoice("setuju", "Setujui"), SelectChoice("tolak", "Tolak")]
GROUPS = {
    "manajerial": "Manajerial",
    "sosial_kultural": "Sosial kultural",
    "digital": "Digital",
    "teknis": "Teknis",
}
# Which weights a standard may have: one for all, or the technical side against the rest.
TECHNICAL = ("teknis", "digital")
NOT_ASKED = SelectChoice("", "Tidak disyaratkan")


def _required(message: str) -> InputRequired:
    return InputRequired(message)


def _at_most(letters: int) -> Length:
    return Length(max=letters, message=f"Paling banyak {letters} huruf.")


class ReasonForm(Form):
    """An act with its reason."""

    alasan = TextAreaField("Alasan", [_required("Alasan wajib diisi."), _at_most(300)])


class DecisionForm(ReasonForm):
    """Agree or reject."""

    putusan = RadioField(
        "Putusan",
        choices=PUTUSAN,
        validators=[_required("Pilih putusan.")],
    )


class StandardForm(Form):
    """Requirements of a standard, besides one field for each competency (`StandardForm.of`)."""

    judul = StringField("Nama standar", [_required("Nama wajib diisi."), _at_most(160)])
    persen_teknis = WholeNumber(
        "Bobot teknis dan digital (persen)",
        [NumberRange(0, 100, "Harus 0 sampai 100."), _required("Bobot wajib diisi.")],
    )
    sumber = StringField("Sumber atau dasar", [_required("Sumber wajib diisi."), _at_most(200)])
    keyakinan = SelectField("Keyakinan", choices=KEYAKINAN)
    berlaku_mulai = DateField(
        "Berlaku mulai", [_required("Tanggal wajib diisi.")], format="%Y-%m-%d"
    )
    alasan = TextAreaField("Alasan", [_required("Alasan wajib diisi."), _at_most(300)])

    @classmethod
    def of(cls, kamus: Kamus) -> StandardForm:
        """The form with a field for each competency of the dictionary."""
        levels = [
            NOT_ASKED,
            *(SelectChoice(str(each.angka), f"{each.angka}: {each.nama}") for each in kamus.level),
        ]
        fields = {
            f"level_{each.kode.replace('.', '__')}": SelectField(each.nama, choices=levels)
            for each in kamus.kompetensi
        }
        return type("StandardFormOfKamus", (cls,), fields)()  # type: ignore[no-any-return]

    def groups(self, kamus: Kamus) -> list[tuple[str, list[Any]]]:
        """Level fields under the name of their group."""
        return [
            (GROUPS[group], [self[_field(each.kode)] for each in kamus.of(group)])
            for group in KELOMPOK
        ]

    def fill(self, standar: Standar) -> None:
        """Show a standard as it is."""
        self.judul.data, self.sumber.data = standar.judul, standar.sumber
        self.keyakinan.data = standar.keyakinan
        for kode, level in standar.syarat:
            self[_field(kode)].data = str(level)
        self.persen_teknis.data = next(
            (each.persen for each in standar.bobot if set(each.kelompok) <= set(TECHNICAL)), 0
        )

    def content(self, sasaran: str, kamus: Kamus) -> dict[str, Any]:
        """The standard as `Standar.from_mapping` reads it."""
        technical = self.persen_teknis.data or 0
        asked = {
            each.kode: int(self[_field(each.kode)].data)
            for each in kamus.kompetensi
            if self[_field(each.kode)].data
        }
        rest = tuple(group for group in KELOMPOK if group not in TECHNICAL)
        weights = [(TECHNICAL, technical), (rest, 100 - technical)]
        if technical == 0:  # technical requirements, where there are any, count like the others
            weights = [(KELOMPOK, 100)]
        return {
            "sasaran": sasaran,
            "judul": (self.judul.data or "").strip(),
            "syarat": asked,
            "bobot": [{"kelompok": list(g), "persen": p} for g, p in weights if p],
            "sumber": (self.sumber.data or "").strip(),
            "keyakinan": self.keyakinan.data,
            "contoh": False,
        }


class PerformanceForm(Form):
    """One year of one employee."""

    nip = StringField(
        "NIP", [_required("NIP wajib diisi."), Regexp(r"^\s*\d{18}\s*$", message="Harus 18 angka.")]
    )
    tahun = WholeNumber(
        "Tahun",
        [
            _required("Tahun wajib diisi."),
            NumberRange(FIRST_YEAR, LAST_YEAR, f"Harus {FIRST_YEAR} sampai {LAST_YEAR}."),
        ],
    )
    hasil_kerja = SelectField(
        "Rating hasil kerja", [_required("Pilih rating.")], choices=[CHOOSE, *RATINGS]
    )
    perilaku_kerja = SelectField(
        "Rating perilaku kerja", [_required("Pilih rating.")], choices=[CHOOSE, *RATINGS]
    )
    target = StringField("Target SKP (persen)", [Optional(), _at_most(10)])
    capaian = StringField("Capaian SKP (persen)", [Optional(), _at_most(10)])
    alasan = StringField("Alasan perubahan", [Optional(), _at_most(300)])

    def fill(self, row: Kinerja) -> None:
        """Show what is on file."""
        self.hasil_kerja.data, self.perilaku_kerja.data = row.hasil_kerja, row.perilaku_kerja
        for name in ("target", "capaian"):
            value = getattr(row, name)
            self[name].data = "" if value is None else str(value).replace(".", ",")


class ImportForm(Form):
    """Many lines of performance, pasted."""

    isi = TextAreaField("Isi CSV", [_required("Tempelkan isi berkas."), _at_most(400_000)])


class FinishForm(Form):
    """What a planned training came to."""

    selesai = DateField("Tanggal selesai", [_required("Tanggal wajib diisi.")], format="%Y-%m-%d")
    jp = WholeNumber(
        "JP diikuti",
        [_required("JP wajib diisi."), NumberRange(1, MOST_JP, f"Harus 1 sampai {MOST_JP}.")],
    )


class OutsideForm(FinishForm):
    """A finished training that stood in no plan."""

    nama = StringField("Nama pelatihan", [_required("Nama wajib diisi."), _at_most(160)])
    jenis = SelectField("Jenis", choices=KINDS)


def _field(kode: str) -> str:
    return f"level_{kode.replace('.', '__')}"
