"""The adaptive parts of a published pool: nothing is computed, only read."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cat.itembank.pool import PartPool, Pool
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.exposure.admission import Admission
from cat.selection.limits import compile_limits
from cat.selection.policy import Policy
from cat.selection.ranking import Ranking

# Names under which a pool stores the arrays of a ranking and of exposure control.
RANKING = ("urutan", "tepi_ragam")
ADMISSION = ("tepi_paparan", "peluang_paparan")


@lru_cache(maxsize=32)
def adaptive_parts(pool: Pool) -> tuple[AdaptivePart, ...]:
    """The parts of a pool, ready for the adaptive step."""
    return tuple(_adaptive(part, stream) for stream, part in enumerate(pool.parts))


def _adaptive(part: PartPool, stream: int) -> AdaptivePart:
    arrays = part.choosing
    ranking = admission = None
    if RANKING[0] in arrays:
        order = arrays[RANKING[0]].astype(np.int32)
        ranking = Ranking(order, part.leaf[order].astype(np.int16), arrays[RANKING[1]])
    if ADMISSION[0] in arrays:
        admission = Admission(arrays[ADMISSION[0]], arrays[ADMISSION[1]])
    rows, rivals = compile_limits(
        part.blueprint, part.constraints, part.attributes, part.tree, part.leaf
    )
    return AdaptivePart(
        code=part.part,
        tables=part.tables,
        tree=part.tree,
        leaf=part.leaf,
        policy=Policy.from_mapping(part.policy),
        ranking=ranking,
        admission=admission,
        rows=rows,
        rivals=rivals,
        seconds=part.attributes.numbers("detik"),
        stream=stream,
    )
