"""What the answers of J persons say so far: learned one by one, or folded again from a record.

Both ways give the same bits. Only products, quotients and row sums in a fixed order occur, so that
neither the size of the cohort nor the machine changes them: the audit by replay rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.scoring import eap
from cat.selection.adaptive_part import AdaptivePart

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# After so many answers the likelihood is scaled to a largest value of 1. Table values are at least
# 2**-30, so that no product in between falls below the range of normal numbers.
RESCALE_EVERY = 32


@dataclass
class Progress:
    """What a part has learned of J persons who all answered equally many items.

    `learn` changes it in place: it belongs to whoever began it.

    likelihood : (J, Q) of the answers, each row up to a factor.
    prior : (J, Q) or (1, Q) belief before the first answer, for choosing.
    used : (J, I) items that are out: given, an enemy of one given, or not available.
    taken : (J, L) answered items per domain.
    history, replies : (J, longest) positions and categories of the answers in order, -1 after them.
    left : (J, L) items of the kernel still usable, where there are enemies; see `rivals`.
    closed : (J, I) where exposure control closes each item, one bit a group of ability; None until
        it is asked for.
    shadow : (J, I) shadow test assembled after `shadow_from` answers, where limits need one.
    """

    likelihood: Floats
    prior: Floats
    used: Flags
    taken: Ints
    history: NDArray[np.int32]
    replies: NDArray[np.int8]
    answered: int = 0
    left: Ints | None = None
    closed: NDArray[np.uint8] | None = None
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
            None if self.left is None else self.left[persons],
            None if self.closed is None else self.closed[persons],
            None if self.shadow is None else self.shadow[persons],
            self.shadow_from,
        )


def begin(part: AdaptivePart, persons: int, prior: Floats | None = None) -> Progress:
    """Progress of persons who enter the part.

    prior : (J, Q) belief of each person from an earlier part; the population's by default.
    """
    quadrature = part.tables.quadrature
    used = np.zeros((persons, len(part.tables)), dtype=np.bool_)
    if part.away is not None:
        used |= part.away
    return Progress(
        likelihood=np.ones((persons, len(quadrature.nodes))),
        prior=quadrature.weights[None, :] if prior is None else prior,
        used=used,
        taken=np.zeros((persons, len(part.tree.leaves)), dtype=np.int64),
        history=np.full((persons, part.longest), -1, dtype=np.int32),
        replies=np.full((persons, part.longest), -1, dtype=np.int8),
        left=None if part.rivals is None else np.tile(part.rivals.stock, (persons, 1)),
    )


def learn(
    part: AdaptivePart, progress: Progress, items: Ints, categories: NDArray[np.integer[Any]]
) -> None:
    """Take in one answer of each person: items (J,) positions, categories (J,) from 0."""
    persons = np.arange(len(items))
    progress.likelihood *= part.tables.likelihood[items, categories]
    if part.rivals is None or progress.left is None:
        progress.used[persons, items] = True
    else:
        part.rivals.leave(progress.used, progress.left, items, part.leaf)
    progress.taken[persons, part.leaf[items]] += 1
    progress.history[:, progress.answered] = items
    progress.replies[:, progress.answered] = categories
    progress.answered += 1
    if progress.answered % RESCALE_EVERY == 0:
        progress.likelihood /= progress.likelihood.max(axis=1, keepdims=True)


def refold(
    part: AdaptivePart, items: Ints, categories: Ints, prior: Floats | None = None
) -> Progress:
    """Progress of one person after answers (n,), to the bit what `learn` gives one by one."""
    progress = begin(part, 1, prior)
    # Row 0 and the last row of each block hold the product so far.
    rows = np.concatenate([progress.likelihood, part.tables.likelihood[items, categories]])
    for start in range(0, len(items), RESCALE_EVERY):
        stop = min(start + RESCALE_EVERY, len(items))
        rows[stop] = np.multiply.reduce(rows[start : stop + 1], axis=0)
        if stop - start == RESCALE_EVERY:
            rows[stop] /= rows[stop].max()
    progress.likelihood = rows[-1:]
    progress.used[0, items] = True
    if part.rivals is not None:
        gone = np.unique(np.append(items, part.rivals.of[items]))
        gone = gone[gone >= 0]
        progress.used[0, gone] = True
        lost = part.leaf[gone[part.rivals.kernel[gone]]]
        count = np.bincount(lost, minlength=len(part.tree.leaves))
        progress.left = part.rivals.stock[None, :] - count
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
