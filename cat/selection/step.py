"""The adaptive step: which item next, for one person or for a cohort.

The live exam calls it with one person, the simulation with a cohort; what a person gets is the same
to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cat.errors import PoolExhausted
from cat.selection import ranking
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.appraisal import Number, Seeds, admission_chance, belief, scores
from cat.selection.exposure.admission import Admission
from cat.selection.progress import Progress
from cat.selection.randomness import uniform
from cat.selection.shadowing import free_in_shadow

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# How many items beyond the `top` best are looked at first, at the start and more for each answer:
# mostly enough, and far from all.
_GLANCE, _GLANCE_PER_ANSWER = 30, 1.35
# Lots of exposure control are drawn once for a whole part where there are no more than these.
_LOTS = 4096


@dataclass(frozen=True)
class Candidates:
    """Items in the order of the criterion for each person, with what stands against them.

    theta : (J,) mean of what is believed, logits. ranked : (J, W) positions, best first.
    fits : (J, W) not yet used, and the test can still be completed after it.
    admitted : (J, W) open under exposure control, or None without control.
    """

    theta: Floats
    ranked: Ints
    fits: Flags
    admitted: Flags | None

    @cached_property
    def open(self) -> Flags:
        """(J, W) items that fit and that exposure control opens."""
        return self.fits if self.admitted is None else self.fits & self.admitted

    @property
    def allowed(self) -> Flags:
        """(J, W) items that may be drawn. Content goes before exposure: where control would leave
        a person nothing, it gives way.
        """
        if self.admitted is None:
            return self.fits
        return np.where(self.open.any(axis=1, keepdims=True), self.open, self.fits)


def candidates(part: AdaptivePart, progress: Progress, seeds: Seeds, number: Number) -> Candidates:
    """All the items to choose from.

    seeds : (J,) sitting seeds. number : of the item to choose, counted over the whole sitting.
    """
    view = _View(part, progress, seeds, number)
    everybody = np.arange(len(seeds))
    if part.ranking is not None:
        return view.weigh(everybody, *part.ranking.nearest(view.mean, view.variance))
    falling = -scores(part, progress, view.belief, seeds, number)
    ranked = np.argsort(falling, axis=1, kind="stable")
    return view.weigh(everybody, ranked, part.leaf[ranked])


def choose(part: AdaptivePart, progress: Progress, seeds: Seeds, number: Number) -> Ints:
    """The next item of each person, (J,) positions; see `candidates`. Raises PoolExhausted."""
    top, chance = part.policy.top, uniform(seeds, number)
    if part.ranking is None:
        return pick(candidates(part, progress, seeds, number), top, chance)
    view, whole = _View(part, progress, seeds, number), part.ranking.order.shape[-1]
    items, undecided = np.empty(len(seeds), dtype=np.int64), np.arange(len(seeds))
    # The head of the list decides for everybody who has enough open items in it.
    glance = top + _GLANCE + int(progress.answered * _GLANCE_PER_ANSWER)
    while glance < whole and len(undecided):
        head = part.ranking.nearest(view.mean[undecided], view.variance[undecided], glance)
        found = view.weigh(undecided, *head)
        items[undecided], available = _drawn(found.ranked, found.open, top, chance[undecided])
        undecided = undecided[available < top]
        glance *= 2
    if len(undecided):
        head = part.ranking.nearest(view.mean[undecided], view.variance[undecided])
        items[undecided] = pick(view.weigh(undecided, *head), top, chance[undecided])
    return items


def pick(found: Candidates, top: int, chance: Floats) -> Ints:
    """One of the `top` best allowed items for each person, drawn by chance (J,) in [0, 1).

    Raises PoolExhausted. Kingsbury & Zara (1989), Applied Measurement in Education 2, 359-375.
    """
    items, available = _drawn(found.ranked, found.allowed, top, chance)
    if not available.all():
        raise PoolExhausted("no item is left", persons=np.flatnonzero(available == 0))
    return items


def _drawn(ranked: Ints, allowed: Flags, top: int, chance: Floats) -> tuple[Ints, Ints]:
    """What `pick` draws, and how many items were allowed, up to `top`; anything where none was."""
    persons = np.arange(len(ranked))
    if top == 1:
        column = allowed.argmax(axis=1)
        return ranked[persons, column], allowed[persons, column].astype(np.int64)
    small = np.uint8 if allowed.shape[1] < 256 else np.uint32
    rank = allowed.cumsum(axis=1, dtype=small)
    available = np.minimum(rank[:, -1], top)
    wanted = (chance * available).astype(small) + small(1)
    return ranked[persons, (rank == wanted[:, None]).argmax(axis=1)], available


class _View:
    """What matters about J persons when their next item is chosen.

    belief : (J, Q). mean, variance : (J,) of it, counted in nodes. opened : (J, L) domains from
    which an item may come. opened_for_reaching : the same for items that reach into the kernel
    beyond their own domain, see `rivals`. shadow : (J, I) items free in the shadow test, or None.
    """

    def __init__(
        self, part: AdaptivePart, progress: Progress, seeds: Seeds, number: Number
    ) -> None:
        self.part, self.progress, self.seeds = part, progress, seeds
        self.belief = belief(progress)
        self.mean, self.variance = ranking.moments(self.belief)
        nodes = part.tables.quadrature.nodes
        self.theta = nodes[0] + self.mean * (nodes[1] - nodes[0])
        self.opened = self.opened_for_reaching = None
        if len(part.tree.leaves) > 1 or part.rivals is not None:
            self.opened = part.tree.open_leaves(progress.taken, progress.left)
        if part.rivals is not None and progress.left is not None and part.rivals.reaches.any():
            left = progress.left - part.rivals.cost
            self.opened_for_reaching = part.tree.open_leaves(progress.taken, left)
        self.shadow = (
            free_in_shadow(part, part.shadow, progress, seeds, number) if part.shadow else None
        )

    def weigh(self, persons: Ints, ranked: Ints, leaf: Ints) -> Candidates:
        """What stands against the ranked items of some persons; ranked, leaf : (len(persons), W).

        Flat look-ups cost half of those by row and column, and this is done at every step.
        """
        place = ranked + (persons * len(self.part.tables))[:, None]
        fits = ~self.progress.used.ravel()[place]
        if self.opened is not None:
            door = leaf.astype(np.int64) * len(self.opened) + persons[:, None]
            fits &= self.opened.T.ravel()[door]
            if self.opened_for_reaching is not None and self.part.rivals is not None:
                door_for_reaching = self.opened_for_reaching.T.ravel()[door]
                fits &= door_for_reaching | ~self.part.rivals.reaches[ranked]
        if self.shadow is not None:
            fits &= self.shadow.ravel()[place]
        theta, admission = self.theta[persons], self.part.admission
        if admission is None:
            return Candidates(theta, ranked, fits, None)
        if not self._can_draw_all_lots():
            chance = admission_chance(self.part, self.seeds[persons], ranked)
            return Candidates(theta, ranked, fits, admission.admitted(theta, chance, ranked))
        if self.progress.closed is None:
            self.progress.closed = _closed(self.part, admission, self.seeds)
        own_bit = np.left_shift(1, admission.group_of(theta)).astype(np.uint8)
        closed = self.progress.closed.ravel()[place] & own_bit[:, None]
        return Candidates(theta, ranked, fits, closed == 0)

    def _can_draw_all_lots(self) -> bool:
        """Whether to draw for all items at once and keep the result: it must be worth its time and
        its groups must fit into a byte. What is drawn is the same.
        """
        admission = self.part.admission
        return (
            admission is not None
            and admission.probability.size <= _LOTS
            and len(admission.probability) <= 8
        )


def _closed(part: AdaptivePart, admission: Admission, seeds: Seeds) -> NDArray[np.uint8]:
    """Bit g of (J, I) says that exposure control closes the item to the person in group g."""
    chance = admission_chance(part, seeds, np.arange(len(part.tables))[None, :])
    closed = np.zeros(chance.shape, dtype=np.uint8)
    for group, probability in enumerate(admission.probability):
        closed |= (chance >= probability).astype(np.uint8) << group
    return closed
