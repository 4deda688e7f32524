"""Does a selection treat groups alike? Ratios of pass rates, with how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt

import numpy as np
import scipy  # loads its optimisers when first used: 20 MB that most web processes never need
from scipy.special import ndtri

from cat.errors import BadInput


class Verdict(StrEnum):
    """How a ratio stands to the limit below which a difference calls for an explanation."""

    DI_BAWAH = "DI_BAWAH"
    BELUM_PASTI = "BELUM_PASTI"
    TIDAK_DI_BAWAH = "TIDAK_DI_BAWAH"


@dataclass(frozen=True)
class ImpactRatio:
    """One group's pass rate beside the reference group's.

    ratio : rate of the group over that of the reference; NaN where nobody of the reference passed.
    low, high : limits of the score interval; high is infinite where the data set no upper limit.
    verdict : whether the whole interval, part of it or none of it lies below the limit.
    """

    ratio: float
    low: float
    high: float
    verdict: Verdict


def impact_ratio(
    passed: int,
    tested: int,
    reference_passed: int,
    reference_tested: int,
    *,
    limit: float,
    confidence: float = 0.95,
) -> ImpactRatio:
    """The adverse-impact ratio of one group with its score interval.

    passed, tested : counts of the group, 0 <= passed <= tested, tested > 0; likewise of the
        reference group.
    limit : ratio below which a difference calls for an explanation (0 < limit <= 1); the "four
        fifths" of the Uniform Guidelines (29 CFR 1607.4 D) is the best-known one.
    confidence : of the two-sided interval, 0 to 1.

    The interval inverts the score test of p1 = ratio p2 (Koopman 1984, Biometrics 40, 513-517): it
    holds its confidence in groups of a dozen and does not fail where nobody passed.

    Raises BadInput.
    """
    first = _counts("group", passed, tested)
    second = _counts("reference", reference_passed, reference_tested)
    if not 0 < limit <= 1 or not 0 < confidence < 1:
        raise BadInput(f"limit in (0, 1] and confidence in (0, 1); got {limit}, {confidence}")
    critical = float(ndtri((1 + confidence) / 2)) ** 2
    (x, m), (y, n) = first, second
    ratio = (x / m) / (y / n) if y else float("nan")
    low = _bound(x, m, y, n, critical) if x else 0.0
    # Seen from the other side, the upper limit is one over a lower one.
    high = 1 / _bound(y, n, x, m, critical) if y else inf
    return ImpactRatio(ratio, low, high, _verdict(low, high, limit))


def _counts(which: str, passed: int, tested: int) -> tuple[int, int]:
    if not (tested > 0 and 0 <= passed <= tested):
        raise BadInput(f"{which}: 0 <= passed <= tested and tested > 0; got {passed} of {tested}")
    return int(passed), int(tested)


def _verdict(low: float, high: float, limit: float) -> Verdict:
    if high < limit:
        return Verdict.DI_BAWAH
    return Verdict.TIDAK_DI_BAWAH if low >= limit else Verdict.BELUM_PASTI


def _bound(x: int, m: int, y: int, n: int, critical: float) -> float:
    """The lower limit of (x / m) / (y / n), x > 0: where the score statistic is critical."""

    def excess(log_ratio: float) -> float:
        return _statistic(x, m, y, n, float(np.exp(log_ratio))) - critical

    # With y = 0 the estimate is infinite: any ratio that fits well enough is far above it.
    top = np.log(x / m * n / y) if y else _where_it_fits(x, m, y, n, critical)
    bottom = top - 1.0
    while excess(bottom) < 0:
        bottom -= 2.0
    return float(np.exp(scipy.optimize.brentq(excess, bottom, top, xtol=1e-12)))


def _where_it_fits(x: int, m: int, y: int, n: int, critical: float) -> float:
    log_ratio = 0.0
    while _statistic(x, m, y, n, float(np.exp(log_ratio))) > critical:
        log_ratio += 1.0
    return log_ratio


def _statistic(x: int, m: int, y: int, n: int, ratio: float) -> float:
    """Pearson's chi-squared of p1 = ratio p2, at the likeliest p2 that keeps to it."""
    a, b, c = ratio * (m + n), -(ratio * (m + y) + x + n), x + y
    second = (-b - sqrt(max(0.0, b * b - 4 * a * c))) / (2 * a)
    return _misfit(x, m, ratio * second) + _misfit(y, n, second)


def _misfit(passed: int, tested: int, p: float) -> float:
    if not 0 < p < 1:
        return 0.0 if passed == tested * round(p) else inf
    return (passed - tested * p) ** 2 / (tested * p * (1 - p))


@dataclass(frozen=True)
class Points:
    """The points of one group: how many people, their mean, and their variance (n - 1)."""

    count: int
    mean: float
    variance: float


@dataclass(frozen=True)
class MeanDifference:
    """How far two groups' means lie apart, in pooled standard deviations (Hedges' g).

    difference, se : positive where the group lies above the reference.
    """

    difference: float
    se: float


def mean_difference(group: Points, reference: Points) -> MeanDifference | None:
    """Standardised difference of two groups' means.

    Returns None with fewer than two people on a side or where all points are equal.
    Hedges (1981), Journal of Educational Statistics 6, 107-128, eq. 6 and large-sample variance.
    """
    m, n = group.count, reference.count
    if m < 2 or n < 2:
        return None
    freedom = m + n - 2
    pooled = ((m - 1) * group.variance + (n - 1) * reference.variance) / freedom
    if pooled <= 0:
        return None
    g = (group.mean - reference.mean) / sqrt(pooled) * (1 - 3 / (4 * freedom - 1))
    return MeanDifference(g, sqrt((m + n) / (m * n) + g * g / (2 * (m + n))))
