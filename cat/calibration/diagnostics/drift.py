"""Has an item moved since it was calibrated before? Parameters of two calibrations on one scale.

Robust z: the difference of difficulties, less the median of all differences, over 0.74 times
their interquartile range (which is the sd of normal differences, and is not moved by a few that
drifted); Huynh & Meyer (2010), Practical Assessment, Research & Evaluation 15(2). Slopes enter by
their logarithms. Displacement is the difference once the whole set has been shifted; the area is
the mean size of the difference of expected points over a standard normal population.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.calibration.diagnostics.fitted import category_chances
from cat.calibration.estimates import Estimate
from cat.calibration.linking import Link, Weights, common_items, link
from cat.errors import BadInput

Floats = NDArray[np.float64]

# Huynh & Meyer's bound for difficulties: 1.645, a two-sided test at 10 %.
ROBUST_Z = 1.645
# Displacements below this do no harm to a link whatever their z (half a logit is a rule of the
# Rasch tradition: Linacre, Winsteps manual; a third keeps a margin).
LEAST_DISPLACEMENT = 0.3
FEWEST_COMMON = 5


@dataclass(frozen=True)
class Drift:
    """One common item, new against old, on the old scale.

    displacement : logits, > 0 where the item became harder; of ordered items the mean threshold.
    robust_z : of it. log_ratio : log of new slope over old. slope_z : its robust z; NaN where
        all slopes agree. z : displacement over its standard error; NaN without standard errors.
    area : mean size of the difference of expected points. has_drifted : by both displacement
        and robust z, see LEAST_DISPLACEMENT and ROBUST_Z.
    """

    item: str
    displacement: float
    robust_z: float
    log_ratio: float
    slope_z: float
    z: float
    area: float
    has_drifted: bool


def drift(
    old: Sequence[Estimate], new: Sequence[Estimate], by: Link, names: Sequence[str]
) -> tuple[Drift, ...]:
    """Compare the items `names` of two calibrations, the new one being moved by the link `by`.

    Raises BadInput for fewer than FEWEST_COMMON items: their median would say nothing.
    """
    if len(names) < FEWEST_COMMON:
        raise BadInput(
            f"drift is judged from {FEWEST_COMMON} common items on; there are {len(names)}",
            rule="common",
            value=len(names),
        )
    before = {one.item: one for one in old}
    after = {one.item: one for one in new}
    pairs = [(before[name], after[name]) for name in names]
    moved = np.array([by.slope * np.mean(b.b) + by.intercept - np.mean(a.b) for a, b in pairs])
    ratio = np.array([np.log(b.a / by.slope / a.a) for a, b in pairs])
    z, slope_z = robust_z(moved), robust_z(ratio)
    displacement = moved - np.median(moved)
    return tuple(
        Drift(
            item=name,
            displacement=float(displacement[i]),
            robust_z=float(z[i]),
            log_ratio=float(ratio[i]),
            slope_z=float(slope_z[i]),
            z=float(displacement[i] / _error(*pairs[i], by.slope)),
            area=_area(*pairs[i], by),
            has_drifted=bool(abs(z[i]) > ROBUST_Z and abs(displacement[i]) > LEAST_DISPLACEMENT),
        )
        for i, name in enumerate(names)
    )


def link_without_drift(
    old: Sequence[Estimate],
    new: Sequence[Estimate],
    linker: Callable[..., Link] = link,
) -> tuple[Link, tuple[Drift, ...], tuple[str, ...]]:
    """A link by the common items that stayed where they were.

    All common items make a first link; those that drifted are left out and it is made again, until
    no further one has. Returns the link, the drift of all common items under it, and the left out.
    """
    dropped: tuple[str, ...] = ()
    everything, _, _ = common_items(old, new)
    while True:
        kept, before, after = common_items(old, new, exclude=dropped)
        made = linker(before, after)
        found = drift(old, new, made, everything)
        now = {one.item for one in found if one.has_drifted}
        worst = [name for name in kept if name in now]
        if not worst or len(kept) - len(worst) < FEWEST_COMMON:
            return made, found, dropped
        dropped = (*dropped, *worst)


def robust_z(differences: Floats) -> Floats:
    """(I,) of differences (I,); NaN where more than half of them are the same."""
    low, high = np.percentile(differences, [25, 75])
    spread = 0.74 * (high - low)
    if spread <= 0:
        return np.full(len(differences), np.nan)
    return np.asarray((differences - np.median(differences)) / spread)


def _error(old: Estimate, new: Estimate, slope: float) -> float:
    """Standard error of the displacement, those of thresholds taken as independent."""
    variances = [np.mean(np.square(one.b_se)) / len(one.b) for one in (old, new)]
    return float(np.sqrt(variances[0] + slope**2 * variances[1]))


def _area(old: Estimate, new: Estimate, by: Link) -> float:
    people = Weights.normal()
    was = category_chances(old, people.theta)
    is_now = category_chances(new, (people.theta - by.intercept) / by.slope)
    difference = np.arange(len(was)) @ was - np.arange(len(is_now)) @ is_now
    return float(people.weight @ np.abs(difference))
