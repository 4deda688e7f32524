"""How often does the test decide wrongly at a threshold, and about whom?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cat.simulation.measuring import measured
from cat.simulation.measuring.measured import UNDEFINED, Measured
from cat.simulation.measuring.results import Cut

Floats = NDArray[np.float64]

# Lower bounds of the distances from the cut that are reported apart, in the scale's unit.
DISTANCES = {"nilai": (0.0, 5.0, 10.0, 20.0, 40.0), "theta": (0.0, 0.25, 0.5, 1.0, 1.5)}


@dataclass(frozen=True)
class AtDistance:
    """People with lower <= |truth - cut| < upper (None: open), and how many were misjudged."""

    lower: float
    upper: float | None
    persons: int
    misclassified: Measured


@dataclass(frozen=True)
class Classification:
    """Decisions at one cut against the truth, "reached" being the positive case.

    rightly_reached, wrongly_reached, wrongly_missed, rightly_missed : people.
    accuracy : share judged as the truth demands. sensitivity : of those who truly reach the cut,
    the share who do in the test; specificity : the same of those who truly miss it.
    kappa : agreement beyond chance, Cohen (1960).
    """

    name: str
    scale: Literal["nilai", "theta"]
    cut: float
    rightly_reached: int
    wrongly_reached: int
    wrongly_missed: int
    rightly_missed: int
    accuracy: Measured
    sensitivity: Measured
    specificity: Measured
    kappa: Measured
    by_distance: tuple[AtDistance, ...]


def classify(cut: Cut, estimate: Floats, truth: Floats) -> Classification:
    """Compare decisions by the estimate with decisions by the truth; (J,) each, cut's unit."""
    says, is_so = estimate >= cut.value, truth >= cut.value
    tp, fp = int((says & is_so).sum()), int((says & ~is_so).sum())
    fn, tn = int((~says & is_so).sum()), int((~says & ~is_so).sum())
    return Classification(
        name=cut.name,
        scale=cut.scale,
        cut=float(cut.value),
        rightly_reached=tp,
        wrongly_reached=fp,
        wrongly_missed=fn,
        rightly_missed=tn,
        accuracy=measured.share(tp + tn, tp + fp + fn + tn),
        sensitivity=measured.share(tp, tp + fn),
        specificity=measured.share(tn, tn + fp),
        kappa=kappa(np.array([[tp, fn], [fp, tn]])),
        by_distance=_by_distance(cut, np.abs(truth - cut.value), says != is_so),
    )


def kappa(counts: NDArray[np.int64]) -> Measured:
    """Cohen's kappa of a square table of counts, rows the truth and columns the decision.

    Undefined where both give everybody the same label. The standard error is that of Fleiss,
    Cohen & Everitt (1969), Psychological Bulletin 72, 323-327, in its delta-method form.
    """
    persons = int(counts.sum())
    if persons == 0:
        return UNDEFINED
    p = counts / persons
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    agreed, by_chance = float(np.trace(p)), float(rows @ columns)
    if by_chance == 1:
        return UNDEFINED
    value = (agreed - by_chance) / (1 - by_chance)
    # What a person in each cell adds to kappa, up to a constant, which the variance ignores.
    chance_effect = columns[:, None] + rows[None, :]
    effect = np.eye(len(p)) / (1 - by_chance)
    effect = effect - (1 - agreed) * chance_effect / (1 - by_chance) ** 2
    variance = float((p * effect**2).sum()) - float((p * effect).sum()) ** 2
    return Measured(value, math.sqrt(max(variance, 0.0) / persons))


def _by_distance(cut: Cut, distance: Floats, is_wrong: NDArray[np.bool_]) -> tuple[AtDistance, ...]:
    edges = DISTANCES[cut.scale]
    group = np.searchsorted(np.asarray(edges), distance, side="right") - 1
    persons = np.bincount(group, minlength=len(edges))
    wrong = np.bincount(group[is_wrong], minlength=len(edges))
    return tuple(
        AtDistance(low, high, int(n), measured.share(int(w), int(n)))
        for low, high, n, w in zip(edges, (*edges[1:], None), persons, wrong, strict=True)
    )
