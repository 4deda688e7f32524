"""The shapes of what programs send and get. Names are a promise: add, never rename."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Nomor = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{2,29}$", examples=["24990120110000001"])
]
# 18 digits: every such number fits into the 64 bits that the databases compare in.
Kursor = Annotated[str, Field(pattern=r"^[0-9]{1,18}\.[0-9]{1,18}$", examples=["0.0"])]


class Model(BaseModel):
    """Fields that nobody knows are refused: they are typing errors."""

    model_config = ConfigDict(extra="forbid")


class Fault(Model):
    """One thing that is wrong: where, what was read, which rule."""

    tempat: str
    nilai: str
    aturan: str


class Problem(Model):
    """Why a request was refused (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    kode: str
    masalah: list[Fault] = []


class PesertaMasuk(Model):
    """One participant as the portal knows them."""

    nomor: Nomor
    nik: Annotated[str, Field(pattern=r"^[0-9]{16}$")]
    nama: Annotated[
        str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")
    ]
    tanggal_lahir: date
    jenis_kelamin: Literal["L", "P"]
    formasi: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]+$")] | None = None
    netra: bool = False
    jenjang: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[^\x00]+$")] | None = None
    ipk: Annotated[str, Field(pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$", examples=["3.25"])] | None = (
        None
    )


class Kiriman(Model):
    """Up to a thousand participants, all taken or none. uji_coba : judge only, write nothing."""

    uji_coba: bool = False
    peserta: Annotated[list[PesertaMasuk], Field(min_length=1, max_length=1000)]


class HasilKiriman(Model):
    """What became of one participant of a delivery."""

    nomor: str
    keadaan: Literal["baru", "diubah", "tetap", "ditolak"]
    masalah: list[str]
    peringatan: list[str]


class JawabanKiriman(Model):
    """ditulis : whether anything was stored."""

    ditulis: bool
    peserta: list[HasilKiriman]


class PesertaKeluar(Model):
    """One participant. nik_akhir : the last four digits only."""

    nomor: str
    nama: str
    nik_akhir: str
    jenis_kelamin: str
    formasi: str | None
    instansi: str | None
    jenis_kebutuhan: str | None


class DaftarPeserta(Model):
    """Participants that changed after the cursor."""

    data: list[PesertaKeluar]
    kursor: Kursor
    masih_ada: bool


class SesiKeluar(Model):
    """One scheduled sesi; `mulai` with the offset of its own time zone."""

    id: int
    nama: str
    titik_lokasi: str
    ruang: str
    zona: str
    mulai: datetime
    ditutup: bool
    peserta: int


class DaftarSesi(Model):
    """Sesi in the order of their numbers."""

    data: list[SesiKeluar]
    setelah: int
    masih_ada: bool


class Penempatan(Model):
    """Where a participant sits."""

    nomor: str
    nama: str
    kursi: int
    keadaan: str


class DaftarPenempatan(Model):
    """Everybody of a sesi, seat by seat."""

    data: list[Penempatan]


class NilaiBagian(Model):
    """One part. theta, galat_baku in logits; nilai in points of `maksimum`."""

    bagian: str
    nilai: int
    maksimum: int
    galat_baku_nilai: float
    theta: float
    galat_baku: float
    dijawab: int
    panjang: int


class HasilUjian(Model):
    """The result of one finished sitting.

    kumpulan_soal, ketentuan : hashes of the pool and rule set that it was taken on.
    """

    ujian: str
    nomor: str
    formasi: str | None
    sesi: int
    moda: str
    total: int
    bagian: list[NilaiBagian]
    kumpulan_soal: str
    ketentuan: str


class DaftarHasil(Model):
    """Results that were published after the cursor."""

    data: list[HasilUjian]
    kursor: Kursor
    masih_ada: bool


class PengumumanKeluar(Model):
    """One approved announcement with what is needed to check it."""

    kode: str
    tahap: str
    tahun: int
    baris: int
    digest: str
    tanda_tangan: str
    disetujui: datetime
    menggantikan: str | None


class DaftarPengumuman(Model):
    """Approved announcements, oldest first."""

    data: list[PengumumanKeluar]


class BarisPengumuman(Model):
    """What one announcement says of one participant."""

    nomor: str
    formasi: str
    urut: int
    peringkat: int
    kode: str
    twk: int | None
    tiu: int | None
    tkp: int | None
    total: int | None


class DaftarBaris(Model):
    """Rows of an announcement by participant; `setelah` leads on."""

    data: list[BarisPengumuman]
    setelah: int
    masih_ada: bool


class DomainKeluar(Model):
    """One domain. bagian_nilai : expected points as a share of the maximum, 0 to 1."""

    domain: str
    soal: int
    theta: float
    galat_baku: float
    bagian_nilai: float
    keandalan: float


class LevelKeluar(Model):
    """One competency. peluang : P(level 1) to P(level 5)."""

    kompetensi: str
    level: int
    peluang: list[float]
    bukti_lemah: bool


class Profil(Model):
    """The competency profile of a participant's last finished sitting."""

    nomor: str
    ujian: str
    bagian: dict[str, list[DomainKeluar]]
    kompetensi: list[LevelKeluar]


class Halaman(Model):
    """How much to read. sejak : `kursor` of the answer before."""

    sejak: Kursor | None = None
    banyak: Annotated[int, Field(ge=1, le=1000)] = 200


class HalamanNomor(Model):
    """How much to read. setelah : the number that the answer before ended with."""

    setelah: Annotated[int, Field(ge=0, le=2147483647)] = 0
    banyak: Annotated[int, Field(ge=1, le=1000)] = 200
