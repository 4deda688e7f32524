"""Linear programs, mostly over yes/no variables, solved by HiGHS on one thread.

Huangfu & Hall (2018), Parallelizing the dual revised simplex method, Mathematical Programming
Computation 10, 119-142.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, diags_array

from cat.errors import DidNotConverge

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_OPTIMAL = highspy.HighsModelStatus.kOptimal
_NO_BETTER = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound)
# For the rounding of sums of fractions; whole numbers miss a bound by far more.
_ROW_TOLERANCE = 1e-9
# Tolerance of the simplex method, well below any slack.
_SIMPLEX_TOLERANCE = 1e-9
_SLACK_SEED = 1998


@dataclass(frozen=True, eq=False)
class Program:
    """Maximise value @ x where lower <= matrix @ x <= upper and low <= x <= high.

    value, low, high : (V,); matrix : (R, V); lower, upper : (R,).
    slack : relaxations widen each row by an amount of its own, from `slack` to twice that. Then no
        two solutions of a relaxation are equally good, neither of its rows' prices, and whichever
        way a solver takes it ends at the same.
    """

    value: Floats
    matrix: csr_array
    lower: Floats
    upper: Floats
    low: Floats
    high: Floats
    slack: float = 0.0

    def scaled(self) -> Program:
        """The same with each row divided by the power of two that brings its weights near 1.

        The simplex method then needs no scaling of its own, which costs more than one solution.
        """
        largest = np.maximum(abs(self.matrix).max(axis=1).toarray().ravel(), 1.0)
        factor = np.exp2(-np.floor(np.log2(largest)))
        matrix = csr_array(diags_array(factor) @ self.matrix)
        return replace(self, matrix=matrix, lower=self.lower * factor, upper=self.upper * factor)

    def restricted(self, kept: Bools, x: Floats) -> Program:
        """The program over the kept variables (V,) alone, the others fixed at x (V,).

        Rows that can no longer break are left out.
        """
        matrix = self.matrix[:, kept]
        fixed = self.matrix @ np.where(kept, 0.0, x)
        lower, upper = self.lower - fixed, self.upper - fixed
        low, high = self.low[kept], self.high[kept]
        up, down = matrix.maximum(0), matrix.minimum(0)
        most, least = up @ high + down @ low, up @ low + down @ high
        matters = (least < lower - _ROW_TOLERANCE) | (most > upper + _ROW_TOLERANCE)
        return Program(
            self.value[kept],
            csr_array(matrix[matters]),
            lower[matters],
            upper[matters],
            low,
            high,
            self.slack,
        )

    def relaxed(self) -> Program:
        """The program with its rows widened."""
        own = np.random.PCG64(_SLACK_SEED).random_raw(len(self.lower)) * 2.0**-64
        widening = self.slack * (1.0 + own)
        return replace(self, lower=self.lower - widening, upper=self.upper + widening)

    def allows(self, x: Floats) -> bool:
        """Whether x (V,) keeps every row."""
        activity = self.matrix @ x
        return bool(
            (activity >= self.lower - _ROW_TOLERANCE).all()
            and (activity <= self.upper + _ROW_TOLERANCE).all()
        )


class Vertex(NamedTuple):
    """Optimum of a relaxation: value, x (V,) and loss (V,), what one unit away from x costs."""

    value: float
    x: Floats
    loss: Floats


class Relaxation:
    """The linear relaxation of a program, kept in the solver while its bounds and values change."""

    def __init__(self, program: Program) -> None:
        self._columns = np.arange(len(program.value), dtype=np.int32)
        self._solver = solver_of(program.relaxed() if program.slack else program)
        self._solver.setOptionValue("presolve", "off")
        self._solver.setOptionValue("primal_feasibility_tolerance", _SIMPLEX_TOLERANCE)
        self._solver.setOptionValue("dual_feasibility_tolerance", _SIMPLEX_TOLERANCE)
        self._solver.setOptionValue("simplex_scale_strategy", 0)

    def maximise(self, low: Floats, high: Floats, better_than: float = -np.inf) -> Vertex | None:
        """The best x with low <= x <= high; None when there is none better than `better_than`.

        Raises DidNotConverge.
        """
        solver = self._solver
        solver.changeColsBounds(len(self._columns), self._columns, low, high)
        # The solver minimises: see solver_of.
        solver.setOptionValue("objective_bound", min(-better_than, highspy.kHighsInf))
        solver.run()
        status = solver.getModelStatus()
        if status != _OPTIMAL and status not in _NO_BETTER:
            status = self._again()
        if status != _OPTIMAL:
            return None
        found = solver.getSolution()
        loss = np.abs(np.asarray(found.col_dual))
        value = -solver.getInfo().objective_function_value
        return Vertex(value, np.asarray(found.col_value), loss)

    def set_values(self, value: Floats) -> None:
        """Maximise another sum: value (V,)."""
        self._solver.changeColsCost(len(self._columns), self._columns, -value)

    def basis(self) -> highspy.HighsBasis:
        """The basis of the last solution, to start others from."""
        return self._solver.getBasis()

    def restart_from(self, basis: highspy.HighsBasis) -> None:
        """Forget all that was solved before, and begin at this basis."""
        self._solver.clearSolver()
        self._solver.setBasis(basis)

    def _again(self) -> highspy.HighsModelStatus:
        """Solve from scratch what stalled numerically."""
        solver = self._solver
        solver.clearSolver()
        solver.setOptionValue("simplex_scale_strategy", 2)
        solver.run()
        solver.setOptionValue("simplex_scale_strategy", 0)
        status = solver.getModelStatus()
        if status != _OPTIMAL and status not in _NO_BETTER:
            raise DidNotConverge(f"HiGHS ended a linear program with status {status.name}")
        return status


def solver_of(program: Program, whole: Bools | None = None) -> highspy.Highs:
    """A HiGHS model that minimises the negative of the value.

    Minimising, its objective bound cuts off what is no better. whole : (V,) variables that must be
    whole numbers; none by default.
    """
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # its __init__ has no hints
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.value), len(program.lower)
    model.col_cost_ = -program.value
    model.col_lower_, model.col_upper_ = program.low, program.high
    model.row_lower_, model.row_upper_ = program.lower, program.upper
    columns = csc_array(program.matrix)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = columns.indptr
    model.a_matrix_.index_ = columns.indices
    model.a_matrix_.value_ = columns.data
    if whole is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(is_whole)] for is_whole in whole]
    solver.passModel(model)
    return solver
