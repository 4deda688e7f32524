"""Shadow tests of persons: assembled when they are due, kept until the next refresh."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.assembly.shadow_test import ShadowSolver, refresh_at
from cat.errors import PoolExhausted
from cat.selection import ranking
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.appraisal import Number, Seeds, admission_chance, belief, scores
from cat.selection.progress import Progress, refold

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def free_in_shadow(
    part: AdaptivePart, solver: ShadowSolver, progress: Progress, seeds: Seeds, number: Number
) -> Flags:
    """Items (J, I) of each person's shadow test that may come next.

    The shadow test of an item follows from the answers before the last refresh, so that it can be
    assembled again at any time from the record alone.
    """
    since = refresh_at(progress.answered, part.policy.refresh)
    if progress.shadow is None or progress.shadow_from != since:
        past = (
            [(progress, seeds)]
            if since == progress.answered
            else _past(part, progress, seeds, since)
        )
        before = number - (progress.answered - since)
        shadows = [_assemble(part, solver, each, own, before) for each, own in past]
        progress.shadow, progress.shadow_from = np.concatenate(shadows), since
    return solver.free(progress.shadow, progress.items.astype(np.int64))


def _past(
    part: AdaptivePart, progress: Progress, seeds: Seeds, since: int
) -> list[tuple[Progress, Seeds]]:
    """Each person alone after the first `since` answers; only a record folded again needs it."""
    priors = np.broadcast_to(progress.prior, progress.likelihood.shape)
    return [
        (
            refold(part, items[:since], replies[:since], prior[None, :]),
            seeds[person : person + 1],
        )
        for person, (items, replies, prior) in enumerate(
            zip(progress.history, progress.replies, priors, strict=True)
        )
    ]


def _assemble(
    part: AdaptivePart, solver: ShadowSolver, progress: Progress, seeds: Seeds, number: Number
) -> Flags:
    """The best complete test (J, I) around what each person was given.

    Items that exposure control closes stay out where a test can do without them, as in van der
    Linden & Veldkamp (2004), Journal of Educational and Behavioral Statistics 29, 273-291.
    """
    present = belief(progress)
    value = scores(part, progress, present, seeds, number)
    # Items that cannot be given, beside those that were.
    away = progress.used | _of_left_stimuli(solver.rows.stimulus, progress)
    away[np.arange(len(away))[:, None], progress.items] = False
    closed = away | ~_admitted(part, present, seeds)
    # Without control everybody's first shadow test is one and the same.
    found: dict[tuple[bytes, ...], Flags] = {}
    shadows = []
    for person, given in enumerate(progress.items):
        asked = (value[person].tobytes(), given.tobytes(), closed[person].tobytes())
        if asked not in found:
            shadow = _test_around(solver, value[person], given, closed[person])
            if shadow is None and (closed[person] & ~away[person]).any():
                shadow = _test_around(solver, value[person], given, away[person])
            # Nothing for a person of whom too few answers are known to complete any test.
            nothing = np.zeros(len(part.tables), dtype=np.bool_)
            found[asked] = nothing if shadow is None else shadow
        shadows.append(found[asked])
    return np.stack(shadows)


def _test_around(
    solver: ShadowSolver, value: Floats, given: NDArray[np.integer[Any]], closed: Flags
) -> Flags | None:
    try:
        return solver.assemble(value, given, closed)
    except PoolExhausted:
        return None


def _of_left_stimuli(stimulus: NDArray[np.int64], progress: Progress) -> Flags:
    """Items (J, I) of stimuli that a person has left: they are not shown again. The shadow test in
    which the person went on to something else holds no more of them, so none is missed.
    """
    shown = stimulus[progress.items]
    left = np.zeros(progress.used.shape, dtype=np.bool_)
    for place in range(progress.answered - 1):
        gone = (shown[:, place] >= 0) & (shown[:, place] != shown[:, -1])
        left |= gone[:, None] & (stimulus == shown[:, place, None])
    return left


def _admitted(part: AdaptivePart, present: Floats, seeds: Seeds) -> Flags:
    """Items (J, I) that exposure control opens; all without control."""
    if part.admission is None:
        return np.ones((len(present), len(part.tables)), dtype=np.bool_)
    nodes = part.tables.quadrature.nodes
    theta = nodes[0] + ranking.moments(present)[0] * (nodes[1] - nodes[0])
    chance = admission_chance(part, seeds, np.arange(len(part.tables))[None, :])
    return part.admission.admitted(theta, chance)
