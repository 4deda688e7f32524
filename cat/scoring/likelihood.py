"""How likely the answers are at an ability, and which way that rises."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.irt.items import Items

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Numbers of one array that are worked on at a time: 16 MB, so that memory does not grow with J.
_AT_A_TIME = 2**21
# Gaps an item that cost as much time as handling the item on its own does.
_GAPS = 2000


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
    total = np.zeros(len(theta))
    for rows, given, some in dense(answers, items):
        chance = irt.probability(theta[rows], some)
        with np.errstate(divide="ignore"):
            total[rows] += sum_of_chosen(np.log(chance), given)
    return total


def rise(theta: Floats, answers: Ints, items: Items) -> tuple[Floats, Floats]:
    """First and second derivative of each person's log likelihood at theta (J,); (J,) each."""
    first, second = np.zeros(len(theta)), np.zeros(len(theta))
    for rows, given, some in dense(answers, items):
        curves = irt.curves(theta[rows], some)
        first[rows] += sum_of_chosen(curves.score, given)
        second[rows] -= sum_of_chosen(curves.observed, given)
    return first, second


def dense(answers: Ints, items: Items) -> Iterator[tuple[Ints | slice, Ints, Items]]:
    """The answers in pieces without many gaps: rows, their answers and the items these belong to.

    Adaptive tests present few of a bank's items to anybody. Then each item is a piece of its own.
    """
    given = answers >= 0
    if np.count_nonzero(~given) < _GAPS * len(items):
        yield slice(None), answers, items
        return
    for item in np.flatnonzero(given.any(axis=0)):
        rows = np.flatnonzero(given[:, item])
        yield rows, answers[rows, item : item + 1], items.only([item])


def sum_of_chosen(values: Floats, answers: Ints) -> Floats:
    """(J,) sums over items of values (J, I, K) in the categories answered."""
    chosen = np.take_along_axis(values, np.maximum(answers, 0)[:, :, None], axis=2)[:, :, 0]
    return np.asarray(np.where(answers >= 0, chosen, 0.0).sum(axis=1))
