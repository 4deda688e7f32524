"""From the bank's active items and a blueprint to a published pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cat.errors import BadRules
from cat.itembank.blueprint import Blueprint
from cat.itembank.constraints import ConstraintTable
from cat.itembank.lifecycle import Status
from cat.itembank.pool import Pool, PoolItem
from cat.itembank.store import active_items, items_with, store_pool
from cat.ketentuan.bentuk_tes import Bagian, BentukTes, PoinKunci
from cat.ketentuan.ruleset import RuleSet
from cat.publication.forms import FormPlan, only_forms
from cat.publication.publish import PartPlan, publish
from cat.selection.policy import Policy
from cat.simulation.controlled_plans import with_control
from web.clock import WIB, as_datetime
from web.operations import audit
from web.operations.pools import find_rules


def publish_pool(session: Session, plan: Mapping[str, Any], *, by: str, now: int) -> Pool:
    """Publish the bank's active items under a blueprint; the same content again changes nothing.

    plan : what a file of `seeds/kisi_kisi` holds.

    Raises BadRules when the blueprint does not fit the rule set, BlueprintInfeasible when the bank
    cannot fill it; nothing is stored then.
    """
    rules = form_of(session, plan, as_datetime(now).astimezone(WIB).date())
    pool = build_pool(
        plan,
        rules,
        lambda part: active_items(session, part),
        lambda part: items_with(session, part, Status.UJI_COBA),
    )
    if store_pool(session, pool, by=by, now=now):
        act = "terbitkan pool"
        audit.record(session, at=now, by=by, act=act, subject=pool.code, hash=pool.digest)
    return pool


def form_of(session: Session, plan: Mapping[str, Any], on: date) -> RuleSet | BentukTes:
    """What says how long the test is and what answers are worth: the rule set that the plan names,
    or the form that a test outside the SKD brings along. Raises BadInput, BadRules.
    """
    if "bentuk" in plan:
        return BentukTes.from_mapping(plan["bentuk"])
    return find_rules(session, plan["ketentuan"], on)


def build_pool(
    plan: Mapping[str, Any],
    rules: RuleSet | BentukTes,
    items_of: Callable[[str], Sequence[PoolItem]],
    trial_items_of: Callable[[str], Sequence[PoolItem]] = lambda part: (),
) -> Pool:
    """The pool of a blueprint without storing it.

    items_of : part code -> its items. trial_items_of : part code -> its items on trial, of which
        those that would disturb the scored ones are passed over.

    Raises as `publish_pool` does.
    """
    forms = FormPlan.from_mapping(plan["linear"]) if "linear" in plan else None
    parts = _part_plans(plan, rules, items_of, trial_items_of)
    correlation, assembled = plan.get("korelasi"), None
    if forms is not None:
        _refuse_other_length(plan, rules)
        parts, assembled = only_forms(parts, forms)
    return publish(
        plan["kode"],
        with_control(parts, correlation),
        shuffle_options=plan["acak_opsi"],
        correlation=correlation,
        forms=assembled,
    )


def _refuse_other_length(plan: Mapping[str, Any], rules: RuleSet | BentukTes) -> None:
    """Raw points are those of the law only on a form of the legal length."""
    for part, data in plan["bagian"].items():
        if data["panjang"] != rules.get_bagian(part).butir:
            raise BadRules(
                f"{plan['kode']}, {part}: paket linear berisi {data['panjang']} butir,"
                f" {rules.dasar_hukum} menetapkan {rules.get_bagian(part).butir}"
            )


def _part_plans(
    plan: Mapping[str, Any],
    rules: RuleSet | BentukTes,
    items_of: Callable[[str], Sequence[PoolItem]],
    trial_items_of: Callable[[str], Sequence[PoolItem]],
) -> list[PartPlan]:
    policy = Policy.from_mapping(plan.get("kebijakan", {}))
    parts = []
    for part, data in plan["bagian"].items():
        blueprint = Blueprint.from_mapping(part, data)
        bagian = rules.get_bagian(part)
        if sum(blueprint.reference.values()) != bagian.butir:
            raise BadRules(
                f"{plan['kode']}, {part}: paket acuan berisi {sum(blueprint.reference.values())}"
                f" butir, {rules.dasar_hukum} menetapkan {bagian.butir}"
            )
        base, step = points_scheme(bagian)
        constraints = ConstraintTable.from_mapping(data.get("kendala", ()))
        items, slots = items_of(part), data.get("uji_coba", 0)
        parts.append(
            PartPlan(
                blueprint,
                items,
                step,
                base,
                policy,
                constraints,
                pretest=undisturbing(trial_items_of(part), items) if slots else (),
                pretest_slots=slots,
            )
        )
    return parts


def undisturbing(trial: Sequence[PoolItem], scored: Sequence[PoolItem]) -> list[PoolItem]:
    """The items on trial that neither feud nor share a stimulus with a scored one."""
    codes = {item.code for item in scored}
    feuding = {enemy for item in scored for enemy in item.enemies}
    stimuli = {item.stimulus for item in scored} - {""}
    return [
        item
        for item in trial
        if item.code not in codes | feuding
        and not codes & set(item.enemies)
        and item.stimulus not in stimuli
    ]


def points_scheme(bagian: Bagian) -> tuple[int, int]:
    """Points of the lowest category and of each step above it, from the law's scheme."""
    if isinstance(bagian.poin, PoinKunci):
        return bagian.poin.salah, bagian.poin.benar - bagian.poin.salah
    return bagian.poin.terendah, 1
