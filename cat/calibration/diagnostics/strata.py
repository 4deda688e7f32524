"""Persons who answered the same items: among them a sum of points means the same.

With booklets, statistics that compare sums are computed within each booklet and added up. Where
nearly everybody answered another set of items (adaptive tests) there is nothing to compare.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.calibration.answers import Answers

Ints = NDArray[np.int64]

# A table of scores by answers needs some persons in its cells.
FEWEST_PERSONS = 100


@dataclass(frozen=True)
class Stratum:
    """items : (n,) positions answered by all. persons : (J',) positions. group : their group."""

    items: Ints
    persons: Ints
    group: int


def same_items(answers: Answers, counted: NDArray[np.bool_]) -> Ints:
    """(J,) numbers that are equal for persons who answered the very same items.

    counted : (N,) which answers count.
    """
    there = np.asarray(counted, dtype=bool)
    items = answers.item[there]
    given = np.bincount(answers.person[there], minlength=len(answers.persons))
    starts = np.concatenate([[0], np.cumsum(given)])
    known: dict[bytes, int] = {}
    found = np.empty(len(given), dtype=np.int64)
    for person in range(len(given)):  # the sets are ragged; this is one pass over persons
        own = items[starts[person] : starts[person + 1]].tobytes()
        found[person] = known.setdefault(own, len(known))
    return found


def strata(
    answers: Answers,
    is_counted: NDArray[np.bool_],
    *,
    fewest: float = FEWEST_PERSONS,
) -> list[Stratum]:
    """Sets of persons of one group with the very same items, largest first.

    is_counted : (N,) which answers count.
    fewest : sets with a smaller sum of weights, and those of one item, are left out.
    """
    kind = same_items(answers, is_counted)
    group = answers.group
    _, number = np.unique(kind * len(answers.groups) + group, return_inverse=True)
    size = np.bincount(number, answers.weight)
    order = np.argsort(number, kind="stable")
    ends = np.cumsum(np.bincount(number))
    found = []
    for n in np.flatnonzero(size >= fewest):
        persons = order[(ends[n - 1] if n else 0) : ends[n]]
        first, last = answers.starts[persons[0]], answers.starts[persons[0] + 1]
        items = answers.item[first:last][is_counted[first:last]].astype(np.int64)
        if len(items) > 1:
            found.append(Stratum(items, persons, int(group[persons[0]])))
    return sorted(found, key=lambda one: -len(one.persons))
