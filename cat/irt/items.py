"""A set of items under one or several response models, as the rest of the engine sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadParameters
from cat.irt import logistic, partial_credit

Floats = NDArray[np.float64]


class Model(StrEnum):
    """Response models; the words are those of files and reports."""

    LOGISTIC = "logistic"
    PARTIAL_CREDIT = "partial_credit"


@dataclass(frozen=True)
class Items:
    """Parameters of I items whose categories are numbered from 0; K is the largest item's number.

    model : I response models.
    a : (I,) discrimination, > 0.
    b : (I, K - 1) difficulties, thresholds or steps, logits; NaN beyond an item's own categories.
    c, d : (I,) lower and upper asymptote of logistic items, 0 <= c < d <= 1; 0 and 1 elsewhere.

    Raises BadParameters, naming the item and the value.
    """

    model: tuple[Model, ...]
    a: Floats
    b: Floats
    c: Floats
    d: Floats

    @cached_property
    def categories(self) -> NDArray[np.int64]:
        """(I,) number of categories of each item."""
        return np.asarray(1 + np.isfinite(self.b).sum(axis=1))

    def __len__(self) -> int:
        return len(self.a)


def logistic_items(
    a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0, d: ArrayLike = 1.0
) -> Items:
    """Items that are right or wrong; a, b, c, d : (I,) or one number for all."""
    a, b, c, d = np.broadcast_arrays(*(np.atleast_1d(np.asarray(x, float)) for x in (a, b, c, d)))
    return Items((Model.LOGISTIC,) * len(a), a, b[:, None], c, d)


def polytomous_items(model: Model, a: ArrayLike, b: ArrayLike) -> Items:
    """Items with ordered categories; a : (I,); b : (I, K - 1), NaN beyond an item's own."""
    a, b = np.atleast_1d(np.asarray(a, float)), np.atleast_2d(np.asarray(b, float))
    return Items((model,) * len(a), a, b, np.zeros(len(a)), np.ones(len(a)))
