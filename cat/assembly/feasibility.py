"""Can any test from this bank satisfy the table? Asked, and answered, before anybody sits.

When none can, two questions are answered for the people who must mend it. Which rows contradict
each other: a set that no test satisfies, though every smaller part of it can be, found by leaving
out one row after the other (deletion filter: Chinneck & Dravnieks, 1991, ORSA Journal on Computing
3, 157-168). And where is how much missing: the test that comes nearest, found by letting every row
be missed at a price (elastic program: Chinneck, 2008, Feasibility and Infeasibility in
Optimization, ch. 6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # loads its optimisers when first used: 20 MB that most web processes never need
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from cat.assembly.draft import LENGTH, STRUCTURAL
from cat.assembly.rows import TOLERANCE, ConstraintRows, broken, missed, outside
from cat.errors import BlueprintInfeasible, DidNotConverge
from cat.itembank.constraints import BOUNDED, ConstraintTable

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# What one unit missed costs: an item too few or too many costs 1. Pairs and forced items give way
# only where counts alone cannot, the length last of all, so that the answer is in items to write.
_PRICE_OF_A_WHOLE_RULE = 100.0
_PRICE_OF_LENGTH = 1_000.0
_OPTIMAL, _LIMIT_REACHED, _INFEASIBLE, _GAVE_UP = 0, 1, 2, 4


def check(
    rows: ConstraintRows, table: ConstraintTable, *, time_limit_seconds: float = 60.0
) -> Ints:
    """Prove that a test exists which satisfies every row.

    rows : `table` compiled against a bank. time_limit_seconds : for each of the solver's runs.

    Returns the positions (n,) of such a test.
    Raises BlueprintInfeasible when there is none, with as evidence
        violated : sentences of a minimal set of constraints that contradict each other;
        constraints : their places in the table, LENGTH (-2) for the length;
        missing : sentence of each row missed by the nearest test -> by how much (negative: below);
        proven : whether every run ended in time, so that the set is minimal and the test nearest.
    Raises DidNotConverge when the solver could not decide in time.
    """
    search = _Search(rows, time_limit_seconds)
    chosen = search.test_within(np.ones(len(rows.names), dtype=bool))
    if chosen is not None:
        return chosen
    if search.undecided:
        raise DidNotConverge(
            f"belum pasti apakah kisi-kisi dapat dipenuhi setelah {time_limit_seconds:g} detik",
            time_limit_seconds=time_limit_seconds,
        )
    members = search.conflict()
    missing = search.nearest(_prices(rows, table))
    violated = tuple(_statement(rows, table, member) for member in members)
    shortages = "; ".join(missed(name, excess) for name, excess in missing.items())
    raise BlueprintInfeasible(
        f"kisi-kisi tidak dapat dipenuhi bank ini. Yang bertentangan: {'; '.join(violated)}."
        f" Kekurangan terkecil: {shortages or 'belum ditemukan'}.",
        violated=violated,
        constraints=members,
        missing=missing,
        proven=not search.undecided,
    )


@dataclass
class _Search:
    """Runs of the solver on parts of the rows. `undecided` : whether one of them ran out of time.

    The fixed bounds of the variables are left aside: they repeat rows, and rows can be left out.
    """

    rows: ConstraintRows
    time_limit_seconds: float
    undecided: bool = False

    def test_within(self, kept: Bools) -> Ints | None:
        """Positions of a test that satisfies the kept rows (R,); None when none was found."""
        rows = self.rows
        limits = scipy.optimize.LinearConstraint(
            rows.matrix[kept], rows.lower[kept], rows.upper[kept]
        )
        x = self._solve(np.zeros(rows.matrix.shape[1]), limits, 0)
        if x is None:
            return None
        chosen = np.flatnonzero(x[: len(rows.stimulus)] > 0.5)
        if broken(rows, chosen[None, :])[0, kept].any():
            raise DidNotConverge("pecahan dalam sum terlalu rapat dengan batasnya bagi pemecah MIP")
        return chosen

    def conflict(self) -> tuple[int, ...]:
        """Constraints that no test satisfies together, none of which can be left out.

        Whole blocks are left out first, so that a long table costs few runs; blocks of one, last,
        make the set minimal.
        """
        members = [int(s) for s in np.unique(self.rows.source) if s != STRUCTURAL]
        size = len(members)
        while size > 1:
            size = (size + 1) // 2
            start = 0
            while start < len(members):
                fewer = members[:start] + members[start + size :]
                if self._impossible(fewer):
                    members = fewer
                else:
                    start += size
        return tuple(members)

    def _impossible(self, members: list[int]) -> bool:
        """Whether no test satisfies these constraints; not so where the solver could not tell."""
        before, self.undecided = self.undecided, False
        found = self.test_within(np.isin(self.rows.source, [*members, STRUCTURAL]))
        decided, self.undecided = not self.undecided, self.undecided or before
        return found is None and decided

    def nearest(self, prices: Floats) -> dict[str, float]:
        """Sentence of each row that the cheapest test misses -> by how much."""
        rows = self.rows
        elastic = np.flatnonzero(rows.source != STRUCTURAL)
        extra = csr_array(
            (np.ones(len(elastic)), (elastic, np.arange(len(elastic)))),
            shape=(len(rows.names), len(elastic)),
        )
        limits = scipy.optimize.LinearConstraint(
            hstack([rows.matrix, extra, -extra]), rows.lower, rows.upper
        )
        free = np.zeros(rows.matrix.shape[1])
        cost = np.concatenate([free, prices[elastic], prices[elastic]])
        x = self._solve(cost, limits, 2 * len(elastic))
        if x is None:
            return {}
        activity = rows.matrix @ np.round(x[: len(free)])
        excess = outside(activity, rows.lower, rows.upper)
        return {rows.names[r]: float(excess[r]) for r in np.flatnonzero(abs(excess) > TOLERANCE)}

    def _solve(
        self, cost: Floats, limits: scipy.optimize.LinearConstraint, slacks: int
    ) -> Floats | None:
        whole = len(cost) - slacks
        # HiGHS now and then gives up on what its own presolve made of a program.
        for presolve in (True, False):
            solution = scipy.optimize.milp(
                cost,
                integrality=np.repeat([1, 0], [whole, slacks]),
                bounds=scipy.optimize.Bounds(0, np.repeat([1.0, np.inf], [whole, slacks])),
                constraints=limits,
                options={
                    "time_limit": self.time_limit_seconds,
                    "mip_rel_gap": 0.0,
                    "presolve": presolve,
                },
            )
            if solution.status != _GAVE_UP:
                break
        if solution.status == _LIMIT_REACHED:
            self.undecided = True
        elif solution.status not in (_OPTIMAL, _INFEASIBLE):
            raise DidNotConverge(f"pemecah MIP berhenti: {solution.message}")
        return None if solution.x is None else np.asarray(solution.x)


def _prices(rows: ConstraintRows, table: ConstraintTable) -> Floats:
    """What one unit missed of each row costs, (R,); a sum is counted in its largest item."""
    prices = np.ones(len(rows.names))
    for r, source in enumerate(rows.source):
        if source == LENGTH:
            prices[r] = _PRICE_OF_LENGTH
        elif source >= 0 and table.rows[source].kind not in BOUNDED:
            prices[r] = _PRICE_OF_A_WHOLE_RULE
        elif source >= 0 and table.rows[source].kind == "sum":
            largest = abs(rows.matrix[[r]]).max()
            prices[r] = 1.0 / largest if largest > 0 else 1.0
    return prices


def _statement(rows: ConstraintRows, table: ConstraintTable, member: int) -> str:
    """A constraint with its bounds, as one sentence."""
    if member == LENGTH:
        return rows.names[int(np.flatnonzero(rows.source == LENGTH)[0])]
    row = table.rows[member]
    return f"{row.title}: {row.span}" if row.span else row.title
