"""What the rows of the table of rule cases are made of: each maker returns what computes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from cat.ketentuan.ambang_batas import compare, reaches
from cat.ketentuan.cadangan import rank_reserve
from cat.ketentuan.integrasi import BagianSKB, Contender, final_ranks, for_display, integrate
from cat.ketentuan.ketentuan_skb import HasilTes, JenisInstansi, RencanaTes, check_plan
from cat.ketentuan.nilai_lama import check_reuse
from cat.ketentuan.peringkat import rank_skd
from seeds.ketentuan_files import read_rule_sets

RULES = {rules.tahun: rules for rules in read_rule_sets()}
Found = Callable[[], object]
Points = tuple[int, int, int]  # twk, tiu, tkp


@dataclass(frozen=True)
class Kasus:
    """One row of the table; `found` computes what is compared with `expected`."""

    case: str
    rule: str
    source: str
    expected: object
    found: Found


def lulus(year: int, jenis: str, twk: int, tiu: int, tkp: int) -> Found:
    """Whether the ambang batas is reached."""
    row = RULES[year].get_ambang_batas(jenis)
    return lambda: reaches({"twk": twk, "tiu": tiu, "tkp": tkp}, row.minimums)


def kurang(year: int, jenis: str, twk: int, tiu: int, tkp: int) -> Found:
    """The parts that fall short, with how many points."""
    row = RULES[year].get_ambang_batas(jenis)
    nilai = {"twk": twk, "tiu": tiu, "tkp": tkp}
    return lambda: {
        each.bagian: each.minimum - each.nilai for each in compare(nilai, row) if not each.met
    }


def keyakinan(year: int, jenis: str) -> Found:
    return lambda: RULES[year].get_ambang_batas(jenis).keyakinan


def kode_skd(year: int, posts: int, *nilai: Points, absent: int = 0, failed: int = 0) -> Found:
    """Result codes of those who want the same posts: passing, then absent, then failing ones."""
    everyone = [*nilai, *[(0, 0, 0)] * (absent + failed)]
    passes = np.array([True] * len(nilai) + [False] * (absent + failed))
    present = np.array([True] * len(nilai) + [False] * absent + [True] * failed)
    formasi = np.zeros(len(everyone), dtype=np.int64)

    def found() -> object:
        ranking = rank_skd(
            formasi, np.array(everyone), passes, present, np.array([posts]), RULES[year]
        )
        return " ".join(ranking.kode.tolist())

    return found


def lanjut(year: int, posts: int, nilai: list[Points]) -> Found:
    """How many go on."""
    codes = kode_skd(year, posts, *nilai)
    return lambda: str(codes()).split().count("P/L")


def cadangan(jenis: str, posts: int, passing: int, *nilai: Points) -> Found:
    """Who of those below the ambang batas of 2018 go on for posts left empty, by 1 and 0."""

    def found() -> object:
        everyone = [*[(75, 80, 143)] * passing, *nilai]
        passes = np.arange(len(everyone)) < passing
        ranking = rank_reserve(
            np.zeros(len(everyone), dtype=np.int64),
            np.array([jenis] * len(everyone)),
            np.array(everyone),
            passes,
            np.ones(len(everyone), dtype=bool),
            np.array([posts]),
            RULES[2018],
        )
        return "".join(str(int(each)) for each in ranking.goes_on[passing:])

    return found


def rencana(jenis_instansi: JenisInstansi, *parts: RencanaTes | tuple[str, int]) -> Found:
    """The places where a jabatan's SKB plan breaks the limits of 2024."""
    rule = RULES[2024].skb
    assert rule is not None
    made = [part if isinstance(part, RencanaTes) else tes(*part) for part in parts]
    return lambda: [
        problem.tempat.split(": ", 1)[1] for problem in check_plan(made, jenis_instansi, rule)
    ]


def tes(jenis: str, bobot: int, **more: object) -> RencanaTes:
    return RencanaTes(jenis, str(more.pop("nama", jenis)), bobot, 100, **more)  # type: ignore[arg-type]


def gugur(nilai: int | None, minimum: int | None, menggugurkan: bool = True) -> Found:
    plan = RencanaTes("kesegaran_jasmani", "Samapta", 40, 100, menggugurkan, minimum)
    return lambda: HasilTes(plan, nilai).gugur


def akhir(year: int, skd: int, *parts: tuple[int, int, int], digits: int = 4) -> Found:
    """SKD_100, SKB_100 and the final value; parts are (nilai, maks, bobot)."""
    skb = [BagianSKB(str(i), nilai, maks, bobot) for i, (nilai, maks, bobot) in enumerate(parts)]

    def found() -> object:
        sums = integrate(skd, skb, RULES[year].integrasi)
        return tuple(str(round(x, digits)) for x in (sums.skd_100, sums.skb_100, sums.akhir))

    return found


def sumbangan_skd(skd: int) -> Found:
    """What the SKD brings to the final value of 2024."""
    half = [BagianSKB("CAT", 1, 2, 100)]
    return lambda: str(round(integrate(skd, half, RULES[2024].integrasi).skd_berbobot, 3))


def tampil(skd: int, *parts: tuple[int, int, int]) -> Found:
    """The final value of 2024 as it is shown."""
    skb = [BagianSKB(str(i), nilai, maks, bobot) for i, (nilai, maks, bobot) in enumerate(parts)]
    rule = RULES[2024].integrasi
    return lambda: str(for_display(integrate(skd, skb, rule).akhir, rule))


def eksak(skd: int, *parts: tuple[int, int, int]) -> Found:
    """The final value of 2024 with all its digits."""
    skb = [BagianSKB(str(i), nilai, maks, bobot) for i, (nilai, maks, bobot) in enumerate(parts)]
    return lambda: str(integrate(skd, skb, RULES[2024].integrasi).akhir)


PLAIN = Contender(Decimal("78.5"), (90, 110, 200), "s1", Decimal("3.50"), date(1995, 8, 5))


def urut(year: int, **second: object) -> Found:
    """Ranks of PLAIN and of another who equals PLAIN but for what is given."""
    other = Contender(**{**PLAIN.__dict__, **second})  # type: ignore[arg-type]
    return lambda: final_ranks([PLAIN, other], RULES[year].integrasi)


def pakai_lama(year: int, **changes: object) -> Found:
    """Why last time's SKD may not be reused; every condition is met but for what is given."""
    rule = RULES[year].nilai_lama
    assert rule is not None
    met: dict[str, object] = {
        "tahun": rule.tahun_asal,
        "same_nik": True,
        "same_jenjang": True,
        "reaches_now": True,
        "sits_again": False,
    }
    return lambda: [
        problem.tempat.removeprefix("Nilai SKD lama: ")
        for problem in check_reuse(rule, **{**met, **changes})  # type: ignore[arg-type]
    ]


def pindah(year: int, donor: str, target: str, place: str, instansi: str = "daerah") -> Found:
    """Codes of the transfer steps that may move such a person to such a post, in order."""
    return lambda: [
        step.kode
        for step in RULES[year].optimalisasi
        if step.allows(donor, target, same_lokasi=place == "sama", jenis_instansi=instansi)
    ]


def arti(year: int, kode: str) -> Found:
    return lambda: RULES[year].get_kode_hasil(kode).arti


def bentuk(year: int) -> Found:
    """Items and maximum of each part, maximum of all, minutes, minutes for netra."""
    rules = RULES[year]
    parts = [(part.butir, part.nilai_maks) for part in rules.bagian]
    return lambda: (*parts, rules.nilai_maks, rules.waktu.menit, rules.waktu.menit_netra)


def sanggah(year: int, tahap: str) -> Found:
    return lambda: {
        name: str(value) for name, value in RULES[year].get_masa_sanggah(tahap).figures.items()
    }


def ditolak(error: type[Exception], call: Found) -> Found:
    """Whether the engine refuses."""

    def found() -> object:
        try:
            call()
        except error:
            return "ditolak"
        return "diterima"

    return found
