"""The tables of a rule set: minimums, ranking, integration, result codes and sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.section import Section

SKD_ORDER = (TOTAL, *PARTS)
FINAL_ORDER = ("akhir", *SKD_ORDER, "ipk", "usia")
OUTCOMES = ("lanjut", "lulus_di_luar_kuota", "tidak_lulus", "tidak_hadir")
FINAL_OUTCOMES = ("lulus_akhir", "tidak_lulus_akhir", "gugur_skb")
GIVEN = "diberikan"


@dataclass(frozen=True)
class AmbangBatas:
    """The minimums that one jenis kebutuhan must reach.

    minimum : (part or "total", points) pairs; what is not named has no minimum.
    catatan : what a reader of the row should know; may be empty.
    """

    jenis_kebutuhan: str
    nama: str
    minimum: tuple[tuple[str, int], ...]
    dasar_hukum: str
    keyakinan: str
    catatan: str = ""

    @property
    def minimums(self) -> dict[str, int]:
        """Part or "total" -> least points."""
        return dict(self.minimum)

    def to_mapping(self) -> dict[str, Any]:
        """The row as a rule file holds it."""
        return fields_as_plain(self) | {"minimum": self.minimums}

    @classmethod
    def read(cls, section: Section, most: Mapping[str, int]) -> Self:
        """Raises BadRules for an unknown part or a minimum beyond `most` points of that part."""
        row = cls(
            jenis_kebutuhan=section.code("jenis_kebutuhan"),
            nama=section.text("nama"),
            minimum=read_minimum(section, most),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
            catatan=section.text_or_blank("catatan"),
        )
        section.done()
        return row


def read_minimum(section: Section, most: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """The (part or "total", points) pairs; raises BadRules for a minimum beyond `most` points."""
    pairs = section.integers("minimum", (*PARTS, TOTAL))
    for part, minimum in pairs:
        if minimum > most[part]:
            rule = f"melebihi nilai maksimum {most[part]}"
            raise section.problem(f"minimum: {part}", minimum, rule)
    return pairs


@dataclass(frozen=True)
class Pemeringkatan:
    """How SKD results are ranked and how many go on to SKB.

    faktor_kebutuhan : so many times the posts go on.
    urutan : what is compared, first things first; higher is better.
    """

    faktor_kebutuhan: int
    urutan: tuple[str, ...]
    dasar_hukum: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for an unknown or repeated name in the order."""
        ranking = cls(
            faktor_kebutuhan=section.integer("faktor_kebutuhan", least=1, most=100),
            urutan=section.names("urutan", SKD_ORDER),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
        )
        section.done()
        return ranking


@dataclass(frozen=True)
class Integrasi:
    """How SKD and SKB become the final value.

    bobot_skd, bobot_skb : per cent, adding up to 100.
    skd_maks : points that count as 100.
    urutan : order among equals; "usia" means the older first, all others the higher first.
    desimal_tampil : decimals shown; never used before comparing.
    """

    bobot_skd: int
    bobot_skb: int
    skd_maks: int
    urutan: tuple[str, ...]
    desimal_tampil: int
    dasar_hukum: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section, most: int) -> Self:
        """Raises BadRules where weights do not make 100 or skd_maks is not `most` points."""
        rule = cls(
            bobot_skd=section.integer("bobot_skd", most=100),
            bobot_skb=section.integer("bobot_skb", most=100),
            skd_maks=section.integer("skd_maks", least=1),
            urutan=section.names("urutan", FINAL_ORDER),
            desimal_tampil=section.integer("desimal_tampil", most=10),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
        )
        section.done()
        if (weights := rule.bobot_skd + rule.bobot_skb) != 100:
            raise section.problem("bobot_skd + bobot_skb", weights, "jumlah bobot harus 100")
        if rule.skd_maks != most:
            raise section.problem("skd_maks", rule.skd_maks, f"harus jumlah nilai bagian, {most}")
        return rule


@dataclass(frozen=True)
class KodeHasil:
    """A printed result code.

    peran : which of OUTCOMES or FINAL_OUTCOMES the engine prints it for; GIVEN for a code that
        people give, such as for whoever withdraws; else empty.
    """

    kode: str
    arti: str
    keyakinan: str
    peran: str = ""

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for an unknown peran."""
        known = (*OUTCOMES, *FINAL_OUTCOMES, GIVEN)
        row = cls(
            kode=section.text("kode"),
            arti=section.text("arti"),
            keyakinan=section.confidence(),
            peran=section.choice("peran", known) if section.text_or_blank("peran") else "",
        )
        section.done()
        return row


@dataclass(frozen=True)
class Sumber:
    """Where the numbers were read: code as in the domain notes, and a description."""

    kode: str
    uraian: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules for a blank field."""
        row = cls(kode=section.text("kode"), uraian=section.text("uraian"))
        section.done()
        return row
