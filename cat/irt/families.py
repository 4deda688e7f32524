"""Sets of items of models that are special cases of others, and of the nominal model."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cat.irt.items import Items, Model, polytomous_items
from cat.irt.nominal import checked
from cat.irt.parameters import as_numbers


def partial_credit_items(steps: ArrayLike, a: float = 1.0) -> Items:
    """Items of the partial credit model, which share one discrimination.

    steps : (I, K - 1) logits, NaN beyond an item's own; a : > 0. Raises BadParameters.
    Masters (1982), Psychometrika 47, 149-174.
    """
    return polytomous_items(Model.PARTIAL_CREDIT, a, steps)


def rating_scale_items(location: ArrayLike, thresholds: ArrayLike, a: float = 1.0) -> Items:
    """Items of the rating scale model, whose steps lie alike around each item's location.

    location : (I,) logits; thresholds : (K - 1,) distance of each step from the location, logits;
    a : > 0. Raises BadParameters. Andrich (1978), Psychometrika 43, 561-573.
    """
    location, thresholds = (
        as_numbers("location", location, 1),
        as_numbers("thresholds", thresholds, 1),
    )
    return partial_credit_items(location[:, None] + thresholds, a)


def nominal_items(slopes: ArrayLike, intercepts: ArrayLike) -> Items:
    """Items whose options have no order.

    slopes, intercepts : (I, K), 1/logit and 1, NaN beyond an item's own. Raises BadParameters.
    Bock (1972), Psychometrika 37, 29-51.
    """
    slopes, intercepts = checked(slopes, intercepts)
    nothing = np.full(slopes.shape, np.nan)
    return Items(
        (Model.NOMINAL,) * len(slopes),
        a=nothing[:, 0],
        b=nothing[:, 1:],
        c=np.zeros(len(slopes)),
        d=np.ones(len(slopes)),
        slopes=slopes,
        intercepts=intercepts,
    )
