"""Shadow tests: before an item is chosen, the best full-length test that holds all items given.

Every shadow test keeps all limits, so a test whose items all come from shadow tests keeps them too.
van der Linden & Reese (1998), Applied Psychological Measurement 22, 259-270; van der Linden (2005),
Linear Models for Optimal Test Design, ch. 9.

An exam is replayed for audit, maybe years later on another machine. So what is assembled must be a
function of the values and the items given, whatever was solved before. Three things see to that.
The solver starts each time at the basis it had when it was built. Values are rounded to whole
units, and each item's has a small handicap of its own, so that no two tests tie. And the search is
led by relaxations with one solution each, so that another version of the solver, which takes
another way to it, is led to the same test; with a gap of 0 that test is the best, whatever the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.assembly.linear_program import Program, Relaxation
from cat.assembly.rows import ConstraintRows
from cat.assembly.whole_optimum import whole_optimum
from cat.errors import BadInput, BlueprintInfeasible, PoolExhausted

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# The largest value becomes 64 and all are rounded to units of 2**-20: tests of a thousand items
# still add up exactly, and a unit is a thousand times the tolerance of the linear program.
_LARGEST = 64.0
_UNIT = 2.0**-20
# Handicaps are below 2**-10: less than one part in 65,000 of the largest value.
_HANDICAP_BITS = 10
# Start of the raw bits of handicaps. Changing it changes which of two equal tests is assembled.
_HANDICAP_SEED = 1998
# Of the relaxations' rows, see `Program`. Without a gap there is none: the best test is one of a
# kind anyway, and proving it takes longer with slack.
_SLACK = 1e-6


class ShadowSolver:
    """Assembles shadow tests from one bank under one set of rows.

    rows : what every finished test must keep, its length among them.
    gap : share of the best test's value that may be given up for speed, 0 to 0.1: no test is worth
        more than the assembled one and this share. A thousandth of the information adds a
        two-thousandth to the standard error.

    Raises BlueprintInfeasible when no test keeps the rows, BadInput for a gap out of range.
    """

    def __init__(self, rows: ConstraintRows, gap: float = 0.001) -> None:
        if not 0 <= gap <= 0.1:
            raise BadInput(f"gap must lie in [0, 0.1]; got {gap}")
        self.rows, self.gap = rows, gap
        items, variables = len(rows.stimulus), rows.matrix.shape[1]
        self._handicap = np.zeros(variables)
        raw = np.random.PCG64(_HANDICAP_SEED).random_raw(items)
        self._handicap[:items] = (raw >> np.uint64(64 - _HANDICAP_BITS)) * _UNIT
        self._program = Program(
            value=self._handicap,
            matrix=rows.matrix,
            lower=rows.lower,
            upper=rows.upper,
            low=rows.fixed_lower,
            high=rows.fixed_upper,
            slack=_SLACK if gap > 0 else 0.0,
        ).scaled()
        self._stimuli = np.arange(variables) >= items
        self._relaxation = Relaxation(self._program)
        self._relaxation.maximise(self._program.low, self._program.high)
        self._start = self._relaxation.basis()
        self._one_at_a_time = Lock()
        # Any test will do here: with so wide a gap the first that is found ends the search.
        if self._best(self._program, gap=1.0) is None:
            raise BlueprintInfeasible("tidak ada tes dari bank ini yang memenuhi seluruh kisi-kisi")

    def __reduce__(self) -> tuple[Callable[..., ShadowSolver], tuple[Any, ...]]:
        return ShadowSolver, (self.rows, self.gap)

    def assemble(self, value: ArrayLike, given: ArrayLike, closed: Bools | None = None) -> Bools:
        """The test with the largest sum of values that holds all items given and keeps all rows.

        Largest to within the solver's gap; what differs by less than a 65,000th of the largest
        value counts as equal.

        value : (I,) worth of each item, in any unit. given : (n,) positions of the items given.
        closed : (I,) items that may not enter, unless given; none by default.

        Returns (I,) whether an item is in the test. Raises BadInput, and PoolExhausted when no test
        holds the items given.
        """
        worth, taken = self._checked(value, given, closed)
        program = self._program
        low, high = program.low.copy(), program.high.copy()
        stimulus = self.rows.stimulus[taken]
        low[taken] = low[len(worth) + stimulus[stimulus >= 0]] = 1.0
        if closed is not None:
            high[: len(worth)][closed & (low[: len(worth)] < 1)] = 0.0
        asked = replace(program, value=self._in_units(worth), low=low, high=high)
        with self._one_at_a_time:
            x = self._best(asked, self.gap) if (low <= high).all() else None
        if x is None:
            raise PoolExhausted(
                f"no test that keeps the blueprint holds the {len(taken)} items given: {taken}",
                given=taken,
            )
        return np.asarray(x[: len(worth)] > 0.5)

    def free(self, shadow: Bools, given: Ints) -> Bools:
        """Items that may come next; `allowed` under this solver's stimuli."""
        return allowed(shadow, given, self.rows.stimulus)

    def _best(self, program: Program, gap: float) -> Floats | None:
        self._relaxation.restart_from(self._start)
        self._relaxation.set_values(program.value)
        root = self._relaxation.maximise(program.low, program.high)
        if root is None:
            return None
        margin = max(_UNIT / 2, gap * abs(root.value))
        return whole_optimum(program, self._relaxation, root, self._stimuli, margin)

    def _in_units(self, worth: Floats) -> Floats:
        largest = np.abs(worth).max()
        value = self._handicap.copy()
        if largest > 0:
            value[: len(worth)] += np.rint(worth / largest * (_LARGEST / _UNIT)) * _UNIT
        return value

    def _checked(
        self, value: ArrayLike, given: ArrayLike, closed: Bools | None
    ) -> tuple[Floats, Ints]:
        items = len(self.rows.stimulus)
        worth = np.asarray(value, dtype=np.float64)
        if worth.shape != (items,) or (closed is not None and np.shape(closed) != (items,)):
            raise BadInput(f"value and closed need shape ({items},); got value {worth.shape}")
        if not np.isfinite(worth).all():
            item = int(np.argmin(np.isfinite(worth)))
            raise BadInput(f"values must be finite; item {item} has {worth[item]}", item=item)
        taken = np.asarray(given, dtype=np.int64).reshape(-1)
        outside = taken[(taken < 0) | (taken >= items)]
        if outside.size:
            raise BadInput(f"items given must be positions 0..{items - 1}; got {outside[0]}")
        return worth, taken


def refresh_at(number: int, interval: int) -> int:
    """After how many answers the shadow test was assembled that item `number` comes from.

    number : items given before, from 0. interval : answers from one refresh to the next, >= 1.

    In between all items come from one shadow test, so that they can all be given.
    """
    if number < 0 or interval < 1:
        raise BadInput(f"need number >= 0 and interval >= 1; got {number} and {interval}")
    return number - number % interval


def allowed(shadow: Bools, given: Ints, stimulus: Ints) -> Bools:
    """Items of each person's shadow test that may come next.

    shadow : (J, I) or (I,). given : (J, n) or (n,) positions of the items given, in order.
    stimulus : (I,) stimulus of each item, or -1.

    Returns (J, I) or (I,): items not given yet; items of one stimulus come one after the other, so
    while the stimulus of the last item given has any left, only those.
    """
    free = np.atleast_2d(shadow).copy()
    done = np.asarray(given, dtype=np.int64).reshape(len(free), -1)
    free[np.arange(len(free))[:, None], done] = False
    if done.shape[1]:
        current = stimulus[done[:, -1]]
        together = free & (stimulus == current[:, None]) & (current >= 0)[:, None]
        free = np.where(together.any(axis=1, keepdims=True), together, free)
    return free.reshape(np.shape(shadow))
