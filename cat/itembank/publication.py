"""Publishing: from items, blueprints and a points scheme to an immutable pool."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.irt import logistic, partial_credit
from cat.itembank.blueprint import Blueprint, DomainTree
from cat.itembank.content import is_keyed
from cat.itembank.pool import INFORMATION_UNIT, TABLES, Pool, PoolItem, load
from cat.scoring.eap import Quadrature, normal_quadrature

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PartPlan:
    """What publishing needs to know of one part: its items, blueprint and points scheme."""

    blueprint: Blueprint
    items: Sequence[PoolItem]
    points_per_category: int
    base_points: int


def publish(code: str, plans: Sequence[PartPlan], *, top: int, shuffle_options: bool) -> Pool:
    """Build a pool, with its tables computed once and for all.

    Raises BlueprintInfeasible when a part cannot be filled, BadParameters for impossible items.
    """
    quadrature = normal_quadrature()
    documents, blobs = [], []
    for plan in plans:
        tables = _tables(plan, quadrature)
        documents.append(_document(plan, tables))
        blobs += [tables[name].astype("<f8").tobytes() for name in TABLES]
    manifest = {
        "kode": code,
        "acak_teratas": top,
        "acak_opsi": shuffle_options,
        "kuadratur": {
            "simpul": quadrature.nodes.tolist(),
            "bobot": quadrature.weights.tolist(),
        },
        "bagian": documents,
    }
    text = json.dumps(manifest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return load(text.encode(), b"".join(blobs))


def _tables(plan: PartPlan, quadrature: Quadrature) -> dict[str, Floats]:
    a = np.array([item.parameters.a for item in plan.items])
    b = np.array([item.parameters.b for item in plan.items])
    c = np.array([item.parameters.c for item in plan.items])
    if is_keyed(plan.blueprint.part):
        right = logistic.probability(quadrature.nodes, a, b[:, 0], c)
        likelihood = np.stack([1 - right, right])
        information = logistic.information(quadrature.nodes, a, b[:, 0], c)
        likelihood = likelihood.transpose(2, 0, 1)
    else:
        likelihood = partial_credit.probability(quadrature.nodes, a, b).transpose(1, 2, 0)
        information = partial_credit.information(quadrature.nodes, a, b)
    return {
        "likelihood": np.ascontiguousarray(likelihood),
        "information": np.ascontiguousarray(np.rint(information.T / INFORMATION_UNIT)),
    }


def _document(plan: PartPlan, tables: Mapping[str, Floats]) -> dict[str, Any]:
    return {
        "kode": plan.blueprint.part,
        "kisi_kisi": plan.blueprint.to_mapping(),
        "poin_per_kategori": plan.points_per_category,
        "poin_dasar": plan.base_points,
        "acuan": [plan.items[i].key for i in choose_reference_form(plan)],
        "tabel": {name: list(tables[name].shape) for name in TABLES},
        "butir": [
            {
                "kunci_versi": item.key,
                "domain": item.domain,
                "poin": list(item.points),
                "soal": item.stem,
                "opsi": list(item.options),
                "a": item.parameters.a,
                "b": list(item.parameters.b),
                "c": item.parameters.c,
                "status": item.parameters.status,
            }
            for item in plan.items
        ],
    }


def choose_reference_form(plan: PartPlan) -> list[int]:
    """Positions of the items of the reference form: of each domain the asked number, evenly
    spaced from its easiest to its hardest, so that the form is as spread as the bank.

    Raises BadInput when a domain has too few items.
    """
    DomainTree.compile(plan.blueprint, [item.domain for item in plan.items])
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
