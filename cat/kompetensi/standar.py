"""Which level of which competency does a jabatan ask for?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.section import Section, no_repeats
from cat.kompetensi.kamus import KELOMPOK, LEVELS, Kamus

KELOMPOK_JABATAN = ("struktural", "fungsional", "pelaksana")
JABATAN, JENJANG = "jabatan/", "jenjang/"


@dataclass(frozen=True)
class Bobot:
    """What a family of groups of competencies counts for. persen : 1 to 100."""

    kelompok: tuple[str, ...]
    persen: int

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            kelompok=section.names("kelompok", KELOMPOK),
            persen=section.integer("persen", least=1, most=100),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Standar:
    """The competency standard of one jabatan or one jenjang; equal standards have equal digests.

    sasaran : "jabatan/<kode>" or "jenjang/<kode>".
    syarat : (competency, level 1 to 5), in the order of the dictionary.
    bobot : weights that make 100; every required competency falls under exactly one.
    contoh : invented to show the form.
    """

    sasaran: str
    judul: str
    syarat: tuple[tuple[str, int], ...]
    bobot: tuple[Bobot, ...]
    sumber: str
    keyakinan: str
    contoh: bool

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], kamus: Kamus) -> Standar:
        """A standard from what a file or a form holds; raises BadRules naming place and rule."""
        section = Section(mapping, "standar kompetensi")
        standar = cls(
            sasaran=section.text("sasaran"),
            judul=section.text("judul"),
            syarat=section.integers("syarat", [each.kode for each in kamus.kompetensi]),
            bobot=tuple(map(Bobot.read, section.children("bobot", "persen"))),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
            contoh=section.flag("contoh"),
        )
        section.done()
        _refuse_bad_levels(section, standar.syarat)
        _refuse_bad_weights(section, standar, kamus)
        return standar

    def to_mapping(self) -> dict[str, Any]:
        """Tables from which `from_mapping` makes an equal standard."""
        return fields_as_plain(self) | {"syarat": dict(self.syarat)}

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON of `to_mapping()`."""
        return digest_of(self.to_mapping())

    def by_weight(self, kamus: Kamus) -> tuple[tuple[Bobot, tuple[tuple[str, int], ...]], ...]:
        """Each weight with the requirements that fall under it."""
        return tuple(
            (
                bobot,
                tuple(row for row in self.syarat if kamus.get(row[0]).kelompok in bobot.kelompok),
            )
            for bobot in self.bobot
        )


@dataclass(frozen=True)
class Jenjang:
    """A kind of jabatan with the level usually asked of it.

    kelompok_jabatan : one of KELOMPOK_JABATAN. level : 1 to 5.
    """

    kode: str
    nama: str
    kelompok_jabatan: str
    level: int
    sumber: str
    keyakinan: str
    contoh: bool

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            kode=section.code("kode"),
            nama=section.text("nama"),
            kelompok_jabatan=section.choice("kelompok_jabatan", KELOMPOK_JABATAN),
            level=section.integer("level", least=1, most=LEVELS),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
            contoh=section.flag("contoh"),
        )
        section.done()
        return row


@dataclass(frozen=True)
class DaftarJenjang:
    """The usual standards. kelompok : groups of competencies that the usual level applies to."""

    kode: str
    judul: str
    kelompok: tuple[str, ...]
    jenjang: tuple[Jenjang, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> DaftarJenjang:
        """The list from what a file holds; raises BadRules."""
        section = Section(mapping, "standar jenjang")
        found = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            kelompok=section.names("kelompok", KELOMPOK),
            jenjang=tuple(map(Jenjang.read, section.children("jenjang"))),
        )
        section.done()
        no_repeats("standar jenjang: jenjang", (each.kode for each in found.jenjang))
        return found

    def find(self, kode: str | None) -> Jenjang | None:
        """The jenjang with this code, or None."""
        return next((each for each in self.jenjang if each.kode == kode), None)

    def usual_standard(self, jenjang: Jenjang, kamus: Kamus) -> Standar:
        """The standard that holds where nobody has set one for the jabatan."""
        return Standar(
            sasaran=JENJANG + jenjang.kode,
            judul=f"Standar lazim: {jenjang.nama}",
            syarat=tuple((each.kode, jenjang.level) for each in kamus.of(*self.kelompok)),
            bobot=(Bobot(self.kelompok, 100),),
            sumber=jenjang.sumber,
            keyakinan=jenjang.keyakinan,
            contoh=jenjang.contoh,
        )


def _refuse_bad_levels(section: Section, syarat: tuple[tuple[str, int], ...]) -> None:
    if bad := {kode: level for kode, level in syarat if not 1 <= level <= LEVELS}:
        raise section.problem("syarat", bad, f"level harus 1 sampai {LEVELS}")


def _refuse_bad_weights(section: Section, standar: Standar, kamus: Kamus) -> None:
    if not standar.sasaran.startswith((JABATAN, JENJANG)):
        raise section.problem(
            "sasaran", standar.sasaran, "harus jabatan/<kode> atau jenjang/<kode>"
        )
    if (total := sum(each.persen for each in standar.bobot)) != 100:
        raise section.problem("bobot", total, "jumlah bobot harus 100")
    no_repeats(
        "standar kompetensi: bobot", (name for each in standar.bobot for name in each.kelompok)
    )
    groups = standar.by_weight(kamus)
    if empty := [each.kelompok for each, rows in groups if not rows]:
        raise section.problem("bobot", empty, "setiap bobot perlu sedikitnya satu syarat")
    if len(standar.syarat) > sum(len(rows) for _, rows in groups):
        raise section.problem("bobot", standar.bobot, "setiap syarat harus tercakup satu bobot")
