"""What is the index of professionalism of a person? (PermenPANRB 38/2018, Peraturan BKN 8/2019)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any, Self

from cat.ketentuan.section import Section
from cat.kompetensi.standar import KELOMPOK_JABATAN

DIMENSI = ("kualifikasi", "kompetensi", "kinerja", "disiplin")
JENIS_PELATIHAN = ("kepemimpinan", "fungsional", "teknis", "seminar")
FULL = 100
_CONTEXT = Context(prec=28, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Poin:
    """What one of several facts is worth."""

    kode: tuple[str, ...]
    nama: str
    poin: Decimal
    keyakinan: str

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            kode=section.names("kode"),
            nama=section.text("nama"),
            poin=_points(section),
            keyakinan=section.confidence(),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Butir:
    """Points for training of one kind.

    jp : least JP in the last `tahun` years (this one is the first; 0 for ever).
    """

    jenis: str
    jp: int
    tahun: int
    poin: Decimal

    @classmethod
    def read(cls, section: Section) -> Self:
        """Raises BadRules."""
        row = cls(
            jenis=section.choice("jenis", JENIS_PELATIHAN),
            jp=section.integer("jp", least=1),
            tahun=section.integer("tahun"),
            poin=_points(section),
        )
        section.done()
        return row


@dataclass(frozen=True)
class Riwayat:
    """JP of one kind of training that a person finished in a year."""

    jenis: str
    tahun: int
    jp: int


@dataclass(frozen=True)
class Fakta:
    """What is on file about a person; None where nothing is, which is not the same as nothing done.

    pendidikan, predikat, disiplin : codes of the rule file. kelompok_jabatan : KELOMPOK_JABATAN.
    """

    pendidikan: str | None
    kelompok_jabatan: str | None
    riwayat: tuple[Riwayat, ...] | None
    predikat: str | None
    disiplin: str | None


@dataclass(frozen=True)
class Dimensi:
    """Points of one dimension; None where a fact is wanting. maksimum : its weight."""

    kode: str
    poin: Decimal | None
    maksimum: int
    alasan: str
    keyakinan: str


@dataclass(frozen=True)
class IpAsn:
    """The index with its dimensions.

    nilai, pita : None where a dimension is; `terendah` is what the known ones make.
    """

    dimensi: tuple[Dimensi, ...]
    nilai: Decimal | None
    terendah: Decimal
    pita: str | None

    @property
    def belum_ada(self) -> tuple[str, ...]:
        """Dimensions that cannot be counted."""
        return tuple(each.kode for each in self.dimensi if each.poin is None)


@dataclass(frozen=True)
class AturanIpAsn:
    """Points, weights and bands. desimal : to which the index is rounded, half up, before bands.

    pita : (name, lower bound), best first; a band holds from its bound up to the next one.
    """

    kode: str
    judul: str
    dasar_hukum: str
    desimal: int
    bobot: tuple[tuple[str, int], ...]
    sumber_bobot: str
    keyakinan_bobot: str
    kualifikasi: tuple[Poin, ...]
    kompetensi: tuple[tuple[str, tuple[Butir, ...], str], ...]
    kinerja: tuple[Poin, ...]
    disiplin: tuple[Poin, ...]
    pita: tuple[tuple[str, int], ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> AturanIpAsn:
        """The rule from what a file holds; raises BadRules."""
        section = Section(mapping, "IP ASN")
        weights = section.child("bobot")
        rule = cls(
            kode=section.code("kode"),
            judul=section.text("judul"),
            dasar_hukum=section.text("dasar_hukum"),
            desimal=section.integer("desimal", most=6),
            bobot=tuple((name, weights.integer(name, least=1, most=FULL)) for name in DIMENSI),
            sumber_bobot=weights.text("sumber"),
            keyakinan_bobot=weights.confidence(),
            kualifikasi=tuple(map(Poin.read, section.children("kualifikasi"))),
            kompetensi=tuple(map(_training, section.children("kompetensi", "kelompok_jabatan"))),
            kinerja=tuple(map(Poin.read, section.children("kinerja"))),
            disiplin=tuple(map(Poin.read, section.children("disiplin"))),
            pita=tuple(map(_band, section.children("pita"))),
        )
        weights.done()
        section.done()
        _refuse_bad(section, rule)
        return rule

    def maximum(self, dimensi: str) -> int:
        """The weight of a dimension."""
        return dict(self.bobot)[dimensi]

    def rounded(self, value: Decimal) -> Decimal:
        """The value as bands see it."""
        return value.quantize(Decimal(1).scaleb(-self.desimal), context=_CONTEXT)

    def band(self, value: Decimal) -> str:
        """The name of the band of an index, 0 to 100, after rounding."""
        shown = self.rounded(value)
        return next(name for name, bound in self.pita if shown >= bound)


def index(rule: AturanIpAsn, facts: Fakta, year: int) -> IpAsn:
    """The index of one person. year : the one that it is counted for."""
    parts = (
        _looked_up(rule, "kualifikasi", rule.kualifikasi, facts.pendidikan, "pendidikan"),
        _competence(rule, facts, year),
        _looked_up(rule, "kinerja", rule.kinerja, facts.predikat, "predikat kinerja"),
        _looked_up(rule, "disiplin", rule.disiplin, facts.disiplin, "riwayat disiplin"),
    )
    known = sum((each.poin for each in parts if each.poin is not None), Decimal(0))
    complete = all(each.poin is not None for each in parts)
    value = rule.rounded(known)
    return IpAsn(parts, value if complete else None, value, rule.band(known) if complete else None)


def mean_index(rule: AturanIpAsn, total: Decimal, people: int) -> Decimal | None:
    """The index of an agency: the mean of its people's, rounded; None where nobody has one.

    total : sum of the indices of `people` people.
    """
    return rule.rounded(_CONTEXT.divide(total, Decimal(people))) if people else None


def _looked_up(
    rule: AturanIpAsn, dimensi: str, table: tuple[Poin, ...], fact: str | None, what: str
) -> Dimensi:
    most = rule.maximum(dimensi)
    row = next((each for each in table if fact in each.kode), None)
    if row is None:
        reason = f"{what} belum tercatat" if fact is None else f"{what} {fact} tidak dikenal"
        return Dimensi(dimensi, None, most, reason, "")
    return Dimensi(dimensi, row.poin, most, row.nama, row.keyakinan)


def _competence(rule: AturanIpAsn, facts: Fakta, year: int) -> Dimensi:
    most = rule.maximum("kompetensi")
    row = next((each for each in rule.kompetensi if each[0] == facts.kelompok_jabatan), None)
    if row is None:
        return Dimensi("kompetensi", None, most, "jenjang jabatan belum tercatat", "")
    if facts.riwayat is None:
        return Dimensi("kompetensi", None, most, "riwayat pelatihan belum tercatat", "")
    points, words = Decimal(0), []
    for butir in row[1]:
        done = _done(facts.riwayat, butir, year)
        points += butir.poin if done >= butir.jp else Decimal(0)
        words.append(f"{butir.jenis} {done} JP {'≥' if done >= butir.jp else '<'} {butir.jp} JP")
    return Dimensi("kompetensi", points, most, "; ".join(words), row[2])


def _done(history: tuple[Riwayat, ...], butir: Butir, year: int) -> int:
    return sum(
        each.jp
        for each in history
        if each.jenis == butir.jenis
        and each.tahun <= year
        and (butir.tahun == 0 or each.tahun > year - butir.tahun)
    )


def _training(section: Section) -> tuple[str, tuple[Butir, ...], str]:
    row = (
        section.choice("kelompok_jabatan", KELOMPOK_JABATAN),
        tuple(map(Butir.read, section.children("butir", "jenis"))),
        section.confidence(),
    )
    section.done()
    return row


def _band(section: Section) -> tuple[str, int]:
    section.code("kode")
    row = (section.text("nama"), section.integer("batas_bawah", most=FULL))
    section.done()
    return row


def _points(section: Section) -> Decimal:
    text = section.text("poin")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise section.problem("poin", text, "harus bilangan desimal, misalnya 22.5") from error
    if not 0 <= value <= FULL:
        raise section.problem("poin", text, f"harus antara 0 dan {FULL}")
    return value


def _refuse_bad(section: Section, rule: AturanIpAsn) -> None:
    if (total := sum(weight for _, weight in rule.bobot)) != FULL:
        raise section.problem("bobot", total, "jumlah bobot harus 100")
    bounds = [bound for _, bound in rule.pita]
    if bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
        raise section.problem("pita", bounds, "batas bawah harus menurun sampai 0")
    for name in ("kualifikasi", "kinerja", "disiplin"):
        if (most := max(row.poin for row in getattr(rule, name))) != rule.maximum(name):
            raise section.problem(name, most, "poin tertinggi harus sama dengan bobot dimensinya")
    for group, rows, _ in rule.kompetensi:
        if (most := sum((row.poin for row in rows), Decimal(0))) != rule.maximum("kompetensi"):
            raise section.problem(
                f"kompetensi {group}", most, "jumlah poin harus sama dengan bobot"
            )
