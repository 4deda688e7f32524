"""The adaptive parts of a published pool: nothing is computed, only read."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cat.itembank.pool import PartPool, Pool
from cat.selection.adaptive_part import AdaptivePart
from cat.selection.burnt import without
from cat.selection.exposure.admission import Admission
from cat.selection.limits import compile_limits
from cat.selection.policy import Policy
from cat.selection.ranking import Ranking
from cat.selection.rivals import enemy_groups

# Names under which a pool stores the arrays of a ranking and of exposure control.
RANKING = ("urutan", "tepi_ragam")
ADMISSION = ("tepi_paparan", "peluang_paparan")


def adaptive_parts(pool: Pool, burnt: tuple[str, ...] = ()) -> tuple[AdaptivePart, ...]:
    """The parts of a pool, ready for the adaptive step.

    burnt : codes of items that are not to be given; see `cat.selection.burnt`.

    Raises BlueprintInfeasible, BadRules where the parts cannot do without them.
    """
    return _without(pool, burnt) if burnt else _whole(pool)


@lru_cache(maxsize=32)
def _whole(pool: Pool) -> tuple[AdaptivePart, ...]:
    return tuple(_adaptive(part, stream) for stream, part in enumerate(pool.parts))


@lru_cache(maxsize=256)  # of each person who sits again
def _without(pool: Pool, burnt: tuple[str, ...]) -> tuple[AdaptivePart, ...]:
    codes = set(burnt)
    found = []
    for part, whole in zip(pool.parts, _whole(pool), strict=True):
        away = np.array([item.code in codes for item in part.items])
        groups = enemy_groups(part.constraints, part.attributes)
        found.append(without(whole, away, groups) if away.any() else whole)
    return tuple(found)


def _adaptive(part: PartPool, stream: int) -> AdaptivePart:
    arrays = part.choosing
    ranking = admission = None
    if RANKING[0] in arrays:
        # Twelve megabytes: the pool's own bytes serve where they can be read as they lie.
        order = np.require(arrays[RANKING[0]], np.int32, ["ALIGNED"])
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
