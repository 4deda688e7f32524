"""Which predicate do the two ratings of a year make? (PermenPANRB 6/2022)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, Self

from cat.errors import BadInput
from cat.ketentuan.section import Section, no_repeats

# From the highest to the lowest, for both ratings and for the rows of the nine boxes.
RATING = ("di_atas", "sesuai", "di_bawah")
NAMA_RATING = {
    "di_atas": "di atas ekspektasi",
    "sesuai": "sesuai ekspektasi",
    "di_bawah": "di bawah ekspektasi",
}


@dataclass(frozen=True)
class Predikat:
    """A predicate with its row of the nine boxes."""

    kode: str
    nama: str
    baris: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            kode=section.code("kode"),
            nama=section.text("nama"),
            baris=section.choice("baris", RATING),
        )
        section.done()
        return row


@dataclass(frozen=True)
class AturanKinerja:
    """The matrix of ratings.

    predikat : best first. matriks : (hasil kerja, perilaku kerja, predicate), all nine pairs.
    """

    kode: str
    judul: str
    dasar_hukum: str
    predikat: tuple[Predikat, ...]
    matriks: tuple[tuple[str, str, str], ...]
    sumber: str
    keyakinan: str

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> AturanKinerja:
        """The rule from what a file holds; raises BadRules unless each pair stands there once."""
        section = Section(mapping, "aturan kinerja")
        predikat = tuple(map(Predikat.read, section.children("predikat")))
        inner = section.child("matriks")
        rule = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            dasar_hukum=section.text("dasar_hukum"),
            predikat=predikat,
            matriks=tuple(_pair(row, predikat) for row in inner.children("isi", "hasil")),
            sumber=inner.text("sumber"),
            keyakinan=inner.confidence(),
        )
        inner.done()
        section.done()
        no_repeats("aturan kinerja: predikat", (each.kode for each in predikat))
        pairs = sorted((hasil, perilaku) for hasil, perilaku, _ in rule.matriks)
        if pairs != sorted(product(RATING, repeat=2)):
            raise inner.problem(
                "isi", pairs, "harus memuat kesembilan pasangan, masing-masing sekali"
            )
        return rule

    def predicate(self, hasil: str, perilaku: str) -> Predikat:
        """The predicate of two ratings, each one of RATING; raises BadInput."""
        for first, second, kode in self.matriks:
            if (first, second) == (hasil, perilaku):
                return self.get(kode)
        raise BadInput(f"rating harus salah satu dari {RATING}; terbaca {hasil!r}, {perilaku!r}")

    def get(self, kode: str) -> Predikat:
        """The predicate with this code; raises BadInput."""
        for each in self.predikat:
            if each.kode == kode:
                return each
        raise BadInput(f"predikat kinerja {kode!r} tidak dikenal", predikat=kode)


def performance_gap(target: Decimal, capaian: Decimal) -> Decimal:
    """Target less result, 0 where the target is met. PP 11/2017 art. 206."""
    return max(Decimal(0), target - capaian)


def _pair(section: Section, predikat: tuple[Predikat, ...]) -> tuple[str, str, str]:
    row = (
        section.choice("hasil", RATING),
        section.choice("perilaku", RATING),
        section.choice("predikat", [each.kode for each in predikat]),
    )
    section.done()
    return row
