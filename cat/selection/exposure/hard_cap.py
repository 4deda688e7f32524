"""Hard cap: no item is given more often than its capacity, whoever asks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput, PoolExhausted
from cat.irt.arguments import whole_numbers

Ints = NDArray[np.int64]


def assign(candidates: Ints, capacity: Ints) -> tuple[Ints, Ints]:
    """Each person's best item that those before them left any of.

    candidates : (J, W) positions of the items that each person may be given, best first, negative
        for none; persons in the order of their claim.
    capacity : (I,) how many persons may still be given each item, >= 0.

    Returns (J,) positions, just what serving one person after the other gives, and (I,) the
    capacity that is left. Raises PoolExhausted, naming the persons for whom nothing is left, and
    BadInput.

    Everybody asks for their best item; an item that is asked for too often keeps the first in
    order and turns the others away, who ask for their next. Since all items prefer the earlier
    person, this ends in the one stable matching (Gale & Shapley 1962, American Mathematical
    Monthly 69, 9-15), which is the one of serving in order.
    """
    candidates, capacity = _checked(candidates, capacity)
    count, width = candidates.shape
    persons = np.arange(count)
    # A column of "no item" on the right, where those whom everybody turned away come to rest.
    wishes = np.column_stack([candidates, np.full(count, -1, dtype=np.int64)])
    following = _following(wishes)
    rank = following[:, 0].copy()
    # The last person whom each item keeps once it is full: it will turn everybody later away.
    last = np.where(capacity > 0, count, -1)
    while (refused := _refused(wishes[persons, rank], capacity, last)).size:
        while refused.size:
            rank[refused] = following[refused, rank[refused] + 1]
            asked = wishes[refused, rank[refused]]
            refused = refused[(asked >= 0) & (last[asked] < refused)]
    if (rank == width).any():
        without = np.flatnonzero(rank == width)
        raise PoolExhausted(
            f"no item with capacity is left for persons {without.tolist()}", persons=without
        )
    given = wishes[persons, rank]
    return given, capacity - np.bincount(given, minlength=len(capacity))


def _following(wishes: Ints) -> NDArray[np.int32]:
    """(J, W + 1) for each rank the first from there on that names an item, else the last rank."""
    ranks = np.arange(wishes.shape[1], dtype=np.int32)
    own = np.where(wishes >= 0, ranks, ranks[-1])
    return np.asarray(np.minimum.accumulate(own[:, ::-1], axis=1)[:, ::-1])


def _refused(asked: Ints, capacity: Ints, last: Ints) -> Ints:
    """Persons whom an item turns away because those before them fill it.

    asked : (J,) item of each person, negative for none. last : (I,) is brought up to date.
    """
    asking = np.flatnonzero(asked >= 0)
    demand = np.bincount(asked[asking], minlength=len(capacity))
    over = demand > capacity
    asking = asking[over[asked[asking]]]
    asking = asking[np.argsort(asked[asking], kind="stable")]
    item = asked[asking]
    first = np.cumsum(np.where(over, demand, 0)) - demand
    place = np.arange(len(asking)) - first[item]
    keeps_last = place == capacity[item] - 1
    last[item[keeps_last]] = asking[keeps_last]
    return np.asarray(asking[place >= capacity[item]])


def _checked(candidates: Ints, capacity: Ints) -> tuple[Ints, Ints]:
    candidates = whole_numbers("candidates", candidates, "(J, W)")
    capacity = whole_numbers("capacity", capacity, "(I,)")
    if (capacity < 0).any():
        item = int(np.argmax(capacity < 0))
        raise BadInput(f"capacity must be >= 0; item {item} has {capacity[item]}", item=item)
    if (candidates >= len(capacity)).any():
        person, rank = np.argwhere(candidates >= len(capacity))[0].tolist()
        raise BadInput(
            f"candidates must be below {len(capacity)}, the number of items;"
            f" person {person} has {candidates[person, rank]}",
            person=person,
        )
    return candidates, capacity
