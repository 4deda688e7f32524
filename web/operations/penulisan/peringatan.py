"""Warnings about an item against the whole bank: what it resembles, where the writer's keys lie."""

from __future__ import annotations

import threading
from string import ascii_uppercase
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session, selectinload

from cat.errors import BadItem
from cat.itembank.content import ItemContent, is_keyed
from cat.itembank.peringatan import Concern, Likeness, concerns
from cat.itembank.peringatan.kemiripan import Sketches, share, sketch
from cat.itembank.store import content_of
from web.tables import Item, ItemSketch, ItemVersion

MOST_AT_ONCE = 500  # items sketched in one request; the next request goes on
# Versions stored at the same time may become visible out of the order of their ids.
LOOK_BACK = 200
BATCH = 200  # items of a writer in a domain, the latest ones

_lock = threading.Lock()
_banks: WeakKeyDictionary[Engine, tuple[Sketches, int]] = WeakKeyDictionary()


def is_behind(session: Session) -> bool:
    """Whether versions were stored that have no sketch yet; quick to ask."""
    return session.scalar(_unsketched().limit(1)) is not None


def catch_up(session: Session, most: int = MOST_AT_ONCE) -> int:
    """Sketch the newest versions that have none, whoever stored them; returns how many."""
    ids = session.scalars(_unsketched().order_by(ItemVersion.id).limit(most)).all()
    versions = session.scalars(
        select(ItemVersion)
        .where(ItemVersion.id.in_(ids))
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
        .order_by(ItemVersion.id)
    ).all()
    found = select(ItemSketch).where(ItemSketch.item_id.in_([v.item_id for v in versions]))
    known = {row.item_id: row for row in session.scalars(found)}
    for version in versions:
        content = content_of(version)
        try:
            body = sketch(content)
        except BadItem:  # a drawing of an older bank that is no longer legal resembles nothing
            body = b""
        row = known.get(version.item_id) or ItemSketch(item_id=version.item_id)
        session.add(row)
        row.version_id, row.stimulus, row.sketch = version.id, content.stimulus[:40], body
    session.flush()
    return len(ids)


def warnings_of(session: Session, content: ItemContent, *, by: str) -> list[Concern]:
    """Everything about an item that is worth a second look, saved or not."""
    return concerns(
        content,
        alike=_alike(session, content),
        batch_keys=_batch_keys(session, content, by) if is_keyed(content.part) else "",
    )


def _alike(session: Session, content: ItemContent) -> list[Likeness]:
    try:
        near = _bank(session).nearest(sketch(content))
    except BadItem:  # an unfinished drawing
        return []
    versions = session.scalars(
        select(ItemVersion)
        .join(Item)
        .where(Item.id.in_(near), ItemVersion.version == Item.latest)
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    )
    others = [content_of(version) for version in versions]
    return [
        Likeness(other.code, share(content, other))
        for other in others
        if other.code != content.code
        # Children of one item model are enemies already and alike on purpose.
        and not (other.parent and other.parent == content.parent)
    ]


def _bank(session: Session) -> Sketches:
    """Sketches of all items, kept in memory and brought up to date."""
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    with _lock:
        sketches, last = _banks.get(engine, (Sketches(), 0))
        rows = session.execute(
            select(ItemSketch.item_id, ItemSketch.sketch, ItemSketch.version_id)
            .where(ItemSketch.version_id > last - LOOK_BACK)
            .order_by(ItemSketch.version_id)
        ).all()
        sketches.put([(item_id, body) for item_id, body, _ in rows])
        _banks[engine] = (sketches, max((row[2] for row in rows), default=last))
        return sketches


def _batch_keys(session: Session, content: ItemContent, by: str) -> str:
    points = session.scalars(
        select(ItemVersion.content["poin"])
        .join(Item)
        .where(
            ItemVersion.version == Item.latest,
            Item.domain == content.domain,
            Item.code != content.code,
            ItemVersion.written_by == by,
        )
        .order_by(ItemVersion.id.desc())
        .limit(BATCH)
    )
    return "".join(ascii_uppercase[each.index(1)] for each in points if each.count(1) == 1)


def _unsketched() -> Select[tuple[int]]:
    floor = select(func.coalesce(func.max(ItemSketch.version_id), 0)).scalar_subquery()
    return (
        select(ItemVersion.id)
        .join(Item)
        .outerjoin(ItemSketch, ItemSketch.version_id == ItemVersion.id)
        .where(
            ItemVersion.id > floor - LOOK_BACK,
            ItemVersion.version == Item.latest,
            ItemSketch.item_id.is_(None),
        )
    )
