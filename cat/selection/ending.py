"""Whether a part ends for each person after an answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cat.selection.adaptive_part import AdaptivePart
from cat.selection.progress import Progress, estimate
from cat.selection.stopping import Reason, Standing

Floats = NDArray[np.float64]


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
        unused = np.where(progress.used, 0.0, part.whole_information[:, nearest].T)
        return np.asarray(unused.max(axis=1))

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
