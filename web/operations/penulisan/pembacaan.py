"""Who opened which item and when; only so many different items in an hour."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from cat.errors import BadItem
from web.operations.penulisan.alur import Actor
from web.operations.penulisan.kuota import HOUR, opens_again, quota_of
from web.tables import ItemOpening, ItemVersion, User


class QuotaReached(BadItem):
    """Too many different items within an hour. opens_at : when the next may be opened."""

    def __init__(self, code: str, limit: int, opens_at: int) -> None:
        super().__init__(f"{code}: sudah {limit} butir dalam satu jam", code=code)
        self.limit, self.opens_at = limit, opens_at


def open_item(
    session: Session,
    version: ItemVersion,
    *,
    actor: Actor,
    page: str,
    key_shown: bool,
    now: int,
    once: bool = False,
) -> None:
    """Note that a page shows an item. Raises QuotaReached; nothing is stored then.

    page : name of the page. key_shown : whether it shows the key.
    once : note nothing when the same page was noted within the last hour, as for drafts that are
        stored again and again.
    """
    # One person opens one item at a time, so that two tabs cannot pass the quota together.
    session.execute(select(User.id).where(User.username == actor.username).with_for_update())
    limit, item = quota_of(actor.roles).items_per_hour, version.item
    recent = (ItemOpening.by == actor.username, ItemOpening.at > now - HOUR)
    openings = dict(
        session.execute(
            select(ItemOpening.item_id, func.max(ItemOpening.at))
            .where(*recent)
            .group_by(ItemOpening.item_id)
        ).all()
    )
    if item.id not in openings and len(openings) >= limit:
        opens_at = opens_again(list(openings.values()), limit, now)
        raise QuotaReached(item.code, limit, opens_at)
    row = ItemOpening(
        item_id=item.id,
        version=version.version,
        at=now,
        by=actor.username,
        page=page,
        key_shown=key_shown,
    )
    same = (ItemOpening.item_id == item.id, ItemOpening.version == row.version)
    if once and session.scalar(select(exists().where(*recent, *same, ItemOpening.page == page))):
        return
    session.add(row)
    session.flush()


def openings_of(session: Session, item_id: int, most: int = 500) -> Sequence[ItemOpening]:
    """The newest openings of an item, newest first."""
    newest = select(ItemOpening).where(ItemOpening.item_id == item_id)
    return session.scalars(newest.order_by(ItemOpening.id.desc()).limit(most)).all()


def count_openings(session: Session, item_id: int) -> tuple[int, int]:
    """How often an item was opened, and by how many people."""
    counted = select(func.count(), func.count(ItemOpening.by.distinct()))
    times, people = session.execute(counted.where(ItemOpening.item_id == item_id)).one()
    return times, people
