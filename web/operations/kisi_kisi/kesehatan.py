"""What the page of the bank's health is made of: few aggregates in SQL, the rest in arrays.

What was found is kept per state of the bank: asking again while nothing changed costs a few counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session

from cat.irt.items import Items, Model, logistic_items, polytomous_items
from cat.itembank.blueprint import Blueprint
from cat.itembank.content import is_keyed
from cat.itembank.lifecycle import WITHDRAWN, is_calibrated
from cat.publication.health import Health, Need, Stock, band_of, examine
from cat.selection.policy import Policy
from web.operations.kalibrasi.jawaban import standing_answers
from web.operations.kisi_kisi.ambang import ambang_pool
from web.operations.kisi_kisi.telaah import Facts, Review, to_review
from web.operations.pools import get_pool
from web.tables import (
    Calibration,
    Item,
    ItemComment,
    ItemListing,
    ItemTransition,
    ItemVersion,
    KisiKisi,
    Sitting,
)


@dataclass(frozen=True)
class Use:
    """How one item was used in real sittings. at : microseconds of the first and last answer.

    sittings : that answered it. offered : that had a pool with it.
    """

    sittings: int
    offered: int
    first_at: int | None
    last_at: int | None

    @property
    def rate(self) -> float | None:
        """Exposure rate, 0 to 1; None where nobody could have met it."""
        return self.sittings / self.offered if self.offered else None


@dataclass(frozen=True, eq=False)
class PartHealth:
    """One part of the page.

    health : against the blueprint. stock : the active items. uses : in their order.
    statuses : state -> items of the part. review : to look at next, most urgent first.
    """

    health: Health
    stock: Stock
    uses: tuple[Use, ...]
    statuses: Mapping[str, int]
    review: tuple[Review, ...]

    @property
    def uncalibrated(self) -> int:
        """Active items whose parameters nobody has estimated."""
        return int((~self.stock.calibrated).sum())


DAY = 24 * 3600 * 1_000_000
# What pages ask for again; the oldest goes when there are more.
_KEPT = 8
_found: dict[tuple[str, str], tuple[tuple[Any, ...], tuple[PartHealth, ...]]] = {}


def health_of(session: Session, kisi_kisi: KisiKisi, now: int) -> tuple[PartHealth, ...]:
    """The health of the bank under a version of a blueprint, part by part."""
    state = (*_state(session), now // DAY)
    name = (str(session.get_bind().engine.url), kisi_kisi.digest)
    kept = _found.get(name)
    if kept is None or kept[0] != state:
        uses, offered = _uses(session), _offered(session)
        need = ambang_pool().kebutuhan
        parts = tuple(
            _part(session, code, kisi_kisi.content, uses, offered, need, now)
            for code in kisi_kisi.content["bagian"]
        )
        _found.pop(name, None)
        _found[name] = kept = state, parts
        if len(_found) > _KEPT:
            del _found[next(iter(_found))]
    return kept[1]


def load_stock(session: Session, part: str) -> tuple[Stock, list[Row[Any]]]:
    """Active items of a part as arrays, and their rows: code, written_at, comments."""
    rows = session.execute(_active(part)).all()
    place = {row.code: i for i, row in enumerate(rows)}
    pairs = {
        (min(i, place[enemy]), max(i, place[enemy]))
        for i, row in enumerate(rows)
        for enemy in row.enemies or ()
        if enemy in place and enemy != row.code
    }
    stock = Stock(
        codes=tuple(row.code for row in rows),
        domains=tuple(row.domain.partition(".")[2] for row in rows),
        items=_items(part, rows) if rows else None,
        difficulty=np.array([sum(row.b) / len(row.b) for row in rows], dtype=float),
        calibrated=np.array([is_calibrated(row.status) for row in rows], dtype=np.bool_),
        enemies=tuple(sorted(pairs)),
    )
    return stock, list(rows)


def _part(
    session: Session,
    code: str,
    plan: Mapping[str, Any],
    uses: Mapping[str, Row[Any]],
    offered: Mapping[str, int],
    need: Need,
    now: int,
) -> PartHealth:
    policy = Policy.from_mapping(plan.get("kebijakan", {}))
    blueprint = Blueprint.from_mapping(code, plan["bagian"][code])
    stock, rows = load_stock(session, code)
    health = examine(blueprint, policy, stock, _drafts(session, code, need), need)
    used = tuple(_use(uses.get(row.code), offered.get(row.code, 0)) for row in rows)
    facts = [
        Facts(use.rate, use.offered, use.first_at or row.written_at, use.sittings, row.comments)
        for use, row in zip(used, rows, strict=True)
    ]
    return PartHealth(
        health=health,
        stock=stock,
        uses=used,
        statuses=_statuses(session, code),
        review=to_review(stock, facts, need, health.r_max, now),
    )


def _active(part: str) -> Any:
    last = (
        select(Calibration.version_id, func.max(Calibration.id).label("id"))
        .group_by(Calibration.version_id)
        .subquery()
    )
    return (
        select(
            *(Item.code, Item.domain, Calibration.a, Calibration.b, Calibration.c),
            *(Calibration.status, ItemVersion.written_at),
            ItemVersion.content["seteru"].label("enemies"),
            func.coalesce(ItemListing.open_comments, 0).label("comments"),
        )
        .join(
            ItemVersion,
            and_(ItemVersion.item_id == Item.id, ItemVersion.version == Item.active_version),
        )
        .join(last, last.c.version_id == ItemVersion.id)
        .join(Calibration, Calibration.id == last.c.id)
        .outerjoin(ItemListing, ItemListing.item_id == Item.id)
        .where(Item.domain.startswith(f"{part}."))
        .order_by(Item.code)
    )


def _items(part: str, rows: Sequence[Row[Any]]) -> Items:
    a, b = np.array([row.a for row in rows]), [row.b for row in rows]
    if is_keyed(part):
        c = np.array([row.c for row in rows])
        return logistic_items(a, np.array([each[0] for each in b]), c)
    widest = max(map(len, b))
    steps = np.array([[*each, *[np.nan] * (widest - len(each))] for each in b])
    return polytomous_items(Model.PARTIAL_CREDIT, a, steps)


def _drafts(session: Session, part: str, need: Need) -> Counter[tuple[str, int]]:
    """Items that are not in use yet, by domain and by the band of what is known of them so far."""
    rows = session.execute(
        select(ItemListing.domain, ItemListing.difficulty).where(
            ItemListing.part == part,
            ItemListing.active_version.is_(None),
            ItemListing.status.not_in([status.value for status in WITHDRAWN]),
        )
    ).all()
    bands = band_of(np.array([row.difficulty for row in rows], dtype=float), need.edges)
    return Counter(
        (row.domain.partition(".")[2], int(band)) for row, band in zip(rows, bands, strict=True)
    )


def _statuses(session: Session, part: str) -> dict[str, int]:
    rows = session.execute(
        select(Item.status, func.count())
        .where(Item.domain.startswith(f"{part}."))
        .group_by(Item.status)
        .order_by(Item.status)
    )
    return {row[0]: row[1] for row in rows}


def _uses(session: Session) -> dict[str, Row[Any]]:
    """Item code -> answers with their first and last moment; of all its versions together."""
    given = standing_answers().c
    counted = select(
        given.item,
        func.count().label("times"),
        func.min(given.at).label("first_at"),
        func.max(given.at).label("last_at"),
    ).group_by(given.item)
    found: dict[str, Any] = {}
    for row in session.execute(counted):
        code = str(row.item).partition("@")[0]
        before = found.get(code)
        found[code] = row if before is None else _Joined.of(before, row)
    return found


@dataclass(frozen=True)
class _Joined:
    """The use of two versions of an item together."""

    times: int
    first_at: int
    last_at: int

    @classmethod
    def of(cls, one: Any, other: Any) -> _Joined:
        return cls(
            one.times + other.times,
            min(one.first_at, other.first_at),
            max(one.last_at, other.last_at),
        )


def _offered(session: Session) -> Counter[str]:
    """Item code -> sittings with at least one answer whose pool holds it as a scored item."""
    rows = session.execute(
        select(Sitting.pool_digest, func.count())
        .where(Sitting.answered > 0)
        .group_by(Sitting.pool_digest)
    )
    offered: Counter[str] = Counter()
    for digest, count in rows:
        for part in get_pool(session, digest).parts:
            for item in part.items:
                offered[item.code] += count
    return offered


def _use(row: Any, offered: int) -> Use:
    if row is None:
        return Use(0, offered, None, None)
    return Use(row.times, offered, row.first_at, row.last_at)


def _state(session: Session) -> tuple[Any, ...]:
    """Figures of which at least one changes with whatever the page depends on."""
    asked = (
        select(func.max(Calibration.id)),
        select(func.max(ItemVersion.id)),
        select(func.max(ItemTransition.id)),
        select(func.max(ItemComment.id)),
        select(func.count(), func.sum(Item.latest), func.sum(Item.active_version)),
        select(Item.status, func.count()).group_by(Item.status).order_by(Item.status),
        select(func.count(), func.max(Sitting.last_at), func.sum(Sitting.answered)),
    )
    return tuple(tuple(map(tuple, session.execute(query).all())) for query in asked)
