"""What an estimator of ability gives back, and how sure it says to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput, NoFiniteEstimate
from cat.irt import items as irt
from cat.irt.items import Items
from cat.scoring.likelihood import blocks, dense, presented

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Fisher information is the mean over all answers that could have been given; observed information
# is the bend of the log likelihood of the answers that were. They agree for items without
# asymptotes under the 2PL, partial credit and nominal models.
Information = Literal["fisher", "observed"]

# Persons named in a message; the evidence of the error holds them all.
_NAMED = 5


class Estimate(NamedTuple):
    """Abilities of J persons; unpacks as `theta, se`.

    theta : (J,) logits; -inf or inf where the answers point beyond every ability, NaN where they
        point nowhere: none were given, or both ends of the scale explain them equally well.
    se : (J,) standard error, logits; inf where theta is not finite.
    """

    theta: Floats
    se: Floats

    @property
    def finite(self) -> NDArray[np.bool_]:
        """(J,) whether there is an estimate."""
        return np.isfinite(self.theta)


def check_information(kind: str) -> None:
    """Refuse a kind of information that there is not; raises BadInput."""
    if kind not in get_args(Information):
        raise BadInput(f"information must be 'fisher' or 'observed'; got {kind!r}", value=kind)


def with_error(
    theta: Floats, answers: Ints, items: Items, kind: Information, prior: Floats | float = 0.0
) -> Estimate:
    """Estimate whose standard error is 1 / sqrt(information at theta).

    theta : (J,) logits, finite or not; answers : (J, I), checked.
    prior : (J,) or one number, information that does not come from answers, 1/logit**2.

    Observed information that is not positive, as 3PL answers can give, makes the error inf.
    """
    finite = np.isfinite(theta)
    here = np.where(finite, theta, 0.0)
    total = np.zeros(len(theta))
    for rows, given, some in dense(answers, items):
        if kind == "fisher":
            each = np.where(given >= 0, irt.information(here[rows], some), 0.0)
        else:
            each = irt.observed_information(here[rows], some, given)
        total[rows] += each.sum(axis=1)
    total = np.where(finite, total + prior, 0.0)
    se = np.full(len(theta), np.inf)
    np.divide(1.0, np.sqrt(np.maximum(total, 0.0)), out=se, where=total > 0)
    return Estimate(theta, se)


def in_blocks(
    answers: Ints, items: Items, width: int, score: Callable[[Ints, Items, slice], Estimate]
) -> Estimate:
    """Estimate of all persons, got from `score` for some rows at a time so that memory stays small.

    answers : (J, I), checked; width : numbers in the widest row that `score` works on, next to
        those for each category of each answer.
    score : (answers of the rows, items, rows) -> Estimate; it sees no item that was presented to
        none of the rows.
    """
    whole = Estimate(np.empty(len(answers)), np.empty(len(answers)))
    most = int((answers >= 0).sum(axis=1).max(initial=0))
    for rows in blocks(len(answers), max(width, most * items.shape[1])):
        whole.theta[rows], whole.se[rows] = score(*presented(answers[rows], items), rows)
    return whole


def refuse_infinite(estimate: Estimate) -> None:
    """Raise NoFiniteEstimate, naming persons and directions, unless everybody has an estimate.

    The evidence of the error holds `persons` and their `theta`.
    """
    persons = np.flatnonzero(~estimate.finite)
    if not len(persons):
        return
    named = ", ".join(f"person {j} ({_direction(estimate.theta[j])})" for j in persons[:_NAMED])
    more = f" and {len(persons) - _NAMED} more" if len(persons) > _NAMED else ""
    raise NoFiniteEstimate(
        f"the answers of {named}{more} have no finite estimate",
        persons=persons,
        theta=estimate.theta[persons],
    )


def _direction(theta: float) -> str:
    if np.isnan(theta):
        return "pointing nowhere"
    return "upwards" if theta > 0 else "downwards"
