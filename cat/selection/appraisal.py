"""What speaks for each item: the belief about a person, the criterion's scores, the lots drawn.

All draws are functions of the sitting's seed: item n uses counter n; exposure control and criteria
have ranges of their own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.selection.adaptive_part import AdaptivePart
from cat.selection.known import Known
from cat.selection.progress import Progress
from cat.selection.randomness import uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Seeds = NDArray[np.uint64]
Number = int | Ints  # one for all, or (J,)

_ADMISSION_STREAM = 1 << 40
_CRITERION_STREAM = 1 << 48


def scores(
    part: AdaptivePart,
    progress: Progress,
    present: Floats,
    seeds: NDArray[np.uint64],
    number: Number,
) -> Floats:
    """What the criterion says of each item, (J, I); present : (J, Q), see `belief`."""
    stream = _CRITERION_STREAM + (part.stream << 40) + (np.asarray(number)[..., None] << 24)

    def chance(items: Ints) -> Floats:
        return uniform(seeds[:, None], stream + items)

    known = Known(
        posterior=present,
        likelihood=progress.likelihood,
        answered=progress.answered,
        length=part.longest,
        quadrature=part.tables.quadrature,
        chance=chance,
    )
    return part.criterion(known, part.tables)


def belief(progress: Progress) -> Floats:
    """Posterior (J, Q) under each person's own prior, with which items are chosen."""
    product = progress.likelihood * progress.prior
    product /= product.sum(axis=1, keepdims=True)
    return product


def admission_chance(part: AdaptivePart, seeds: NDArray[np.uint64], items: Ints) -> Floats:
    """Uniform numbers that decide for a whole part which items (J, W) are open to persons (J,)."""
    return uniform(seeds[:, None], _ADMISSION_STREAM + (part.stream << 24) + items)
