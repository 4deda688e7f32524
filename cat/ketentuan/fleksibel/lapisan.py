"""What does one agency add to the national flexible-work rule?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.fleksibel.fakta import MILIK
from cat.ketentuan.fleksibel.uji import Uji, read_words, words_of
from cat.ketentuan.section import Section

LEVEL_DIGITAL, PREDIKAT, PERANGKAT = "level_digital", "predikat_kinerja", "perangkat"


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
            uji=_read_uji(section, LEVEL_DIGITAL),
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
        rule = cls(minimum=section.choice("minimum", order), uji=_read_uji(section, PREDIKAT))
        section.done()
        return rule

    def to_mapping(self) -> dict[str, Any]:
        """The table as a layer file holds it."""
        return fields_as_plain(self) | {"uji": words_of(self.uji)}


@dataclass(frozen=True)
class AturanPerangkat:
    """The devices on which work away from the office may be done.

    milik : whose they may be, of MILIK. sambungan_aman : whether a secure connection is asked for.
    """

    milik: tuple[str, ...]
    sambungan_aman: bool
    uji: Uji

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for an unknown owner."""
        rule = cls(
            milik=section.names("milik", MILIK),
            sambungan_aman=section.flag("sambungan_aman"),
            uji=_read_uji(section, PERANGKAT),
        )
        section.done()
        return rule

    def to_mapping(self) -> dict[str, Any]:
        """The table as a layer file holds it."""
        return fields_as_plain(self) | {"uji": words_of(self.uji)}


@dataclass(frozen=True)
class JatahUnit:
    """How much of a unit may work away from the office, per cent of its employees.

    persen_bersamaan : on one and the same day. persen_keseluruhan : on any day of the week.
    """

    persen_bersamaan: int
    persen_keseluruhan: int
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules where fewer may in all than on one day."""
        together = section.integer("persen_bersamaan", least=1, most=100)
        share = cls(
            persen_bersamaan=together,
            persen_keseluruhan=section.integer("persen_keseluruhan", least=together, most=100),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return share


def _read_uji(section: Section, kode: str) -> Uji:
    inner = section.child("uji")
    test = Uji(kode, "aturan_instansi", **read_words(inner))
    inner.done()
    return test


@dataclass(frozen=True)
class Floor:
    """What the national policy `kode` sets and no agency may undercut.

    masa_baru_bulan : at least; the other figures at most.
    """

    kode: str
    hari_per_minggu: int
    masa_baru_bulan: int
    evaluasi_bulan: int
    berlaku_bulan: int
    urutan_predikat: tuple[str, ...]


@dataclass(frozen=True)
class Lapisan:
    """What one agency adds; it may narrow the national rule, never widen it.

    contoh : an invented layer, to be shown as such wherever it is used.
    dasar : kode of the national policy it lies on.
    evaluasi_bulan : months between reviews; berlaku_bulan : months a decision may last.
    All fields after `dasar` are None where the agency adds nothing.
    """

    kode: str
    judul: str
    contoh: bool
    dasar: str
    hari_per_minggu: int | None = None
    masa_baru_bulan: int | None = None
    evaluasi_bulan: int | None = None
    berlaku_bulan: int | None = None
    digital: AturanDigital | None = None
    predikat: AturanPredikat | None = None
    perangkat: AturanPerangkat | None = None
    jatah_unit: JatahUnit | None = None

    @classmethod
    def read(cls, section: Section, floor: Floor) -> Self:
        """Raises BadRules where the layer lies on another policy or widens its limits."""
        digital, predikat = section.child_or_none("digital"), section.child_or_none("predikat")
        perangkat, share = section.child_or_none("perangkat"), section.child_or_none("jatah_unit")
        layer = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            contoh=section.flag("contoh"),
            dasar=section.choice("dasar", (floor.kode,)),
            hari_per_minggu=section.integer_or_none("hari_per_minggu", 1, floor.hari_per_minggu),
            masa_baru_bulan=section.integer_or_none("masa_baru_bulan", floor.masa_baru_bulan, 600),
            evaluasi_bulan=section.integer_or_none("evaluasi_bulan", 1, floor.evaluasi_bulan),
            berlaku_bulan=section.integer_or_none("berlaku_bulan", 1, floor.berlaku_bulan),
            digital=AturanDigital.read(digital) if digital else None,
            predikat=AturanPredikat.read(predikat, floor.urutan_predikat) if predikat else None,
            perangkat=AturanPerangkat.read(perangkat) if perangkat else None,
            jatah_unit=JatahUnit.read(share) if share else None,
        )
        section.done()
        return layer
