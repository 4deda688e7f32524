"""Log probabilities of categories and their slopes in the parameters that are estimated.

Parameters x of an item, in this order: slope a; intercepts d_1 .. d_{K-1}; of 3PL items logit c.
    logistic    P(1) = L(a theta + d)
    3pl         P(1) = c + (1 - c) L(a theta + d)
    graded      P(k or more) = L(a theta + d_k), d falling
    credit      log P(k) / P(k - 1) = a theta + d_k
These are linear in theta where difficulties are not, and they stay finite where a crosses 0.
Nothing is got by taking nearly equal numbers from each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit, logsumexp

Floats = NDArray[np.float64]


class Kind(StrEnum):
    """Families with formulas of their own; what is free in them is not decided here."""

    LOGISTIC = "logistic"
    THREE_PL = "3pl"
    GRADED = "graded"
    CREDIT = "credit"


@dataclass(frozen=True)
class Scores:
    """n items of one kind and K categories at Q abilities, with P parameters each.

    log_p : (n, K, Q). score : (n, P, K, Q) d log p / d x.
    """

    log_p: Floats
    score: Floats


def is_possible(kind: Kind, x: Floats) -> NDArray[np.bool_]:
    """(n,) whether x (n, P) belongs to a model: finite, and thresholds of graded items in order."""
    fine = np.isfinite(x).all(axis=1)
    if kind is Kind.GRADED:
        fine &= (np.diff(x[:, 1:], axis=1) < 0).all(axis=1)
    return np.asarray(fine)


def log_probability(kind: Kind, x: Floats, theta: Floats) -> Floats:
    """(n, K, Q) for x (n, P) at theta (Q,)."""
    if kind is Kind.CREDIT:
        eta = _credit_sums(x, theta)
        return np.asarray(eta - logsumexp(eta, axis=1, keepdims=True))
    z = x[:, 0, None, None] * theta + x[:, 1:, None]
    if kind is Kind.LOGISTIC:
        return np.concatenate([log_expit(-z), log_expit(z)], axis=1)
    if kind is Kind.THREE_PL:
        z, logit_c = z[:, :1], x[:, 2, None, None]
        right = np.logaddexp(log_expit(logit_c), log_expit(-logit_c) + log_expit(z))
        return np.concatenate([log_expit(-logit_c) + log_expit(-z), right], axis=1)
    nothing = np.zeros((len(x), 1, len(theta)))
    gap = np.log(-np.expm1(np.diff(x[:, 1:], axis=1)))
    gap = np.pad(gap, ((0, 0), (1, 1)))[:, :, None]
    return np.asarray(
        np.concatenate([nothing, log_expit(z)], axis=1)
        + np.concatenate([log_expit(-z), nothing], axis=1)
        + gap
    )


def scores(kind: Kind, x: Floats, theta: Floats) -> Scores:
    """Log probabilities and their slopes for x (n, P) at theta (Q,)."""
    log_p = log_probability(kind, x, theta)
    if kind is Kind.CREDIT:
        return Scores(log_p, _credit_scores(np.exp(log_p), theta))
    if kind is Kind.GRADED:
        return Scores(log_p, _graded_scores(x, theta))
    n, _, q = log_p.shape
    score = np.empty((n, x.shape[1], 2, q))
    z = x[:, 0, None] * theta + x[:, 1, None]
    up, down = expit(z), expit(-z)
    score[:, 1, 0] = -up
    if kind is Kind.THREE_PL:
        c = expit(x[:, 2, None])
        right = np.exp(log_p[:, 1])
        score[:, 1, 1] = (1 - c) * up * down / right
        score[:, 2, 0] = -c
        score[:, 2, 1] = c * (1 - c) * down / right
    else:
        score[:, 1, 1] = down
    score[:, 0] = score[:, 1] * theta
    return Scores(log_p, score)


def complete_information(kind: Kind, x: Floats, theta: Floats, counts: Floats) -> Floats:
    """Minus the second derivatives of sum(counts * log p), counts (n, K, Q); (n, P, P)."""
    if kind is Kind.CREDIT:
        # Exponential family: the information does not depend on the category that was chosen.
        return expected_information(scores(kind, x, theta), counts)
    if kind is Kind.GRADED:
        return _graded_information(x, theta, counts)
    z = x[:, 0, None] * theta + x[:, 1, None]
    up, down = expit(z), expit(-z)
    bends = np.zeros((*x.shape, x.shape[1], len(theta)))
    if kind is Kind.LOGISTIC:
        bends[:, 1, 1] = counts.sum(axis=1) * up * down
    else:
        c = expit(x[:, 2, None])
        score = scores(kind, x, theta).score
        wrong, right = counts[:, 0], counts[:, 1]
        u, v = score[:, 1, 1], score[:, 2, 1]
        bends[:, 1, 1] = wrong * up * down - right * u * (down - up - u)
        bends[:, 1, 2] = bends[:, 2, 1] = right * u * (c + v)
        bends[:, 2, 2] = wrong * c * (1 - c) - right * v * (1 - 2 * c - v)
    return _through_slope(bends, theta, intercepts=1)


def expected_information(found: Scores, counts: Floats) -> Floats:
    """(n, P, P) Fisher information, persons at each node held; counts (n, K, Q)."""
    return _weighted_squares(found.score, np.exp(found.log_p) * counts.sum(axis=1, keepdims=True))


def _weighted_squares(score: Floats, weight: Floats) -> Floats:
    """(n, P, P) sums over K and Q of score (n, P, K, Q) with itself, weight (n, K, Q) >= 0."""
    scaled = (score * np.sqrt(weight)[:, None]).reshape(*score.shape[:2], -1)
    return np.asarray(scaled @ scaled.transpose(0, 2, 1))


def _through_slope(bends: Floats, theta: Floats, intercepts: int) -> Floats:
    """(n, P, P) information, from bends (n, P, P, Q) where the slope's row and column are empty.

    The slope acts as theta times all `intercepts` at once.
    """
    moved = slice(1, 1 + intercepts)
    together = bends[:, moved].sum(axis=1)
    information = bends.sum(axis=-1)
    information[:, 0] = information[:, :, 0] = together @ theta
    information[:, 0, 0] = together[:, moved].sum(axis=1) @ theta**2
    return np.asarray(information)


def _credit_sums(x: Floats, theta: Floats) -> Floats:
    """(n, K, Q) a k theta + d_1 + ... + d_k."""
    sums = np.pad(np.cumsum(x[:, 1:], axis=1), ((0, 0), (1, 0)))
    category = np.arange(sums.shape[1])
    return np.asarray(x[:, 0, None, None] * category[:, None] * theta + sums[:, :, None])


def _credit_scores(p: Floats, theta: Floats) -> Floats:
    n, k, q = p.shape
    score = np.empty((n, k, k, q))
    category = np.arange(k)
    mean = (p * category[:, None]).sum(axis=1)
    score[:, 0] = theta * (category[:, None] - mean[:, None])
    # The chance of category j or more, j = 1 .. K - 1.
    above = p[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    score[:, 1:] = (category[None, :] >= category[1:, None])[None, :, :, None] - above[:, :, None]
    return score


def _graded_parts(x: Floats, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Of the thresholds z_1 .. z_{K-1}: L(z), 1 - L(z), and slopes of log p in them.

    high : (n, K - 1, Q) d log p_k / d z_k. low : d log p_{k-1} / d z_k.
    """
    z = x[:, 0, None, None] * theta + x[:, 1:, None]
    up, down = expit(z), expit(-z)
    gap = np.pad(-np.expm1(np.diff(x[:, 1:], axis=1)), ((0, 0), (1, 1)), constant_values=1.0)
    one = np.ones((len(x), 1, len(theta)))
    high = down / (np.concatenate([down[:, 1:], one], axis=1) * gap[:, 1:, None])
    low = -up / (np.concatenate([one, up[:, :-1]], axis=1) * gap[:, :-1, None])
    return np.asarray(up), np.asarray(down), high, low


def _graded_scores(x: Floats, theta: Floats) -> Floats:
    up, down, high, low = _graded_parts(x, theta)
    n, thresholds, q = up.shape
    score = np.zeros((n, thresholds + 1, thresholds + 1, q))
    each = np.arange(thresholds)
    score[:, each + 1, each + 1] = high
    score[:, each + 1, each] = low
    # 1 - L(z_k) - L(z_{k+1}), the sum of both slopes without their cancelling.
    score[:, 0, 1:] = down
    score[:, 0, 0] = 0.0
    score[:, 0, :-1] -= up
    score[:, 0] *= theta
    return score


def _graded_information(x: Floats, theta: Floats, counts: Floats) -> Floats:
    up, down, high, low = _graded_parts(x, theta)
    n, thresholds, q = up.shape
    above, below = counts[:, 1:], counts[:, :-1]
    bends = np.zeros((n, thresholds + 1, thresholds + 1, q))
    each = np.arange(thresholds)
    bends[:, each + 1, each + 1] = -(
        above * high * (down - up - high) + below * low * (down - up - low)
    )
    inner = counts[:, 1:-1] * high[:, :-1] * low[:, 1:]
    bends[:, each[1:], each[1:] + 1] = inner
    bends[:, each[1:] + 1, each[1:]] = inner
    return _through_slope(bends, theta, intercepts=thresholds)
