"""Items ranked once for every belief, so that choosing one does not depend on the size of the bank.

What is believed of a person is summed up by mean and standard deviation; for a grid of such beliefs
the items are put in falling order of a criterion when a pool is published. A live choice looks up
the nearest belief and takes the first items that are allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.scoring.eap import Quadrature
from cat.scoring.tables import ItemTables
from cat.selection.known import Criterion, Known

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Criteria that see nothing of a person but theta, and those that see the whole posterior.
THETA_CRITERIA = frozenset({"maximum_information", "closest_difficulty", "information_at_cut"})
BELIEF_CRITERIA = frozenset(
    {
        "posterior_information",
        "posterior_kullback_leibler",
        "expected_posterior_variance",
        "expected_information",
    }
)

# Means lie four to a node interval: 0.05 logits on the usual nodes. Standard deviations rise by a
# sixth each: the order of items changes far less than that between neighbours.
MEANS_PER_INTERVAL = 4
SDS = 0.1 * (7 / 6) ** np.arange(17)
# The posterior is rounded to this unit before its moments are taken: see `moments`.
_POSTERIOR_UNIT = 2.0**-26


@dataclass(frozen=True)
class Ranking:
    """The best items for each belief.

    order : (M, S, W) item positions, best first, for M means and S standard deviations; S is 1 for
        a criterion that looks at theta alone.
    leaf : (M, S, W) domain of each, so that both are found by one look-up.
    edges : (S - 1,) variances between neighbouring standard deviations, in squared intervals.
    """

    order: NDArray[np.int32]
    leaf: NDArray[np.int16]
    edges: Floats

    def nearest(self, mean: Floats, variance: Floats, head: int | None = None) -> tuple[Ints, Ints]:
        """Items, best first, and their domains for beliefs of mean and variance (J,).

        mean, variance : as `moments` gives. head : return only so many of the best.

        Returns two arrays (J, W).
        """
        row = np.rint(mean * MEANS_PER_INTERVAL).astype(np.int64)
        column = np.searchsorted(self.edges, variance) if len(self.edges) else 0
        return self.order[..., :head][row, column], self.leaf[..., :head][row, column]


def moments(posterior: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of posteriors (J, Q), counted in nodes from the first one; (J,) each.

    Rounded to multiples of 2**-26, posteriors are whole numbers, whose products with node numbers
    add up exactly in float64: the result does not depend on the cohort or the machine.
    """
    whole = np.rint(posterior / _POSTERIOR_UNIT)
    sums = whole @ _powers(posterior.shape[1])
    mean = sums[:, 1] / sums[:, 0]
    return mean, sums[:, 2] / sums[:, 0] - mean**2


@cache
def _powers(nodes: int) -> Floats:
    """Powers 0, 1 and 2 of the node numbers, (Q, 3)."""
    return np.arange(nodes, dtype=np.float64)[:, None] ** np.arange(3)


def build(
    tables: ItemTables, criterion: Criterion, basis: str, leaf: Ints, listed: Ints
) -> Ranking:
    """Rank the items for every belief on the grid.

    basis : "theta" or "belief", what the criterion looks at.
    leaf : (I,) domain of each item. listed : (L,) how many of the best items of each domain to
        keep; as many as a test can use and exposure control may set aside is enough.

    Raises BadInput when the nodes are not equally spaced.
    """
    nodes = tables.quadrature.nodes
    interval = float(nodes[1] - nodes[0])
    if not np.allclose(np.diff(nodes), interval):
        raise BadInput("a ranking needs equally spaced nodes")
    sds = SDS if basis == "belief" else SDS[:1]
    means = np.linspace(nodes[0], nodes[-1], (len(nodes) - 1) * MEANS_PER_INTERVAL + 1)
    members = [np.flatnonzero(leaf == each) for each in range(len(listed))]
    order = [
        [
            _best(criterion(_belief(part, sd, tables.quadrature), tables), members, listed)
            for part in np.array_split(means, len(means) // 16)
        ]
        for sd in sds
    ]
    edges = sds[1:] * sds[:-1] / interval**2
    best = np.stack([np.concatenate(rows) for rows in order], axis=1)
    return Ranking(best.astype(np.int32), leaf[best].astype(np.int16), edges)


def _belief(means: Floats, sd: float, quadrature: Quadrature) -> Known:
    """Persons of whom exactly this is believed; they have no history."""
    density = np.exp(-(((quadrature.nodes - means[:, None]) / sd) ** 2) / 2)
    posterior = density / density.sum(axis=1, keepdims=True)
    return Known(
        posterior=posterior,
        likelihood=posterior,
        answered=0,
        length=1,
        quadrature=quadrature,
        chance=_no_chance,
        given_estimate=(means, np.full(len(means), sd)),
    )


def _no_chance(_: Ints) -> Floats:
    raise BadInput("a ranking cannot hold a criterion that draws lots")


def _best(scores: Floats, members: list[Ints], listed: Ints) -> Ints:
    """Positions (M, W) of the best items of each domain together, in falling order."""
    kept = []
    for items, count in zip(members, listed, strict=True):
        if count >= len(items):
            kept.append(np.broadcast_to(items, (len(scores), len(items))))
        else:
            best = np.argpartition(-scores[:, items], count - 1, axis=1)[:, :count]
            kept.append(items[best])
    # Sorted by position first, so that equal scores rank by position.
    together = np.sort(np.concatenate(kept, axis=1), axis=1)
    falling = np.argsort(-np.take_along_axis(scores, together, axis=1), axis=1, kind="stable")
    return np.take_along_axis(together, falling, axis=1)
