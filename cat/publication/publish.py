"""Publishing: from items, blueprints, policies and a points scheme to an immutable pool."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.assembly import feasibility
from cat.errors import BadInput, BadRules
from cat.itembank.blueprint import Blueprint
from cat.itembank.constraints import Constraint, ConstraintTable
from cat.itembank.domain_tree import DomainTree
from cat.itembank.pool import (
    ARITHMETIC,
    TRANSITION,
    Pool,
    PoolItem,
    attributes_of,
    load,
    parameters_of,
)
from cat.scoring import linked_prior
from cat.scoring.eap import Quadrature, normal_quadrature
from cat.scoring.tables import ItemTables, tabulate
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.exposure.admission import Admission
from cat.selection.limits import compile_limits, whole_table
from cat.selection.policy import Policy
from cat.selection.published import ADMISSION, RANKING

NO_CONSTRAINTS = ConstraintTable(())


@dataclass(frozen=True)
class PartPlan:
    """What publishing needs to know of one part.

    blueprint : length and domains. items : the bank's. points_per_category, base_points : what
    answers are worth. policy : how items are chosen. constraints : limits beyond the domains.
    admission : chances that exposure control opens items, from a simulation; None without control.
    pretest : items on trial, of which each sitting meets `pretest_slots` unscored.
    """

    blueprint: Blueprint
    items: Sequence[PoolItem]
    points_per_category: int
    base_points: int
    policy: Policy = field(default_factory=Policy)
    constraints: ConstraintTable = NO_CONSTRAINTS
    admission: Admission | None = None
    pretest: Sequence[PoolItem] = ()
    pretest_slots: int = 0


def publish(
    code: str,
    plans: Sequence[PartPlan],
    *,
    shuffle_options: bool,
    correlation: float | None = None,
    forms: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> Pool:
    """Build a pool, with its tables computed once and for all.

    forms : of a linear test: code -> part -> keys of its items, in order; see `forms.only_forms`.

    Raises BlueprintInfeasible when a part cannot be filled, naming what conflicts; BadParameters
    for impossible items; BadRules for a policy that only a simulation can follow.
    """
    quadrature = normal_quadrature()
    linked: dict[str, NDArray[Any]] = {}
    if correlation is not None:
        linked[TRANSITION] = linked_prior.transition(quadrature, correlation).astype("<f8")
    documents, blobs = [], _bytes(linked)
    for plan in plans:
        arrays = _arrays(plan, quadrature)
        documents.append(_document(plan, arrays))
        blobs += _bytes(arrays)
    manifest = {
        "tata_hitung": ARITHMETIC,
        "kode": code,
        "acak_opsi": shuffle_options,
        "korelasi": correlation,
        "tabel": _shapes(linked),
        "kuadratur": {
            "simpul": quadrature.nodes.tolist(),
            "bobot": quadrature.weights.tolist(),
        },
        "bagian": documents,
    }
    if forms:  # pools without forms keep the digests that they always had
        manifest["paket"] = forms
    text = json.dumps(manifest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return load(text.encode(), b"".join(blobs))


def compile_part(plan: PartPlan, tables: ItemTables) -> AdaptivePart:
    """The adaptive part of a plan, once it is known that its blueprint can be filled.

    Raises BlueprintInfeasible, BadRules.
    """
    part, items = plan.blueprint.part, tuple(plan.items)
    domains = [item.domain for item in items]
    tree = DomainTree.compile(plan.blueprint, domains)
    limits = limits_beyond_tree(plan)
    attributes, leaf = attributes_of(part, items), tree.leaf_of(domains)
    rows, rivals = compile_limits(plan.blueprint, limits, attributes, tree, leaf)
    if rows is not None:
        feasibility.check(rows, whole_table(plan.blueprint, limits))
    return adaptive_part(
        part,
        tables,
        domains,
        plan.blueprint,
        plan.policy,
        rows=rows,
        rivals=rivals,
        seconds=np.array([item.seconds for item in items]),
    )


def limits_beyond_tree(plan: PartPlan) -> ConstraintTable:
    """The plan's constraints together with one row for each pair of enemies among its items."""
    codes = {item.code for item in plan.items}
    pairs = {
        tuple(sorted((item.code, enemy)))
        for item in plan.items
        for enemy in item.enemies
        if enemy in codes
    }
    rows = [
        Constraint(f"seteru {one} {other}", "enemy", "item", f'kode in ("{one}", "{other}")')
        for one, other in sorted(pairs)
    ]
    return ConstraintTable(plan.constraints.rows + tuple(rows))


def _arrays(plan: PartPlan, quadrature: Quadrature) -> dict[str, NDArray[Any]]:
    """Everything numeric that a pool stores of one part."""
    if not plan.policy.tabulated:
        raise BadRules(
            f"{plan.blueprint.part}: kriteria tanpa tabel hanya untuk simulasi; ujian harus sama"
            " sampai bit terakhir di setiap mesin"
        )
    tables = tabulate(parameters_of(plan.blueprint.part, tuple(plan.items)), quadrature)
    part = compile_part(plan, tables)
    if part.shadow is not None and plan.policy.criterion != "posterior_information":
        raise BadRules(
            f"{plan.blueprint.part}: dengan kendala di luar pohon domain, kriteria harus"
            f" posterior_information (bukan {plan.policy.criterion}), yang hitungannya persis"
        )
    arrays = {
        "likelihood": tables.likelihood.astype("<f8"),
        "information": tables.information.astype("<f8"),
    }
    if part.ranking is not None:
        arrays[RANKING[0]] = part.ranking.order.astype("<i4")
        arrays[RANKING[1]] = part.ranking.edges.astype("<f8")
    if plan.admission is not None:
        arrays[ADMISSION[0]] = plan.admission.edges.astype("<f8")
        arrays[ADMISSION[1]] = plan.admission.probability.astype("<f8")
    return arrays


def _document(plan: PartPlan, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    document = {
        "kode": plan.blueprint.part,
        "kisi_kisi": plan.blueprint.to_mapping(),
        "kendala": limits_beyond_tree(plan).to_mapping(),
        "kebijakan": plan.policy.to_mapping(),
        "poin_per_kategori": plan.points_per_category,
        "poin_dasar": plan.base_points,
        "acuan": [plan.items[i].key for i in choose_reference_form(plan)],
        "tabel": _shapes(arrays),
        "butir": [_item_document(item) for item in plan.items],
    }
    if plan.pretest_slots:  # pools without trial items keep the digests that they always had
        _refuse_bad_pretest(plan)
        trial = [_item_document(item) for item in plan.pretest]
        document["uji_coba"] = {"jumlah": plan.pretest_slots, "butir": trial}
    return document


def _refuse_bad_pretest(plan: PartPlan) -> None:
    """Trial items must leave the scored ones untouched and suffice for the slots."""
    part, scored = plan.blueprint.part, {item.code for item in plan.items}
    stimuli = {item.stimulus for item in plan.items} - {""}
    for item in plan.pretest:
        enemies = [each.code for each in plan.items if item.code in each.enemies]
        if item.code in scored or enemies or scored & set(item.enemies):
            raise BadRules(f"{part}: butir uji coba {item.code} ada, atau berseteru, di dalam pool")
        if item.stimulus in stimuli:
            raise BadRules(f"{part}: butir uji coba {item.code} berbagi stimulus dengan butir pool")
    certain = plan.policy.stopping.certain(plan.blueprint.length)
    if not 0 < plan.pretest_slots <= min(len(plan.pretest), certain):
        raise BadRules(
            f"{part}: {plan.pretest_slots} tempat uji coba; paling banyak {len(plan.pretest)} butir"
            f" uji coba yang tersedia dan {certain} soal bernilai yang pasti dijawab"
        )


def _bytes(arrays: Mapping[str, NDArray[Any]]) -> list[bytes]:
    return [arrays[name].tobytes() for name in sorted(arrays)]


def _shapes(arrays: Mapping[str, NDArray[Any]]) -> dict[str, list[Any]]:
    return {name: [array.dtype.str, *array.shape] for name, array in arrays.items()}


def _item_document(item: PoolItem) -> dict[str, Any]:
    return {
        "kunci_versi": item.key,
        "domain": item.domain,
        "poin": list(item.points),
        "soal": item.stem,
        "opsi": list(item.options),
        "a": item.parameters.a,
        "b": list(item.parameters.b),
        "c": item.parameters.c,
        "status": item.parameters.status,
        "stimulus": item.stimulus,
        "seteru": list(item.enemies),
        "kata": item.words,
        "detik": item.seconds,
    }


def choose_reference_form(plan: PartPlan) -> list[int]:
    """Positions of the items of the reference form: of each domain the asked number, evenly
    spaced from its easiest to its hardest, so that the form is as spread as the bank.

    Raises BadInput when a domain has too few items.
    """
    chosen: list[int] = []
    for domain, count in sorted(plan.blueprint.reference.items()):
        members = [i for i, item in enumerate(plan.items) if item.domain == domain]
        if len(members) < count:
            raise BadInput(
                f"{plan.blueprint.part}.{domain}: paket acuan perlu {count} butir,"
                f" bank punya {len(members)}"
            )
        members.sort(key=lambda i: (float(np.mean(plan.items[i].parameters.b)), plan.items[i].key))
        spaced = np.linspace(0, len(members) - 1, count).round().astype(int)
        chosen += [members[k] for k in spaced]
    return sorted(chosen)
