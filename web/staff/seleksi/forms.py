"""What staff type in the course of a selection."""

from __future__ import annotations

from collections.abc import Sequence

import wtforms
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from cat.ketentuan.ketentuan_skb import RencanaTes
from web.forms import ChoiceField, Day, Form, ReasonForm, WholeNumber, choices_of
from web.operations.seleksi.lembar import as_decimal
from web.operations.seleksi.nilai_skb import plain
from web.tables import RencanaSKB

REQUIRED = "Wajib diisi."
PARTS_OF_A_PLAN = 5
MOST_POINTS = 100_000


def _text(most: int) -> list[object]:
    return [InputRequired(REQUIRED), Length(max=most, message=f"Paling banyak {most} huruf.")]


def _nomor(id: str = "nomor") -> StringField:
    """id : of the field, where a page has several forms."""
    return StringField("Nomor peserta", _text(30), id=id)


class PointsField(Field):
    """Points with a decimal comma or point, at most three decimals."""

    widget = TextInput()

    def _value(self) -> str:
        """What the field shows."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else plain(self.data).replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; refuses anything else in Indonesian."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = as_decimal(text) if text else None
        if text and (self.data is None or self.data != round(self.data, 3)):
            raise ValueError("Harus angka, misalnya 500 atau 82,5; paling banyak 3 desimal.")
        if self.data is not None and not 0 <= self.data <= MOST_POINTS:
            raise ValueError(f"Harus 0 sampai {MOST_POINTS}.")


class StatusForm(ReasonForm):
    """A code for one participant."""

    nomor = _nomor()
    kode = ChoiceField("Kode")
    tahap = ChoiceField(
        "Berlaku sejak tahap",
        choices=choices_of(
            [("akhir", "Sesudah pengumuman SKD"), ("skd", "SKD (mengubah daftar SKD)")]
        ),
    )


class WithdrawForm(ReasonForm):
    """Whose code no longer holds."""

    nomor = _nomor("cabut-nomor")
    alasan = TextAreaField("Alasan", _text(2000), id="cabut-alasan")


class UploadForm(Form):
    """A file comes with it; it is only checked unless `simpan` is pressed."""


class ChoiceForm(Form):
    """Use the earlier SKD, or sit again."""

    nomor = _nomor()
    pilihan = ChoiceField(
        "Pilihan peserta",
        choices=choices_of([("pakai", "Memakai nilai lama"), ("ujian", "Ikut ujian lagi")]),
    )


class PartForm(wtforms.Form):
    """One test of a plan; a line without jenis is left out."""

    jenis = ChoiceField("Jenis tes")
    nama = StringField("Nama pada daftar", [Length(max=120, message="Paling banyak 120 huruf.")])
    maks = PointsField("Nilai maksimum", [Optional()])
    bobot = WholeNumber("Bobot (%)", [Optional(), NumberRange(1, 100, "Bobot 1 sampai 100.")])
    menggugurkan = BooleanField("Menggugurkan")
    minimum = PointsField("Nilai minimum", [Optional()])


class PlanForm(Form):
    """The SKB plan of a jabatan."""

    dasar = StringField("Dasar rencana", _text(200))
    bagian = FieldList(FormField(PartForm), min_entries=PARTS_OF_A_PLAN, max_entries=10)

    def offer(self, kinds: dict[str, str]) -> None:
        """List the kinds of tests to choose from."""
        for line in self.bagian:
            line.form.jenis.choices = choices_of([("", "(tidak dipakai)"), *kinds.items()])

    def fill(self, plan: RencanaSKB) -> None:
        """Show a stored plan."""
        self.dasar.data = plan.dasar
        for line, part in zip(self.bagian, plan.bagian, strict=False):
            line.form.process(obj=part)

    def parts(self, kinds: dict[str, str]) -> list[RencanaTes]:
        """The tests as typed; what was left blank breaks a rule later on. kinds : names."""
        return [
            RencanaTes(
                jenis=each.jenis.data,
                nama=(each.nama.data or "").strip() or kinds[each.jenis.data],
                bobot=each.bobot.data or 0,
                maks=each.maks.data or 0,
                menggugurkan=each.menggugurkan.data,
                minimum=each.minimum.data,
            )
            for each in (line.form for line in self.bagian)
            if each.jenis.data
        ]


class EntryForm(Form):
    """The nilai of one participant; the fields of the parts are read from the request."""

    nomor = _nomor("isi-nomor")


class CorrectionForm(ReasonForm):
    """Another nilai in the place of one that was entered."""

    nomor = _nomor("koreksi-nomor")
    bagian = ChoiceField("Tes")
    nilai = StringField("Nilai seharusnya", _text(12))


class DrawForm(Form):
    """Which list to freeze."""

    tahap = ChoiceField(
        "Tahap",
        choices=choices_of(
            [("skd", "SKD"), ("akhir", "Hasil akhir"), ("optimalisasi", "Optimalisasi")]
        ),
    )
    instansi = ChoiceField("Instansi")
    terima_belum = BooleanField("Tetap susun walau ada peserta yang belum selesai ujian (SKD)")

    def offer(self, agencies: Sequence[tuple[str, str]]) -> None:
        """List the agencies to choose from."""
        self.instansi.choices = choices_of([("", "Semua instansi"), *agencies])


class WindowForm(Form):
    """The days of an objection window."""

    tahap = ChoiceField("Tahap", id="masa-tahap")
    mulai = Day("Hari pertama", [InputRequired(REQUIRED)])
    sampai = Day("Hari terakhir", [InputRequired(REQUIRED)])
    jawab_sampai = Day("Dijawab paling lambat", [InputRequired(REQUIRED)])


class ObjectionForm(Form):
    """What a participant objects to."""

    nomor = _nomor()
    tahap = ChoiceField("Tahap")
    isi = TextAreaField("Isi sanggahan", _text(4000), id="isi-sanggahan")


class AnswerForm(ReasonForm):
    """What the participant is told, and why."""

    putusan = ChoiceField(
        "Putusan", choices=choices_of([("ditolak", "Ditolak"), ("diterima", "Diterima")])
    )
    jawaban = TextAreaField("Jawaban bagi peserta", _text(4000))
