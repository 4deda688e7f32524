"""What pieces of evidence say together about the level of one competency.

Every piece of evidence is a likelihood over the five levels: how well each level explains what was
seen. They are pooled log-linearly, which is Bayes' rule with each likelihood raised to its weight:

    p(level)  ~  prior(level) * product over evidence of  likelihood(level) ** weight

A weight of 1 takes the evidence at its word; less discounts it, because the evidence is old, or
indirect, or one of several that repeat each other. Order does not matter, flat evidence changes
nothing, no source rules a level out, and a source that states a higher level never lowers the
chance of having reached any level.
Genest & Zidek (1986), Statistical Science 1, 114-135 (logarithmic pools); Bissiri, Holmes & Walker
(2016), JRSS B 78, 1103-1130 (weighted likelihoods).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.kompetensi.aturan_bukti import AturanBukti, JenisBukti
from cat.kompetensi.kamus import LEVELS

Floats = NDArray[np.float64]

_DAYS_IN_MONTH = 365.25 / 12
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Bukti:
    """One piece of evidence about one competency of one person.

    peluang : (5,) how well each level explains it, > 0, adding to 1; flat says nothing.
    tanggal, berlaku_sampai : first and last day on which it counts.
    bobot : 0 to 1. jenis : code of its kind. asal : where it comes from, in words.

    Raises BadInput, naming the field and the value.
    """

    kompetensi: str
    peluang: tuple[float, ...]
    tanggal: date
    berlaku_sampai: date
    bobot: float
    jenis: str
    asal: str

    def __post_init__(self) -> None:
        shares = np.asarray(self.peluang, dtype=float)
        complete = shares.shape == (LEVELS,) and abs(shares.sum() - 1) <= _ROUNDING
        if not complete or not (shares > 0).all():
            raise BadInput(f"peluang must be {LEVELS} shares > 0 adding to 1; got {self.peluang}")
        if not 0 <= self.bobot <= 1:
            raise BadInput(f"bobot must lie in [0, 1]; got {self.bobot}")
        if self.berlaku_sampai < self.tanggal:
            raise BadInput(
                f"berlaku_sampai must not precede tanggal; got {self.berlaku_sampai} and"
                f" {self.tanggal}"
            )

    def counts_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.tanggal <= day <= self.berlaku_sampai


@dataclass(frozen=True)
class LevelBelief:
    """What the evidence says about the level, 1 to 5.

    peluang : probability of each level, level 1 first.
    bobot : total weight of the evidence in force, 0 where there is none.
    lemah : the weight is below what the rules ask for.
    dasar : the evidence in force, each with the weight that it got.
    tidak_dihitung : evidence that has expired or does not count yet.
    """

    peluang: tuple[float, ...]
    bobot: float
    lemah: bool
    dasar: tuple[tuple[Bukti, float], ...]
    tidak_dihitung: tuple[Bukti, ...]

    @property
    def has_evidence(self) -> bool:
        """Whether anything but the prior speaks."""
        return self.bobot > 0

    @property
    def level(self) -> int | None:
        """The most likely level, the lowest of equals; None without evidence in force."""
        return 1 + int(np.argmax(self.peluang)) if self.has_evidence else None

    @property
    def mean(self) -> float:
        """Expected level."""
        return sum(n * share for n, share in enumerate(self.peluang, start=1))

    @property
    def sd(self) -> float:
        """Standard deviation of the level."""
        spread = sum((n - self.mean) ** 2 * p for n, p in enumerate(self.peluang, start=1))
        return math.sqrt(spread)

    def chance_at_least(self, level: int) -> float:
        """Probability that the level is this one or higher; 1 for level 1 and below."""
        return min(1.0, sum(self.peluang[max(0, level - 1) :]))


def combine(evidence: Iterable[Bukti], today: date, rules: AturanBukti) -> LevelBelief:
    """The belief about one competency that this evidence supports.

    evidence : all of one competency, in any order.
    today : what is not in force on this day is left out and listed.
    rules : prior, weights per kind; ageing halves a weight every `paruh_bulan`.

    Raises BadInput when the evidence is of several competencies or of an unknown kind.
    """
    given = tuple(evidence)
    if len(names := {each.kompetensi for each in given}) > 1:
        raise BadInput(f"evidence must be of one competency; got {sorted(names)}")
    counted = [each for each in given if each.counts_on(today)]
    weights = _weights(counted, today, rules).tolist()
    not_counted = [each for each in given if not each.counts_on(today)]
    return pool(zip(counted, weights, strict=True), rules, not_counted)


def pool(
    weighted: Iterable[tuple[Bukti, float]], rules: AturanBukti, not_counted: Iterable[Bukti] = ()
) -> LevelBelief:
    """The belief from evidence whose weights, >= 0, are already settled."""
    dasar = tuple(weighted)
    height = np.log(np.array([share for _, share in rules.prior_persen]) / 100)
    for bukti, weight in dasar:
        height += weight * np.log(bukti.peluang)
    chances = np.exp(height - height.max())
    total = math.fsum(weight for _, weight in dasar)
    return LevelBelief(
        peluang=_shares(chances),
        bobot=total,
        lemah=total < rules.bobot_cukup_persen / 100,
        dasar=dasar,
        tidak_dihitung=tuple(not_counted),
    )


def stated_level(jenis: JenisBukti, level: int) -> tuple[float, ...]:
    """How well each level explains that a source of this kind stated `level`, 1 to 5.

    Each step away from the stated level is explained worse by the same factor, chosen so that a
    stated level in the middle gets `tepat_persen`. Returns (5,), adding to 1. Raises BadInput.
    """
    if not 1 <= level <= LEVELS:
        raise BadInput(f"level must be 1 to {LEVELS}; got {level}")
    # Solves 1 + 2 factor + 2 factor**2 = 100 / tepat_persen.
    factor = (math.sqrt(200 / jenis.tepat_persen - 1) - 1) / 2
    return _shares(factor ** np.abs(np.arange(1, LEVELS + 1) - level))


def likelihood_of_levels(
    posterior: Sequence[float], prior: Sequence[float], most: float
) -> tuple[float, ...]:
    """What a measured posterior says about the levels, with its own prior taken out again.

    posterior, prior : (5,) probability of each level after and before the answers, prior > 0.
    most : how many times better the best level may explain the answers than the worst, >= 1.

    Returns (5,), adding to 1; flat when the answers said nothing. Raises BadInput.
    """
    before = np.asarray(prior, dtype=float)
    if not (before > 0).all():
        raise BadInput(f"prior must be > 0 at every level; got {before.tolist()}")
    ratio = np.asarray(posterior, dtype=float) / before
    return _shares(np.maximum(ratio, ratio.max() / most))


def _shares(heights: Floats) -> tuple[float, ...]:
    return tuple((heights / heights.sum()).tolist())


def _weights(counted: Sequence[Bukti], today: date, rules: AturanBukti) -> Floats:
    """Aged weights; earlier ones of a kind give way, and a kind never outgrows its limit."""
    weights = np.array([_aged(each, today, rules.get_jenis(each.jenis)) for each in counted])
    days = np.array([each.tanggal.toordinal() for each in counted])
    kinds = np.array([each.jenis for each in counted])
    for jenis in rules.jenis:
        mine = kinds == jenis.kode
        if not mine.any():
            continue
        weights[mine & (days < days[mine].max())] *= jenis.terdahulu_persen / 100
        most, total = jenis.bobot_maks_persen / 100, weights[mine].sum()
        if total > most:
            weights[mine] *= most / total
    return weights


def _aged(bukti: Bukti, today: date, jenis: JenisBukti) -> float:
    months = (today - bukti.tanggal).days / _DAYS_IN_MONTH
    return bukti.bobot * math.pow(0.5, months / jenis.paruh_bulan)
