"""How N forms are found: one after the other, all at once, and under maximin.

Deviations are of information from the aim, the largest over forms and abilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cat.assembly.form_programs import (
    FormRules,
    all_forms,
    average_form,
    next_form,
    variables_of,
)
from cat.assembly.mixed_optimum import MixedOptimum, mixed_optimum
from cat.errors import BadInput, BlueprintInfeasible, DidNotConverge

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Beyond so many variables all forms at once are out of reach for a branch-and-bound search.
_MOST_VARIABLES = 20_000
# Under maximin the forms are assembled so many times at most, each time with a nearer aim.
_ROUNDS = 4


@dataclass
class Budget:
    """Seconds that the solver may still take."""

    left: float

    def spend(self, run: MixedOptimum) -> MixedOptimum:
        self.left = max(self.left - run.seconds, 0.0)
        return run


def maximin(rules: FormRules, gap: float, clock: Budget) -> tuple[list[Ints], Floats, float]:
    """Forms with a high least information, the curve they aim at, and the highest possible."""
    run = clock.spend(mixed_optimum(average_form(rules), 0.0, clock.left))
    if run.x is None:
        raise _no_forms(rules, run.none_exists)
    aim = np.asarray(rules.curve @ run.x[: rules.curve.shape[1]])
    if aim.min() <= 0:
        raise BadInput("ada theta tanpa informasi dari paket mana pun; hapus theta itu", curve=aim)
    if rules.count == 1:
        return _one_maximin(rules, gap * run.bound, clock)
    best: tuple[float, list[Ints], Floats] | None = None
    for rounds_left in range(_ROUNDS, 0, -1):
        part = Budget(clock.left / rounds_left)
        clock.left -= part.left
        found, _ = _one_by_one(rules, aim, gap * float(aim.min()), part)
        clock.left += part.left
        if found is None:
            break
        deviation = deviation_of(rules, aim, found)
        if best is None or deviation < best[0]:
            best = deviation, found, aim
        if deviation <= gap * float(aim.min()):
            break
        # Whole forms fell short of the average form, each in its own way. What they have on average
        # is within reach of all: aiming there makes them alike, and lifts the lowest.
        aim = curves_of(rules, found).mean(axis=0)
    if best is None:
        chosen, _ = near_target(rules, aim, gap * float(aim.min()), clock)
        return chosen, aim, run.bound
    return best[1], best[2], run.bound


def _one_maximin(
    rules: FormRules, tolerance: float, clock: Budget
) -> tuple[list[Ints], Floats, float]:
    """The form with the highest least information: the average form of one is whole."""
    average = average_form(rules)
    whole = np.arange(len(average.whole)) < rules.curve.shape[1]
    run = clock.spend(mixed_optimum(replace(average, whole=whole), tolerance, clock.left))
    if run.x is None:
        raise _no_forms(rules, run.none_exists)
    chosen = [np.flatnonzero(run.x[: len(rules.information)] > 0.5)]
    return chosen, curves_of(rules, chosen)[0], run.bound


def near_target(
    rules: FormRules, aim: Floats, tolerance: float, clock: Budget
) -> tuple[list[Ints], float]:
    """Forms near the target, and the least possible deviation from it."""
    one_by_one, least = _one_by_one(rules, aim, tolerance, clock)
    is_good = one_by_one is not None and deviation_of(rules, aim, one_by_one) <= least + tolerance
    together = None
    if not is_good and clock.left > 0:
        together, least = _all_together(rules, aim, tolerance, clock, one_by_one, least)
    found = [forms for forms in (together, one_by_one) if forms is not None]
    if not found:
        raise _no_forms(rules, proven=False)
    return min(found, key=lambda forms: deviation_of(rules, aim, forms)), least


def _one_by_one(
    rules: FormRules, aim: Floats, tolerance: float, clock: Budget
) -> tuple[list[Ints] | None, float]:
    """Forms one after the other, None where one got stuck; and the least possible deviation."""
    least = 0.0
    chosen: list[Ints] = []
    for number in range(rules.count):
        share = clock.left / (rules.count - number + 1)
        run = clock.spend(mixed_optimum(next_form(rules, aim, chosen), tolerance, share))
        if number == 0:
            if run.none_exists:
                raise _no_forms(rules, proven=True)
            least = max(-run.bound, 0.0)
        if run.x is None:
            return None, least
        chosen.append(np.flatnonzero(run.x[: len(rules.information)] > 0.5))
    return chosen, least


def _all_together(
    rules: FormRules,
    aim: Floats,
    tolerance: float,
    clock: Budget,
    known: list[Ints] | None,
    least: float,
) -> tuple[list[Ints] | None, float]:
    """All forms at once, None where that is out of reach; and the least possible deviation."""
    mixed = all_forms(rules, aim)
    if len(mixed.whole) > _MOST_VARIABLES:
        return None, least
    start = None if known is None else variables_of(rules, known)
    run = clock.spend(mixed_optimum(mixed, tolerance, clock.left, start))
    if run.none_exists:
        raise _no_forms(rules, proven=True)
    least = max(least, -run.bound)
    if run.x is None:
        return None, least
    size = rules.rows.matrix.shape[1]
    forms = run.x[: size * rules.count].reshape(rules.count, size)
    return [np.flatnonzero(form[: len(rules.information)] > 0.5) for form in forms], least


def curves_of(rules: FormRules, chosen: Sequence[Ints]) -> Floats:
    return np.array([rules.information[form].sum(axis=0) for form in chosen])


def deviation_of(rules: FormRules, aim: Floats, chosen: Sequence[Ints]) -> float:
    return float(np.abs(curves_of(rules, chosen) - aim).max())


def _no_forms(rules: FormRules, proven: bool) -> BlueprintInfeasible | DidNotConverge:
    wanted = (
        f"{rules.count} paket, dua paket berbagi paling banyak {rules.overlap} butir,"
        f" satu butir di paling banyak {rules.uses} paket"
    )
    if proven:
        return BlueprintInfeasible(f"bank ini tidak dapat mengisi {wanted}", count=rules.count)
    return DidNotConverge(f"belum ditemukan dalam batas waktu: {wanted}", count=rules.count)
