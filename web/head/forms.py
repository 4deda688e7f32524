"""Forms of decisions on flexible work."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from cat.ketentuan.fleksibel.isi import HARI, Terms
from cat.ketentuan.fleksibel.langkah import Move
from cat.ketentuan.fleksibel.pasal import Batas
from cat.ketentuan.fleksibel.pemeriksaan import Finding
from web.forms import ChoiceField, Day, ReasonForm, TicksField, choices_of

REQUIRED = "Wajib diisi."


class ApproveForm(ReasonForm):
    """What an approval grants."""

    dari = Day("Berlaku sejak", [InputRequired(REQUIRED)])
    sampai = Day("Berlaku sampai", [InputRequired(REQUIRED)])
    hari = TicksField(
        "Hari kerja fleksibel", choices=choices_of((day, day.capitalize()) for day in HARI)
    )
    pengecualian = ChoiceField("Pengecualian dari batas hari")
    syarat = TextAreaField(
        "Syarat",
        [Length(max=2000, message="Paling banyak 2.000 huruf.")],
        filters=[lambda t: t or ""],
    )

    def offer(self, batas: Batas) -> None:
        """Offer the circumstances that the rule knows."""
        named = [(row.kode, row.nama.capitalize()) for row in batas.pengecualian]
        self.pengecualian.choices = choices_of([("", "Tidak ada"), *named])

    def fill(self, terms: Terms) -> None:
        """Begin with what was asked for."""
        self.dari.data, self.sampai.data = terms.dari, terms.sampai
        self.hari.data = list(terms.hari)

    def terms(self) -> Terms:
        """The terms; raises StepIncomplete where they contradict themselves."""
        return Terms(
            self.dari.data,
            self.sampai.data,
            tuple(day for day in HARI if day in (self.hari.data or ())),
            self.syarat.data.strip(),
            self.pengecualian.data or "",
        )


class EvidenceForm(ReasonForm):
    """What was seen for one test."""

    uji = ChoiceField("Uji")

    def offer(self, findings: tuple[Finding, ...]) -> None:
        """Offer the tests that ask for evidence."""
        self.uji.choices = choices_of((each.kode, each.pertanyaan) for each in findings)


class ExtendForm(ReasonForm):
    """A later last day."""

    sampai = Day("Hari terakhir yang baru", [InputRequired(REQUIRED)])


class CallForm(ReasonForm):
    """The breach, and the day on which the employee is heard."""

    pada = Day("Hari klarifikasi", [InputRequired(REQUIRED)])


class ObjectionForm(ReasonForm):
    """The verdict on an objection."""

    putusan = RadioField(
        "Putusan",
        [InputRequired("Pilih salah satu.")],
        choices=choices_of(
            [
                (Move.KABULKAN.value, "Mengabulkan keberatan"),
                (Move.TOLAK_KEBERATAN.value, "Menolak keberatan"),
            ]
        ),
    )


class HearingForm(ReasonForm):
    """What follows from a hearing."""

    putusan = RadioField(
        "Putusan",
        [InputRequired("Pilih salah satu.")],
        choices=choices_of(
            [
                (Move.LANJUTKAN.value, "Kerja fleksibel dilanjutkan"),
                (Move.CABUT.value, "Kerja fleksibel dicabut"),
            ]
        ),
    )
