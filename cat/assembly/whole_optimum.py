"""The best yes/no solution near a relaxation's optimum, proven to be the best of all.

Most variables are settled by their loss: one that would cost more than lies between the relaxation
and a known solution cannot change in any better one (reduced-cost fixing: Nemhauser & Wolsey, 1988,
Integer and Combinatorial Optimization, II.5.2). So a small core of variables with little or no loss
is searched first, for a good solution; then the core that this solution leaves open (Balas & Zemel,
1980, Operations Research 28, 1130-1154), by branch and bound (Land & Doig, 1960, Econometrica 28,
497-520).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from cat.assembly.linear_program import Program, Relaxation, Vertex, solver_of
from cat.assembly.repair import repaired
from cat.errors import DidNotConverge

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Wider than what the slack of rows moves a whole number; what is taken is rounded and checked.
_WHOLE = 1e-4
# Variables of the first core beyond the fractional ones, and how much the next is larger; the
# relaxations that a first look at a core may take, and the repairs tried in it. The shadow tests of
# `bench/shadow.py` are fastest with these.
_FIRST_CORE, _GROWTH = 40, 3
_FIRST_LOOK = 60
_REPAIRS = 20
# Relaxations after which a core is left to HiGHS's own search: slower on most, but with more means.
_PATIENCE = 1000
_STRICT = 1e-9


def whole_optimum(
    program: Program, relaxation: Relaxation, root: Vertex, first: Bools, margin: float
) -> Floats | None:
    """The best x (V,) in {0, 1} of a program; None when there is none.

    relaxation : of the program; its bounds are changed. root : its optimum.
    first : (V,) variables on which others hang; they are branched on before any core is made, since
        which losses the others have depends on them.
    margin : > 0, solutions better by less are not looked for; half of the unit of which all values
        are multiples makes the answer exact.

    Raises DidNotConverge.
    """
    x, best = None, -np.inf
    waiting = [_Node(program.low, program.high, root)]
    while waiting:
        node = waiting.pop(_most_promising(waiting))
        if node.vertex.value <= best + margin:
            return x
        at = _most_fractional(node.vertex.x, first)
        if at is None:
            found = _settled(node.of(program), node.vertex, best, margin)
            if found is not None:
                x, best = found, float(program.value @ found)
            continue
        for side in (0.0, 1.0):
            half = node.fixed(at, side)
            vertex = relaxation.maximise(half.low, half.high, best + margin)
            if vertex is not None:
                waiting.append(replace(half, vertex=vertex))
    return x


def _settled(program: Program, root: Vertex, best: float, margin: float) -> Floats | None:
    """The best x of a program whose relaxation is nearly whole; None when none beats `best`."""
    free = program.low < program.high
    nearest = np.round(root.x)
    fractional = np.abs(root.x - nearest) > _WHOLE
    loss = np.where(fractional, 0.0, root.loss)
    x = None
    if program.allows(nearest) and program.value @ nearest >= root.value - margin:
        return nearest
    if not free.any():
        return None
    size = int((fractional & free).sum()) + _FIRST_CORE
    while True:
        needed = root.value - best - margin
        reach = min(needed, _loss_of(loss[free], size))
        kept = free & (loss <= reach)
        is_last = reach >= needed or bool(kept[free].all())
        core = _Core(program.restricted(kept, nearest), margin)
        fixed = float(program.value @ np.where(kept, 0.0, nearest))
        found = core.search(best - fixed, is_last)
        if found is not None:
            x = nearest.copy()
            x[kept] = found
            best = float(program.value @ x)
        if is_last or root.value - best - margin <= (reach if core.is_complete else 0.0):
            return x
        size = _GROWTH * max(int(kept.sum()), 1)


def _loss_of(losses: Floats, size: int) -> float:
    """The loss up to which there are `size` variables; inf when there are no more."""
    return float(np.partition(losses, size)[size]) if size < len(losses) else np.inf


@dataclass
class _Node:
    """A part of the search: bounds of the variables and the optimum of its relaxation."""

    low: Floats
    high: Floats
    vertex: Vertex

    def fixed(self, at: int, side: float) -> _Node:
        """The part in which variable `at` is `side`; its vertex is still to be found."""
        low, high = self.low.copy(), self.high.copy()
        low[at] = high[at] = side
        return replace(self, low=low, high=high)

    def of(self, program: Program) -> Program:
        """The program within the bounds of this part."""
        return replace(program, low=self.low, high=self.high)


def _most_promising(nodes: list[_Node]) -> int:
    promise = [node.vertex.value for node in nodes]
    return promise.index(max(promise))


def _most_fractional(x: Floats, among: Bools) -> int | None:
    """The variable farthest from a whole number; None when all of these are whole."""
    distance = np.where(among, np.abs(x - np.round(x)), 0.0)
    at = int(distance.argmax())
    return at if distance[at] > _WHOLE else None


@dataclass
class _Core:
    """Branch and bound over one small program.

    is_complete : whether the search proved that nothing better is left.
    """

    program: Program
    margin: float
    is_complete: bool = True
    _solved: int = 0
    _repairs: int = 0
    _open: list[_Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._relaxation = Relaxation(self.program)

    def search(self, best: float, to_the_end: bool) -> Floats | None:
        """The best x that is better than the value `best`; None when none was found.

        to_the_end : whether to go on until that is proven; otherwise it is only a first look.
        """
        x: Floats | None = None
        node = self._solve(self.program.low, self.program.high, best)
        while node is not None:
            if self._solved > (_PATIENCE if to_the_end else _FIRST_LOOK):
                self.is_complete = False
                return self._leave_to_highs(x, best) if to_the_end else x
            rounded = self._rounded(node.vertex, has_one=bool(np.isfinite(best)))
            if rounded is not None and self.program.value @ rounded > best:
                x, best = rounded, float(self.program.value @ rounded)
            is_open = node.vertex.value > best + self.margin
            node = self._branch(node, best) if is_open else None
            node = node or self._next(best)
        return x

    def _solve(self, low: Floats, high: Floats, best: float) -> _Node | None:
        self._solved += 1
        enough = best + self.margin
        vertex = self._relaxation.maximise(low, high, enough)
        if vertex is None or vertex.value <= enough:
            return None
        return _Node(low, high, vertex)

    def _rounded(self, vertex: Vertex, has_one: bool) -> Floats | None:
        """A solution near the vertex. Repairing takes time: it is done until there is one."""
        nearest = np.round(vertex.x)
        if self.program.allows(nearest):
            return nearest
        if has_one or self._repairs >= _REPAIRS:
            return None
        self._repairs += 1
        return repaired(self.program, nearest)

    def _branch(self, node: _Node, best: float) -> _Node | None:
        """Split at one variable; keep the worse half for later and return the better."""
        x, low, high = node.vertex.x, node.low.copy(), node.high.copy()
        if np.isfinite(best):
            settled = (node.vertex.loss > node.vertex.value - best - self.margin) & (low < high)
            low[settled] = high[settled] = np.round(x[settled])
        distance = np.where(low < high, np.abs(x - np.round(x)), -1.0)
        at = int(distance.argmax())
        if distance[at] < 0:
            return None
        halves = []
        near = float(np.round(x[at]))
        for side in (1.0 - near, near):
            half_low, half_high = low.copy(), high.copy()
            half_low[at] = half_high[at] = side
            half = self._solve(half_low, half_high, best)
            if half is not None:
                halves.append(half)
        halves.sort(key=lambda half: half.vertex.value)
        self._open += halves[:-1]
        return halves[-1] if halves else None

    def _next(self, best: float) -> _Node | None:
        """Of the parts left for later the one that promises most."""
        enough = best + self.margin
        self._open = [node for node in self._open if node.vertex.value > enough]
        if not self._open:
            return None
        # Until there is a solution, the way to one is to try what was left last.
        at = _most_promising(self._open) if np.isfinite(best) else -1
        return self._open.pop(at)

    def _leave_to_highs(self, x: Floats | None, best: float) -> Floats | None:
        """What HiGHS's own search finds, which must prove it too; x when nothing is better."""
        solver = solver_of(self.program, whole=np.ones(len(self.program.value), dtype=bool))
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", self.margin)
        solver.setOptionValue("mip_feasibility_tolerance", _STRICT)
        solver.setOptionValue("primal_feasibility_tolerance", _STRICT)
        if x is not None:
            known = highspy.HighsSolution()
            known.col_value = x
            solver.setSolution(known)
        solver.run()
        self.is_complete = True
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        found = np.round(np.asarray(solver.getSolution().col_value))
        if status != highspy.HighsModelStatus.kOptimal or not self.program.allows(found):
            raise DidNotConverge(f"HiGHS ended the search with status {status.name}")
        return found if self.program.value @ found > best else x
