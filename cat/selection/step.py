"""The adaptive step: which item next, for one person or for a cohort.

The live exam calls it with one person, the simulation with a cohort; what a person gets is the same
to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.assembly.shadow_test import ShadowSolver
from cat.errors import PoolExhausted
from cat.selection import ranking
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.known import Known
from cat.selection.progress import Progress, refold
from cat.selection.randomness import uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Number = int | Ints  # one for all, or (J,)

# Draws of a sitting: item n uses counter n; exposure control and criteria have ranges of their own.
_ADMISSION_STREAM = 1 << 40
_CRITERION_STREAM = 1 << 48


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

    @property
    def allowed(self) -> Flags:
        """(J, W) items that may be drawn. Content goes before exposure: where control would leave
        a person nothing, it gives way.
        """
        if self.admitted is None:
            return self.fits
        both = self.fits & self.admitted
        return np.where(both.any(axis=1, keepdims=True), both, self.fits)


def candidates(
    part: AdaptivePart, progress: Progress, seeds: NDArray[np.uint64], number: Number
) -> Candidates:
    """The items to choose from.

    seeds : (J,) sitting seeds. number : of the item to choose, counted over the whole sitting.
    """
    belief = _belief(progress)
    mean, variance = ranking.moments(belief)
    if part.ranking is None:
        falling = -scores(part, progress, belief, seeds, number)
        ranked = np.argsort(falling, axis=1, kind="stable")
    else:
        ranked = part.ranking.nearest(mean, variance)
    fits = _fits(part, progress, ranked, seeds, number)
    nodes = part.tables.quadrature.nodes
    theta = nodes[0] + mean * (nodes[1] - nodes[0])
    if part.admission is None:
        return Candidates(theta, ranked, fits, None)
    chance = admission_chance(part, seeds, ranked)
    return Candidates(theta, ranked, fits, part.admission.admitted(theta, chance, ranked))


def admission_chance(part: AdaptivePart, seeds: NDArray[np.uint64], items: Ints) -> Floats:
    """Uniform numbers that decide for a whole part which items (J, W) are open to persons (J,)."""
    return uniform(seeds[:, None], _ADMISSION_STREAM + (part.stream << 24) + items)


def choose(
    part: AdaptivePart, progress: Progress, seeds: NDArray[np.uint64], number: Number
) -> Ints:
    """The next item of each person, (J,) positions; see `candidates`. Raises PoolExhausted."""
    return pick(candidates(part, progress, seeds, number), part.policy.top, uniform(seeds, number))


def pick(found: Candidates, top: int, chance: Floats) -> Ints:
    """One of the `top` best allowed items for each person, drawn by chance (J,) in [0, 1).

    Raises PoolExhausted. Kingsbury & Zara (1989), Applied Measurement in Education 2, 359-375.
    """
    allowed = found.allowed
    persons = np.arange(len(allowed))
    if top == 1:
        column = allowed.argmax(axis=1)
        exhausted = ~allowed[persons, column]
    else:
        rank = allowed.cumsum(axis=1, dtype=np.int16)
        available = rank[:, -1]
        exhausted = available == 0
        wanted = (chance * np.minimum(available, top)).astype(np.int16) + 1
        column = (rank >= wanted[:, None]).argmax(axis=1)
    if exhausted.any():
        raise PoolExhausted("no item is left", persons=np.flatnonzero(exhausted))
    return np.asarray(found.ranked[persons, column])


def scores(
    part: AdaptivePart,
    progress: Progress,
    belief: Floats,
    seeds: NDArray[np.uint64],
    number: Number,
) -> Floats:
    """What the criterion says of each item, (J, I); belief : (J, Q), adding to 1 over Q."""
    stream = _CRITERION_STREAM + (part.stream << 40) + (np.asarray(number)[..., None] << 24)

    def chance(items: Ints) -> Floats:
        return uniform(seeds[:, None], stream + items)

    known = Known(
        posterior=belief,
        likelihood=progress.likelihood,
        answered=progress.answered,
        length=part.longest,
        quadrature=part.tables.quadrature,
        chance=chance,
    )
    return part.criterion(known, part.tables)


def _belief(progress: Progress) -> Floats:
    product = progress.likelihood * progress.prior
    product /= product.sum(axis=1, keepdims=True)
    return product


def _fits(
    part: AdaptivePart,
    progress: Progress,
    ranked: Ints,
    seeds: NDArray[np.uint64],
    number: Number,
) -> Flags:
    persons = np.arange(len(ranked))[:, None]
    fits = ~progress.used[persons, ranked]
    if len(part.tree.leaves) > 1:
        fits &= part.tree.open_leaves(progress.taken)[persons, part.leaf[ranked]]
    if part.shadow is not None:
        fits &= _free_in_shadow(part, part.shadow, progress, seeds, number)[persons, ranked]
    return fits


def _free_in_shadow(
    part: AdaptivePart,
    solver: ShadowSolver,
    progress: Progress,
    seeds: NDArray[np.uint64],
    number: Number,
) -> Flags:
    """Items (J, I) of each person's shadow test that are still to be given.

    The shadow test of an item follows from the answers before the last refresh, so that it can be
    assembled again at any time from the record alone.
    """
    since = progress.answered - progress.answered % part.policy.refresh
    if progress.shadow is None or progress.shadow_from != since:
        progress.shadow = _assemble(part, solver, progress, seeds, number, since)
        progress.shadow_from = since
    return solver.free(progress.shadow, progress.items.astype(np.int64))


def _assemble(
    part: AdaptivePart,
    solver: ShadowSolver,
    progress: Progress,
    seeds: NDArray[np.uint64],
    number: Number,
    since: int,
) -> Flags:
    """Shadow tests (J, I) that follow from the first `since` answers."""
    past = [progress]
    if since < progress.answered:
        past = [
            refold(part, items[:since], replies[:since], prior[None, :])
            for items, replies, prior in zip(
                progress.history,
                progress.replies,
                np.broadcast_to(progress.prior, progress.likelihood.shape),
                strict=True,
            )
        ]
    number -= progress.answered - since
    # Whoever is folded again alone takes their own seed along; a cohort takes all of them.
    own = [seeds] if past[0] is progress else list(seeds[:, None])
    value = np.concatenate(
        [
            scores(part, each, _belief(each), seed, number)
            for each, seed in zip(past, own, strict=True)
        ]
    )
    given = progress.items[:, :since]
    closed = progress.used.copy()  # items that cannot be given at all, beside those that were
    closed[np.arange(len(closed))[:, None], progress.items] = False
    return np.stack([solver.assemble(*each) for each in zip(value, given, closed, strict=True)])
