"""The words of the tables in docs/mesin.md, and how a table becomes a list of tests."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import product
from typing import Any

import pytest

from cat.errors import PoolExhausted
from cat.selection import criteria, policy, ranking, stopping

# The models by the names that people use; `banks` says which `Model` each is.
MODELS = ("1pl", "2pl", "3pl", "4pl", "grm", "gpcm", "pcm", "rsm", "nominal", "campuran")
ESTIMATORS = ("eap", "map", "mle", "wle", "sum_score")
CRITERIA = tuple(criteria.CRITERIA)
# What a pool may look up in a table made at publication.
TABULATED = tuple(c for c in CRITERIA if c in ranking.THETA_CRITERIA | ranking.BELIEF_CRITERIA)
EXPOSURE = ("tanpa", "acak_teratas", *policy.EXPOSURE_METHODS, "kelayakan_bersyarat")
LIMITS = ("tanpa", "pohon", "seteru", "seteru_hitungan", "stimulus", "jumlah_kunci", "wajib_larang")
# Those that only shadow tests can keep.
BY_SOLVER = ("seteru", "stimulus", "jumlah_kunci", "wajib_larang")
# A part also ends at its full length, and when replayed answers leave a person no item.
STOPPING = ("panjang", *stopping.KINDS, "habis")

Cell = tuple[str, str]

# What the engine does not do yet. A cell that starts to work fails here until its line is deleted,
# and its mark in docs/mesin.md changed.
GAPS: dict[Cell, str] = {
    ("batas_keras", limits): "batas_keras kehabisan butir dalam tes bayangan"
    for limits in BY_SOLVER
}


def grid(rows: Iterable[str], columns: Iterable[str], without: Collection[Cell] = ()) -> list[Cell]:
    """The cells of a table, row by row."""
    return [cell for cell in product(rows, columns) if cell not in without]


def each(cells: Iterable[Cell]) -> list[Any]:
    """One test a cell, called row-column; where the engine falls short, it must still fail."""
    return [
        pytest.param(*cell, id="-".join(cell), marks=[_short_of(cell)] if cell in GAPS else [])
        for cell in cells
    ]


def _short_of(cell: Cell) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, raises=PoolExhausted, reason=GAPS[cell])
