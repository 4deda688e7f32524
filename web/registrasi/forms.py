"""What officers type at the registration desk."""

from __future__ import annotations

from wtforms import PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from web.forms import Form


class ScanForm(Form):
    """A number from the card; scanners end it with Enter."""

    nomor = StringField(
        "Nomor peserta",
        [InputRequired("Pindai kartu atau ketik nomornya."), Length(max=60)],
        filters=[lambda text: (text or "").strip()],
    )


class CheckForm(Form):
    """What two officers found."""

    putusan = RadioField(
        "Wajah, kartu, dan KTP",
        [InputRequired("Pilih cocok atau tidak cocok.")],
        choices=[SelectChoice("cocok", "Cocok"), SelectChoice("tidak", "Tidak cocok")],
    )
    catatan = StringField(
        "Catatan", [Length(max=300, message="Paling banyak 300 huruf.")], default=""
    )
    saksi = StringField(
        "Nama pengguna petugas kedua",
        [InputRequired("Petugas kedua belum diisi."), Length(max=80)],
    )
    sandi = PasswordField(
        "Kata sandi petugas kedua", [InputRequired("Kata sandi belum diisi."), Length(max=200)]
    )


class UndoForm(Form):
    """Why attendance is taken back."""

    alasan = StringField(
        "Alasan membatalkan",
        [InputRequired("Alasan belum diisi."), Length(5, 280, "5 sampai 280 huruf.")],
    )
