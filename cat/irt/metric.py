"""The same items on another scale of ability."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt.items import Items
from cat.irt.parameters import as_numbers

Floats = NDArray[np.float64]

# With this constant the logistic curve stays within 0.01 of the normal ogive. Haley (1952),
# Stanford University, Applied Mathematics and Statistics Laboratory, Technical Report 15.
NORMAL = 1.7


def to_logistic_metric(a: ArrayLike, constant: float = NORMAL) -> Floats:
    """Discriminations of L(a(theta - b)), from those of L(D a(theta - b)).

    a : (I,); constant : D, > 0; 1.7 by custom, 1.702 in some programs.

    Returns (I,). Raises BadInput, BadParameters.
    """
    return as_numbers("a", a, 1) * _positive("constant", constant)


def to_normal_metric(a: ArrayLike, constant: float = NORMAL) -> Floats:
    """Discriminations of L(D a(theta - b)), from those of L(a(theta - b)).

    a, constant : as for `to_logistic_metric`. Returns (I,). Raises BadInput, BadParameters.
    """
    return as_numbers("a", a, 1) / _positive("constant", constant)


def rescaled(items: Items, scale: float, shift: float) -> Items:
    """The items for abilities that are measured as scale * theta + shift.

    scale : > 0; shift : logits of the new scale.

    Returns items whose probabilities at the new abilities are the old ones at theta.
    Raises BadInput.
    Kolen & Brennan (2014), Test Equating, Scaling, and Linking, 3rd ed., section 6.2.
    """
    scale = _positive("scale", scale)
    if not np.isfinite(shift):
        raise BadInput(f"shift must be finite; got {shift}")
    changed = {"a": items.a / scale, "b": items.b * scale + shift}
    if items.slopes is not None and items.intercepts is not None:
        changed["slopes"] = items.slopes / scale
        changed["intercepts"] = items.intercepts - items.slopes * (shift / scale)
    return replace(items, **changed)  # type: ignore[arg-type]


def _positive(name: str, value: float) -> float:
    if not (np.isfinite(value) and value > 0):
        raise BadInput(f"{name} must be positive and finite; got {value}")
    return value
