"""The competency dictionary as data: which competencies and levels there are, and who says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.section import Section, broken, no_repeats

LEVELS = 5
KELOMPOK = ("manajerial", "sosial_kultural", "digital", "teknis")
_CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)?")


@dataclass(frozen=True)
class Level:
    """One of the five levels. angka : 1 to 5."""

    angka: int
    nama: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            angka=section.integer("angka", least=1, most=LEVELS),
            nama=section.text("nama"),
            keyakinan=section.confidence(),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Kompetensi:
    """One competency.

    kode : lower-case letters, digits and underscore, after one dot where it belongs to a family.
    kelompok : one of KELOMPOK.
    contoh : invented to show the form; no ministry's dictionary holds it.
    """

    kode: str
    nama: str
    kelompok: str
    uraian: str
    sumber: str
    keyakinan: str
    contoh: bool

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            kode=competency_code(section),
            nama=section.text("nama"),
            kelompok=section.choice("kelompok", KELOMPOK),
            uraian=section.text("uraian"),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
            contoh=section.flag("contoh"),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Kamus:
    """The dictionary; equal dictionaries have equal digests.

    level : the five levels, 1 first. kompetensi : in the order in which pages list them.
    """

    kode: str
    judul: str
    level: tuple[Level, ...]
    kompetensi: tuple[Kompetensi, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Kamus:
        """A dictionary from what a file holds; raises BadRules naming place and rule."""
        section = Section(mapping, "kamus kompetensi")
        kamus = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            level=tuple(map(Level.read, section.children("level", "angka"))),
            kompetensi=tuple(map(Kompetensi.read, section.children("kompetensi"))),
        )
        section.done()
        if (numbers := [each.angka for each in kamus.level]) != list(range(1, LEVELS + 1)):
            raise section.problem("level", numbers, f"harus 1 sampai {LEVELS}, berurutan")
        no_repeats("kamus kompetensi: kompetensi", (each.kode for each in kamus.kompetensi))
        return kamus

    def to_mapping(self) -> dict[str, Any]:
        """Tables from which `from_mapping` makes an equal dictionary."""
        return fields_as_plain(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON of `to_mapping()`."""
        return digest_of(self.to_mapping())

    def __contains__(self, kode: object) -> bool:
        return any(each.kode == kode for each in self.kompetensi)

    def get(self, kode: str) -> Kompetensi:
        """The competency with this code; raises BadRules when the dictionary does not hold it."""
        for each in self.kompetensi:
            if each.kode == kode:
                return each
        raise broken(f"{self.kode}: kompetensi", kode, "tidak ada dalam kamus")

    def of(self, *kelompok: str) -> tuple[Kompetensi, ...]:
        """The competencies of these groups, in the order of the dictionary."""
        return tuple(each for each in self.kompetensi if each.kelompok in kelompok)

    def nama_level(self, angka: int) -> str:
        """The name of a level, 1 to 5."""
        return self.level[angka - 1].nama


def competency_code(section: Section, key: str = "kode") -> str:
    """The code of a competency in a file; raises BadRules when it is not shaped like one."""
    kode = section.text(key)
    if not _CODE.fullmatch(kode):
        raise section.problem(key, kode, "hanya huruf kecil, angka, '_', dan paling banyak 1 titik")
    return kode
