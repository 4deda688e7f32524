"""What is everybody's final value? The exact fractions of `cat.ketentuan.integrasi`, in integers.

All who follow one SKB plan share a denominator, so that a final value is one whole number, its
numerator: comparing two is comparing integers, and equal values are equal whatever parts made them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.ketentuan.ruleset import Integrasi

Ints = NDArray[np.int64]

# Points and full marks of SKB parts are whole numbers of thousandths.
THOUSANDTHS = 1000
NO_PART = 0
NO_MINIMUM = -1
_LARGEST = 2**63 - 1
# Long division takes a remainder times 20 before it divides.
_MOST_DENOMINATOR = _LARGEST // 100


@dataclass(frozen=True, eq=False)
class SKBPlans:
    """Of which parts the SKB of P plans is made: at most K parts each, all arrays (P, K).

    maks : full marks of the part, thousandths, > 0; NO_PART where the plan has no such part.
    bobot : per cent of the SKB, > 0 for every part there is; a plan's bobot make 100, or it has no
        part at all: nothing has been planned yet.
    minimum : least points of a part that knocks out, thousandths; NO_MINIMUM for other parts.

    Raises BadInput, naming the plan, for anything outside these bounds.
    """

    maks: Ints
    bobot: Ints
    minimum: Ints

    def __post_init__(self) -> None:
        shapes = {self.maks.shape, self.bobot.shape, self.minimum.shape}
        if len(shapes) > 1 or self.maks.ndim != 2:
            raise BadInput(f"maks, bobot and minimum must all be (P, K); got {shapes}")
        there = self.maks != NO_PART
        _refuse("maks must be >= 0", self.maks, self.maks >= 0)
        _refuse("bobot must be > 0 for each part", self.bobot, ~there | (self.bobot > 0))
        _refuse("bobot must be 0 where there is no part", self.bobot, there | (self.bobot == 0))
        whole = (self.bobot.sum(axis=1) == 100) | ~there.any(axis=1)
        _refuse("bobot of the parts must make 100", self.bobot, whole)
        legal = (self.minimum == NO_MINIMUM) | ((self.minimum >= 0) & (self.minimum <= self.maks))
        _refuse("minimum must lie in [0, maks]", self.minimum, legal & (there | (self.minimum < 0)))

    @cached_property
    def parts(self) -> NDArray[np.bool_]:
        """(P, K) whether the plan has the part."""
        return np.asarray(self.maks != NO_PART)


@dataclass(frozen=True, eq=False)
class Weights:
    """What a point is worth in each plan: value = (skd * total + skb . points) / penyebut.

    skd : (P,) per SKD point. skb : (P, K) per thousandth of a point of each part.
    penyebut : (P,) common denominator, > 0; values are on the scale 0 to 100.
    """

    skd: Ints
    skb: Ints
    penyebut: Ints

    def numerators(self, plan: Ints, total: Ints, points: Ints) -> Ints:
        """Numerators of everybody's value.

        plan : (J,) number of the plan that each follows. total : (J,) points of the SKD.
        points : (J, K) thousandths; those of parts that the plan has not are not looked at.

        No sum overflows: a value is at most 100, and 100 denominators fit into 64 bits.
        """
        value = self.skd[plan] * total
        for part in range(points.shape[1]):
            value += self.skb[plan, part] * points[:, part]
        return value


def final_weights(plans: SKBPlans, rule: Integrasi) -> Weights:
    """The weights of the final value: SKD and SKB by the rule's bobot.

    Raises BadInput where a plan's full marks are so ill-matched that exact integers need more than
    64 bits; parts of common lengths need less than 30.
    PermenPANRB 6/2024 art. 45: akhir = 40 % of SKD/maks x 100 + 60 % of the weighted SKB.
    """
    return _weights(plans, (rule.bobot_skd, rule.skd_maks), (rule.bobot_skb, 100))


def skb_weights(plans: SKBPlans) -> Weights:
    """The weights of the SKB alone on the scale 0 to 100; those of the SKD are 0."""
    return _weights(plans, (0, 1), (1, 1))


def _weights(plans: SKBPlans, skd: tuple[int, int], skb: tuple[int, int]) -> Weights:
    """skd, skb : value of one SKD point, and of one SKB point of 100, as (above, below)."""
    rows = []
    for number, (marks, shares) in enumerate(zip(plans.maks, plans.bobot, strict=True)):
        parts = zip(marks.tolist(), shares.tolist(), strict=True)
        worth = [
            skd,
            *((skb[0] * share, skb[1] * mark) if mark else (0, 1) for mark, share in parts),
        ]
        denominator = lcm(*(below // gcd(above, below) for above, below in worth))
        if denominator > _MOST_DENOMINATOR:
            raise BadInput(
                f"plan {number}: maks {(marks[marks > 0] / THOUSANDTHS).tolist()} have no common"
                f" denominator below {_MOST_DENOMINATOR}",
                plan=number,
            )
        rows.append([denominator, *(above * denominator // below for above, below in worth)])
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 2 + plans.maks.shape[1])
    return Weights(table[:, 1], table[:, 2:], table[:, 0])


def rounded(pembilang: Ints, penyebut: Ints, decimals: int) -> Ints:
    """Fractions >= 0 as whole units of the last decimal shown, halves up.

    pembilang, penyebut : (J,) numerators and denominators; decimals : 0 to 10.

    Exact at every step; equals `cat.ketentuan.integrasi.for_display`.
    """
    units, rest = np.divmod(pembilang, penyebut)
    for _ in range(decimals):
        digit, rest = np.divmod(rest * 10, penyebut)
        units = units * 10 + digit
    return np.asarray(units + (rest * 2 >= penyebut))


def sort_words(pembilang: Ints, penyebut: Ints) -> list[Ints]:
    """Whole numbers, most telling first, that order fractions of different denominators exactly.

    Two different fractions differ by at least 1 / (D1 D2): so many binary places are compared.
    """
    if len(penyebut) == 0 or (penyebut == penyebut[0]).all():
        return [pembilang]
    bits = int(penyebut.max()).bit_length()
    word, rest = np.divmod(pembilang, penyebut)
    words, step = [word], 63 - bits
    for _ in range(-(-(2 * bits + 1) // step)):
        word, rest = np.divmod(rest << step, penyebut)
        words.append(word)
    return words


def _refuse(rule: str, values: Ints, legal: NDArray[np.bool_]) -> None:
    rows = legal if legal.ndim == 1 else legal.all(axis=1)
    if not rows.all():
        plan = int(np.argmin(rows))
        raise BadInput(f"{rule}; plan {plan} has {values[plan].tolist()}", plan=plan)
