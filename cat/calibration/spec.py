"""What a calibration is asked: a model for each item, priors, what is held, which grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import inf, isfinite, log

import numpy as np
from numpy.typing import NDArray

from cat.calibration.answer_checks import first_bad
from cat.errors import BadInput

Floats = NDArray[np.float64]


class ItemModel(StrEnum):
    """Response models by their usual names; all in the logistic metric, D = 1.

    RASCH and PCM hold every slope at 1, and the standard deviation of the first group is
    estimated as long as no other item fixes the unit. ONE_PL estimates one slope that all its
    items share, the standard deviation of the first group being 1. Both are the same model in
    other units.
    """

    RASCH = "rasch"
    ONE_PL = "1pl"
    TWO_PL = "2pl"
    THREE_PL = "3pl"
    GRADED = "grm"
    PARTIAL_CREDIT = "pcm"
    GENERALISED_PARTIAL_CREDIT = "gpcm"

    @property
    def is_dichotomous(self) -> bool:
        return self in (self.RASCH, self.ONE_PL, self.TWO_PL, self.THREE_PL)

    @property
    def has_unit_slope(self) -> bool:
        return self in (self.RASCH, self.PARTIAL_CREDIT)


Models = str | ItemModel | Mapping[str, str] | Sequence[str]


def models_of(models: Models, items: Sequence[str]) -> tuple[ItemModel, ...]:
    """One model for each item.

    models : one word for all, a mapping of item to word, or one word for each item in order.
    Raises BadInput, whose evidence holds `rule` = "model", `item` and `value`.
    """
    if isinstance(models, str):
        words: Sequence[str] = [models] * len(items)
    elif isinstance(models, Mapping):
        missing = [item for item in items if item not in models]
        if missing:
            raise BadInput(f"item {missing[0]} has no model", rule="model", item=missing[0])
        words = [models[item] for item in items]
    else:
        words = models
        if len(words) != len(items):
            raise BadInput(
                f"there must be one model for each of {len(items)} items; got {len(words)}",
                rule="model",
                value=len(words),
            )
    known = {model.value for model in ItemModel}
    for item, word in zip(items, words, strict=True):
        if word not in known:
            raise BadInput(
                f"model must be one of {', '.join(sorted(known))}; item {item} has {word!r}",
                rule="model",
                item=item,
                value=str(word),
            )
    return tuple(ItemModel(word) for word in words)


@dataclass(frozen=True)
class Normal:
    """A normal prior. mean; sd : > 0. Raises BadInput."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (isfinite(self.mean) and 0 < self.sd < inf):
            raise BadInput(
                f"a prior needs a finite mean and an sd above 0; got {self}", rule="prior"
            )


@dataclass(frozen=True)
class Priors:
    """Prior densities on item parameters; None leaves a parameter to the likelihood alone.

    logit_c : normal on log(c / (1 - c)) of 3PL items. The default has its middle at 0.2, the
        chance of one option in five, and two thirds of its mass between 0.13 and 0.29.
    log_a : normal on log a, that is, lognormal on a: it forbids negative slopes, so reversed keys
        then show as slopes near 0.
    b : normal on each difficulty, threshold or step. d : normal on each intercept.
    """

    logit_c: Normal | None = Normal(log(0.2 / 0.8), 0.5)
    log_a: Normal | None = None
    b: Normal | None = None
    d: Normal | None = None

    @property
    def only_on_c(self) -> bool:
        return self.log_a is None and self.b is None and self.d is None


NO_PRIORS = Priors(logit_c=None)


@dataclass(frozen=True)
class FixedItem:
    """An item whose parameters are known and held, so that it anchors the scale.

    a : slope, not 0. b : difficulty, thresholds or steps, logits, D = 1. c : lower asymptote.
    """

    item: str
    a: float
    b: tuple[float, ...]
    c: float = 0.0
    model: ItemModel | str = ItemModel.TWO_PL

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", self.item_model)
        rules = (
            ("a", self.a, isfinite(self.a) and self.a != 0, "finite and not 0"),
            ("b", self.b, bool(self.b) and all(map(isfinite, self.b)), "finite"),
            ("c", self.c, 0 <= self.c < 1, "in [0, 1)"),
            ("c", self.c, self.c == 0 or self.item_model is ItemModel.THREE_PL, "0 unless 3pl"),
            ("b", self.b, not self.item_model.is_dichotomous or len(self.b) == 1, "one difficulty"),
            ("b", self.b, self.item_model is not ItemModel.GRADED or _rises(self.b), "increasing"),
        )
        for name, value, holds, rule in rules:
            if not holds:
                raise BadInput(
                    f"{name} of fixed item {self.item} must be {rule}; got {value}",
                    rule="fixed",
                    item=self.item,
                    value=str(value),
                )

    @property
    def item_model(self) -> ItemModel:
        """The model as a word of ItemModel. Raises BadInput."""
        return models_of(self.model, [self.item])[0]


def _rises(values: tuple[float, ...]) -> bool:
    return all(low < high for low, high in pairwise(values))


@dataclass(frozen=True)
class Quadrature:
    """Where abilities are summed over; weights are the normal density, made to add to 1.

    nodes : how many, equally spaced.
    low, high : first and last node. In standard deviations from each group's mean where the grid
        follows the groups, else logits on the scale of the items.
    follows : whether every group has nodes of its own that move as its mean and sd do.
    """

    nodes: int = 61
    low: float = -6.0
    high: float = 6.0
    follows: bool = True

    def __post_init__(self) -> None:
        if self.nodes < 11 or not (isfinite(self.low) and self.low < self.high < inf):
            raise BadInput(
                f"a grid needs 11 nodes or more and two ends in order; got {self}",
                rule="quadrature",
            )

    @property
    def positions(self) -> Floats:
        """(Q,) nodes before they follow any group."""
        return np.linspace(self.low, self.high, self.nodes)

    @property
    def is_fine(self) -> bool:
        """Whether sums over it are integrals to some seven digits.

        Tails beyond 5 sd hold less than 1e-6, and equally spaced sums of a normal density err by
        about exp(-2 pi**2 / gap**2).
        """
        gap = (self.high - self.low) / (self.nodes - 1)
        return self.low <= -5 and self.high >= 5 and gap <= 0.35


def fixed_grid(nodes: int = 61, low: float = -6.0, high: float = 6.0) -> Quadrature:
    """Nodes that stay where they are, whatever the groups do; to reproduce other programs."""
    return Quadrature(nodes, low, high, follows=False)


def check_fixed(fixed: Sequence[FixedItem], items: Sequence[str]) -> dict[str, FixedItem]:
    """Fixed items by name. Raises BadInput for one that is named twice or has no answers here."""
    found: dict[str, FixedItem] = {}
    wrong = [one.item in [other.item for other in fixed[:i]] for i, one in enumerate(fixed)]
    twice = first_bad(np.array(wrong, dtype=bool))
    if twice is not None:
        raise BadInput(
            f"item {fixed[twice].item} is fixed twice", rule="fixed", item=fixed[twice].item
        )
    known = set(items)
    for one in fixed:
        if one.item not in known:
            raise BadInput(
                f"fixed item {one.item} is not among the answers", rule="fixed", item=one.item
            )
        found[one.item] = one
    return found
