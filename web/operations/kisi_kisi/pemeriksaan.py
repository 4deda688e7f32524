"""What can be said of a blueprint before anything is built: sums, stock, feasibility."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cat.assembly import feasibility
from cat.errors import BadInput, CatError
from cat.itembank.blueprint import Blueprint
from cat.itembank.constraints import ConstraintTable
from cat.itembank.domain_tree import DomainTree
from cat.itembank.lifecycle import is_calibrated
from cat.itembank.pool import PoolItem, attributes_of
from cat.publication.publish import PartPlan, limits_beyond_tree
from cat.selection.limits import compile_limits, whole_table
from cat.selection.policy import Policy
from web.operations.kisi_kisi import sumber
from web.operations.publishing import undisturbing

# Long enough for any table that people write; a page waits for it.
_SOLVER_SECONDS = 10.0


@dataclass(frozen=True)
class DomainRow:
    """One branch of a part. stock : active items; uncalibrated : of these.

    least, most : bounds per test, None without; reference : items in the reference form, if a leaf.
    """

    domain: str
    least: int | None
    most: int | None
    reference: int | None
    stock: int
    uncalibrated: int


@dataclass(frozen=True)
class PartCheck:
    """One part. legal : items that the law or the form sets, None where the part is unknown.

    problems : sentences, each a reason why the part cannot be published.
    """

    part: str
    length: int
    legal: int | None
    reference: int
    rows: tuple[DomainRow, ...]
    trial_slots: int
    trial_items: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """The whole plan. problems : of the plan as a whole."""

    parts: tuple[PartCheck, ...]
    problems: tuple[str, ...]

    @property
    def is_feasible(self) -> bool:
        """Whether a pool could be published from the bank as it stands."""
        return not self.problems and not any(part.problems for part in self.parts)


def check(session: Session, plan: Mapping[str, Any], on: date) -> Check:
    """Hold a plan (`rencana.read_plan`) against the rules of a day and the bank of this moment."""
    problems, legal = [], {}
    try:
        rules = sumber.rules_of(session, plan, on)
    except BadInput:
        problems.append(f"Ketentuan {plan.get('ketentuan')!r} tidak ada atau belum disetujui.")
    else:
        legal = {each.kode: each.butir for each in rules.bagian}
        missing = [code for code in legal if code not in plan["bagian"]]
        problems += [f"Bagian {code}: ada dalam bentuk tes, tidak di sini." for code in missing]
        problems += [
            f"Bagian {code}: tidak ada dalam bentuk tes; yang ada {', '.join(legal)}."
            for code in plan["bagian"]
            if code not in legal
        ]
    policy = Policy.from_mapping(plan.get("kebijakan", {}))
    parts = tuple(
        _part(session, code, data, policy, legal.get(code)) for code, data in plan["bagian"].items()
    )
    return Check(parts, tuple(problems))


def _part(
    session: Session, code: str, data: Mapping[str, Any], policy: Policy, legal: int | None
) -> PartCheck:
    blueprint = Blueprint.from_mapping(code, data)
    items = sumber.scored_items(session, code)
    slots = data.get("uji_coba", 0)
    trial = sumber.trial_items(session, code) if slots else []
    plan = PartPlan(
        blueprint,
        items,
        1,
        0,
        policy,
        ConstraintTable.from_mapping(data.get("kendala", ())),
        pretest=undisturbing(trial, items),
        pretest_slots=slots,
    )
    reference = sum(blueprint.reference.values())
    return PartCheck(
        part=code,
        length=blueprint.length,
        legal=legal,
        reference=reference,
        rows=_rows(blueprint, items),
        trial_slots=slots,
        trial_items=len(plan.pretest),
        problems=(*_sums(blueprint, legal), *_shortages(plan), *_infeasible(plan)),
    )


def _sums(blueprint: Blueprint, legal: int | None) -> list[str]:
    total = sum(blueprint.reference.values())
    if legal is None or total == legal:
        return []
    return [f"Paket acuan berisi {total} butir; ketentuan menetapkan {legal}."]


def _shortages(plan: PartPlan) -> list[str]:
    """What the reference form, the exposure limit and the trial slots lack."""
    stock = Counter(item.domain for item in plan.items)
    found = [
        f"Paket acuan perlu {count} butir {domain}; butir aktif {stock[domain]}."
        for domain, count in sorted(plan.blueprint.reference.items())
        if stock[domain] < count
    ]
    exposure = plan.policy.exposure
    length, bank = plan.blueprint.length, len(plan.items)
    if exposure is not None and bank and exposure.r_max * bank < length:
        found.append(
            f"Paparan r_maks {exposure.r_max:g} x {bank} butir kurang dari {length} butir setiap"
            " tes: naikkan r_maks atau tambah butir."
        )
    certain = plan.policy.stopping.certain(length)
    if plan.pretest_slots > min(len(plan.pretest), certain):
        found.append(
            f"{plan.pretest_slots} tempat uji coba; butir uji coba yang dapat ikut"
            f" {len(plan.pretest)}, soal bernilai yang pasti dijawab {certain}."
        )
    return found


def _infeasible(plan: PartPlan) -> list[str]:
    """The proof that no test exists, with what conflicts, as a sentence; empty where one does."""
    domains = [item.domain for item in plan.items]
    try:
        tree = DomainTree.compile(plan.blueprint, domains)
        limits = limits_beyond_tree(plan)
        if not domains or not limits.rows:
            return []
        attributes = attributes_of(plan.blueprint.part, tuple(plan.items))
        rows, _ = compile_limits(plan.blueprint, limits, attributes, tree, tree.leaf_of(domains))
        if rows is not None:
            table = whole_table(plan.blueprint, limits)
            feasibility.check(rows, table, time_limit_seconds=_SOLVER_SECONDS)
    except CatError as problem:
        return [str(problem)]
    return []


def _rows(blueprint: Blueprint, items: Sequence[PoolItem]) -> tuple[DomainRow, ...]:
    stock = Counter(item.domain for item in items)
    guessed = Counter(item.domain for item in items if not is_calibrated(item.parameters.status))
    bounds = {bound.what: bound for bound in blueprint.bounds}
    rows = []
    for name in sorted({*stock, *bounds, *blueprint.reference}):
        inside = [path for path in stock if path == name or path.startswith(f"{name}.")]
        bound = bounds.get(name)
        rows.append(
            DomainRow(
                domain=name,
                least=bound.minimum if bound else None,
                most=bound.maximum if bound else None,
                reference=blueprint.reference.get(name),
                stock=sum(stock[path] for path in inside),
                uncalibrated=sum(guessed[path] for path in inside),
            )
        )
    return tuple(rows)
