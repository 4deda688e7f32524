"""The mixed programs behind fixed forms: one form with those to come, all forms, the average form.

Each form is a block of yes/no variables under all rows; a last variable is the goal.
van der Linden (2005), Linear Models for Optimal Test Design, chs 5 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csr_array, eye_array, hstack

from cat.assembly.linear_program import Program
from cat.assembly.rows import ConstraintRows

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Blocks = Sequence[csr_array | None]


@dataclass(frozen=True)
class MixedProgram:
    """A program of which only some variables (V,) are whole numbers."""

    program: Program
    whole: Bools


@dataclass(frozen=True, eq=False)
class FormRules:
    """What holds for N forms together.

    rows : what each form must keep. information : (I, T) of each item at T abilities.
    count : N. overlap : items that two forms may share. uses : forms that an item may be in.
    """

    rows: ConstraintRows
    information: Floats
    count: int
    overlap: int
    uses: int

    @property
    def curve(self) -> csr_array:
        """(T, V) that turns a form's variables into its information."""
        points = self.information.shape[1]
        stimuli = self.rows.matrix.shape[1] - len(self.information)
        return csr_array(np.hstack([self.information.T, np.zeros((points, stimuli))]))

    @property
    def limits_sharing(self) -> bool:
        """Whether the overlap says more than the rows and the uses do."""
        return self.uses > 1 and self.overlap < len(self.information)


class _Sheet:
    """Rows of a program over blocks of variables, while they are being collected."""

    def __init__(self, widths: Sequence[int]) -> None:
        self._widths = widths
        self._bands: list[csr_array] = []
        self._limits: list[tuple[Floats, Floats]] = []

    def add(
        self, parts: dict[int, csr_array], lower: Floats | float, upper: Floats | float
    ) -> None:
        """Rows that add up what the parts say of their blocks."""
        height = next(iter(parts.values())).shape[0]
        band = [
            parts.get(block, csr_array((height, width))) for block, width in enumerate(self._widths)
        ]
        self._bands.append(csr_array(hstack(band)))
        self._limits.append((np.full(height, lower, float), np.full(height, upper, float)))

    def program(self, value: Floats, low: Floats, high: Floats, whole: Bools) -> MixedProgram:
        matrix = csr_array(block_array([[band] for band in self._bands]))
        lower, upper = (np.concatenate(sides) for sides in zip(*self._limits, strict=True))
        return MixedProgram(Program(value, matrix, lower, upper, low, high), whole)


def average_form(rules: FormRules) -> MixedProgram:
    """The average of N forms with the highest least information; no N forms all have a higher one.

    Variables: the average form (V,) in [0, 1], what items are shared (I,), the least information.
    """
    form, items, size = rules.rows, len(rules.rows.stimulus), rules.rows.matrix.shape[1]
    sheet = _Sheet([size, items, 1])
    sheet.add({0: form.matrix}, form.lower, form.upper)
    points = rules.information.shape[1]
    sheet.add({0: rules.curve, 2: csr_array(-np.ones((points, 1)))}, 0.0, np.inf)
    if rules.limits_sharing:
        _add_sharing(sheet, rules, (0, 1), rules.count, rules.count - 1)
    high = form.fixed_upper.copy()
    high[:items] = np.minimum(high[:items], rules.uses / rules.count)
    return sheet.program(
        np.append(np.zeros(size + items), 1.0),
        np.append(form.fixed_lower, np.zeros(items + 1)),
        np.append(high, np.full(items + 1, np.inf)),
        np.zeros(size + items + 1, dtype=bool),
    )


def next_form(rules: FormRules, target: Floats, before: Sequence[Ints]) -> MixedProgram:
    """The next form together with the average of those that will follow, nearest to a target.

    before : item positions of the forms assembled so far. The average of the forms to come sees to
    it that they stay possible: the big shadow test of van der Linden & Adema (1998), Journal of
    Educational Measurement 35, 185-198, without its whole numbers. Variables: the form (V,); if
    more are to come, their average (V,) and what they share (I,); the largest deviation.

    What the deviation cannot fall below in the first program, it cannot in any N forms.
    """
    form, items, size = rules.rows, len(rules.rows.stimulus), rules.rows.matrix.shape[1]
    left = np.full(items, float(rules.uses))
    np.subtract.at(left, np.concatenate([np.zeros(0, dtype=np.int64), *before]), 1.0)
    coming = rules.count - len(before) - 1
    widths = [size, size, items, 1] if coming else [size, 1]
    sheet = _Sheet(widths)
    earlier = _membership(before, size)
    for block in (0, 1) if coming else (0,):
        sheet.add({block: form.matrix}, form.lower, form.upper)
        _add_deviation(sheet, rules, target, block, len(widths) - 1)
        if before:
            sheet.add({block: earlier}, -np.inf, float(rules.overlap))
    high = np.full(sum(widths), np.inf)
    high[:size] = form.fixed_upper
    high[:items] = np.minimum(high[:items], left)
    if coming:
        pick = csr_array(eye_array(items, size, format="csr")[left <= coming])
        sheet.add({0: pick, 1: csr_array(coming * pick)}, -np.inf, left[left <= coming])
        high[size : 2 * size] = form.fixed_upper
        high[size : size + items] = np.minimum(high[size : size + items], left / coming)
        if rules.limits_sharing and coming > 1:
            _add_sharing(sheet, rules, (1, 2), coming, 1)
    low = np.zeros(len(high))
    low[:size] = form.fixed_lower
    value = np.zeros(len(high))
    value[-1] = -1.0
    return sheet.program(value, low, high, np.arange(len(high)) < size)


def all_forms(rules: FormRules, target: Floats) -> MixedProgram:
    """All N forms at once, nearest to a target.

    Variables: the forms (V,) one after the other; where sharing is limited, for each pair of forms
    which items they share; then the largest deviation from the target.
    """
    form, items, size = rules.rows, len(rules.rows.stimulus), rules.rows.matrix.shape[1]
    pairs = list(combinations(range(rules.count), 2)) if rules.limits_sharing else []
    goal = rules.count + len(pairs)
    sheet = _Sheet([size] * rules.count + [items] * len(pairs) + [1])
    pick = csr_array(eye_array(items, size, format="csr"))
    for block in range(rules.count):
        sheet.add({block: form.matrix}, form.lower, form.upper)
        _add_deviation(sheet, rules, target, block, goal)
    if rules.uses < rules.count:
        sheet.add(dict.fromkeys(range(rules.count), pick), -np.inf, float(rules.uses))
    for place, (one, other) in enumerate(pairs, start=rules.count):
        shared = csr_array(-eye_array(items, format="csr"))
        sheet.add({one: pick, other: pick, place: shared}, -np.inf, 1.0)
        sheet.add({place: csr_array(np.ones((1, items)))}, -np.inf, float(rules.overlap))
    extra = items * len(pairs)
    return sheet.program(
        np.append(np.zeros(size * rules.count + extra), -1.0),
        np.concatenate([np.tile(form.fixed_lower, rules.count), np.zeros(extra + 1)]),
        np.concatenate([np.tile(form.fixed_upper, rules.count), np.ones(extra), [np.inf]]),
        np.arange(size * rules.count + extra + 1) < size * rules.count,
    )


def variables_of(rules: FormRules, forms: Sequence[Ints]) -> Floats:
    """The yes/no variables (N * V,) of these forms, a start for `all_forms`."""
    items, size = len(rules.rows.stimulus), rules.rows.matrix.shape[1]
    x = np.zeros((len(forms), size))
    for own, chosen in zip(x, forms, strict=True):
        own[chosen] = 1.0
        stimulus = rules.rows.stimulus[chosen]
        own[items + stimulus[stimulus >= 0]] = 1.0
    return x.ravel()


def _add_deviation(sheet: _Sheet, rules: FormRules, target: Floats, block: int, goal: int) -> None:
    one = csr_array(np.ones((len(target), 1)))
    sheet.add({block: rules.curve, goal: csr_array(-one)}, -np.inf, target)
    sheet.add({block: rules.curve, goal: one}, target, np.inf)


def _add_sharing(
    sheet: _Sheet, rules: FormRules, blocks: tuple[int, int], forms: int, steps: int
) -> None:
    """What the overlap of every two forms says of the average of all.

    blocks : the average (V,), and what is shared (I,). An item in u forms is shared by u(u-1)/2
    pairs, a convex number: at least k u - k(k+1)/2 for each whole k up to `steps`.
    """
    average, shared = blocks
    items = len(rules.information)
    use = csr_array(forms * eye_array(items, rules.rows.matrix.shape[1], format="csr"))
    less = csr_array(-eye_array(items, format="csr"))
    for k in range(1, steps + 1):
        sheet.add({average: csr_array(k * use), shared: less}, -np.inf, k * (k + 1) / 2)
    pairs = forms * (forms - 1) / 2
    sheet.add({shared: csr_array(np.ones((1, items)))}, -np.inf, rules.overlap * pairs)


def _membership(forms: Sequence[Ints], size: int) -> csr_array:
    """(forms, size) which items each form has."""
    found = np.zeros((len(forms), size))
    for own, chosen in zip(found, forms, strict=True):
        own[chosen] = 1.0
    return csr_array(found)
