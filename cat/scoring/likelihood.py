"""How likely the answers are at an ability, and which way that rises."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.irt.items import Items

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Numbers of one array that are worked on at a time: 32 MB, so that memory does not grow with J.
_AT_A_TIME = 2**22


def blocks(persons: int, width: int) -> Iterator[slice]:
    """Rows 0..persons - 1 in runs short enough that (run, width) arrays stay small."""
    run = max(1, _AT_A_TIME // max(1, width))
    for first in range(0, persons, run):
        yield slice(first, min(first + run, persons))


def presented(answers: Ints, items: Items) -> tuple[Ints, Items]:
    """The answers and items without the items that none of these persons was presented with."""
    seen = (answers >= 0).any(axis=0)
    if seen.all() or not seen.any():
        return answers, items
    return answers[:, seen], items.only(np.flatnonzero(seen))


def log_likelihood(answers: Ints, items: Items, nodes: Floats) -> Floats:
    """Log likelihood of each person's answers at each node.

    answers : (J, I) categories, -1 where not presented, checked; nodes : (Q,) logits.

    Returns (J, Q); -inf where an answer is impossible. Persons do not change each other's bits.
    """
    with np.errstate(divide="ignore"):
        logs = np.log(irt.probability(nodes, items).transpose(1, 2, 0))
    # What was not presented says nothing: zeros in a last row, which index -1 picks.
    logs = np.concatenate([logs, np.zeros((len(items), 1, len(nodes)))], axis=1)
    missing = answers < 0
    order = np.argsort(missing, axis=1, kind="stable")
    most = int((~missing).sum(axis=1).max(initial=0))
    total = np.zeros((len(answers), len(nodes)))
    # A loop over answers, not an array (J, I, Q): adaptive tests answer few of a bank's items.
    for place in range(most):
        item = order[:, place]
        total += logs[item, answers[np.arange(len(answers)), item]]
    return total


def log_likelihood_at(theta: Floats, answers: Ints, items: Items) -> Floats:
    """(J,) log likelihood of each person's answers at their own ability theta (J,)."""
    chance = np.where(answers >= 0, picked(irt.probability(theta, items), answers), 1.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(chance).sum(axis=1))


def rise(theta: Floats, answers: Ints, items: Items) -> tuple[Floats, Floats]:
    """First and second derivative of each person's log likelihood at theta (J,); (J,) each."""
    curves, given = irt.curves(theta, items), answers >= 0
    first = np.where(given, picked(curves.score, answers), 0.0).sum(axis=1)
    second = np.where(given, picked(curves.observed, answers), 0.0).sum(axis=1)
    return first, -second


def picked(values: Floats, answers: Ints) -> Floats:
    """(J, I) values (J, I, K) of the categories answered; anything where not presented."""
    return np.take_along_axis(values, np.maximum(answers, 0)[:, :, None], axis=2)[:, :, 0]
