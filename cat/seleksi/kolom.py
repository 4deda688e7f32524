"""Which columns do the tables of a selection have? Names are a promise: add, never rename."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cat.ketentuan.bentuk_tes import PARTS


class Kind(StrEnum):
    """What a column holds."""

    TEKS = "teks"
    BULAT = "bilangan bulat"
    PECAHAN = "bilangan pecahan"
    DESIMAL = "desimal"
    YA_TIDAK = "ya/tidak"
    TANGGAL = "tanggal"


@dataclass(frozen=True)
class Column:
    """One column. may_be_empty : whether single rows may leave it empty. arti : its meaning."""

    name: str
    kind: Kind
    may_be_empty: bool
    arti: str


def _column(name: str, kind: Kind, arti: str) -> Column:
    return Column(name, kind, may_be_empty=False, arti=arti)


def _optional(name: str, kind: Kind, arti: str) -> Column:
    return Column(name, kind, may_be_empty=True, arti=arti)


PEOPLE = (
    _column("nomor", Kind.TEKS, "nomor peserta, tidak berulang"),
    _column("formasi", Kind.TEKS, "kode formasi yang dilamar"),
    _column("hadir", Kind.YA_TIDAK, "mengikuti SKD, atau memakai nilai SKD lama"),
)
# Either the nilai of each part, or what it is made from.
NILAI = tuple(
    _optional(part, Kind.BULAT, f"nilai {part.upper()}; kosong bila tidak hadir") for part in PARTS
)
THETA = tuple(
    column
    for part in PARTS
    for column in (
        _optional(f"theta_{part}", Kind.PECAHAN, f"kemampuan {part.upper()}, logit"),
        _optional(f"dijawab_{part}", Kind.BULAT, f"butir {part.upper()} yang dijawab"),
        _optional(f"butir_{part}", Kind.BULAT, f"butir {part.upper()} yang seharusnya dijawab"),
    )
)
# Left out where the selection has not come so far, or has no such case.
PEOPLE_OPTIONAL = (
    _optional("nilai_lama", Kind.YA_TIDAK, "memakai nilai SKD tahun sebelumnya"),
    _optional("status_skd", Kind.TEKS, "kode yang diberikan sebelum peringkat SKD (DIS, TMS, APS)"),
    _optional("status_akhir", Kind.TEKS, "kode yang diberikan sesudah peringkat SKD"),
    _optional("jenjang", Kind.TEKS, "jenjang pendidikan, penentu skala ipk"),
    _optional("ipk", Kind.DESIMAL, "IPK, atau nilai rata-rata ijazah SMA"),
    _optional("tanggal_lahir", Kind.TANGGAL, "wajib diisi bila ada kolom SKB"),
    _optional("putusan", Kind.BULAT, "urutan menurut petugas bagi yang sama segalanya, dari 1"),
)
NEEDS = (
    _column("kode", Kind.TEKS, "kode formasi, tidak berulang"),
    _column("jenis_kebutuhan", Kind.TEKS, "salah satu jenis kebutuhan dalam ketentuan"),
    _column("kebutuhan", Kind.BULAT, "banyaknya kebutuhan, paling kecil 0"),
    _column("instansi", Kind.TEKS, "kode instansi"),
    _column("jenis_instansi", Kind.TEKS, "pusat atau daerah"),
    _column("jabatan", Kind.TEKS, "kode jabatan"),
    _column("kualifikasi", Kind.TEKS, "kualifikasi pendidikan"),
    _column("lokasi", Kind.TEKS, "unit atau lokasi penempatan"),
)
RESULT_SKD = (
    *PEOPLE[:2],
    *NILAI,
    _optional("total", Kind.BULAT, "jumlah ketiga nilai"),
    _column("lulus_ambang_batas", Kind.YA_TIDAK, "hadir dan mencapai ambang batas"),
    _optional("peringkat_skd", Kind.BULAT, "1 terbaik; yang sama berbagi peringkat (1, 1, 3)"),
    _optional("di_depan", Kind.BULAT, "banyaknya peserta yang lebih baik di formasi yang sama"),
    _column("ikut_skb", Kind.YA_TIDAK, "di_depan kurang dari faktor kali kebutuhan"),
    _column("kode_skd", Kind.TEKS, "kode hasil SKD menurut ketentuan, atau status_skd"),
)
RESULT_FINAL = (
    _optional("skd_100", Kind.DESIMAL, "SKD pada skala 100"),
    _optional("skb_100", Kind.DESIMAL, "SKB pada skala 100"),
    _optional("akhir", Kind.DESIMAL, "nilai akhir, dibulatkan untuk ditampilkan"),
    _optional("akhir_pembilang", Kind.BULAT, "nilai akhir tepat = pembilang / penyebut"),
    _optional("akhir_penyebut", Kind.BULAT, "sama bagi semua peserta satu formasi"),
    _optional("peringkat_akhir", Kind.BULAT, "1 terbaik; yang sama berbagi peringkat"),
    _column("hasil_akhir", Kind.TEKS, "lihat daftar hasil"),
    _optional("formasi_akhir", Kind.TEKS, "formasi yang diisi, juga sesudah optimalisasi"),
    _optional(
        "kode_akhir", Kind.TEKS, "kode hasil akhir menurut ketentuan, atau kode optimalisasi"
    ),
)


def skb_points(number: int) -> Column:
    """Points of one SKB part, 1 for the first; empty where the person did not take it."""
    return _optional(f"skb_{number}", Kind.DESIMAL, f"nilai tes SKB ke-{number}")


def skb_plan(number: int) -> tuple[Column, Column, Column]:
    """What a formasi plans for one SKB part: full marks, weight, least points where it knocks out.

    All three are empty where the formasi has no such part.
    """
    return (
        _optional(f"skb_{number}_maks", Kind.DESIMAL, f"nilai penuh tes SKB ke-{number}"),
        _optional(f"skb_{number}_bobot", Kind.BULAT, "persen dari SKB; jumlahnya 100"),
        _optional(f"skb_{number}_minimum", Kind.DESIMAL, "diisi hanya bila tes itu menggugurkan"),
    )


class Final(StrEnum):
    """What the selection came to for a person, whatever code a year prints for it."""

    TIDAK_IKUT_SKB = "tidak_ikut_skb"
    DIKELUARKAN = "dikeluarkan"
    MENUNGGU_SKB = "menunggu_skb"
    SKB_TIDAK_LENGKAP = "skb_tidak_lengkap"
    GUGUR_SKB = "gugur_skb"
    TIDAK_LULUS = "tidak_lulus"
    MENUNGGU_PUTUSAN = "menunggu_putusan"
    LULUS = "lulus"
    LULUS_PINDAH = "lulus_pindah"
