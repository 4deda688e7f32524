"""What a request asks for, and what a decision on it grants: checked where they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cat.errors import StepIncomplete
from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.fleksibel.fakta import Devices
from cat.ketentuan.fleksibel.uji import JENIS_OF, LOKASI

HARI = ("senin", "selasa", "rabu", "kamis", "jumat")
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Wish:
    """What the employee asks for.

    bentuk : form of flexible work. hari : days away from the office, Monday first; none for a
    form of time. dari, sampai : first and last day. perangkat : devices, own statement.
    ergonomi, keamanan : whether the employee states that the workplace is fit for work, and that
    official information is kept safe there.
    """

    bentuk: str
    hari: tuple[str, ...]
    alasan: str
    dari: date
    sampai: date
    perangkat: Devices = field(default_factory=Devices)
    ergonomi: bool = False
    keamanan: bool = False

    def __post_init__(self) -> None:
        if self.bentuk not in JENIS_OF:
            raise StepIncomplete(f"Bentuk kerja fleksibel tidak dikenal: {self.bentuk}.")
        check_days(self.bentuk, self.hari)
        check_period(self.dari, self.sampai)
        if not 10 <= len(self.alasan.strip()) <= LONGEST_TEXT:
            raise StepIncomplete(f"Alasan permohonan: 10 sampai {LONGEST_TEXT} huruf.")
        if self.jenis == LOKASI and not (self.ergonomi and self.keamanan):
            raise StepIncomplete("Kedua pernyataan tempat kerja dan keamanan informasi diperlukan.")

    @property
    def jenis(self) -> str:
        """lokasi or waktu."""
        return JENIS_OF[self.bentuk]

    def to_mapping(self) -> dict[str, Any]:
        """The request as JSON holds it."""
        return fields_as_plain(self)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Wish:
        """The reverse of `to_mapping`."""
        return cls(
            **{
                **mapping,
                "hari": tuple(mapping["hari"]),
                "dari": date.fromisoformat(mapping["dari"]),
                "sampai": date.fromisoformat(mapping["sampai"]),
                "perangkat": Devices(**mapping["perangkat"]),
            }
        )


@dataclass(frozen=True)
class Terms:
    """What a decision grants.

    syarat : conditions in words, may be empty.
    pengecualian : code of the circumstance that lifts the limit of days; "" for none.
    """

    dari: date
    sampai: date
    hari: tuple[str, ...]
    syarat: str = ""
    pengecualian: str = ""

    def __post_init__(self) -> None:
        check_period(self.dari, self.sampai)
        if any(day not in HARI for day in self.hari):
            raise StepIncomplete(f"Hari kerja tidak dikenal: {', '.join(self.hari)}.")

    def to_mapping(self) -> dict[str, Any]:
        """The terms as JSON holds them."""
        return fields_as_plain(self)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Terms:
        """The reverse of `to_mapping`."""
        return cls(
            **{
                **mapping,
                "hari": tuple(mapping["hari"]),
                "dari": date.fromisoformat(mapping["dari"]),
                "sampai": date.fromisoformat(mapping["sampai"]),
            }
        )


@dataclass(frozen=True)
class Limits:
    """The figures of the policy that a decision was bound by, kept beside it.

    hari_per_minggu : most days; None where none is set. pengecualian : codes that lift it.
    berlaku_bulan, evaluasi_bulan : months. keberatan_hari : calendar days.
    """

    hari_per_minggu: int | None
    pengecualian: tuple[str, ...]
    berlaku_bulan: int
    evaluasi_bulan: int
    keberatan_hari: int

    def to_mapping(self) -> dict[str, Any]:
        """The figures as JSON holds them."""
        return fields_as_plain(self)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Limits:
        """The reverse of `to_mapping`."""
        return cls(
            hari_per_minggu=mapping.get("hari_per_minggu"),
            pengecualian=tuple(mapping["pengecualian"]),
            berlaku_bulan=mapping["berlaku_bulan"],
            evaluasi_bulan=mapping["evaluasi_bulan"],
            keberatan_hari=mapping["keberatan_hari"],
        )


@dataclass(frozen=True)
class WeekReport:
    """Output and hours of one week.

    minggu : its Monday. menit : minutes worked. cuti : minutes of leave and public holidays.
    hasil : what was done. sesuai : whether it met what was agreed; None where nobody has judged.
    """

    minggu: date
    menit: int
    cuti: int
    ramadan: bool
    hasil: str
    sesuai: bool | None = None

    def __post_init__(self) -> None:
        if self.minggu.weekday() != 0:
            raise StepIncomplete("Minggu laporan harus dimulai pada hari Senin.")
        if not (0 <= self.menit <= 7 * 24 * 60 and 0 <= self.cuti <= 7 * 24 * 60):
            raise StepIncomplete("Jam kerja dan jam cuti seminggu: 0 sampai 168 jam.")
        if not 3 <= len(self.hasil.strip()) <= LONGEST_TEXT:
            raise StepIncomplete(f"Hasil kerja: 3 sampai {LONGEST_TEXT} huruf.")

    def to_mapping(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        return fields_as_plain(self)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> WeekReport:
        """The reverse of `to_mapping`."""
        return cls(**{**mapping, "minggu": date.fromisoformat(mapping["minggu"])})


def check_days(bentuk: str, hari: tuple[str, ...]) -> None:
    """Refuse days that are unknown, repeated or missing; a form of time has none.

    Raises StepIncomplete.
    """
    if any(day not in HARI for day in hari) or len(set(hari)) < len(hari):
        raise StepIncomplete(f"Hari kerja tidak dikenal atau berulang: {', '.join(hari)}.")
    if JENIS_OF[bentuk] == LOKASI and not hari:
        raise StepIncomplete("Pilih sedikitnya satu hari kerja.")
    if JENIS_OF[bentuk] != LOKASI and hari:
        raise StepIncomplete("Fleksibel secara waktu tidak memakai pilihan hari.")


def check_period(dari: date, sampai: date) -> None:
    """Refuse a period that ends before it begins; raises StepIncomplete."""
    if sampai < dari:
        raise StepIncomplete("Hari terakhir tidak boleh mendahului hari pertama.")
