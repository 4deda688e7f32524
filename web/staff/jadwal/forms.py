"""What staff type about sites, rooms and sesi."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from cat.errors import BadInput
from web.forms import ChoiceField, Day, Form, TicksField, WholeNumber, choices_of
from web.operations.jadwal.denah import LAST_SEAT, MOST_COLUMNS, MOST_ROWS, Denah, read_aisles
from web.operations.jadwal.syarat import Ujian
from web.operations.jadwal.waktu import ZONA
from web.tables import Ruang

REQUIRED = "Wajib diisi."
MOST_SEATS_NAMED = 2_000


class Clock(StringField):
    """A time of day, 08:00 or 08.00."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; refuses anything else in Indonesian."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]00)?", text)
        if text and found is None:
            raise ValueError("Harus jam, misalnya 08:00.")
        self.data = time(int(found[1]), int(found[2])) if found else None

    def _value(self) -> str:
        """What the field shows."""
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if self.data else ""


class SiteForm(Form):
    """A test site."""

    nama = StringField("Nama titik lokasi", [InputRequired(REQUIRED), Length(max=160)])
    zona = ChoiceField("Zona waktu", choices=choices_of(ZONA.items()))


class RoomForm(Form):
    """A room with its grid."""

    nama = StringField("Nama ruang", [InputRequired(REQUIRED), Length(max=80)])
    baris = WholeNumber(
        "Baris", [InputRequired(REQUIRED), NumberRange(1, MOST_ROWS, f"1 sampai {MOST_ROWS}.")]
    )
    kolom = WholeNumber(
        "Kolom",
        [InputRequired(REQUIRED), NumberRange(1, MOST_COLUMNS, f"1 sampai {MOST_COLUMNS}.")],
    )
    kursi_awal = WholeNumber(
        "Nomor kursi pertama",
        [InputRequired(REQUIRED), NumberRange(1, LAST_SEAT, f"1 sampai {LAST_SEAT}.")],
        default=1,
    )
    lorong = TextAreaField("Lorong", [Length(max=2000, message="Paling banyak 2.000 huruf.")])

    def denah(self) -> Denah:
        """The grid; raises BadInput naming what does not fit."""
        baris, kolom = self.baris.data or 0, self.kolom.data or 0
        aisles = read_aisles(self.lorong.data or "", baris, kolom)
        return Denah(baris, kolom, self.kursi_awal.data or 0, aisles)


class TermsForm(Form):
    """Rooms and terms that a sesi, or the sesi of many days, share."""

    paket = SelectField("Ujian dan pool")
    ruang = TicksField("Ruang", coerce=int)

    def offer(self, ujian: Iterable[Ujian], rooms: Iterable[Ruang], when: object) -> None:
        """Fill the lists. when : makes a date of microseconds."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in ujian:
            groups[each.nama] = [
                (f"{each.kunci}|{pool.digest}", f"{pool.mode}: {pool.kode}, terbit {when(pool)}")
                for pool in each.pools
            ]
        self.paket.choices = groups
        self.ruang.choices = [
            SelectChoice(room.id, f"{room.nama} (kursi mulai {room.kursi_awal})") for room in rooms
        ]

    @property
    def kunci(self) -> str:
        """Code of the chosen test."""
        return str(self.paket.data).partition("|")[0]

    @property
    def pool(self) -> str:
        """Digest of the chosen pool."""
        return str(self.paket.data).partition("|")[2]

    def validate_paket(self, field: SelectField) -> None:
        """Refuse what is not in the list, in Indonesian."""
        values = [value for rows in field.choices.values() for value, _ in rows]
        if field.data not in values:
            raise ValidationError("Pilih salah satu dari daftar.")

    def validate_ruang(self, field: TicksField) -> None:
        """At least one room."""
        if not field.data:
            raise ValidationError("Pilih sedikitnya satu ruang.")


class SesiForm(TermsForm):
    """One sesi."""

    nama = StringField(
        "Nama sesi", [InputRequired(REQUIRED), Length(3, 120, "3 sampai 120 huruf.")]
    )
    tanggal = Day("Tanggal", [InputRequired(REQUIRED)])
    jam = Clock("Jam mulai, waktu setempat", [InputRequired(REQUIRED)])


class PatternForm(TermsForm):
    """The sesi of many days at once."""

    label = StringField(
        "Sebutan ujian dalam nama sesi", [InputRequired(REQUIRED), Length(2, 60, "2 sampai 60.")]
    )
    pola = ChoiceField("Pola hari")
    dari = Day("Hari pertama", [InputRequired(REQUIRED)])
    sampai = Day("Hari terakhir", [InputRequired(REQUIRED)])
    kecuali = StringField("Kecuali tanggal", [Optional(), Length(max=400)])
    buat = HiddenField()


class ActForm(Form):
    """A change of plan: which, to when, for whom, why."""

    jenis = HiddenField()
    tanggal = Day("Tanggal", [Optional()])
    jam = Clock("Jam mulai, waktu setempat", [Optional()])
    kursi = StringField("Nomor kursi yang pindah", [Optional(), Length(max=2000)])
    ruang_asal = TicksField("Atau semua kursi di ruang", coerce=int)
    tujuan = SelectField("Pindah ke")
    nama = StringField("Nama sesi baru", [Optional(), Length(3, 120, "3 sampai 120 huruf.")])
    ruang = TicksField("Ruang sesi baru", coerce=int)
    pool = SelectField("Pool sesi baru")
    alasan = TextAreaField(
        "Alasan", [InputRequired(REQUIRED), Length(5, 500, "Alasan: 5 sampai 500 huruf.")]
    )


class DecisionForm(Form):
    """Why a proposal is refused."""

    alasan = StringField(
        "Alasan menolak", [InputRequired(REQUIRED), Length(5, 500, "5 sampai 500 huruf.")]
    )


class ImportForm(Form):
    """For which sesi a file is."""

    sesi = SelectField("Sesi untuk baris yang tidak menyebut sesi", coerce=int)


def read_seats(text: str) -> list[int]:
    """Seat numbers as people write them, "1-20, 35"; raises BadInput naming the piece."""
    found: dict[int, None] = {}
    for piece in (part.strip() for part in text.replace(";", ",").split(",")):
        if not piece:
            continue
        match = re.fullmatch(r"(\d{1,4})(?:\s*[-\N{EN DASH}]\s*(\d{1,4}))?", piece)
        if match is None:
            raise BadInput(f"nomor kursi {piece[:20]!r}: tulis misalnya 1-20, 35")
        first, last = int(match[1]), int(match[2] or match[1])
        found.update(dict.fromkeys(range(first, last + 1)))
    if len(found) > MOST_SEATS_NAMED:
        raise BadInput(f"nomor kursi: paling banyak {MOST_SEATS_NAMED} kursi")
    return list(found)
