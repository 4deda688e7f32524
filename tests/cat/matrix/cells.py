"""The words of the tables in docs/mesin.md, and how a table becomes a list of tests."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import product
from typing import Any

import pytest

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


def grid(rows: Iterable[str], columns: Iterable[str], without: Collection[Cell] = ()) -> list[Cell]:
    """The cells of a table, row by row."""
    return [cell for cell in product(rows, columns) if cell not in without]


def each(cells: Iterable[Cell]) -> list[Any]:
    """One test a cell, called row-column."""
    return [pytest.param(*cell, id="-".join(cell)) for cell in cells]
