"""What persons answered beside what their other answers lead one to expect.

Persons are put in order of the ability that all their other answers suggest; the item itself is
taken out, or it would vouch for itself. Within each group the observed points stand beside their
expectation under the model, given those other answers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.calibration.abilities import person_posteriors
from cat.calibration.diagnostics.fitted import Fitted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GROUPS = 10
# A drawing does not gain from more persons than this; they are then taken at even distances.
MOST_PERSONS = 50_000
_Z = 1.959964


@dataclass(frozen=True)
class Bin:
    """Persons of neighbouring abilities. theta : their mean, logits, without this item.

    persons : sum of weights. observed, low, high : mean points with their 95 % interval.
    expected : mean points under the model. shares : (K,) observed in each category.
    """

    theta: float
    persons: float
    observed: float
    low: float
    high: float
    expected: float
    shares: tuple[float, ...]


@dataclass(frozen=True)
class EmpiricalCurve:
    """bins : in order of ability, none for an item without a curve. points : K - 1."""

    item: str
    points: int
    bins: tuple[Bin, ...]


def empirical_curves(
    fitted: Fitted, items: Collection[str] | None = None, *, groups: int = GROUPS
) -> dict[str, EmpiricalCurve]:
    """Curves of some or all items of the answers, by name.

    groups : how many bins; fewer where there are not 5 persons for each.
    """
    wanted = set(fitted.answers.items if items is None else items)
    belief = _beliefs(fitted)
    order = np.argsort(fitted.answers.item, kind="stable")
    ends = np.cumsum(fitted.answers.counts)
    found = {}
    for i, name in enumerate(fitted.answers.items):
        if name not in wanted:
            continue
        points = int(fitted.categories[i]) - 1
        records = order[ends[i] - fitted.answers.counts[i] : ends[i]]
        bins = _bins(fitted, i, records, belief, groups) if fitted.has_curve[i] else ()
        found[name] = EmpiricalCurve(name, points, bins)
    return found


def _beliefs(fitted: Fitted) -> Floats:
    """(J, Q) posteriors; NaN for persons who are not drawn."""
    persons = len(fitted.answers.persons)
    belief = np.full((persons, fitted.calibrated.quadrature.nodes), np.nan)
    step = max(1, persons // MOST_PERSONS)
    for block in person_posteriors(fitted.calibrated, fitted.answers):
        drawn = block.person % step == 0
        belief[block.person[drawn]] = block.belief[drawn]
    return belief


def _bins(fitted: Fitted, item: int, records: Ints, belief: Floats, groups: int) -> tuple[Bin, ...]:
    answers = fitted.answers
    records = records[~np.isnan(belief[answers.person[records], 0])]
    who = answers.person[records].astype(np.int64)
    category = answers.category[records].astype(np.int64)
    ability, expected = _without(fitted, item, who, category, belief)
    weight = answers.weight[who]
    order = np.argsort(ability, kind="stable")
    before = np.cumsum(weight[order]) - weight[order] / 2
    groups = max(1, min(groups, len(who) // 5))
    bin_of = np.empty(len(who), dtype=np.int64)
    bin_of[order] = np.minimum(groups * before / weight.sum(), groups - 1).astype(np.int64)
    return tuple(
        _bin(ability[here], category[here], expected[here], weight[here], fitted.categories[item])
        for here in (bin_of == g for g in range(groups))
        if here.any()
    )


def _without(
    fitted: Fitted, item: int, who: Ints, category: Ints, belief: Floats
) -> tuple[Floats, Floats]:
    """Ability and expected points (n,) of persons who answered an item, by their other answers."""
    ability, expected = np.empty(len(who)), np.empty(len(who))
    for g, people in enumerate(fitted.populations):
        here = np.flatnonzero(fitted.answers.group[who] == g)
        chance = fitted.item_chances(item, people.theta)
        rest = belief[who[here]] / np.maximum(chance[category[here]], 1e-300)
        total = rest.sum(axis=1)
        ability[here] = rest @ people.theta / total
        expected[here] = rest @ (np.arange(len(chance)) @ chance) / total
    return ability, expected


def _bin(ability: Floats, category: Ints, expected: Floats, weight: Floats, width: int) -> Bin:
    total = float(weight.sum())
    shares = np.bincount(category, weight, minlength=width) / total
    points = np.arange(width)
    mean = float(shares @ points)
    # Persons with uneven weights witness for fewer than their sum.
    witnesses = total**2 / float((weight**2).sum())
    low, high = _interval(mean, float(shares @ points**2) - mean**2, witnesses, width - 1)
    return Bin(
        theta=float(weight @ ability / total),
        persons=total,
        observed=mean,
        low=low,
        high=high,
        expected=float(weight @ expected / total),
        shares=tuple(shares.tolist()),
    )


def _interval(mean: float, variance: float, n: float, most: int) -> tuple[float, float]:
    """95 % interval of mean points: Wilson's (1927, JASA 22, 209-212) for right or wrong."""
    if most == 1:
        middle = (mean + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * np.sqrt(mean * (1 - mean) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    else:
        middle, half = mean, _Z * np.sqrt(max(variance, 0.0) / n)
    return max(0.0, float(middle - half)), min(float(most), float(middle + half))
