"""How much each kind of evidence counts, and for how long: numbers as data."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self

from cat.errors import BadInput
from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.section import Section, no_repeats
from cat.kompetensi.kamus import LEVELS

_NAMES = tuple(f"level_{n}" for n in range(1, LEVELS + 1))


@dataclass(frozen=True)
class JenisBukti:
    """One kind of evidence. Shares in per cent, times in months.

    tepat_persen : how often a level in the middle, stated by it, is exactly right.
    bobot_persen, bobot_maks_persen : weight of one, and of all of this kind together.
    terdahulu_persen : what is left of the weight once there is a later one of this kind.
    berlaku_bulan : how long it counts; paruh_bulan : after so long it counts half.
    orang_kedua : counts only when a second person has agreed.
    """

    kode: str
    nama: str
    tepat_persen: int
    bobot_persen: int
    bobot_maks_persen: int
    terdahulu_persen: int
    berlaku_bulan: int
    paruh_bulan: int
    orang_kedua: bool
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            kode=section.code("kode"),
            nama=section.text("nama"),
            tepat_persen=section.integer("tepat_persen", least=21, most=99),
            bobot_persen=section.integer("bobot_persen", most=100),
            bobot_maks_persen=section.integer("bobot_maks_persen", most=1000),
            terdahulu_persen=section.integer("terdahulu_persen", most=100),
            berlaku_bulan=section.integer("berlaku_bulan", least=1, most=600),
            paruh_bulan=section.integer("paruh_bulan", least=1, most=600),
            orang_kedua=section.flag("orang_kedua"),
            keyakinan=section.confidence(),
        )
        section.done()
        return row

    def valid_until(self, tanggal: date) -> date:
        """Last day on which evidence of this day counts."""
        return months_after(tanggal, self.berlaku_bulan)


@dataclass(frozen=True)
class AturanBukti:
    """The rules of combining.

    prior_persen : (level name, per cent) before any evidence, adding to 100, each above 0.
    bobot_cukup_persen : beliefs that rest on less are marked as weak.
    """

    kode: str
    judul: str
    sumber: str
    keyakinan: str
    prior_persen: tuple[tuple[str, int], ...]
    bobot_cukup_persen: int
    jenis: tuple[JenisBukti, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> AturanBukti:
        """The rules that a file holds; raises BadRules naming place and rule."""
        section = Section(mapping, "aturan bukti")
        rules = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
            prior_persen=section.integers("prior_persen", _NAMES),
            bobot_cukup_persen=section.integer("bobot_cukup_persen", least=1, most=1000),
            jenis=tuple(map(JenisBukti.read, section.children("jenis"))),
        )
        section.done()
        shares = [share for _, share in rules.prior_persen]
        if len(shares) < LEVELS or min(shares) < 1 or sum(shares) != 100:
            rule = f"{LEVELS} level, masing-masing sedikitnya 1, jumlah 100"
            raise section.problem("prior_persen", shares, rule)
        no_repeats("aturan bukti: jenis", (each.kode for each in rules.jenis))
        return rules

    def to_mapping(self) -> dict[str, Any]:
        """Tables from which `from_mapping` makes equal rules."""
        return fields_as_plain(self) | {"prior_persen": dict(self.prior_persen)}

    @cached_property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON of `to_mapping()`."""
        return digest_of(self.to_mapping())

    def get_jenis(self, kode: str) -> JenisBukti:
        """The kind of evidence with this code; raises BadInput when there is none."""
        for each in self.jenis:
            if each.kode == kode:
                return each
        known = ", ".join(each.kode for each in self.jenis)
        raise BadInput(f"jenis bukti harus salah satu dari {known}; terbaca {kode!r}", jenis=kode)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
