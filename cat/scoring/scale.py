"""From theta to the statutory points scale, through the reference form.

The reference form is a published list of items of the legal length. Its test characteristic curve
says how many points a person of given ability would be expected to earn on it; that is the nilai
of an adaptive part, so everybody's nilai refers to one and the same form.
Lord (1980), Applications of Item Response Theory to Practical Testing Problems, ch. 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt import items as irt
from cat.irt.arguments import count, number, numbers
from cat.irt.items import Items, Model
from cat.scoring import mode, root

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ReferenceForm:
    """The reference form of one part.

    items : one or more, of any models whose categories are ordered.
    points_per_category : what one category step is worth: 5 for a right answer, 1 in tkp; >= 1.
    base_points : points of the lowest category: 0, or 1 in tkp; >= 0.

    Raises BadInput.
    """

    items: Items
    points_per_category: int
    base_points: int

    def __post_init__(self) -> None:
        count("points_per_category", self.points_per_category, least=1)
        count("base_points", self.base_points)
        if not isinstance(self.items, Items) or not len(self.items):
            raise BadInput(f"items must be Items, one at least; got {self.items!r}")
        if Model.NOMINAL in self.items.model:
            item = self.items.model.index(Model.NOMINAL)
            raise BadInput(
                f"categories must be ordered to be worth points; item {item} is nominal", item=item
            )

    @property
    def maximum(self) -> int:
        """Points of a perfect answer sheet."""
        steps = int((self.items.categories - 1).sum())
        return len(self.items) * self.base_points + self.points_per_category * steps

    def only(self, items: Sequence[int]) -> ReferenceForm:
        """The form made of the items at these positions. Raises BadInput."""
        return replace(self, items=self.items.only(items))


def expected_points(theta: ArrayLike, form: ReferenceForm) -> Floats:
    """Points that persons of ability theta (J,), logits, are expected to earn on the form.

    Returns (J,). Raises BadInput.
    """
    category = irt.expected_category(theta, form.items)
    return np.asarray((form.base_points + form.points_per_category * category).sum(axis=1))


def slope(theta: ArrayLike, form: ReferenceForm) -> Floats:
    """Points gained on the form per logit at theta (J,), logits; returns (J,). Raises BadInput."""
    rises = irt.curves(theta, form.items).slope.sum(axis=1)
    return np.asarray(form.points_per_category * (rises @ np.arange(rises.shape[1], dtype=float)))


def theta_of_points(points: ArrayLike, form: ReferenceForm) -> Floats:
    """Ability at which a person is expected to earn these points: the inverse of `expected_points`.

    form : the reference form.
    points : (J,) strictly between what the lowest and the highest abilities are expected to earn;
        with guessing, the lowest earn more than the base.

    Returns (J,) logits. Raises BadInput, naming the value and the range; DidNotConverge.
    Kolen & Brennan (2014), Test Equating, Scaling, and Linking, 3rd ed., ch. 6.
    """
    wanted = numbers("points", points)
    if wanted.ndim != 1:
        raise BadInput(f"points must be (J,); got shape {wanted.shape}")
    lowest, highest = expected_points([-mode.FAR, mode.FAR], form)
    legal = (wanted > lowest) & (wanted < highest)
    if not legal.all():
        person = int(np.argmin(legal))
        raise BadInput(
            f"points must lie strictly between {lowest:g} and {highest:g}, the range of the form;"
            f" number {person} is {wanted[person]:g}",
            person=person,
            value=wanted[person],
        )
    inside = mode.search_nodes(form.items, rugged=False)
    nodes = np.concatenate([[-mode.FAR], inside[np.abs(inside) < mode.FAR], [mode.FAR]])
    # The curve rises, so that the first node that earns as much closes the bracket.
    at = np.searchsorted(np.maximum.accumulate(expected_points(nodes, form)), wanted)

    def lacking(theta: Floats, who: Ints) -> tuple[Floats, Floats]:
        return wanted[who] - expected_points(theta, form), -slope(theta, form)

    low, high = nodes[at - 1], nodes[at]
    return root.of_falling(lacking, low, high, (low + high) / 2)


def nilai(theta: float, form: ReferenceForm, answered: int, length: int) -> int:
    """The nilai of one part: expected points, less the share of the part that was left unanswered.

    theta : logits; form : the reference form of the part.
    answered, length : items answered, >= 0, and items that the part has, >= 1. An unanswered item
        earns nothing in the law, so a part broken off after 10 of 20 items keeps half of the
        points.

    Returns whole points, halves rounded up. Raises BadInput.
    """
    _check_progress(answered, length)
    points = float(expected_points([theta], form)[0]) * answered / length
    return math.floor(points + 0.5)


def nilai_se(theta: float, se: float, form: ReferenceForm, answered: int, length: int) -> float:
    """Standard error of the nilai in points, by the delta method.

    theta, se : logits, se >= 0; form, answered, length : as for `nilai`. Raises BadInput.
    """
    _check_progress(answered, length)
    if number("se", se) < 0:
        raise BadInput(f"se must be >= 0; got {se}")
    return float(slope([theta], form)[0]) * se * answered / length


def _check_progress(answered: int, length: int) -> None:
    if count("answered", answered) > count("length", length, least=1):
        raise BadInput(f"answered must be at most length = {length}; got {answered}")
