"""The answers that stand in stored records, whatever the way of delivery."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Subquery, func, select, union_all

from cat.exam.record import LINEAR, Kind
from web.tables import Sitting, SittingEvent


def standing_answers(*which: ColumnElement[bool]) -> Subquery:
    """A row (sitting_id, item, option, at) for each answer that stands: the final ones of adaptive
    sittings, and of linear ones the last choice for each item.

    which : conditions on the sittings; none means all.
    """
    event = SittingEvent
    columns = event.sitting_id, event.item, event.option, event.at
    final = (
        select(*columns)
        .join(Sitting, Sitting.id == event.sitting_id)
        .where(event.kind == Kind.ANSWERED.value, *which)
    )
    last = (
        select(event.sitting_id, func.max(event.seq).label("seq"))
        .join(Sitting, Sitting.id == event.sitting_id)
        .where(Sitting.mode == LINEAR, event.kind == Kind.CHOSEN.value, *which)
        .group_by(event.sitting_id, event.item)
        .subquery()
    )
    chosen = select(*columns).join(
        last, (last.c.sitting_id == event.sitting_id) & (last.c.seq == event.seq)
    )
    return union_all(final, chosen).subquery("jawaban")
