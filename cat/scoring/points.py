"""The raw score: points that the law gives for the answers to a fixed form."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from cat.irt import items as irt
from cat.scoring.scale import ReferenceForm


def raw_points(categories: Sequence[int], points_per_category: int, base_points: int) -> int:
    """Points of the answered items; one that was left empty earns nothing, not even base points.

    categories : response category of each answered item, from 0.
    points_per_category, base_points : as in `ReferenceForm`.
    """
    return base_points * len(categories) + points_per_category * sum(categories)


def raw_points_se(theta: float, answered: ReferenceForm | None) -> float:
    """Standard error of the raw score in points: how far it would scatter if a person of this
    ability answered the same items again.

    theta : logits. answered : the answered items; None where there were none.

    Lord (1980), Applications of Item Response Theory to Practical Testing Problems, eq. 4-9, for
    items scored in more than two categories.
    """
    if answered is None:
        return 0.0
    p = irt.probability([theta], answered.items)[0]
    category = np.arange(p.shape[1], dtype=float)
    variance = p @ category**2 - (p @ category) ** 2
    return answered.points_per_category * math.sqrt(float(variance.sum()))
