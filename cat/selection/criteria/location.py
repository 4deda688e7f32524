"""Where on the ability scale an item lies, as one number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.irt.items import Items


def location(items: Items) -> NDArray[np.float64]:
    """(I,) logits: the difficulty of an item that is right or wrong, else the mean of its
    thresholds or steps.

    Raises BadInput for a nominal item, whose categories have no order.
    """
    own = np.isfinite(items.b)
    steps = own.sum(axis=1)
    if not steps.all():
        item = int(np.argmin(steps))
        raise BadInput(f"butir {item} (nominal) tidak punya tingkat kesukaran", item=item)
    return np.asarray(np.where(own, items.b, 0.0).sum(axis=1) / steps)
