"""Which tables need no solver: those that only bound branches of the domain tree."""

from __future__ import annotations

from cat.errors import BlueprintInfeasible
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.condition_text import Comparison, Everything, quoted
from cat.itembank.constraints import ITEM, Constraint, ConstraintTable


def as_constraints(blueprint: Blueprint) -> ConstraintTable:
    """A blueprint's length and bounds as rows, to be joined with the rows of a table."""
    length = Constraint("kisi-kisi panjang", "number", ITEM, "", blueprint.length, blueprint.length)
    bounds = [
        Constraint(
            id=f"kisi-kisi {place}",
            kind="number",
            what=ITEM,
            condition=f"domain under {quoted(bound.what)}" if bound.what else "",
            lower=bound.minimum,
            upper=bound.maximum,
        )
        for place, bound in enumerate(blueprint.bounds, start=1)
    ]
    return ConstraintTable((length, *bounds))


def tree_only(table: ConstraintTable) -> bool:
    """Whether `DomainTree` can hold every active row: all count items of one branch or of all."""
    return all(_branch(row) is not None for row in table.rows if row.active)


def bounds_of(table: ConstraintTable, length: int) -> tuple[Bound, ...]:
    """The rows of a tree-only table as bounds, one a branch; "" is the whole part.

    length : items that every candidate answers; the maximum where no row gives one.

    Raises BadRules for a row that is not one of the tree, BlueprintInfeasible for two rows on one
    branch that contradict each other. `DomainTree` is stricter than the compiled rows in one point:
    it refuses a branch that the bank does not have even when LB is zero.
    """
    rows_of: dict[str, list[Constraint]] = {}
    for row in table.rows:
        if row.active:
            branch = _branch(row)
            if branch is None:
                raise row.refusal("CONDITION", f"{row.title}: bukan baris pohon domain")
            rows_of.setdefault(branch, []).append(row)
    return tuple(_bound(branch, rows, length) for branch, rows in rows_of.items())


def _bound(branch: str, rows: list[Constraint], length: int) -> Bound:
    least = max(rows, key=lambda row: row.lower or 0)
    minimum = int(least.lower or 0)
    limited = [row for row in rows if row.upper is not None]
    if not limited:
        return Bound(branch, minimum, max(minimum, length))
    most = min(limited, key=lambda row: row.upper or 0)
    maximum = int(most.upper or 0)
    if minimum > maximum:
        raise BlueprintInfeasible(
            f"{least.title} meminta {minimum}, tetapi {most.title} membatasi {maximum}",
            violated=(least.title, most.title),
            missing={least.title: float(minimum - maximum)},
        )
    return Bound(branch, minimum, maximum)


def _branch(row: Constraint) -> str | None:
    """The branch whose items a row counts, "" for all items; None for any other row."""
    if (row.kind, row.what) != ("number", ITEM):
        return None
    match row.parsed:
        case Everything():
            return ""
        case Comparison("domain", "under", (branch,)):
            return branch
        case _:
            return None
