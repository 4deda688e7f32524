"""The fixed forms of a linear test: alike in content, in information and in expected points.

People who sit different forms are compared by raw points. So forms must agree not only in how well
they measure but in how hard they are: at each of some abilities both the information and the points
that a person would earn are held near to those of the reference form.
van der Linden (2005), Linear Models for Optimal Test Design, chs 5 and 6; the second kind of curve
makes the scores themselves alike, van der Linden & Luecht (1998), Psychometrika 63, 401-418.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.assembly import feasibility
from cat.assembly.form_file import in_order
from cat.assembly.forms import assemble_forms
from cat.assembly.rows import compile_rows
from cat.errors import BadRules
from cat.irt import items as irt
from cat.itembank.pool import attributes_of, parameters_of
from cat.publication.publish import PartPlan, choose_reference_form, limits_beyond_tree
from cat.selection.limits import whole_table

_KEYS = ("paket", "theta", "tumpang_tindih", "celah", "batas_detik")
_MOST_FORMS = 26


@dataclass(frozen=True)
class FormPlan:
    """What forms a linear test has.

    count : how many, named A, B, C and so on. theta : abilities at which they are alike, logits.
    overlap : items of a part that two forms may share.
    gap : share of the target within which a form counts as alike. seconds : for the solver.
    """

    count: int
    theta: tuple[float, ...]
    overlap: int = 0
    gap: float = 0.02
    seconds: float = 60.0

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> FormPlan:
        """Read the [linear] table of a blueprint file; raises BadRules naming key and rule."""
        if unknown := sorted(set(data) - set(_KEYS)):
            raise BadRules(f"linear: {unknown} tidak dikenal; yang ada {', '.join(_KEYS)}")
        theta = data.get("theta")
        plan = cls(
            count=data.get("paket", 0),
            theta=tuple(theta) if isinstance(theta, list | tuple) else (),
            overlap=data.get("tumpang_tindih", 0),
            gap=data.get("celah", 0.02),
            seconds=data.get("batas_detik", 60.0),
        )
        for key, value, is_good, rule in (
            ("paket", plan.count, _is_whole(plan.count, 1, _MOST_FORMS), "1 sampai 26"),
            ("theta", plan.theta, _are_abilities(plan.theta), "1 sampai 9 bilangan -4 sampai 4"),
            ("tumpang_tindih", plan.overlap, _is_whole(plan.overlap, 0, 500), "0 sampai 500"),
            ("celah", plan.gap, _is_share(plan.gap), "di atas 0, paling besar 0,5"),
            ("batas_detik", plan.seconds, _is_number(plan.seconds) and plan.seconds > 0, "> 0"),
        ):
            if not is_good:
                raise BadRules(f"linear: {key}: {rule}; terbaca {value!r}")
        return plan

    def to_mapping(self) -> dict[str, Any]:
        """The same as plain data."""
        values = (self.count, list(self.theta), self.overlap, self.gap, self.seconds)
        return dict(zip(_KEYS, values, strict=True))

    @property
    def codes(self) -> tuple[str, ...]:
        """Names of the forms."""
        return tuple(string.ascii_uppercase[: self.count])


def only_forms(
    plans: Sequence[PartPlan], forms: FormPlan
) -> tuple[list[PartPlan], dict[str, dict[str, list[str]]]]:
    """Assemble the forms of every part.

    Returns the plans with the items of the forms alone, which are all that such a test needs, and
    code of a form -> code of a part -> keys of its items, in the order in which they are shown.
    Raises BlueprintInfeasible, naming what conflicts, DidNotConverge, BadRules.
    """
    kept, found = [], {code: dict[str, list[str]]() for code in forms.codes}
    for plan in plans:
        part = plan.blueprint.part
        if plan.pretest_slots:
            raise BadRules(f"{part}: paket linear tidak memuat tempat uji coba")
        chosen = assemble(plan, forms)
        for code, items in zip(forms.codes, chosen, strict=True):
            found[code][part] = [plan.items[i].key for i in items]
        used = sorted({i for items in chosen for i in items})
        kept.append(replace(plan, items=[plan.items[i] for i in used]))
    return kept, found


def assemble(plan: PartPlan, forms: FormPlan) -> list[list[int]]:
    """Positions of the items of each form of one part, those of one stimulus side by side."""
    items = tuple(plan.items)
    attributes = attributes_of(plan.blueprint.part, items)
    table = whole_table(plan.blueprint, limits_beyond_tree(plan))
    rows = compile_rows(table, attributes, plan.blueprint.length)
    feasibility.check(rows, table)
    curves = _curves(plan, forms.theta)
    target = curves[choose_reference_form(plan)].sum(axis=0)
    target *= plan.blueprint.length / sum(plan.blueprint.reference.values())
    found = assemble_forms(
        rows,
        curves / target,  # so that a hundredth means the same at every ability, for both kinds
        forms.count,
        np.ones(len(target)),
        overlap=forms.overlap,
        gap=forms.gap,
        time_limit_seconds=forms.seconds,
    )
    return [list(map(int, in_order(form[form >= 0], attributes))) for form in found.items]


def _curves(plan: PartPlan, theta: Sequence[float]) -> NDArray[np.float64]:
    """(I, 2T) information of each item at each ability, then its expected points."""
    parameters = parameters_of(plan.blueprint.part, tuple(plan.items))
    category = irt.expected_category(theta, parameters)
    points = plan.base_points + plan.points_per_category * category
    return np.concatenate([irt.information(theta, parameters), points]).T


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)


def _is_whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and _is_number(value) and 0 < value <= 0.5


def _are_abilities(values: Sequence[object]) -> bool:
    return 0 < len(values) <= 9 and all(
        isinstance(v, int | float) and _is_number(v) and -4 <= v <= 4 for v in values
    )
