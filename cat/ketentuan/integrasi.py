"""What is the final value of SKD and SKB together, and who comes first among equals?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import groupby

from cat.errors import BadInput
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.ruleset import Integrasi

# Fixed here so that no caller's decimal context can change a result.
_CONTEXT = Context(prec=28, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class BagianSKB:
    """One part of the SKB of a jabatan.

    nilai, maks : what was reached out of how much, 0 <= nilai <= maks, maks > 0.
    bobot : per cent of the SKB; the parts of one jabatan add up to 100.
    """

    nama: str
    nilai: int | Decimal
    maks: int | Decimal
    bobot: int


@dataclass(frozen=True)
class NilaiAkhir:
    """Every step of the integration, so that the sum can be checked by hand.

    skd_100, skb_100, akhir : on the scale 0 to 100.
    skd_berbobot, skb_berbobot : what each brings to `akhir`.
    """

    skd_100: Decimal
    skb_100: Decimal
    skd_berbobot: Decimal
    skb_berbobot: Decimal
    akhir: Decimal


def integrate(skd: int, skb: Sequence[BagianSKB], rule: Integrasi) -> NilaiAkhir:
    """The final value; exact fractions inside, one rounding (28 digits) at the end.

    So equal results are equal Decimals, and ties are real ties. Round for display only.

    skd : total points of the SKD, 0 to rule.skd_maks.
    skb : the parts of the SKB.

    Raises BadInput for points out of range or weights that do not make 100.
    PermenPANRB 6/2024 art. 45; before that 27/2021 and 23/2019.
    """
    if not 0 <= skd <= rule.skd_maks:
        raise BadInput(f"skd must lie in [0, {rule.skd_maks}]; got {skd}", skd=skd)
    if (weights := sum(part.bobot for part in skb)) != 100:
        raise BadInput(f"weights of the SKB parts must make 100; they make {weights}", skb=skb)
    skd_100 = Fraction(skd * 100, rule.skd_maks)
    skb_100 = sum((_share(part) * part.bobot for part in skb), Fraction(0))
    skd_weighted, skb_weighted = skd_100 * rule.bobot_skd / 100, skb_100 * rule.bobot_skb / 100
    steps = (skd_100, skb_100, skd_weighted, skb_weighted, skd_weighted + skb_weighted)
    return NilaiAkhir(*map(as_decimal, steps))


def _share(part: BagianSKB) -> Fraction:
    if part.bobot < 0 or part.maks <= 0 or not 0 <= part.nilai <= part.maks:
        raise BadInput(f"SKB part needs 0 <= nilai <= maks, maks > 0, bobot >= 0; got {part}")
    return Fraction(part.nilai) / Fraction(part.maks)


def as_decimal(value: Fraction) -> Decimal:
    """The fraction with 28 digits, half up."""
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def for_display(value: Decimal, rule: Integrasi) -> Decimal:
    """The value with rule.desimal_tampil decimals, half up; the law publishes no rounding rule."""
    return value.quantize(Decimal(1).scaleb(-rule.desimal_tampil), context=_CONTEXT)


@dataclass(frozen=True)
class Contender:
    """One person among those who want the same posts, after SKB.

    nilai : SKD points of twk, tiu, tkp.
    jenjang : education level whose scale `ipk` is on; two jenjang can't be compared.
    ipk : IPK (0 to 4), or the mean value on the ijazah for SMA; None where not known.
    """

    akhir: Decimal
    nilai: tuple[int, int, int]
    jenjang: str
    ipk: Decimal | None
    tanggal_lahir: date


def order_key(contender: Contender, names: Sequence[str]) -> tuple[Decimal, ...]:
    """Sorts the better first: the higher of everything, for "usia" the older.

    names : from rule.urutan. Raises BadInput where ipk is wanted and not known.
    """
    return tuple(_position(contender, name) for name in names)


def _position(contender: Contender, name: str) -> Decimal:
    if name == "akhir":
        return -contender.akhir
    if name == TOTAL:
        return Decimal(-sum(contender.nilai))
    if name == "usia":
        return Decimal(contender.tanggal_lahir.toordinal())
    if name == "ipk":
        if contender.ipk is None:
            raise BadInput("ipk decides between equals but is not known", contender=contender)
        return -contender.ipk
    return Decimal(-contender.nilai[PARTS.index(name)])


def final_ranks(contenders: Sequence[Contender], rule: Integrasi) -> tuple[int, ...]:
    """Rank of each contender of one formasi, in the order given; 1 is best.

    Those equal in everything share a rank and the next one is skipped (1, 1, 3).

    Raises BadInput where IPK must decide between people of different jenjang, or one IPK is not
    known: the scales differ, so a person has to look at it. IPK that decide nothing may differ.
    """
    before = rule.urutan[: rule.urutan.index("ipk")] if "ipk" in rule.urutan else rule.urutan
    after = rule.urutan[len(before) :]
    keys = [order_key(each, before) for each in contenders]
    numbers = sorted(range(len(contenders)), key=keys.__getitem__)
    ranks = [0] * len(contenders)
    placed = 0
    for _, equals in groupby(numbers, key=keys.__getitem__):
        for group in _tie_groups(contenders, list(equals), after):
            for number in group:
                ranks[number] = placed + 1
            placed += len(group)
    return tuple(ranks)


def _tie_groups(
    contenders: Sequence[Contender], equals: list[int], names: Sequence[str]
) -> list[list[int]]:
    """Those equal so far, split by IPK and age; best group first."""
    if len(equals) == 1:
        return [equals]
    levels = sorted({contenders[number].jenjang for number in equals})
    if "ipk" in names and len(levels) > 1:
        raise BadInput(f"ipk of different jenjang can't be compared: {levels}", numbers=equals)
    keys = {number: order_key(contenders[number], names) for number in equals}
    ordered = sorted(equals, key=keys.__getitem__)
    return [list(group) for _, group in groupby(ordered, key=keys.__getitem__)]
