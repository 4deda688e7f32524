"""Forms of the proctor. Reasons are checked again by the operations, which know why."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from web.forms import ChoiceField, Form, WholeNumber, choices_of
from web.operations.hari_ujian.kejadian import PELANGGARAN
from web.operations.hari_ujian.panggilan import LONGEST
from web.operations.pengawasan.aturan import aturan

SESI = "sesi"


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class ReasonForm(Form):
    """An act that needs its reason."""

    alasan = StringField(
        "Alasan", [Length(3, 200, "Tulis alasan 3 sampai 200 huruf.")], filters=[_stripped]
    )


class PauseForm(ReasonForm):
    """Why a clock is stopped, and from when."""

    sebab = ChoiceField("Sebab", choices=lambda: choices_of(aturan().sebab.items()))
    sejak_kontak = BooleanField("Hitung sejak kontak terakhir, bila komputernya diam")


class EndForm(ReasonForm):
    """Ending an exam cannot be taken back by one person: it is said twice."""

    yakin = BooleanField(
        "Saya yakin ujian ini harus diakhiri", [InputRequired("Centang bahwa Anda yakin.")]
    )


class MoveForm(ReasonForm):
    """Where somebody goes."""

    kursi = WholeNumber("Kursi tujuan", [InputRequired("Isi nomor kursi tujuan.")])


class NoteForm(Form):
    """What happened."""

    jenis = ChoiceField("Jenis", choices=choices_of(PELANGGARAN.items()))
    uraian = TextAreaField(
        "Uraian", [Length(3, 1000, "Tulis uraian 3 sampai 1.000 huruf.")], filters=[_stripped]
    )


class MessageForm(Form):
    """Words for one seat or many; a phrase that stands ready, or own words."""

    siap = SelectField(
        "Kalimat siap pakai",
        [Optional()],
        choices=lambda: choices_of(
            [("", "Tulis sendiri"), *((text, text) for text in aturan().pesan)]
        ),
        validate_choice=False,
    )
    isi = TextAreaField(
        "Pesan", [Length(0, LONGEST, f"Paling panjang {LONGEST} huruf.")], filters=[_stripped]
    )

    @property
    def text(self) -> str:
        """Own words where there are some."""
        return self.isi.data or self.siap.data or ""


class ScopeForm(Form):
    """Whom an act is meant for: `sesi`, `ruang-<id>`, `baris-<id>-<row>`, or seats by number."""

    lingkup = StringField("Untuk siapa", default=SESI, filters=[_stripped])
    kursi = StringField("Atau hanya kursi", [Length(0, 200)], filters=[_stripped])


class ScopedPauseForm(PauseForm, ScopeForm):
    """Stopping many clocks."""


class ScopedResumeForm(ScopeForm):
    """Letting many clocks run again."""

    semua = BooleanField("Termasuk yang dijeda sendiri-sendiri")


class ScopedMessageForm(MessageForm, ScopeForm):
    """Words for many."""


class ScopedNoteForm(NoteForm, ScopeForm):
    """What happened in a room or the sesi."""


class HandOverForm(Form):
    """To whom a duty goes, and what to know."""

    ke = StringField("Kepada", [InputRequired("Pilih pengawas.")])
    catatan = TextAreaField(
        "Catatan", [Length(0, 500, "Paling panjang 500 huruf.")], filters=[_stripped]
    )


class AnswerForm(Form):
    """Yes or no from the second person."""

    jawaban = ChoiceField("Jawaban", choices=choices_of([("ya", "Ya"), ("tidak", "Tidak")]))
    catatan = StringField("Catatan", [Length(0, 500)], filters=[_stripped])
