"""Fixed test forms: N forms alike in content and in information, for linear tests and LOFT.

Each form keeps every row of the blueprint; the largest deviation of any form's information from the
target, at any of the abilities, is made as small as possible. Without a target the forms aim at the
curve of the best average form, whose least information is the highest that N forms can all have, or
as near to it as whole forms come.
van der Linden (2005), Linear Models for Optimal Test Design, chs 5 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.assembly.form_programs import FormRules
from cat.assembly.form_search import Budget, curves_of, maximin, near_target
from cat.assembly.rows import ConstraintRows, broken
from cat.errors import BadInput, DidNotConverge

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Forms:
    """N assembled forms.

    items : (N, n) positions in ascending order, -1 beyond the last of a shorter form.
    information : (N, T) of each form at the T abilities. target : (T,) curve that was aimed at.
    is_maximin : whether the target was made here, to make the least information high.
    objective : the largest deviation from the target; under maximin the least information.
    bound : no N forms could have a smaller deviation, or a higher least information.
    """

    items: Ints
    information: Floats
    target: Floats
    is_maximin: bool
    objective: float
    bound: float

    @property
    def gap(self) -> float:
        """Distance of the objective from its bound, as a share of the least target information."""
        return abs(self.objective - self.bound) / float(self.target.min())

    @property
    def shared(self) -> Ints:
        """(N, N) items that each two forms share; on the diagonal the length of each."""
        sets = [set(form[form >= 0].tolist()) for form in self.items]
        return np.array([[len(one & other) for other in sets] for one in sets])


def assemble_forms(
    rows: ConstraintRows,
    information: ArrayLike,
    count: int,
    target: ArrayLike | None = None,
    *,
    overlap: int | None = None,
    uses: int | None = None,
    gap: float = 0.01,
    time_limit_seconds: float = 60.0,
) -> Forms:
    """Assemble parallel forms.

    rows : what each form must keep. information : (I, T) of each item at T abilities, >= 0.
    count : N >= 1. target : (T,) information that each form should have, > 0; None for maximin.
    overlap : items that two forms may share at most; uses : forms that an item may be in at most;
        no limit by default.
    gap : a largest deviation that is within this share of the least target information of the
        smallest possible is good enough.
    time_limit_seconds : for all solver runs together; with time enough the answer is always the
        same, cut short it depends on the machine.

    The forms are assembled one after the other, each with an eye on the rest; only if they miss the
    gap and there is time, all are improved together.

    Raises BadInput; BlueprintInfeasible when there are no such forms; DidNotConverge when none were
    found in time.
    """
    rules = _checked(rows, information, count, overlap, uses, gap, time_limit_seconds)
    clock = Budget(time_limit_seconds)
    if target is None:
        chosen, aim, bound = maximin(rules, gap, clock)
    else:
        aim = _checked_target(target, rules)
        chosen, bound = near_target(rules, aim, gap * float(aim.min()), clock)
    items, curves = _padded(chosen), curves_of(rules, chosen)
    if (wrong := broken(rows, items)).any():
        # A solver keeps rows to within a tolerance; what it returns is taken only if it is exact.
        name = rows.names[int(wrong.any(axis=0).argmax())]
        raise DidNotConverge(f"pembulatan pemecah MIP melanggar {name}", row=name)
    return Forms(
        items=items,
        information=curves,
        target=aim,
        is_maximin=target is None,
        objective=float(curves.min()) if target is None else float(np.abs(curves - aim).max()),
        bound=bound,
    )


def raw_points(
    responses: ArrayLike, items: ArrayLike, points_per_category: int, base_points: int
) -> Ints:
    """Points that each person earns on a form.

    responses : (J, I) response categories from 0, -1 where not presented or not answered.
    items : (n,) positions of the form's items; -1 is passed over.
    points_per_category, base_points : 5 and 0 where an answer is right or wrong; 1 and 1 in tkp.

    Returns (J,). An item without an answer earns nothing, not even base points. Raises BadInput.
    """
    answered, form = np.asarray(responses), np.asarray(items)
    if answered.ndim != 2 or answered.dtype.kind not in "iu" or form.dtype.kind not in "iu":
        raise BadInput(f"responses must be whole numbers (J, I); got {answered.dtype}")
    form = form[form >= 0]
    if form.size and form.max() >= answered.shape[1]:
        raise BadInput(f"items must be positions below {answered.shape[1]}; got {form.max()}")
    category = answered[:, form].astype(np.int64)
    if (category < -1).any():
        raise BadInput(f"responses must be -1 or more; got {category.min()}")
    points = np.where(category >= 0, base_points + points_per_category * category, 0)
    return np.asarray(points.sum(axis=1))


def _padded(chosen: Sequence[Ints]) -> Ints:
    table = np.full((len(chosen), max(len(form) for form in chosen)), -1, dtype=np.int64)
    for row, form in zip(table, chosen, strict=True):
        row[: len(form)] = form
    return table


def _checked(
    rows: ConstraintRows,
    information: ArrayLike,
    count: int,
    overlap: int | None,
    uses: int | None,
    gap: float,
    time_limit_seconds: float,
) -> FormRules:
    items = len(rows.stimulus)
    table = np.asarray(information, dtype=np.float64)
    if table.ndim != 2 or len(table) != items or table.shape[1] == 0:
        raise BadInput(f"information must have shape ({items}, T); got {table.shape}")
    if not (np.isfinite(table) & (table >= 0)).all():
        item = int(np.argmin((np.isfinite(table) & (table >= 0)).all(axis=1)))
        raise BadInput(f"information must be finite and >= 0; item {item} has {table[item]}")
    for name, number, least in (
        ("count", count, 1),
        ("overlap", 0 if overlap is None else overlap, 0),
        ("uses", 1 if uses is None else uses, 1),
    ):
        if number != int(number) or number < least:
            raise BadInput(f"{name} must be a whole number >= {least}; got {number}")
    if not gap > 0 or not time_limit_seconds > 0:
        raise BadInput(f"gap and time limit must be > 0; got {gap} and {time_limit_seconds}")
    shared = items if overlap is None else overlap
    most = 1 if shared == 0 else count
    return FormRules(rows, table, count, shared, min(most, count if uses is None else uses))


def _checked_target(target: ArrayLike, rules: FormRules) -> Floats:
    points = rules.information.shape[1]
    aim = np.asarray(target, dtype=np.float64)
    if aim.shape != (points,) or not (np.isfinite(aim) & (aim > 0)).all():
        raise BadInput(f"target must be {points} finite numbers > 0; got {aim}")
    return aim
