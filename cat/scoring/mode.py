"""Where a function of ability is highest, person by person.

A likelihood with guessing can have several maxima, so it is first laid out on nodes that no
maximum can hide between, and every peak seen there is climbed.
Samejima (1973), Psychometrika 38, 221-233, on the maxima of the three-parameter likelihood.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadParameters, DidNotConverge
from cat.irt.items import Items, Model
from cat.scoring import root
from cat.scoring.root import Function

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# The ends of the scale, in logits: out there the curves are flat whenever a > 1e-4.
FAR = 1e6
# Distance of the nodes, in widths over which a curve bends: 1 / a of the steepest item where there
# may be several maxima, else of the median one.
_STEP = 0.5
_MOST_NODES = 100_000
# The nodes go on in even steps for this many median widths beyond the outermost difficulty.
_MARGIN = 3.0
# From there on, each is this much farther from the middle, until exp(-_FLAT) is below rounding.
_GROWTH, _FLAT = 1.2, 40.0
# Share of an item's widest gap between slopes below which two options are as good as parallel.
_SLIGHT = 0.1
# Heights that differ by less than this share are equal: sums of logarithms round so.
_ROUNDING = 1e-12


def search_nodes(items: Items, rugged: bool) -> Floats:
    """(Q,) abilities that lie dense where the items' curves bend, and reach to where all are flat.

    items : any models.
    rugged : whether the function may have several maxima; one alone needs few nodes.

    Without items the nodes only span the scale. Raises BadParameters when the items lie so far
    apart, as measured by the steepest, that the nodes would be too many.
    """
    if not len(items):
        return np.array([-FAR, 0.0, FAR])
    spans = [span for model, _, parameters in items.groups for span in _spans(model, parameters)]
    places = np.concatenate([places for places, _ in spans])
    rates = np.concatenate([rates for _, rates in spans])
    width = 1 / np.median(rates)
    low, high = places.min() - _MARGIN * width, places.max() + _MARGIN * width
    step = _STEP / rates.max() if rugged else _STEP * width
    if (high - low) / step > _MOST_NODES:
        raise BadParameters(
            f"items must lie within {_MOST_NODES * step:g} logits, as the steepest has"
            f" a = {rates.max():g}; they lie between {places.min():g} and {places.max():g}"
        )
    even = np.linspace(low, high, 1 + int(np.ceil((high - low) / step)))
    middle, half = (low + high) / 2, (high - low) / 2
    farthest = min(FAR, half + _FLAT / rates.min())
    rings = half * _GROWTH ** np.arange(1, 2 + np.ceil(np.log(farthest / half) / np.log(_GROWTH)))
    return np.concatenate([middle - rings[::-1], even, middle + rings])


def has_asymptotes(items: Items) -> bool:
    """Whether any item can be answered right by luck or wrong by slip: 3PL or 4PL."""
    return bool((items.c > 0).any() or (items.d < 1).any())


def _spans(model: Model, parameters: tuple[Floats, ...]) -> Iterator[tuple[Floats, Floats]]:
    """Where the curves of items of one model bend, in logits, and how fast, in 1/logit."""
    if model is not Model.NOMINAL:
        a, b = parameters[:2]
        yield b[np.isfinite(b)], a
        return
    for slopes, intercepts in zip(*parameters, strict=True):
        gaps = np.subtract.outer(slopes, slopes)
        one, other = np.nonzero(gaps > 0)
        crossing = (intercepts[other] - intercepts[one]) / gaps[one, other]
        # Options with nearly the same slope may cross anywhere, for it hardly matters.
        matters = gaps[one, other] > _SLIGHT * gaps.max()
        yield crossing[matters], gaps[one, other]


def highest(values: Floats, nodes: Floats, rise: Function, exact_slope: bool = True) -> Floats:
    """Ability at which each person's function is highest.

    values : (J, Q) heights at the nodes, up to a constant; nodes : (Q,) ascending, logits.
    rise, exact_slope : derivative of the functions, as `root.of_falling` takes it.

    Returns (J,); NaN where the heights have no peak inside the nodes. Raises DidNotConverge.
    """
    noise = _ROUNDING * (1 + np.abs(np.where(np.isfinite(values), values, 0.0)))
    middle, left, right = values[:, 1:-1], values[:, :-2], values[:, 2:]
    peak = (middle >= left) & (middle >= right)
    peak &= (middle > left + noise[:, 1:-1]) | (middle > right + noise[:, 1:-1])
    who, at = np.nonzero(peak)
    at += 1
    theta = root.of_falling(
        lambda here, which: rise(here, who[which]),
        low=nodes[at - 1],
        high=nodes[at + 1],
        start=_vertex(values[who, at - 1], values[who, at], values[who, at + 1], nodes, at),
        exact_slope=exact_slope,
    )
    climbed = values[who, at]
    rivals = np.flatnonzero(np.bincount(who, minlength=len(values))[who] > 1)
    if len(rivals):
        climbed[rivals] += _climb(rise, who[rivals], nodes[at[rivals]], theta[rivals])
    result = np.full(len(values), np.nan)
    # The last of each person in this order is their highest, and the last to be written stays.
    order = np.lexsort((climbed, who))
    result[who[order]] = theta[order]
    return result


def require_found(theta: Floats, expected: NDArray[np.bool_]) -> None:
    """Raise DidNotConverge, with `persons`, when one who is expected to have a maximum has none.

    theta : (J,) as `highest` returns it; expected : (J,).
    """
    persons = np.flatnonzero(np.isnan(theta) & expected)
    if len(persons):
        raise DidNotConverge(
            f"no maximum inside the nodes for {len(persons)} persons of a block of {len(theta)},"
            f" the first at row {persons[0]}",
            persons=persons,
        )


def _vertex(left: Floats, middle: Floats, right: Floats, nodes: Floats, at: Ints) -> Floats:
    """Top of the parabola through the heights at nodes at - 1, at, at + 1; else the node itself."""
    back, ahead = nodes[at] - nodes[at - 1], nodes[at + 1] - nodes[at]
    with np.errstate(invalid="ignore", divide="ignore"):
        up, down = (middle - left) / back, (middle - right) / ahead
        shift = (up * ahead - down * back) / (2 * (up + down))
    inside = (shift > -back) & (shift < ahead)
    return nodes[at] + np.where(inside, shift, 0.0)


def _climb(rise: Function, who: Ints, start: Floats, end: Floats) -> Floats:
    """Height gained from `start` to a maximum at `end`, by Simpson's rule on the derivative."""
    at_start, _ = rise(start, who)
    halfway, _ = rise((start + end) / 2, who)
    return np.asarray((end - start) / 6 * (at_start + 4 * halfway))
