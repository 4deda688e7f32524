"""Two calibrations on one scale, by the items that both contain.

theta_old = A theta_new + B turns slopes into a / A and difficulties into A b + B. Mean-sigma: Marco
(1977), Journal of Educational Measurement 14, 139-160; mean-mean: Loyd & Hoover (1980), ibid. 17,
179-193; Haebara (1980), Japanese Psychological Research 22, 144-149; Stocking & Lord (1983),
Applied Psychological Measurement 7, 201-210. All four in Kolen & Brennan (2004), Test Equating,
Scaling, and Linking, 2nd ed., section 6.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy  # loads its optimisers when first used: 20 MB that most web processes never need
from numpy.typing import NDArray

from cat.calibration.estimates import Calibrated, Estimate
from cat.errors import BadInput, DidNotConverge
from cat.irt import items as irt
from cat.irt.items import Items, Model, concatenate, logistic_items, polytomous_items
from cat.irt.metric import rescaled, to_logistic_metric

Floats = NDArray[np.float64]
Method = Literal["mean-mean", "mean-sigma", "haebara", "stocking-lord"]

METHODS: tuple[Method, ...] = ("mean-mean", "mean-sigma", "haebara", "stocking-lord")
_ORDERED = {"grm": Model.GRADED, "pcm": Model.PARTIAL_CREDIT, "gpcm": Model.PARTIAL_CREDIT}


@dataclass(frozen=True)
class Link:
    """theta on the old scale = slope * theta on the new one + intercept.

    slope : > 0. common : items that made it. loss : what the curve methods leave, 0 for the others:
        weighted mean squared difference, of categories' chances (Haebara) or of the expected sum.
    """

    method: Method
    slope: float
    intercept: float
    common: int
    loss: float

    def items(self, new: Items) -> Items:
        """The items of the new calibration on the old scale."""
        return rescaled(new, self.slope, self.intercept)

    def ability(self, theta: Floats) -> Floats:
        """Abilities of the new calibration on the old scale."""
        return np.asarray(self.slope * np.asarray(theta, dtype=float) + self.intercept)


@dataclass(frozen=True)
class Weights:
    """Where curves are compared: theta (Q,) and weights (Q,) that add to 1."""

    theta: Floats
    weight: Floats

    @classmethod
    def normal(cls, mean: float = 0.0, sd: float = 1.0, nodes: int = 61) -> Weights:
        """A normal population on nodes within 6 sd."""
        z = np.linspace(-6, 6, nodes)
        density = np.exp(-(z**2) / 2)
        return cls(mean + sd * z, density / density.sum())


def link(
    old: Items,
    new: Items,
    method: Method = "stocking-lord",
    *,
    old_weights: Weights | None = None,
    new_weights: Weights | None = None,
    symmetric: bool = False,
) -> Link:
    """The link from the common items, which stand in the same order in both sets.

    old, new : parameters on either scale, D = 1; see `to_logistic_metric` for others.
    old_weights : abilities at which curves are compared, on the old scale; standard normal unless
        given. symmetric : whether they are compared at `new_weights`, on the new scale, as well.

    Raises BadInput for different numbers of items or categories and fewer than two, and
    DidNotConverge.
    """
    _check(old, new)
    if method not in METHODS:
        raise BadInput(f"method must be one of {', '.join(METHODS)}; got {method}", rule="method")
    if method in ("mean-mean", "mean-sigma"):
        slope = _moment_slope(old, new, method)
        shift = float(np.nanmean(old.b) - slope * np.nanmean(new.b))
        return Link(method, slope, shift, len(old), 0.0)
    start = link(old, new, "mean-sigma" if _spread(new.b) and _spread(old.b) else "mean-mean")
    here = old_weights or Weights.normal()
    there = (new_weights or Weights.normal()) if symmetric else None
    base_here = irt.probability(here.theta, old)
    base_there = irt.probability(there.theta, new) if there else None

    def loss(x: Floats) -> float:
        slope, shift = float(np.exp(x[0])), float(x[1])
        moved = irt.probability((here.theta - shift) / slope, new)
        total = _loss(base_here, moved, here.weight, method)
        if there is not None and base_there is not None:
            back = irt.probability(slope * there.theta + shift, old)
            total += _loss(base_there, back, there.weight, method)
        return total

    first = np.array([np.log(start.slope), start.intercept])
    found = scipy.optimize.minimize(
        loss, first, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-15}
    )
    if not found.success:
        raise DidNotConverge(f"{method} linking did not converge: {found.message}")
    return Link(method, float(np.exp(found.x[0])), float(found.x[1]), len(old), float(found.fun))


def common_items(
    old: Calibrated | Sequence[Estimate],
    new: Calibrated | Sequence[Estimate],
    exclude: Sequence[str] = (),
) -> tuple[tuple[str, ...], Items, Items]:
    """Names and parameters of the items that both calibrations have with positive slopes.

    Items that were estimated with other categories in one of the two are not common.
    """
    before, after = _by_name(old), _by_name(new)
    names = tuple(
        name
        for name, one in before.items()
        if name in after and name not in exclude and _is_comparable(one, after[name])
    )
    if not names:
        raise BadInput("the two calibrations have no item in common", rule="common", value=0)
    return names, as_items([before[n] for n in names]), as_items([after[n] for n in names])


def as_items(estimates: Sequence[Estimate]) -> Items:
    """Estimates as the engine's items. Raises BadParameters for a slope that is not above 0."""
    return concatenate([_one_item(one) for one in estimates])


def items_of_table(a: Floats, b: Floats, c: Floats, constant: float = 1.0) -> Items:
    """3PL items published with L(D a (theta - b)); constant : D, such as 1.7."""
    return logistic_items(to_logistic_metric(a, constant), b, c)


def _one_item(one: Estimate) -> Items:
    if one.model.is_dichotomous:
        return logistic_items([one.a], [one.b[0]], [one.c])
    return polytomous_items(_ORDERED[one.model.value], [one.a], [one.b])


def _by_name(estimates: Calibrated | Sequence[Estimate]) -> Mapping[str, Estimate]:
    listed = estimates.items if isinstance(estimates, Calibrated) else estimates
    return {one.item: one for one in listed}


def _is_comparable(one: Estimate, other: Estimate) -> bool:
    return (
        bool(one.b and other.b)
        and one.used == other.used
        and one.model.is_dichotomous == other.model.is_dichotomous
        and one.a > 0
        and other.a > 0
    )


def _check(old: Items, new: Items) -> None:
    if len(old) != len(new) or len(old) < 2:
        raise BadInput(
            f"linking needs the same two or more items in both; got {len(old)} and {len(new)}",
            rule="common",
            value=len(new),
        )
    for i, (k, other) in enumerate(zip(old.categories, new.categories, strict=True)):
        if k != other:
            raise BadInput(
                f"common item {i} has {k} categories in one set and {other} in the other",
                rule="common",
                item=i,
            )


def _moment_slope(old: Items, new: Items, method: Method) -> float:
    if method == "mean-mean":
        return float(new.a.mean() / old.a.mean())
    if not _spread(new.b) or not _spread(old.b):
        raise BadInput("mean-sigma needs difficulties that differ", rule="spread")
    return _spread(old.b) / _spread(new.b)


def _spread(b: Floats) -> float:
    return float(np.nanstd(b))


def _loss(base: Floats, moved: Floats, weight: Floats, method: Method) -> float:
    """base, moved : (Q, I, K)."""
    if method == "haebara":
        return float(weight @ ((base - moved) ** 2).sum(axis=(1, 2)))
    points = np.arange(base.shape[2])
    return float(weight @ ((base - moved) @ points).sum(axis=1) ** 2)
