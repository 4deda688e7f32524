"""What each item says at each quadrature node, computed once so that nobody calls exp again.

Tables are stored in a pool as bytes: replaying an exam rests on them (docs/decisions/0002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.irt import items as irt
from cat.irt.items import Items
from cat.scoring.eap import Quadrature, require_quadrature

Floats = NDArray[np.float64]

# Information is rounded to multiples of 2**-20 and the posterior to multiples of 2**-26 before they
# meet, so that every product and partial sum is a whole number below 2**53: exact in float64,
# whatever the order of summation, the batch size or the linear-algebra library.
INFORMATION_UNIT = 2.0**-20
# No answer is ever quite impossible: 32 of the least likely ones still multiply to a normal number.
LEAST_LIKELIHOOD = 2.0**-30


@dataclass(frozen=True)
class ItemTables:
    """I items on Q nodes.

    items : their parameters.
    quadrature : nodes of the ability scale with the prior weight of each.
    likelihood : (I, K, Q) chance of each category at each node; never below LEAST_LIKELIHOOD, 1
        in categories that an item does not have.
    information : (I, Q) Fisher information at each node, in whole units of INFORMATION_UNIT.
    """

    items: Items
    quadrature: Quadrature
    likelihood: Floats
    information: Floats

    def __len__(self) -> int:
        return len(self.items)


def tabulate(items: Items, quadrature: Quadrature) -> ItemTables:
    """Tables of the items at the nodes of the quadrature. Returns ItemTables; raises BadInput."""
    require_quadrature(quadrature)
    nodes = quadrature.nodes
    likelihood = irt.probability(nodes, items).transpose(1, 2, 0)
    own = np.arange(likelihood.shape[1]) < items.categories[:, None]
    likelihood = np.where(own[:, :, None], np.maximum(likelihood, LEAST_LIKELIHOOD), 1.0)
    information = irt.information(nodes, items).T
    return ItemTables(
        items=items,
        quadrature=quadrature,
        likelihood=np.ascontiguousarray(likelihood),
        information=np.ascontiguousarray(np.rint(information / INFORMATION_UNIT)),
    )
