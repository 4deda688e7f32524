"""The best solution of a mixed program that HiGHS finds in its time, and how good any could be."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from cat.assembly.form_programs import MixedProgram
from cat.assembly.linear_program import solver_of

Floats = NDArray[np.float64]

_STATUS = highspy.HighsModelStatus
_NONE_EXISTS = (_STATUS.kInfeasible, _STATUS.kUnboundedOrInfeasible)


@dataclass(frozen=True)
class MixedOptimum:
    """What was found.

    x : (V,) solution, its whole variables rounded; None when none was found.
    bound : no solution has a higher value. seconds : that the solver took.
    none_exists : whether it is proven that there is no solution.
    """

    x: Floats | None
    bound: float
    seconds: float
    none_exists: bool


def mixed_optimum(
    mixed: MixedProgram, gap: float, seconds: float, start: Floats | None = None
) -> MixedOptimum:
    """Maximise the value of a mixed program.

    gap : a solution this near to the bound is good enough. seconds : after which the best found so
        far must do; only then the answer depends on the machine. start : (n,) known values of the
        first n variables.
    """
    solver = solver_of(mixed.program, mixed.whole)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", gap)
    solver.setOptionValue("time_limit", seconds)
    if start is not None:
        solver.setSolution(len(start), np.arange(len(start), dtype=np.int32), start)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    if mixed.whole.any():
        is_found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        bound = -info.mip_dual_bound
    else:
        is_found = status == _STATUS.kOptimal
        bound = -info.objective_function_value
    x = np.asarray(solver.getSolution().col_value) if is_found else None
    if x is not None:
        x = np.where(mixed.whole, np.round(x), x)
    return MixedOptimum(x, bound, solver.getRunTime(), status in _NONE_EXISTS)
