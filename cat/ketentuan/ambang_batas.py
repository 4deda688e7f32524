"""Does a result reach the minimums, and if not, where does it fall short?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.ruleset import AmbangBatas, RuleSet
from cat.ketentuan.section import broken


@dataclass(frozen=True)
class Comparison:
    """One minimum held against one result: the answer to "why?".

    bagian : twk, tiu, tkp or "total".
    nilai, minimum : points; met is nilai >= minimum.
    """

    bagian: str
    nilai: int
    minimum: int
    met: bool
    dasar_hukum: str
    keyakinan: str


def reaches(nilai: Mapping[str, int], minimums: Mapping[str, int]) -> bool:
    """Whether every minimum that the rule names is met; parts it does not name have no minimum.

    nilai : points of twk, tiu and tkp; the total is always computed here, never taken over.
    minimums : part or "total" -> least points.

    Raises BadInput where nilai does not hold exactly the three parts.
    """
    points = _with_total(nilai)
    return all(points[part] >= minimum for part, minimum in minimums.items())


def compare(nilai: Mapping[str, int], rule: AmbangBatas) -> tuple[Comparison, ...]:
    """Each minimum of the rule beside the result; the person passes where all are met.

    nilai : points of twk, tiu and tkp.  Raises BadInput as `reaches` does.
    """
    points = _with_total(nilai)
    return tuple(
        Comparison(
            bagian=part,
            nilai=points[part],
            minimum=minimum,
            met=points[part] >= minimum,
            dasar_hukum=rule.dasar_hukum,
            keyakinan=rule.keyakinan,
        )
        for part, minimum in rule.minimum
    )


def _with_total(nilai: Mapping[str, int]) -> dict[str, int]:
    if set(nilai) != set(PARTS):
        raise BadInput(f"nilai must hold exactly {PARTS}; it holds {sorted(nilai)}", nilai=nilai)
    return {**nilai, TOTAL: sum(nilai.values())}


@dataclass(frozen=True, eq=False)
class MinimumTable:
    """The minimums of a rule set as one array, for many persons at once.

    kode : of the rule set.
    jenis_kebutuhan : name of each of the R rows.
    minimum : (R, 4) points, columns twk, tiu, tkp, total; 0 where the row names no minimum.
    """

    kode: str
    jenis_kebutuhan: tuple[str, ...]
    minimum: NDArray[np.int64]

    @classmethod
    def of(cls, rules: RuleSet) -> MinimumTable:
        """The table of a rule set, rows in the order of its ambang_batas."""
        rows = [row.minimums for row in rules.ambang_batas]
        minimum = np.array([[row.get(part, 0) for part in (*PARTS, TOTAL)] for row in rows])
        minimum.flags.writeable = False
        return cls(rules.kode, tuple(row.jenis_kebutuhan for row in rules.ambang_batas), minimum)

    def rows(self, jenis_kebutuhan: Sequence[str] | NDArray[np.str_]) -> NDArray[np.intp]:
        """Row number of each person's jenis kebutuhan, (J,); raises BadRules for an unknown one."""
        names, which = np.unique(np.asarray(jenis_kebutuhan, dtype=np.str_), return_inverse=True)
        numbers = {name: number for number, name in enumerate(self.jenis_kebutuhan)}
        for name in names.tolist():
            if name not in numbers:
                known = ", ".join(self.jenis_kebutuhan)
                raise broken(f"{self.kode}: ambang_batas", name, f"tidak dikenal; yang ada {known}")
        return np.array([numbers[name] for name in names.tolist()], dtype=np.intp)[which]


def reaches_many(
    nilai: NDArray[np.integer], rows: NDArray[np.integer], table: MinimumTable
) -> NDArray[np.bool_]:
    """Whether each person reaches the minimums of their own jenis kebutuhan.

    nilai : (J, 3) points, columns twk, tiu, tkp.
    rows : (J,) row numbers from `table.rows`.

    Returns (J,).  Raises BadInput for wrong shapes or row numbers.
    """
    if nilai.dtype.kind not in "iu":
        raise BadInput(f"nilai must be integers: points carry no fractions; got {nilai.dtype}")
    if nilai.ndim != 2 or nilai.shape[1] != len(PARTS) or rows.shape != nilai.shape[:1]:
        raise BadInput(f"nilai must be (J, 3) and rows (J,); got {nilai.shape} and {rows.shape}")
    if rows.size and not (rows.min() >= 0 and rows.max() < len(table.minimum)):
        raise BadInput(f"rows must lie in [0, {len(table.minimum)})")
    points = np.column_stack([nilai, nilai.sum(axis=1)])
    met: NDArray[np.bool_] = (points >= table.minimum[rows]).all(axis=1)
    return met
