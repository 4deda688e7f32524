"""The bank's list: one row for each item, brought up to date in the transaction that changes it.

Whoever stores a version, a calibration, a comment or a state through the session need not think of
the list. Rows that are written past the session (in bulk) enter it by `refresh`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, event, func, insert, select
from sqlalchemy.orm import Session, aliased

from cat.itembank.lifecycle import is_calibrated
from web.operations.penulisan.komentar import open_threads
from web.tables import (
    Calibration,
    Item,
    ItemComment,
    ItemListing,
    ItemText,
    ItemTransition,
    ItemVersion,
)

_CHANGED = "items whose listing is old"
_AT_ONCE = 500
_EXCERPT = 200


def words(text: str) -> list[str]:
    """The words of a text as they are searched: lower case, without accents and signs."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(c for c in bare if not unicodedata.combining(c)))


def refresh(connection: Connection, items: Iterable[int]) -> None:
    """Write the rows of these items anew from what is stored of them."""
    wanted = sorted(items)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        rows = connection.execute(_newest(some)).all()
        waiting = open_threads(connection, some)
        for table in (ItemListing, ItemText):
            connection.execute(delete(table).where(table.item_id.in_(some)))
        if rows:
            connection.execute(insert(ItemListing), [_listed(row, waiting) for row in rows])
            connection.execute(insert(ItemText), [_said(row) for row in rows])


def _newest(items: Collection[int]) -> Select[Any]:
    first, calibration = aliased(ItemVersion), aliased(Calibration)
    last = (
        select(func.max(Calibration.id))
        .where(Calibration.version_id == ItemVersion.id)
        .scalar_subquery()
    )
    moved = (
        select(func.max(ItemTransition.at))
        .where(ItemTransition.item_id == Item.id)
        .scalar_subquery()
    )
    return (
        select(
            *(Item.id, Item.code, Item.domain, Item.status, Item.active_version),
            *(ItemVersion.content, ItemVersion.written_at, first.written_by, calibration.b),
            calibration.status.label("said"),
            moved.label("moved_at"),
        )
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.version == Item.latest))
        .join(first, and_(first.item_id == Item.id, first.version == 1))
        .join(calibration, calibration.id == last)
        .where(Item.id.in_(items))
    )


def _listed(row: Row[Any], waiting: Mapping[int, int]) -> dict[str, Any]:
    return {
        "item_id": row.id,
        "code": row.code,
        "part": row.domain.partition(".")[0],
        "domain": row.domain,
        "status": row.status,
        "active_version": row.active_version,
        "author": row.written_by,
        "parent": row.content.get("induk", ""),
        "language_level": row.content.get("tingkat_bahasa", ""),
        "calibrated": is_calibrated(row.said),
        "difficulty": sum(row.b) / len(row.b),
        "open_comments": waiting.get(row.id, 0),
        "changed_at": max(row.written_at, row.moved_at or 0),
    }


def _said(row: Row[Any]) -> dict[str, Any]:
    stored = row.content
    # Neither rationale nor reasons: a search for words of theirs would tell the key.
    whole = (
        *(row.code, stored.get("stimulus", ""), stored.get("teks_stimulus", "")),
        *(stored["soal"], *stored["opsi"], stored["sumber"], stored.get("indikator", "")),
    )
    excerpt = " ".join(stored["soal"].split())[:_EXCERPT]
    return {"item_id": row.id, "excerpt": excerpt, "words": " ".join(words(" ".join(whole)))}


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _: Any) -> None:
    changed = session.info.setdefault(_CHANGED, set())
    for row in (*session.new, *session.dirty):
        if isinstance(row, Item):
            changed.add(row.id)
        elif isinstance(row, ItemVersion | ItemComment | ItemTransition):
            changed.add(row.item_id)
        elif isinstance(row, Calibration):
            changed.add(session.get_one(ItemVersion, row.version_id).item_id)


@event.listens_for(Session, "before_commit")
def _follow_changes(session: Session) -> None:
    session.flush()
    if changed := session.info.pop(_CHANGED, None):
        refresh(session.connection(), changed)


@event.listens_for(Session, "after_soft_rollback")
def _forget_changes(session: Session, _: Any) -> None:
    # After a rolled-back savepoint the rest may still be committed: then too much is refreshed.
    if not session.in_transaction():
        session.info.pop(_CHANGED, None)
