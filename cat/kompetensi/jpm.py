"""How far does a person meet the standard of a jabatan, and how sure is that? (Job Person Match)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from math import lcm
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.ketentuan.section import Section
from cat.kompetensi.kamus import LEVELS, Kamus
from cat.kompetensi.standar import Standar

FULL = 100
_CONTEXT = Context(prec=28, rounding=ROUND_FLOOR)
# Probabilities that come from logarithms and back add to 1 this closely.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Kategori:
    """One category; it holds from `batas_bawah`, per cent, up to the next one."""

    kode: str
    nama: str
    batas_bawah: int

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            kode=section.code("kode"),
            nama=section.text("nama"),
            batas_bawah=section.integer("batas_bawah", most=FULL),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Skala:
    """The categories for one purpose, best first; the last one begins at 0."""

    kode: str
    nama: str
    kategori: tuple[Kategori, ...]
    sumber: str
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules where the bounds do not descend to 0."""
        row = cls(
            kode=section.code("kode"),
            nama=section.text("nama"),
            kategori=tuple(map(Kategori.read, section.children("kategori"))),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        bounds = [each.batas_bawah for each in row.kategori]
        if bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
            raise section.problem("kategori", bounds, "batas bawah harus menurun sampai 0")
        return row

    def category(self, value: Fraction) -> Kategori:
        """The category of a JPM, 0 to 100, by its exact value."""
        return next(each for each in self.kategori if value >= each.batas_bawah)


@dataclass(frozen=True)
class AturanJpm:
    """How the JPM is counted.

    desimal : decimals shown. batasi_per_kompetensi : whether a level above the standard may make
    up for another competency (false) or not (true). bukan_pengukuran : kinds of evidence that
    measure nothing by themselves: a level that only they support is not known.
    """

    kode: str
    judul: str
    desimal: int
    batasi_per_kompetensi: bool
    bukan_pengukuran: tuple[str, ...]
    skala: tuple[Skala, ...]
    sumber: str
    keyakinan: str

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> AturanJpm:
        """The rule from what a file holds; raises BadRules."""
        section = Section(mapping, "aturan JPM")
        rule = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            desimal=section.integer("desimal", most=6),
            batasi_per_kompetensi=section.flag("batasi_per_kompetensi"),
            bukan_pengukuran=section.names("bukan_pengukuran"),
            skala=tuple(map(Skala.read, section.children("skala"))),
            sumber=section.text("sumber"),
            keyakinan=section.confidence(),
        )
        section.done()
        return rule

    def shown(self, value: Fraction) -> Decimal:
        """The value cut off (not rounded), so that no bound is shown that is not reached."""
        exact = _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
        return exact.quantize(Decimal(1).scaleb(-self.desimal), context=_CONTEXT)


@dataclass(frozen=True)
class Jpm:
    """The match of one person with one standard, per cent, exact.

    nilai : None where a required competency has no level. belum_ada : those competencies.
    terendah, tertinggi : what it is at least and at most, whatever the missing levels are.
    """

    nilai: Fraction | None
    terendah: Fraction
    tertinggi: Fraction
    belum_ada: tuple[str, ...]


def match(standar: Standar, levels: Mapping[str, int | None], rule: AturanJpm, kamus: Kamus) -> Jpm:
    """The JPM of a person, capped at 100.

    levels : competency -> level reached, 1 to 5; missing or None where nobody has measured it.

    Raises BadInput for a level outside 1 to 5.
    """
    missing = tuple(kode for kode, _ in standar.syarat if levels.get(kode) is None)
    lowest = _share(standar, dict.fromkeys(missing, 1), levels, rule, kamus)
    highest = _share(standar, dict.fromkeys(missing, LEVELS), levels, rule, kamus)
    return Jpm(None if missing else lowest, lowest, highest, missing)


@dataclass(frozen=True)
class Sebaran:
    """All values that the JPM can have, with their chances.

    pembilang : (N,) ascending; the value is pembilang / penyebut, per cent, at most 100.
    peluang : (N,), adding to 1.
    """

    pembilang: NDArray[np.int64]
    penyebut: int
    peluang: NDArray[np.float64]

    def chance_at_least(self, bound: Fraction) -> float:
        """Chance that the JPM is `bound` per cent or more; compared without rounding."""
        least = bound * self.penyebut
        # ceil: the numerators are whole, so reaching the bound is reaching the next whole number
        reached = self.pembilang >= -(-least.numerator // least.denominator)
        return min(1.0, float(self.peluang[reached].sum()))

    def categories(self, scale: Skala) -> tuple[tuple[Kategori, float], ...]:
        """Each category of a scale with its chance, best first."""
        at_least = [self.chance_at_least(Fraction(each.batas_bawah)) for each in scale.kategori]
        above = [0.0, *at_least[:-1]]
        return tuple(
            (each, max(0.0, reached - better))
            for each, reached, better in zip(scale.kategori, at_least, above, strict=True)
        )


def spread(
    standar: Standar, beliefs: Mapping[str, ArrayLike], rule: AturanJpm, kamus: Kamus
) -> Sebaran | None:
    """The distribution of the JPM when each level is a belief; None where one has no belief.

    beliefs : competency -> (5,) chances of levels 1 to 5. The levels are taken as independent,
        so the sums inside one weight are convolutions.

    Raises BadInput for chances that are not.
    """
    if any(kode not in beliefs for kode, _ in standar.syarat):
        return None
    groups = standar.by_weight(kamus)
    totals = [sum(level for _, level in rows) for _, rows in groups]
    denominator = lcm(*totals)
    values, chances = np.zeros(1, np.int64), np.ones(1)
    for (bobot, rows), total in zip(groups, totals, strict=True):
        sums = _sum_chances([_checked(kode, beliefs[kode]) for kode, _ in rows], rows, rule)
        step = bobot.persen * (denominator // total)
        values = np.add.outer(values, step * np.arange(len(sums))).ravel()
        chances = np.multiply.outer(chances, sums).ravel()
    capped = np.minimum(values, FULL * denominator)
    distinct, place = np.unique(capped, return_inverse=True)
    together = np.zeros(len(distinct))
    np.add.at(together, place.ravel(), chances)
    return Sebaran(distinct, denominator, together)


def _share(
    standar: Standar,
    instead: Mapping[str, int],
    levels: Mapping[str, int | None],
    rule: AturanJpm,
    kamus: Kamus,
) -> Fraction:
    share = Fraction(0)
    for bobot, rows in standar.by_weight(kamus):
        reached = sum(_counted(instead.get(k) or levels[k], std, k, rule) for k, std in rows)
        share += Fraction(bobot.persen * reached, sum(level for _, level in rows))
    return min(share, Fraction(FULL))


def _counted(level: int | None, standard: int, kode: str, rule: AturanJpm) -> int:
    if level is None or not 1 <= level <= LEVELS:
        raise BadInput(f"level of {kode} must lie in 1..{LEVELS}; got {level}", kompetensi=kode)
    return min(level, standard) if rule.batasi_per_kompetensi else level


def _sum_chances(
    beliefs: Sequence[NDArray[np.float64]], rows: Sequence[tuple[str, int]], rule: AturanJpm
) -> NDArray[np.float64]:
    """Chances of each sum of levels, from 0."""
    total = np.ones(1)
    for belief, (_, standard) in zip(beliefs, rows, strict=True):
        counted = np.concatenate([[0.0], belief])
        if rule.batasi_per_kompetensi:
            counted = np.append(counted[:standard], counted[standard:].sum())
        total = np.convolve(total, counted)
    return total


def _checked(kode: str, belief: ArrayLike) -> NDArray[np.float64]:
    chances = np.asarray(belief, dtype=np.float64)
    if chances.shape != (LEVELS,) or not (chances >= 0).all():
        raise BadInput(f"belief of {kode} must be ({LEVELS},) chances >= 0", kompetensi=kode)
    if not abs(float(chances.sum()) - 1) <= _ROUNDING:
        raise BadInput(f"belief of {kode} must add to 1; adds to {chances.sum()}", kompetensi=kode)
    return np.asarray(chances / chances.sum())
