"""What does the law say the test looks like? Parts, points, time and delivery modes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.section import Section, broken, no_repeats

PARTS = ("twk", "tiu", "tkp")
TOTAL = "total"


@dataclass(frozen=True)
class PoinKunci:
    """Points of items that have a key: right, wrong, empty."""

    benar: int
    salah: int
    kosong: int
    jenis: Literal["kunci"] = "kunci"

    @property
    def maks(self) -> int:
        """Most points one item can bring."""
        return self.benar


@dataclass(frozen=True)
class PoinBertingkat:
    """Points of items whose every option has a worth: lowest, highest, empty."""

    terendah: int
    tertinggi: int
    kosong: int
    jenis: Literal["bertingkat"] = "bertingkat"

    @property
    def maks(self) -> int:
        """Most points one item can bring."""
        return self.tertinggi


Poin = PoinKunci | PoinBertingkat


@dataclass(frozen=True)
class Bagian:
    """One part of a test.

    kode : twk, tiu or tkp of the SKD; any other of a test of a position or of a skill.
    butir : the legal number of items.
    nilai_maks : most points of the part, butir times the most points of one item.
    """

    kode: str
    nama: str
    butir: int
    nilai_maks: int
    poin: Poin
    keyakinan: str

    @classmethod
    def read(cls, section: Section, codes: tuple[str, ...] = PARTS) -> Bagian:
        """codes : the parts that there may be; empty for any.

        Raises BadRules for an unknown part or where nilai_maks is not butir times points.
        """
        part = cls(
            kode=section.choice("kode", codes) if codes else section.code("kode"),
            nama=section.text("nama"),
            butir=section.integer("butir", least=1, most=1000),
            nilai_maks=section.integer("nilai_maks", least=1),
            poin=_read_poin(section.child("poin")),
            keyakinan=section.confidence(),
        )
        section.done()
        if part.nilai_maks != (most := part.butir * part.poin.maks):
            rule = f"harus {part.butir} butir x {part.poin.maks} poin = {most}"
            raise section.problem("nilai_maks", part.nilai_maks, rule)
        return part


def _read_poin(section: Section) -> Poin:
    poin: Poin
    if section.choice("jenis", ("kunci", "bertingkat")) == "kunci":
        salah, kosong = section.integer("salah"), section.integer("kosong")
        benar = section.integer("benar", least=salah + 1, most=100)
        poin = PoinKunci(benar, salah, kosong)
    else:
        terendah, kosong = section.integer("terendah"), section.integer("kosong")
        tertinggi = section.integer("tertinggi", least=terendah + 1, most=100)
        poin = PoinBertingkat(terendah, tertinggi, kosong)
    section.done()
    return poin


@dataclass(frozen=True)
class Waktu:
    """Working time, minutes.

    menit_netra : the longer time; `pemilik_waktu_netra` says to whom it belongs.
    keyakinan, keyakinan_netra : of the two figures.
    """

    menit: int
    menit_netra: int
    pemilik_waktu_netra: str
    keyakinan: str
    keyakinan_netra: str

    @classmethod
    def read(cls, section: Section) -> Waktu:
        """Raises BadRules where the longer time is the shorter one."""
        menit = section.integer("menit", least=1, most=1440)
        waktu = cls(
            menit=menit,
            menit_netra=section.integer("menit_netra", least=menit, most=1440),
            pemilik_waktu_netra=section.text("pemilik_waktu_netra"),
            keyakinan=section.confidence(),
            keyakinan_netra=section.confidence("keyakinan_netra"),
        )
        section.done()
        return waktu


@dataclass(frozen=True)
class BentukTes:
    """What a test outside the SKD looks like: of a position (SKB), or of a skill.

    kode : such as "skb-pranata-komputer". menit : working time.
    """

    kode: str
    judul: str
    dasar_hukum: str
    menit: int
    bagian: tuple[Bagian, ...]
    keyakinan: str

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> BentukTes:
        """A test form from what a TOML file holds; raises BadRules naming place and rule."""
        section = Section(mapping, "bentuk")
        bagian = tuple(Bagian.read(each, ()) for each in section.children("bagian"))
        form = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            dasar_hukum=section.text("dasar_hukum"),
            menit=section.integer("menit", least=1, most=1440),
            bagian=bagian,
            keyakinan=section.confidence(),
        )
        section.done()
        no_repeats(f"{form.kode}: bagian", (each.kode for each in bagian))
        return form

    def to_mapping(self) -> dict[str, Any]:
        """Plain data from which `from_mapping` makes an equal form."""
        return fields_as_plain(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON of `to_mapping()`."""
        return digest_of(self.to_mapping())

    def duration_seconds(self, netra_on_disability_formation: bool) -> int:
        """Working time, seconds; no rule gives anybody a longer one outside the SKD."""
        return self.menit * 60

    @property
    def nilai_maks(self) -> int:
        """Most points of the whole test."""
        return sum(part.nilai_maks for part in self.bagian)

    def get_bagian(self, kode: str) -> Bagian:
        """The part with that code; raises BadRules."""
        for part in self.bagian:
            if part.kode == kode:
                return part
        known = ", ".join(part.kode for part in self.bagian)
        raise broken(f"{self.kode}: bagian", kode, f"tidak dikenal; yang ada {known}")


@dataclass(frozen=True)
class Moda:
    """A delivery mode that the rule set allows: linear or adaptif; modes not listed are not."""

    kode: str
    keyakinan: str
    catatan: str

    @classmethod
    def read(cls, section: Section) -> Moda:
        """Raises BadRules for an unknown mode."""
        moda = cls(
            kode=section.choice("kode", ("linear", "adaptif")),
            keyakinan=section.confidence(),
            catatan=section.text("catatan"),
        )
        section.done()
        return moda
