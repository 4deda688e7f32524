"""Maximum likelihood ability: the one under which the answers were likeliest.

Nothing is bounded in silence. When the likelihood rises towards an end of the scale and never gets
as high at a finite ability, the estimate is that end, and says so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.irt.items import Items
from cat.irt.responses import checked_responses
from cat.scoring import mode
from cat.scoring.estimate import (
    Estimate,
    Information,
    check_information,
    in_blocks,
    refuse_infinite,
    with_error,
)
from cat.scoring.likelihood import log_likelihood, log_likelihood_at, rise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# One height counts as above another when the gap is more than sums of logarithms round.
_ROUNDING = 1e-12


def score(
    responses: ArrayLike,
    items: Items,
    information: Information = "fisher",
    refuse: bool = False,
) -> Estimate:
    """Maximum likelihood ability of each person, the highest maximum where there are several.

    responses : (J, I) categories, -1 where not presented.
    items : the I items, of any models.
    information : which one gives the standard error.
    refuse : whether persons without a finite estimate are an error.

    Returns Estimate; `finite` says who has one. Without asymptotes, everybody has whose answers
    are neither all in the highest nor all in the lowest category. Raises BadInput,
    NoFiniteEstimate, DidNotConverge. Lord (1980), Applications of Item Response Theory, ch. 4.
    """
    check_information(information)
    answers = checked_responses(responses, items)
    nodes = mode.search_nodes(items, rugged=mode.has_asymptotes(items))
    estimate = in_blocks(
        answers,
        items,
        len(nodes),
        lambda some, presented, _: _score(some, presented, nodes, information),
    )
    if refuse:
        refuse_infinite(estimate)
    return estimate


def _score(answers: Ints, items: Items, nodes: Floats, kind: Information) -> Estimate:
    theta = mode.highest(
        log_likelihood(answers, items, nodes),
        nodes,
        lambda here, who: rise(here, answers[who], items),
    )
    low, high = log_likelihood(answers, items, np.array([-mode.FAR, mode.FAR])).T
    here = np.where(np.isfinite(theta), theta, 0.0)
    height = np.where(np.isfinite(theta), log_likelihood_at(here, answers, items), -np.inf)
    towards = np.select([_above(high, low), _above(low, high)], [np.inf, -np.inf], np.nan)
    found = _above(height, np.maximum(low, high))
    return with_error(np.where(found, theta, towards), answers, items, kind)


def _above(one: Floats, other: Floats) -> NDArray[np.bool_]:
    noise = _ROUNDING * (1 + np.abs(np.where(np.isfinite(other), other, 0.0)))
    return np.asarray(one > other + noise)
