"""Raw scores under a response model: how likely each is, and the ability that each stands for.

A raw score is the sum of category numbers: right answers, or points above the lowest possible.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.irt import items as irt
from cat.irt.items import Items
from cat.irt.responses import checked_responses
from cat.scoring import eap
from cat.scoring.eap import Quadrature
from cat.scoring.estimate import Estimate

Floats = NDArray[np.float64]


class SumScores(NamedTuple):
    """What each raw score 0..S means.

    theta, se : (S + 1,) expected ability and posterior standard deviation, logits; NaN and inf for
        a score so unlikely that its probability is 0.
    probability : (S + 1,) share of the population with that score, adding to 1.
    """

    theta: Floats
    se: Floats
    probability: Floats


def score_distribution(items: Items, nodes: ArrayLike) -> Floats:
    """Chance of each raw score on these items at each node.

    items : of any models; nodes : (Q,) abilities, logits, finite.

    Returns (Q, S + 1), adding to 1 over the scores; S is the sum of the highest categories.
    Raises BadInput. Lord & Wingersky (1984), Applied Psychological Measurement 8, 453-461;
    for ordered categories Thissen, Pommerich, Billeaud & Williams (1995), ibid. 19, 39-49.
    """
    p = irt.probability(nodes, items)
    so_far = np.ones((len(p), 1))
    # Each item lengthens the distribution that the next one starts from: a true recursion.
    for item, categories in enumerate(items.categories):
        width = so_far.shape[1]
        longer = np.zeros((len(p), width + categories - 1))
        for category in range(categories):
            longer[:, category : category + width] += so_far * p[:, item, category, None]
        so_far = longer
    return so_far


def table(items: Items, quadrature: Quadrature) -> SumScores:
    """Expected ability for each raw score on these items, under the prior of the quadrature.

    Returns SumScores. Raises BadInput. Thissen, Pommerich, Billeaud & Williams (1995).
    """
    eap.require_quadrature(quadrature)
    joint = score_distribution(items, quadrature.nodes).T * quadrature.weights
    probability = joint.sum(axis=1)
    possible = probability > 0
    theta, se = np.full(len(joint), np.nan), np.full(len(joint), np.inf)
    posterior = joint[possible] / probability[possible, None]
    theta[possible], se[possible] = eap.estimate(posterior, quadrature)
    return SumScores(theta, se, probability)


def score(responses: ArrayLike, items: Items, quadrature: Quadrature) -> Estimate:
    """Expected ability of each person given only the raw score on the items presented to them.

    responses : (J, I) categories, -1 where not presented; items : the I items.
    quadrature : nodes with the prior weight of each.

    Returns Estimate; without answers it is the prior. There is one table for every set of items
    that was presented, so that this is fast for fixed forms and slow for adaptive tests.
    Raises BadInput.
    """
    eap.require_quadrature(quadrature)
    answers = checked_responses(responses, items)
    forms, which = np.unique(answers >= 0, axis=0, return_inverse=True)
    raw = np.maximum(answers, 0).sum(axis=1)
    theta, se = np.empty(len(answers)), np.empty(len(answers))
    for number, form in enumerate(forms):
        rows = which.ravel() == number
        if form.any():
            values = table(items.only(np.flatnonzero(form)), quadrature)
            theta[rows], se[rows] = values.theta[raw[rows]], values.se[raw[rows]]
        else:
            theta[rows], se[rows] = eap.estimate(eap.start(quadrature, 1), quadrature)
    return Estimate(theta, se)
