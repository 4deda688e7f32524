"""The adaptive step: what is known of each person, learning from an answer, choosing the next item.

The live exam calls it with one person, the simulation with a cohort; what a person gets is the same
to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.assembly.shadow_test import ShadowSolver
from cat.errors import PoolExhausted
from cat.scoring import eap
from cat.selection import ranking
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.known import Known
from cat.selection.randomness import uniform
from cat.selection.stopping import Reason, Standing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Number = int | Ints  # one for all, or (J,)

# After so many answers the likelihood is scaled to a largest value of 1. Table values are at least
# 2**-30, so that no product in between falls below the range of normal numbers.
_RESCALE_EVERY = 32
# Draws of a sitting: item n uses counter n; exposure control and criteria have ranges of their own.
_ADMISSION_STREAM = 1 << 40
_CRITERION_STREAM = 1 << 48


@dataclass
class Progress:
    """What a part has learned of J persons who all answered equally many items.

    `learn` changes it in place: it belongs to whoever began it.

    likelihood : (J, Q) of the answers, each row up to a factor. prior : (J, Q) or (1, Q) belief
    before the first answer, for choosing. used : (J, I) items given or not available.
    taken : (J, L) answered items per domain. history, replies : (J, longest) positions and categories
    of the answers in order, -1 beyond the last.
    shadow : (J, I) shadow test assembled after `shadow_from` answers, where limits need one.
    """

    likelihood: Floats
    prior: Floats
    used: Flags
    taken: Ints
    history: NDArray[np.int32]
    replies: NDArray[np.int8]
    answered: int = 0
    shadow: Flags | None = None
    shadow_from: int = -1

    @property
    def items(self) -> NDArray[np.int32]:
        """(J, n) positions of the answered items, in order."""
        return self.history[:, : self.answered]

    def only(self, persons: Flags) -> Progress:
        """The progress of some of the persons."""
        prior = self.prior if len(self.prior) == 1 else self.prior[persons]
        return Progress(
            self.likelihood[persons],
            prior,
            self.used[persons],
            self.taken[persons],
            self.history[persons],
            self.replies[persons],
            self.answered,
            None if self.shadow is None else self.shadow[persons],
            self.shadow_from,
        )


def begin(part: AdaptivePart, persons: int, prior: Floats | None = None) -> Progress:
    """Progress of persons who enter the part.

    prior : (J, Q) belief of each person from an earlier part; the population's by default.
    """
    quadrature = part.tables.quadrature
    return Progress(
        likelihood=np.ones((persons, len(quadrature.nodes))),
        prior=quadrature.weights[None, :] if prior is None else prior,
        used=np.zeros((persons, len(part.tables)), dtype=np.bool_),
        taken=np.zeros((persons, len(part.tree.leaves)), dtype=np.int64),
        history=np.full((persons, part.longest), -1, dtype=np.int32),
        replies=np.full((persons, part.longest), -1, dtype=np.int8),
    )


def learn(part: AdaptivePart, progress: Progress, items: Ints, categories: Ints) -> None:
    """Take in one answer of each person: items (J,) positions, categories (J,) from 0."""
    persons = np.arange(len(items))
    progress.likelihood *= part.tables.likelihood[items, categories]
    progress.used[persons, items] = True
    progress.taken[persons, part.leaf[items]] += 1
    progress.history[:, progress.answered] = items
    progress.replies[:, progress.answered] = categories
    progress.answered += 1
    if progress.answered % _RESCALE_EVERY == 0:
        progress.likelihood /= progress.likelihood.max(axis=1, keepdims=True)


def refold(
    part: AdaptivePart, items: Ints, categories: Ints, prior: Floats | None = None
) -> Progress:
    """Progress of one person after answers (n,), to the bit what `learn` gives one by one."""
    progress = begin(part, 1, prior)
    # Row 0 and the last row of each block hold the product so far.
    rows = np.concatenate([progress.likelihood, part.tables.likelihood[items, categories]])
    for start in range(0, len(items), _RESCALE_EVERY):
        stop = min(start + _RESCALE_EVERY, len(items))
        rows[stop] = np.multiply.reduce(rows[start : stop + 1], axis=0)
        if stop - start == _RESCALE_EVERY:
            rows[stop] /= rows[stop].max()
    progress.likelihood = rows[-1:]
    progress.used[0, items] = True
    progress.taken[0] = np.bincount(part.leaf[items], minlength=len(part.tree.leaves))
    progress.history[0, : len(items)] = items
    progress.replies[0, : len(items)] = categories
    progress.answered = len(items)
    return progress


def posterior(part: AdaptivePart, progress: Progress) -> Floats:
    """Posterior (J, Q) under the population's prior, from which people are scored."""
    product = progress.likelihood * part.tables.quadrature.weights
    return np.asarray(product / product.sum(axis=1, keepdims=True))


def estimate(part: AdaptivePart, progress: Progress) -> tuple[Floats, Floats]:
    """EAP ability and posterior standard deviation of each person, (J,) logits."""
    return eap.estimate(posterior(part, progress), part.tables.quadrature)


def reasons_to_stop(part: AdaptivePart, progress: Progress) -> NDArray[np.int8]:
    """Reason (J,) why the part ends for each person now; GOING_ON where it does not."""
    persons, stopping = len(progress.likelihood), part.policy.stopping
    if not stopping.rules:
        ended = progress.answered >= part.longest
        return np.full(persons, Reason.LENGTH if ended else Reason.GOING_ON, dtype=np.int8)
    theta, se = estimate(part, progress)
    nodes = part.tables.quadrature.nodes

    def best_information() -> Floats:
        nearest = np.abs(nodes - theta[:, None]).argmin(axis=1)
        return np.where(progress.used, 0.0, part.whole_information[:, nearest].T).max(axis=1)

    standing = Standing(
        answered=np.full(persons, progress.answered),
        theta=theta,
        se=se,
        likelihood=progress.likelihood,
        nodes=nodes,
        seconds=part.seconds[progress.items].sum(axis=1),
        best_information=best_information,
    )
    minimums_met = part.tree.minimums_met(progress.taken)
    if part.rows is not None:
        minimums_met &= part.rows.accepted(progress.items)
    return stopping.reasons(standing, part.longest, minimums_met)


@dataclass(frozen=True)
class Candidates:
    """Items in the order of the criterion for each person, with what stands against them.

    theta : (J,) mean of what is believed, logits. ranked : (J, W) positions, best first. fits : (J, W) not yet used, and the test can still be
    completed after it. admitted : (J, W) open under exposure control, or None without control.
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
    chance = uniform(seeds[:, None], _ADMISSION_STREAM + (part.stream << 24) + ranked)
    return Candidates(theta, ranked, fits, part.admission.admitted(theta, chance, ranked))


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
    if progress.shadow_from != since:
        progress.shadow = _assemble(part, solver, progress, seeds, number, since)
        progress.shadow_from = since
    return solver.free(progress.shadow, progress.items)


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
    return np.stack([solver.assemble(*each) for each in zip(value, given, strict=True)])
