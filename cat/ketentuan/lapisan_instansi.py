"""What does one agency add to the national flexible-work rule?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.section import Section
from cat.ketentuan.uji import Uji, read_words, words_of


@dataclass(frozen=True)
class AturanDigital:
    """An agency's least digital level and how sure it must be.

    level : least level, 1 or higher.
    persen_terpenuhi : met where P(level reached) is at least this, per cent.
    persen_tidak_terpenuhi : not met where it is at most this; between the two, evidence is wanting.
    """

    level: int
    persen_terpenuhi: int
    persen_tidak_terpenuhi: int
    uji: Uji

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules where the two limits overlap."""
        met = section.integer("persen_terpenuhi", least=1, most=100)
        rule = cls(
            level=section.integer("level", least=1, most=8),
            persen_terpenuhi=met,
            persen_tidak_terpenuhi=section.integer("persen_tidak_terpenuhi", most=met - 1),
            uji=_read_uji(section, "level_digital"),
        )
        section.done()
        return rule

    def to_mapping(self) -> dict[str, Any]:
        """The table as a layer file holds it."""
        return fields_as_plain(self) | {"uji": words_of(self.uji)}


@dataclass(frozen=True)
class AturanPredikat:
    """An agency's least performance predicate."""

    minimum: str
    uji: Uji

    @classmethod
    def read(cls, section: Section, order: tuple[str, ...]) -> Self:
        """Raises BadRules for a predicate that the national order does not know."""
        rule = cls(
            minimum=section.choice("minimum", order),
            uji=_read_uji(section, "predikat_kinerja"),
        )
        section.done()
        return rule

    def to_mapping(self) -> dict[str, Any]:
        """The table as a layer file holds it."""
        return fields_as_plain(self) | {"uji": words_of(self.uji)}


def _read_uji(section: Section, kode: str) -> Uji:
    inner = section.child("uji")
    test = Uji(kode, "aturan_instansi", **read_words(inner))
    inner.done()
    return test


@dataclass(frozen=True)
class Floor:
    """What the national policy `kode` sets and no agency may undercut.

    hari_per_minggu : at most; masa_baru_bulan : at least.
    """

    kode: str
    hari_per_minggu: int
    masa_baru_bulan: int
    urutan_predikat: tuple[str, ...]


@dataclass(frozen=True)
class Lapisan:
    """What one agency adds; it may narrow the national rule, never widen it.

    contoh : an invented layer, to be shown as such wherever it is used.
    dasar : kode of the national policy it lies on.
    hari_per_minggu, masa_baru_bulan, digital, predikat : None where the agency adds nothing.
    """

    kode: str
    judul: str
    contoh: bool
    dasar: str
    hari_per_minggu: int | None
    masa_baru_bulan: int | None
    digital: AturanDigital | None
    predikat: AturanPredikat | None

    @classmethod
    def read(cls, section: Section, floor: Floor) -> Self:
        """Raises BadRules where the layer lies on another policy or widens its limits."""
        digital, predikat = section.child_or_none("digital"), section.child_or_none("predikat")
        layer = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            contoh=section.flag("contoh"),
            dasar=section.choice("dasar", (floor.kode,)),
            hari_per_minggu=section.integer_or_none(
                "hari_per_minggu", least=1, most=floor.hari_per_minggu
            ),
            masa_baru_bulan=section.integer_or_none(
                "masa_baru_bulan", least=floor.masa_baru_bulan, most=600
            ),
            digital=AturanDigital.read(digital) if digital else None,
            predikat=AturanPredikat.read(predikat, floor.urutan_predikat) if predikat else None,
        )
        section.done()
        return layer
