"""In which of the nine boxes does a person stand, and how sure is that? (PermenPANRB 3/2020)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Self

from cat.errors import BadInput
from cat.ketentuan.section import Section, no_repeats
from cat.kompetensi.jpm import FULL, Sebaran
from cat.kompetensi.kinerja import NAMA_RATING, RATING

# Columns from the lowest, as in the printed grid; rows are kinerja.RATING, the highest first.
KOLOM = ("rendah", "menengah", "tinggi")
JPM = "jpm"
UNSUR = (JPM, "pendidikan", "disiplin")


@dataclass(frozen=True)
class Kotak:
    """One box. nomor : 1 to 9. baris : a RATING. kolom : one of KOLOM.

    kelompok_talenta : whether the box belongs to the talent pool.
    """

    nomor: int
    baris: str
    kolom: str
    kelompok_talenta: bool
    tindak_lanjut: tuple[str, ...]

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            nomor=section.integer("nomor", least=1, most=9),
            baris=section.choice("baris", RATING),
            kolom=section.choice("kolom", KOLOM),
            kelompok_talenta=section.flag("kelompok_talenta"),
            tindak_lanjut=section.names("tindak_lanjut"),
        )
        section.done()
        return row

    @property
    def label(self) -> str:
        """The official name of the box."""
        return f"Kinerja {NAMA_RATING[self.baris]} dan potensial {self.kolom}"


@dataclass(frozen=True)
class PetaTalenta:
    """The nine boxes."""

    kode: str
    judul: str
    dasar_hukum: str
    keyakinan: str
    kotak: tuple[Kotak, ...]
    sumber_kelompok_talenta: str

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> PetaTalenta:
        """The map from what a file holds; raises BadRules unless every box stands there once."""
        section = Section(mapping, "sembilan kotak")
        found = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
            kotak=tuple(map(Kotak.read, section.children("kotak", "nomor"))),
            sumber_kelompok_talenta=section.text("sumber_kelompok_talenta"),
        )
        section.done()
        no_repeats("sembilan kotak: nomor", (str(each.nomor) for each in found.kotak))
        places = sorted((each.baris, each.kolom) for each in found.kotak)
        if places != sorted(product(RATING, KOLOM)):
            raise section.problem("kotak", places, "harus memuat kesembilan kotak")
        return found

    def box(self, baris: str, kolom: str) -> Kotak:
        """The box of a row and a column; raises BadInput."""
        for each in self.kotak:
            if (each.baris, each.kolom) == (baris, kolom):
                return each
        raise BadInput(f"tidak ada kotak {baris!r}, {kolom!r}")

    def rows(self) -> tuple[tuple[str, tuple[Kotak, ...]], ...]:
        """The grid as printed: rows from the highest, boxes from left to right."""
        return tuple((b, tuple(self.box(b, kolom) for kolom in KOLOM)) for b in RATING)


@dataclass(frozen=True)
class Unsur:
    """One component of the potential index. kode : one of UNSUR. bobot : per cent."""

    kode: str
    nama: str
    bobot: int

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            kode=section.choice("kode", UNSUR),
            nama=section.text("nama"),
            bobot=section.integer("bobot", least=1, most=FULL),
        )
        section.done()
        return row


@dataclass(frozen=True)
class KebijakanPotensial:
    """An agency's policy for the columns: components that weigh 100 together, and two cut points.

    tinggi, menengah : least index, 0 to 100, of the column. contoh : invented to show the form.
    """

    kode: str
    judul: str
    contoh: bool
    unsur: tuple[Unsur, ...]
    tinggi: int
    menengah: int
    sumber: str
    keyakinan: str

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> KebijakanPotensial:
        """The policy from what a file holds; raises BadRules."""
        section = Section(mapping, "kebijakan potensial")
        cuts = section.child("titik_potong")
        high = cuts.integer("tinggi", least=2, most=FULL)
        found = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            contoh=section.flag("contoh"),
            unsur=tuple(map(Unsur.read, section.children("unsur"))),
            tinggi=high,
            menengah=cuts.integer("menengah", least=1, most=high - 1),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        cuts.done()
        section.done()
        no_repeats("kebijakan potensial: unsur", (each.kode for each in found.unsur))
        if (total := sum(each.bobot for each in found.unsur)) != FULL:
            raise section.problem("unsur", total, "jumlah bobot harus 100")
        return found

    def column(self, index: Fraction) -> str:
        """The column of an index, by its exact value."""
        reached = sum(index >= cut for cut in (self.menengah, self.tinggi))
        return KOLOM[reached]


@dataclass(frozen=True)
class Potensial:
    """The potential index, 0 to 100, exact; None where a component is not known, and which."""

    indeks: Fraction | None
    belum_ada: tuple[str, ...]


def potential(policy: KebijakanPotensial, parts: Mapping[str, Fraction | None]) -> Potensial:
    """The weighted mean of the components. parts : component -> 0 to 100, None where not known."""
    missing = tuple(each.nama for each in policy.unsur if parts.get(each.kode) is None)
    if missing:
        return Potensial(None, missing)
    return Potensial(_weighted(policy, parts), ())


def column_chances(
    policy: KebijakanPotensial, parts: Mapping[str, Fraction | None], jpm: Sebaran | None
) -> dict[str, float] | None:
    """Chance of each column when only the JPM is uncertain; None where a component is not known."""
    weight = next((each.bobot for each in policy.unsur if each.kode == JPM), 0)
    others = {**parts, JPM: Fraction(0)}
    if jpm is None or weight == 0 or potential(policy, others).indeks is None:
        return None
    rest = _weighted(policy, others)
    high, middle = (
        jpm.chance_at_least((cut - rest) * FULL / weight)
        for cut in (policy.tinggi, policy.menengah)
    )
    return {"rendah": 1 - middle, "menengah": max(0.0, middle - high), "tinggi": high}


def _weighted(policy: KebijakanPotensial, parts: Mapping[str, Fraction | None]) -> Fraction:
    return sum(
        (each.bobot * (parts.get(each.kode) or Fraction(0)) / FULL for each in policy.unsur),
        Fraction(0),
    )
