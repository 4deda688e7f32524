"""Why may personal data be held, and for how long? The register of processing, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self

from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.section import Section, broken, no_repeats

AFTERWARDS = ("pseudonim", "hapus", "tetap")


@dataclass(frozen=True)
class Kegiatan:
    """One processing activity.

    dasar : its legal basis. data_spesifik : specific data in the sense of art. 4(2), or "".
    simpan_bulan : months that identifying data are kept after the activity ends.
    sesudahnya : what happens then: pseudonim, hapus or tetap (kept).
    """

    kode: str
    nama: str
    tujuan: str
    dasar: str
    subjek: str
    data: str
    data_spesifik: str
    penerima: str
    simpan_bulan: int
    sesudahnya: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for a blank field or an unknown `sesudahnya`."""
        row = cls(
            kode=section.code("kode"),
            nama=section.text("nama"),
            tujuan=section.text("tujuan"),
            dasar=section.text("dasar"),
            subjek=section.text("subjek"),
            data=section.text("data"),
            data_spesifik=section.text_or_blank("data_spesifik"),
            penerima=section.text("penerima"),
            simpan_bulan=section.integer("simpan_bulan", least=1, most=1200),
            sesudahnya=section.choice("sesudahnya", AFTERWARDS),
            keyakinan=section.confidence(),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Register:
    """All processing activities; equal registers have equal digests."""

    kode: str
    judul: str
    dasar_hukum: str
    kegiatan: tuple[Kegiatan, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Register:
        """A register from what a TOML file holds; raises BadRules naming place and rule."""
        kode = Section(mapping, "pelindungan").code("kode")
        section = Section(mapping, kode)
        register = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            dasar_hukum=section.text("dasar_hukum"),
            kegiatan=tuple(map(Kegiatan.read, section.children("kegiatan"))),
        )
        section.done()
        no_repeats(f"{kode}: kegiatan", (row.kode for row in register.kegiatan))
        return register

    def to_mapping(self) -> dict[str, Any]:
        """Tables, lists, texts and integers from which `from_mapping` makes an equal register."""
        return fields_as_plain(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON of `to_mapping()`."""
        return digest_of(self.to_mapping())

    def get(self, kode: str) -> Kegiatan:
        """The activity with that code; raises BadRules."""
        for row in self.kegiatan:
            if row.kode == kode:
                return row
        known = ", ".join(row.kode for row in self.kegiatan)
        raise broken(f"{self.kode}: kegiatan", kode, f"tidak dikenal; yang ada {known}")


def kept_until(ended: date, months: int) -> date:
    """The first day on which what ended on `ended` is kept no longer.

    The same day `months` later; where that month is shorter, the first of the month after it, so
    that nothing goes too early.
    """
    year, month = divmod(ended.year * 12 + ended.month - 1 + months, 12)
    try:
        return date(year, month + 1, ended.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)
