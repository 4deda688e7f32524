"""Forms of an employee, as the one who asks and as a superior."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from wtforms import (
    BooleanField,
    DecimalField,
    RadioField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from cat.ketentuan.fleksibel.fakta import Devices
from cat.ketentuan.fleksibel.isi import HARI, WeekReport, Wish
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.langkah import Move
from cat.ketentuan.fleksibel.uji import JENIS_OF, LOKASI
from web.forms import ChoiceField, Day, Form, ReasonForm, TicksField, choices_of

YES_NO = [("", "Belum saya ketahui"), ("ya", "Ya"), ("tidak", "Tidak")]
REQUIRED = "Wajib diisi."


class WishForm(Form):
    """What is asked for."""

    bentuk = ChoiceField("Bentuk")
    hari = TicksField(
        "Hari kerja fleksibel", choices=choices_of((day, day.capitalize()) for day in HARI)
    )
    dari = Day("Hari pertama", [InputRequired(REQUIRED)])
    sampai = Day("Hari terakhir", [InputRequired(REQUIRED)])
    alasan = TextAreaField(
        "Alasan", [Length(10, 2000, "Alasan: 10 sampai 2.000 huruf.")], filters=[lambda t: t or ""]
    )
    milik = ChoiceField(
        "Perangkat yang dipakai",
        choices=choices_of(
            [
                ("", "Belum saya ketahui"),
                ("kantor", "Perangkat kantor"),
                ("pribadi", "Perangkat pribadi"),
            ]
        ),
    )
    sambungan = ChoiceField("Apakah sambungannya aman?", choices=choices_of(YES_NO))
    ergonomi = BooleanField("Tempat kerja saya layak: meja, kursi, dan penerangan cukup")
    keamanan = BooleanField("Saya menjaga kerahasiaan informasi dinas di tempat itu")

    def offer(self, policy: Policy) -> None:
        """Offer the forms of flexible work that the policy knows."""
        self.bentuk.choices = choices_of(
            (each.kode, f"{JENIS_OF[each.kode].capitalize()}: {each.nama}")
            for each in policy.bentuk
        )

    def fill(self, wish: Wish) -> None:
        """Show an earlier request."""
        self.bentuk.data, self.hari.data = wish.bentuk, list(wish.hari)
        self.dari.data, self.sampai.data, self.alasan.data = wish.dari, wish.sampai, wish.alasan
        self.milik.data = wish.perangkat.milik or ""
        said = wish.perangkat.sambungan_aman
        self.sambungan.data = "" if said is None else "ya" if said else "tidak"
        self.ergonomi.data, self.keamanan.data = wish.ergonomi, wish.keamanan

    def wish(self) -> Wish:
        """The request; raises StepIncomplete for what the fields alone do not show."""
        bentuk = self.bentuk.data
        is_place = JENIS_OF.get(bentuk) == LOKASI
        said = {"ya": True, "tidak": False}.get(self.sambungan.data)
        return Wish(
            bentuk=bentuk,
            hari=tuple(day for day in HARI if day in (self.hari.data or ())) if is_place else (),
            alasan=self.alasan.data.strip(),
            dari=self.dari.data,
            sampai=self.sampai.data,
            perangkat=Devices(self.milik.data or None, said),
            ergonomi=bool(self.ergonomi.data),
            keamanan=bool(self.keamanan.data),
        )


class HoursField(DecimalField):
    """Hours with a decimal comma or point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the hours; refuses anything else in Indonesian."""
        try:
            super().process_formdata([text.strip().replace(",", ".") for text in valuelist])
        except ValueError as error:
            raise ValueError("Harus angka, misalnya 37,5.") from error


class ReportForm(Form):
    """Output and hours of one week."""

    minggu = Day("Minggu yang dimulai pada Senin", [InputRequired(REQUIRED)])
    jam = HoursField(
        "Jam kerja", [InputRequired(REQUIRED), NumberRange(0, 168, "0 sampai 168 jam.")]
    )
    cuti = HoursField(
        "Jam cuti dan hari libur", [NumberRange(0, 168, "0 sampai 168 jam.")], default=Decimal(0)
    )
    ramadan = BooleanField("Minggu ini dalam bulan Ramadan")
    hasil = TextAreaField("Hasil kerja", [Length(3, 2000, "Hasil kerja: 3 sampai 2.000 huruf.")])
    sesuai = ChoiceField(
        "Sesuai dengan yang disepakati?",
        choices=choices_of([*YES_NO[1:], ("", "Belum dinilai")]),
        default="ya",
    )

    def report(self, *, judged: bool) -> WeekReport:
        """The report. judged : whether the person may judge the output."""
        verdict = {"ya": True, "tidak": False}.get(self.sesuai.data) if judged else None
        minggu: date = self.minggu.data
        return WeekReport(
            minggu=minggu,
            menit=_minutes(self.jam.data),
            cuti=_minutes(self.cuti.data),
            ramadan=bool(self.ramadan.data),
            hasil=self.hasil.data.strip(),
            sesuai=verdict,
        )


class OpinionForm(ReasonForm):
    """What a superior says of a request."""

    pendapat = RadioField(
        "Pendapat",
        [InputRequired("Pilih salah satu.")],
        choices=choices_of(
            [
                (Move.DUKUNG.value, "Mendukung"),
                (Move.TIDAK_DUKUNG.value, "Tidak mendukung"),
                (Move.KEMBALIKAN.value, "Mengembalikan untuk diperbaiki"),
            ]
        ),
    )


def _minutes(hours: Decimal | None) -> int:
    return int(((hours or Decimal(0)) * 60).to_integral_value())
