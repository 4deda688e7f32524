"""Which SKB may a jabatan plan? Weights and kinds of tests, by kind of agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cat.ketentuan.masalah import Masalah
from cat.ketentuan.section import Section, no_repeats

CAT, WAWANCARA = "cat", "wawancara"
JenisInstansi = Literal["pusat", "daerah"]


@dataclass(frozen=True)
class BatasSKB:
    """The limits of one kind of agency; all weights in per cent of the SKB.

    bobot_cat_min : least weight of the CAT.
    tambahan_maks_jenis : most kinds of additional tests; everything but the CAT is additional.
    tambahan_maks_bobot : most weight of these together.
    wawancara_maks_bobot : most weight of the interview; 0 where it is not allowed.
    """

    bobot_cat_min: int
    tambahan_maks_jenis: int
    tambahan_maks_bobot: int
    wawancara_maks_bobot: int
    dasar_hukum: str
    keyakinan: str
    catatan: str = ""

    @classmethod
    def read(cls, section: Section) -> BatasSKB:
        """Raises BadRules where CAT and additional tests can never make 100 together."""
        limits = cls(
            bobot_cat_min=section.integer("bobot_cat_min", most=100),
            tambahan_maks_jenis=section.integer("tambahan_maks_jenis"),
            tambahan_maks_bobot=section.integer("tambahan_maks_bobot", most=100),
            wawancara_maks_bobot=section.integer("wawancara_maks_bobot", most=100),
            dasar_hukum=section.text("dasar_hukum"),
            keyakinan=section.confidence(),
            catatan=section.text_or_blank("catatan"),
        )
        section.done()
        if limits.bobot_cat_min + limits.tambahan_maks_bobot > 100:
            rule = "bersama bobot_cat_min tidak boleh melebihi 100"
            raise section.problem("tambahan_maks_bobot", limits.tambahan_maks_bobot, rule)
        return limits


@dataclass(frozen=True)
class JenisTes:
    """A kind of SKB test that may be planned."""

    kode: str
    nama: str

    @classmethod
    def read(cls, section: Section) -> JenisTes:
        """Raises BadRules for a blank field."""
        kind = cls(section.code("kode"), section.text("nama"))
        section.done()
        return kind


@dataclass(frozen=True)
class KetentuanSKB:
    """The SKB limits of both kinds of agency, and the kinds of tests there are."""

    pusat: BatasSKB
    daerah: BatasSKB
    jenis_tes: tuple[JenisTes, ...]

    @classmethod
    def read(cls, section: Section) -> KetentuanSKB:
        """Raises BadRules; the CAT must be among the kinds."""
        rule = cls(
            pusat=BatasSKB.read(section.child("pusat")),
            daerah=BatasSKB.read(section.child("daerah")),
            jenis_tes=tuple(map(JenisTes.read, section.children("jenis_tes"))),
        )
        section.done()
        codes = [kind.kode for kind in rule.jenis_tes]
        no_repeats(f"{section.place}: jenis_tes", codes)
        if CAT not in codes:
            raise section.problem("jenis_tes", codes, f"harus memuat {CAT!r}")
        return rule

    def batas(self, jenis_instansi: JenisInstansi) -> BatasSKB:
        """The limits of a central or regional agency."""
        return self.pusat if jenis_instansi == "pusat" else self.daerah

    @property
    def names(self) -> dict[str, str]:
        """Code -> name of the kinds of tests."""
        return {kind.kode: kind.nama for kind in self.jenis_tes}


@dataclass(frozen=True)
class RencanaTes:
    """One test that a jabatan plans for its SKB.

    jenis : code of one of the rule set's kinds.
    bobot : per cent of the SKB.
    maks : points that count as 100; raw maxima differ by jabatan, none is assumed.
    menggugurkan : whether falling below `minimum` ends the seleksi whatever the other tests say.
    minimum : least points, 0 to maks; None where there is none.
    """

    jenis: str
    nama: str
    bobot: int
    maks: int | Decimal
    menggugurkan: bool = False
    minimum: int | Decimal | None = None


@dataclass(frozen=True)
class HasilTes:
    """What one person reached in one planned test; nilai is None for who did not sit it."""

    rencana: RencanaTes
    nilai: int | Decimal | None

    @property
    def gugur(self) -> bool:
        """Whether this test alone ends the seleksi for the person."""
        if not self.rencana.menggugurkan:
            return False
        return self.nilai is None or self.nilai < (self.rencana.minimum or 0)


def check_plan(
    parts: Sequence[RencanaTes], jenis_instansi: JenisInstansi, rule: KetentuanSKB
) -> list[Masalah]:
    """What in a jabatan's SKB plan breaks the rule set; an empty list for a lawful plan.

    PermenPANRB 6/2024 arts. 34-37 for the limits that ship with 2024.
    """
    limits = rule.batas(jenis_instansi)
    found = [*_bad_parts(parts, rule, limits), *_bad_weights(parts, jenis_instansi, limits)]
    kinds = [part.jenis for part in parts]
    for jenis in dict.fromkeys(kind for kind in kinds if kinds.count(kind) > 1):
        name = rule.names.get(jenis, jenis)
        again = f"{kinds.count(jenis)} kali"
        found.append(_breach(limits, f"SKB: {name}", again, "satu jenis tes direncanakan sekali"))
    return found


def _bad_parts(parts: Sequence[RencanaTes], rule: KetentuanSKB, limits: BatasSKB) -> list[Masalah]:
    found = []
    for part in parts:
        place = f"SKB: {part.nama}"
        if part.jenis not in rule.names:
            known = f"jenis tes harus salah satu dari {', '.join(rule.names)}"
            found.append(_breach(limits, place, part.jenis, known))
        if not 0 < part.bobot <= 100:
            found.append(_breach(limits, place, f"{part.bobot}%", "bobot harus antara 1% dan 100%"))
        if part.maks <= 0:
            found.append(_breach(limits, place, str(part.maks), "nilai maksimum harus di atas 0"))
        if part.menggugurkan and part.minimum is None:
            rule_text = "tes yang menggugurkan harus mempunyai nilai minimum"
            found.append(_breach(limits, place, "tanpa minimum", rule_text))
        if part.minimum is not None and not 0 <= part.minimum <= part.maks:
            rule_text = f"minimum harus antara 0 dan {part.maks}"
            found.append(_breach(limits, place, str(part.minimum), rule_text))
    return found


def _bad_weights(
    parts: Sequence[RencanaTes], jenis_instansi: JenisInstansi, limits: BatasSKB
) -> list[Masalah]:
    at = f"SKB instansi {jenis_instansi}"
    cat = sum(part.bobot for part in parts if part.jenis == CAT)
    extra = [part for part in parts if part.jenis != CAT]
    extra_weight = sum(part.bobot for part in extra)
    interview = sum(part.bobot for part in parts if part.jenis == WAWANCARA)
    kinds = len({part.jenis for part in extra})
    checks = [
        (cat + extra_weight != 100, "jumlah bobot", cat + extra_weight, "harus tepat 100%"),
        (
            cat < limits.bobot_cat_min,
            "bobot CAT",
            cat,
            f"paling sedikit {limits.bobot_cat_min}%",
        ),
        (
            extra_weight > limits.tambahan_maks_bobot,
            "bobot tes tambahan",
            extra_weight,
            f"bersama-sama paling banyak {limits.tambahan_maks_bobot}%",
        ),
    ]
    found = [
        _breach(limits, f"{at}: {name}", f"{value}%", text)
        for broken, name, value, text in checks
        if broken
    ]
    if kinds > limits.tambahan_maks_jenis:
        text = f"paling banyak {limits.tambahan_maks_jenis} jenis"
        found.append(_breach(limits, f"{at}: tes tambahan", f"{kinds} jenis", text))
    if interview > limits.wawancara_maks_bobot:
        most = limits.wawancara_maks_bobot
        text = f"paling banyak {most}%" if most else "tidak diperbolehkan"
        found.append(_breach(limits, f"{at}: wawancara", f"{interview}%", text))
    return found


def _breach(limits: BatasSKB, place: str, value: str, rule: str) -> Masalah:
    return Masalah(place, value, rule, limits.dasar_hukum, limits.keyakinan)
