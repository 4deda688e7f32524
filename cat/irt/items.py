"""A set of items under one or several response models, as the rest of the engine sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput, BadParameters
from cat.irt import graded, logistic, nominal, partial_credit
from cat.irt.arguments import whole_numbers
from cat.irt.curves import Curves
from cat.irt.models import Model as Model
from cat.irt.models import models_of
from cat.irt.parameters import (
    as_numbers,
    check_shapes,
    check_values,
    checked_theta,
    for_each_item,
)
from cat.irt.responses import NOT_PRESENTED, checked_responses

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Items:
    """Parameters of I items whose categories are numbered from 0; none has more than K.

    model : I response models.
    a : (I,) discrimination, > 0; NaN for nominal items.
    b : (I, K - 1) difficulties, thresholds or steps, logits; NaN beyond an item's own categories
        and for nominal items.
    c, d : (I,) lower and upper asymptote of logistic items, 0 <= c < d <= 1; 0 and 1 elsewhere.
    slopes, intercepts : (I, K) of nominal items, as in `nominal`; NaN elsewhere.

    The arrays become read-only copies. Raises BadParameters, naming the item and the value.
    """

    model: tuple[Model, ...]
    a: Floats
    b: Floats
    c: Floats
    d: Floats
    slopes: Floats | None = None
    intercepts: Floats | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", models_of(self.model))
        for name in self._given:
            values = as_numbers(name, getattr(self, name), _AXES[name])
            values.flags.writeable = False
            object.__setattr__(self, name, values)
        check_shapes(len(self.model), {name: getattr(self, name) for name in self._given})
        right_or_wrong, ordered, unordered = (
            self._follows(model) for model in (Model.LOGISTIC, Model.GRADED, Model.NOMINAL)
        )
        check_values(right_or_wrong, ordered, unordered, self.a, self.b, self.c, self.d)
        if self.slopes is not None and self.intercepts is not None:
            nominal.check(self.slopes, self.intercepts, unordered)
        elif unordered.any():
            item = int(np.argmax(unordered))
            raise BadParameters(f"nominal item {item} needs slopes and intercepts", item=item)

    @property
    def _given(self) -> list[str]:
        return [name for name in _AXES if name in "abcd" or getattr(self, name) is not None]

    def _follows(self, model: Model) -> NDArray[np.bool_]:
        return np.array([own is model for own in self.model], dtype=bool)

    @cached_property
    def categories(self) -> Ints:
        """(I,) number of categories of each item."""
        ordered = 1 + np.isfinite(self.b).sum(axis=1)
        if self.slopes is None:
            return np.asarray(ordered)
        options = np.isfinite(self.slopes).sum(axis=1)
        return np.asarray(np.where(self._follows(Model.NOMINAL), options, ordered))

    @property
    def shape(self) -> tuple[int, int]:
        """(I, K)."""
        return len(self), self.b.shape[1] + 1

    @cached_property
    def groups(self) -> tuple[tuple[Model, Ints | slice, tuple[Floats, ...]], ...]:
        """Each model in use, where its items are, and their parameters as its file takes them."""
        found: list[tuple[Model, Ints | slice, tuple[Floats, ...]]] = []
        for model in dict.fromkeys(self.model):
            at = np.flatnonzero(self._follows(model))
            everywhere = len(at) == len(self)
            found.append((model, slice(None) if everywhere else at, self._arguments(model, at)))
        return tuple(found)

    def _arguments(self, model: Model, at: Ints) -> tuple[Floats, ...]:
        widest = int(self.categories[at].max())
        if model is Model.LOGISTIC:
            return self.a[at], self.b[at, 0], self.c[at], self.d[at]
        if model is Model.NOMINAL and self.slopes is not None and self.intercepts is not None:
            return self.slopes[at, :widest], self.intercepts[at, :widest]
        return self.a[at], self.b[at, : widest - 1]

    def only(self, positions: ArrayLike) -> Items:
        """The items at these positions (M,), in their order; K stays as it is.

        Raises BadInput for a position that is not a whole number in 0..I - 1.
        """
        at = whole_numbers("positions", positions, "(M,)").astype(np.int64)
        outside = (at < 0) | (at >= len(self))
        if outside.any():
            raise BadInput(f"positions must lie in 0..{len(self) - 1}; got {at[outside][0]}")
        arrays: dict[str, Floats] = {name: getattr(self, name)[at] for name in self._given}
        return Items(tuple(self.model[i] for i in at), **arrays)

    def __len__(self) -> int:
        return len(self.model)


class _File(NamedTuple):
    """What the file of a response model offers; each takes theta and the model's parameters."""

    probability: Callable[..., Floats]
    information: Callable[..., Floats]
    curves: Callable[..., Curves]


_FILES = {
    Model.LOGISTIC: _File(logistic.category_probability, logistic.information, logistic.curves),
    Model.GRADED: _File(graded.probability, graded.information, graded.curves),
    Model.PARTIAL_CREDIT: _File(
        partial_credit.probability, partial_credit.information, partial_credit.curves
    ),
    Model.NOMINAL: _File(nominal.probability, nominal.information, nominal.curves),
}
# The arrays of a set of items and how many axes each has.
_AXES = {"a": 1, "b": 2, "c": 1, "d": 1, "slopes": 2, "intercepts": 2}


def logistic_items(a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0, d: ArrayLike = 1.0) -> Items:
    """Items that are right or wrong.

    a, b, c, d : (I,) or one number for all, as in `logistic`. Raises BadParameters.
    """
    a, b, c, d = for_each_item(a=a, b=b, c=c, d=d)
    return Items((Model.LOGISTIC,) * len(a), a, b[:, None], c, d)


def polytomous_items(model: Model, a: ArrayLike, b: ArrayLike) -> Items:
    """Items with ordered categories.

    model : graded or partial credit; a : (I,) or one number; b : (I, K - 1) thresholds or steps,
        logits, NaN beyond an item's own. Raises BadParameters.
    """
    b = as_numbers("b", b, 2)
    a, c, d = for_each_item(a=a, c=np.zeros(len(b)), d=np.ones(len(b)))
    return Items((model,) * len(b), a, b, c, d)


def concatenate(sets: Sequence[Items]) -> Items:
    """One set with the items of all `sets`, in order; K becomes the largest. Returns Items.

    Raises BadInput when there is no set, or when one is not a set of items.
    """
    if not isinstance(sets, Sequence) or not sets:
        raise BadInput("concatenate needs at least one set of items, in a list")
    for items in sets:
        _require_items(items)
    categories = max(items.shape[1] for items in sets)
    arrays = {
        name: np.concatenate([_widened(items, name, categories - (name == "b")) for items in sets])
        for name in _AXES
        if any(name in items._given for items in sets)
    }
    return Items(tuple(model for items in sets for model in items.model), **arrays)


def _widened(items: Items, name: str, width: int) -> Floats:
    """An array of the set, its categories filled up with NaN; all NaN when the set has none."""
    values = getattr(items, name)
    if values is None:
        return np.full((len(items), width), np.nan)
    missing = [(0, 0), (0, width - values.shape[1])] if _AXES[name] == 2 else [(0, 0)]
    return np.pad(values, missing, constant_values=np.nan)


def probability(theta: ArrayLike, items: Items) -> Floats:
    """Chance that each person falls into each category of each item.

    theta : (J,) abilities, logits; items : the I items.

    Returns (J, I, K), adding to 1 over K, 0 in categories that an item does not have.
    Raises BadInput.
    """
    theta = _checked(theta, items)
    p = np.zeros((len(theta), *items.shape))
    for model, at, arguments in items.groups:
        part = _FILES[model].probability(theta, *arguments)
        p[:, at, : part.shape[-1]] = part
    return p


def curves(theta: ArrayLike, items: Items) -> Curves:
    """Probability, score and observed information of every category of every item.

    theta : (J,) abilities, logits; items : the I items.

    Returns Curves of (J, I, K), 0 in categories that an item does not have. Raises BadInput.
    """
    theta = _checked(theta, items)
    shape = (len(theta), *items.shape)
    whole = Curves(np.zeros(shape), np.zeros(shape), np.zeros(shape))
    for model, at, arguments in items.groups:
        part = _FILES[model].curves(theta, *arguments)
        own = slice(part.p.shape[-1])
        whole.p[:, at, own] = part.p
        whole.score[:, at, own] = part.score
        whole.observed[:, at, own] = part.observed
    return whole


def derivatives(theta: ArrayLike, items: Items) -> tuple[Floats, Floats, Floats]:
    """Each category's probability P with dP/dtheta and d2P/dtheta2; each (J, I, K).

    theta : (J,) abilities, logits; items : the I items. Raises BadInput.
    """
    here = curves(theta, items)
    return here.p, here.slope, here.curvature


def information(theta: ArrayLike, items: Items) -> Floats:
    """Fisher information that each item carries about each ability.

    theta : (J,) abilities, logits; items : the I items.

    Returns (J, I), in 1/logit**2; add over items for test information. Raises BadInput.
    """
    theta = _checked(theta, items)
    total = np.empty((len(theta), len(items)))
    for model, at, arguments in items.groups:
        total[:, at] = _FILES[model].information(theta, *arguments)
    return total


def expected_category(theta: ArrayLike, items: Items) -> Floats:
    """Mean category number of each item at each ability; of ordered categories, the expected score.

    theta : (J,) abilities, logits; items : the I items.

    Returns (J, I), 0 to K_i - 1. Raises BadInput.
    """
    return np.asarray(probability(theta, items) @ np.arange(items.shape[1], dtype=float))


def score(theta: ArrayLike, items: Items, responses: ArrayLike) -> Floats:
    """Slope of the log likelihood that each answer contributes: d log P / d theta.

    theta : (J,) abilities, logits; items : the I items; responses : (J, I), 0.. or -1.

    Returns (J, I), 1/logit, 0 where not presented. Raises BadInput.
    """
    return _chosen(curves(theta, items).score, items, responses)


def observed_information(theta: ArrayLike, items: Items, responses: ArrayLike) -> Floats:
    """Bend of the log likelihood that each answer contributes: -d2 log P / d theta2.

    theta : (J,) abilities, logits; items : the I items; responses : (J, I), 0.. or -1.

    Returns (J, I), 1/logit**2, 0 where not presented; its mean over answers is the Fisher
    information. Raises BadInput.
    """
    return _chosen(curves(theta, items).observed, items, responses)


def _checked(theta: ArrayLike, items: Items) -> Floats:
    _require_items(items)
    return checked_theta(theta)


def _require_items(items: object) -> None:
    if not isinstance(items, Items):
        raise BadInput(f"items must be Items; got {type(items).__name__}")


def _chosen(values: Floats, items: Items, responses: ArrayLike) -> Floats:
    """values (J, I, K) of the categories that were answered, 0 where not presented."""
    answered = checked_responses(responses, items)
    if len(answered) != len(values):
        raise BadInput(
            f"responses must have one row a person; got {len(answered)} rows, {len(values)} theta"
        )
    picked = np.take_along_axis(values, np.maximum(answered, 0)[:, :, None], axis=2)[:, :, 0]
    return np.where(answered == NOT_PRESENTED, 0.0, picked)
