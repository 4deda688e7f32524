"""Warm's weighted likelihood ability: the maximum likelihood estimate less most of its bias.

It solves l'(theta) + J(theta) / (2 I(theta)) = 0, where l is the log likelihood, I the Fisher
information and J the sum of p' p'' / p over items and categories. Where no item has asymptotes J is
the derivative of I, and the weight is sqrt(I), Jeffreys' prior. For items with asymptotes the two
differ; the R package mirt takes sqrt(I) there too, catR offers either.
Warm (1989), Psychometrika 54, 427-450; ordered categories: Samejima (1993), Psychometrika 58,
119-138, and Wang & Wang (2001), Applied Psychological Measurement 25, 317-331.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.errors import BadInput
from cat.irt import items as irt
from cat.irt.curves import Curves
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
from cat.scoring.likelihood import dense, log_likelihood, sum_of_chosen

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Weight = Literal["warm", "jeffreys"]


def score(
    responses: ArrayLike,
    items: Items,
    information: Information = "fisher",
    refuse: bool = False,
    weight: Weight = "warm",
) -> Estimate:
    """Weighted likelihood ability of each person, at the highest maximum of weight x likelihood.

    responses : (J, I) categories, -1 where not presented.
    items : the I items, of any models.
    information : which one gives the standard error.
    refuse : whether persons without an estimate are an error.
    weight : Warm's, whose logarithm rises by J / (2 I), or Jeffreys' sqrt(I).

    Returns Estimate; everybody who answered anything has a finite one, whatever the answers.
    Raises BadInput, NoFiniteEstimate, DidNotConverge.
    """
    check_information(information)
    if weight not in get_args(Weight):
        raise BadInput(f"weight must be 'warm' or 'jeffreys'; got {weight!r}", value=weight)
    answers = checked_responses(responses, items)
    # The weight can have several maxima even where the likelihood has one.
    nodes = mode.search_nodes(items, rugged=True)
    estimate = in_blocks(
        answers,
        items,
        len(nodes),
        lambda some, presented, _: _score(some, presented, nodes, information, weight),
    )
    if refuse:
        refuse_infinite(estimate)
    return estimate


def _score(
    answers: Ints, items: Items, nodes: Floats, kind: Information, weight: Weight
) -> Estimate:
    given = answers >= 0

    def slope(here: Floats, who: Ints) -> tuple[Floats, Floats]:
        first, fisher, skew = np.zeros((3, len(here)))
        for rows, own, some in dense(answers[who], items):
            curves = irt.curves(here[rows], some)
            first[rows] += sum_of_chosen(curves.score, own)
            for total, part in zip((fisher, skew), _moments(curves, weight), strict=True):
                total[rows] += np.where(own >= 0, part, 0.0).sum(axis=1)
        # The slope of the pull is left out, so this only resembles the slope of the sum.
        return first + _pull(fisher, skew), -fisher

    moments = _moments(irt.curves(nodes, items), weight)
    fisher, skew = (given.astype(float) @ part.T for part in moments)
    heights = log_likelihood(answers, items, nodes) + _log_weight(fisher, skew, nodes)
    theta = mode.highest(heights, nodes, slope, exact_slope=False)
    mode.require_found(theta, np.asarray(given.any(axis=1)))
    return with_error(theta, answers, items, kind)


def _moments(curves: Curves, weight: Weight) -> tuple[Floats, Floats]:
    """Each item's share of I, the mean of score**2, and of what the slope of the weight's logarithm
    is made of: J, the mean of score * p'' / p, or the derivative of I; (J, I) each.
    """
    bend = curves.observed if weight == "warm" else 2 * curves.observed
    skew = (curves.p * curves.score * (curves.score**2 - bend)).sum(axis=-1)
    return curves.information, skew


def _pull(fisher: Floats, skew: Floats) -> Floats:
    """skew / (2 I), the slope of the log weight; 0 where the information has vanished."""
    return np.divide(skew, 2 * fisher, out=np.zeros_like(fisher), where=fisher > 0)


def _log_weight(fisher: Floats, skew: Floats, nodes: Floats) -> Floats:
    """(J, Q) log of the weight up to a constant: its slope, integrated from node to node.

    It has no closed form where items have asymptotes. The trapezoids are good enough to tell which
    of several maxima is the highest; where the maxima are does not depend on them.
    """
    pull = _pull(fisher, skew)
    rises = (pull[:, 1:] + pull[:, :-1]) / 2 * np.diff(nodes)
    weight = np.concatenate([np.zeros((len(pull), 1)), rises.cumsum(axis=1)], axis=1)
    return np.where(fisher > 0, weight, -np.inf)
