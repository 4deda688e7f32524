"""What tables of two groups by categories, one for each stratum of matched persons, amount to."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
EtsClass = Literal["A", "B", "C"]

# One unit of the odds ratio's logarithm on ETS's delta scale.
DELTA = -2.35
ALPHA = 0.05


def mantel(counts: Floats, correction: float = 0.0) -> float:
    """Mantel's chi-square of S tables (S, 2, K), reference first; 1 df.

    With two categories and `correction` 0.5 it is the Mantel-Haenszel chi-square.
    """
    points = np.arange(counts.shape[2])
    total = counts.sum(axis=(1, 2))
    counts, total = counts[total > 1], total[total > 1]
    groups, both = counts.sum(axis=2), counts.sum(axis=1)
    observed = counts[:, 1] @ points
    first, second = both @ points, both @ points**2
    expected = groups[:, 1] * first / total
    variance = groups[:, 0] * groups[:, 1] * (total * second - first**2)
    variance = (variance / (total**2 * (total - 1))).sum()
    away = max(0.0, abs(float((observed - expected).sum())) - correction)
    return float(away**2 / variance) if variance > 0 else 0.0


def odds_ratio(counts: Floats) -> tuple[float, float, float]:
    """Common odds ratio of S tables (S, 2, 2), delta and its standard error.

    NaN where one of the sums is 0 and the ratio has no finite value.
    """
    n = counts.sum(axis=(1, 2))
    wrong, right = counts[:, :, 0], counts[:, :, 1]
    for_reference, for_focal = right[:, 0] * wrong[:, 1] / n, wrong[:, 0] * right[:, 1] / n
    r, s = float(for_reference.sum()), float(for_focal.sum())
    if r == 0 or s == 0:
        return float("nan"), float("nan"), float("nan")
    same, other = (right[:, 0] + wrong[:, 1]) / n, (wrong[:, 0] + right[:, 1]) / n
    variance = (
        (same @ for_reference) / (2 * r**2)
        + (same @ for_focal + other @ for_reference) / (2 * r * s)
        + (other @ for_focal) / (2 * s**2)
    )
    alpha = r / s
    return alpha, float(DELTA * np.log(alpha)), float(-DELTA * np.sqrt(variance))


def ets_class(delta: float, se: float) -> EtsClass | None:
    """A: |delta| below 1 or not different from 0; C: 1.5 or more and above 1; B: between.

    Different and above are tested at 5 %: two-sided against 0, one-sided against 1.
    """
    if not np.isfinite(delta):
        return None
    size = abs(delta)
    if size < 1 or size < ndtri(0.975) * se:
        return "A"
    return "C" if size >= 1.5 and size - 1 > ndtri(0.95) * se else "B"


def smd_class(effect: float, p: float) -> EtsClass:
    """For ordered categories: A below 0.17 sd or not significant, C above 0.25, B between."""
    if p >= ALPHA or abs(effect) <= 0.17:
        return "A"
    return "C" if abs(effect) > 0.25 else "B"
