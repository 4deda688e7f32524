"""What a pool is made from: the items of the bank under a blueprint, and a hash that stands for it.

Versions of items and calibrations never change once stored. Two banks with the same hash under the
same blueprint therefore give the same pool, to the byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, selectinload

from cat.itembank.content import ItemContent, Parameters
from cat.itembank.lifecycle import Status
from cat.itembank.pool import PoolItem
from cat.itembank.store import content_of
from cat.ketentuan.bentuk_tes import BentukTes
from cat.ketentuan.ruleset import RuleSet
from web.operations.kisi_kisi import rencana
from web.operations.publishing import form_of
from web.tables import Calibration, Item, ItemVersion

Rules = RuleSet | BentukTes


def rules_of(session: Session, plan: Mapping[str, Any], on: date) -> Rules:
    """The rule set or the form of a plan on a day; raises BadInput, BadRules."""
    return form_of(session, plan, on)


def sources_digest(session: Session, plan: Mapping[str, Any], rules: Rules) -> str:
    """SHA-256, hexadecimal, of all that decides how the pool of a plan will look."""
    parts = {}
    for part, data in plan["bagian"].items():
        parts[part] = [_stamps(session, part, _scored())]
        if data.get("uji_coba"):
            parts[part].append(_stamps(session, part, _on_trial()))
    decided = {
        "kisi_kisi": rencana.digest(plan),
        "ketentuan": rules.digest if isinstance(rules, RuleSet) else "",
        "butir": parts,
    }
    text = json.dumps(decided, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def scored_contents(session: Session, part: str) -> list[tuple[ItemContent, int]]:
    """Items in use of one part with their versions, in the order of their codes."""
    return _contents(session, part, _scored())


def trial_contents(session: Session, part: str) -> list[tuple[ItemContent, int]]:
    """Items on trial of one part, else as `scored_contents`."""
    return _contents(session, part, _on_trial())


def scored_items(session: Session, part: str) -> list[PoolItem]:
    """Items in use of one part, unrendered, in the order of their codes: quick in a large bank."""
    return _items(session, part, _scored())


def trial_items(session: Session, part: str) -> list[PoolItem]:
    """Items on trial of one part, else as `scored_items`."""
    return _items(session, part, _on_trial())


def _scored() -> ColumnElement[bool]:
    return ItemVersion.version == Item.active_version


def _on_trial() -> ColumnElement[bool]:
    return and_(ItemVersion.version == Item.latest, Item.status == Status.UJI_COBA)


def _stamps(session: Session, part: str, which: ColumnElement[bool]) -> Sequence[list[Any]]:
    rows = session.execute(
        select(Item.code, ItemVersion.version, func.max(Calibration.id))
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(Calibration, Calibration.version_id == ItemVersion.id)
        .where(Item.domain.startswith(f"{part}."), which)
        .group_by(Item.code, ItemVersion.version)
        .order_by(Item.code)
    )
    # Sorted here once more: databases differ in how they order texts.
    return sorted(list(row) for row in rows)


def _contents(
    session: Session, part: str, which: ColumnElement[bool]
) -> list[tuple[ItemContent, int]]:
    versions = session.scalars(
        select(ItemVersion)
        .join(Item)
        .where(Item.domain.startswith(f"{part}."), which)
        .order_by(Item.code)
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    )
    return [(content_of(version), version.version) for version in versions]


def _items(session: Session, part: str, which: ColumnElement[bool]) -> list[PoolItem]:
    # Columns, not objects: loading tens of thousands of objects takes a page's patience.
    last = (
        select(Calibration.version_id, func.max(Calibration.id).label("id"))
        .group_by(Calibration.version_id)
        .subquery()
    )
    rows = session.execute(
        select(
            *(Item.code, Item.domain, ItemVersion.version, ItemVersion.content),
            *(Calibration.a, Calibration.b, Calibration.c, Calibration.status),
        )
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(last, last.c.version_id == ItemVersion.id)
        .join(Calibration, Calibration.id == last.c.id)
        .where(Item.domain.startswith(f"{part}."), which)
        .order_by(Item.code)
    )
    return [_unrendered(row) for row in rows]


def _unrendered(row: Any) -> PoolItem:
    stored = row.content
    shown = (stored.get("teks_stimulus", ""), stored["soal"], *stored["opsi"])
    return PoolItem(
        key=f"{row.code}@{row.version}",
        domain=row.domain.partition(".")[2],
        points=tuple(stored["poin"]),
        stem="",
        options=(),
        parameters=Parameters(row.a, tuple(row.b), row.c, row.status),
        stimulus=stored.get("stimulus", ""),
        enemies=tuple(stored.get("seteru", ())),
        words=sum(len(text.split()) for text in shown),
        seconds=stored.get("detik", 0.0),
    )
