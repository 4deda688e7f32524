"""The same items on another scale of ability."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.irt.arguments import number, positive
from cat.irt.items import Items
from cat.irt.parameters import as_numbers, check_discrimination

Floats = NDArray[np.float64]

# With this constant the logistic curve stays within 0.01 of the normal ogive. Haley (1952),
# Stanford University, Applied Mathematics and Statistics Laboratory, Technical Report 15.
NORMAL = 1.7


def to_logistic_metric(a: ArrayLike, constant: float = NORMAL) -> Floats:
    """Discriminations of L(a(theta - b)), from those of L(D a(theta - b)).

    a : (I,), > 0; constant : D, > 0; 1.7 by custom, 1.702 in some programs.

    Returns (I,). Raises BadInput, BadParameters.
    """
    return _discriminations(a) * positive("constant", constant)


def to_normal_metric(a: ArrayLike, constant: float = NORMAL) -> Floats:
    """Discriminations of L(D a(theta - b)), from those of L(a(theta - b)).

    a, constant : as for `to_logistic_metric`. Returns (I,). Raises BadInput, BadParameters.
    """
    return _discriminations(a) / positive("constant", constant)


def rescaled(items: Items, scale: float, shift: float) -> Items:
    """The items for abilities that are measured as scale * theta + shift.

    scale : > 0; shift : logits of the new scale.

    Returns items whose probabilities at the new abilities are the old ones at theta.
    Raises BadInput.
    Kolen & Brennan (2014), Test Equating, Scaling, and Linking, 3rd ed., section 6.2.
    """
    scale, shift = positive("scale", scale), number("shift", shift)
    changed = {"a": items.a / scale, "b": items.b * scale + shift}
    if items.slopes is not None and items.intercepts is not None:
        changed["slopes"] = items.slopes / scale
        changed["intercepts"] = items.intercepts - items.slopes * (shift / scale)
    return replace(items, **changed)  # type: ignore[arg-type]


def _discriminations(a: ArrayLike) -> Floats:
    a = as_numbers("a", a, 1)
    check_discrimination(a)
    return a
