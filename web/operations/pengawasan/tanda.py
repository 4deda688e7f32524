"""Marks that a record itself puts on a seat: answers too quick to have been read, many changes.

They are an invitation to look, never a verdict, and are reckoned once a minute: what they count is
what happened up to the full minute, so that every web process comes to the same marks.
"""

from __future__ import annotations

from sqlalchemy import URL, ColumnElement, Select, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from cat.exam.record import LINEAR, MICROSECONDS, Kind
from web.operations.pengawasan.aturan import CEPAT, UBAH, aturan
from web.tables import Sitting, SittingEvent

PERIOD = 60 * MICROSECONDS
# Answers of the last moment may still be on their way into the database.
_SETTLED = 10 * MICROSECONDS
_MOST_KEPT = 200

Marks = dict[str, dict[str, int]]
_kept: dict[tuple[URL, int, int], Marks] = {}


def marks_of(session: Session, sesi_id: int, now: int) -> Marks:
    """Sitting -> kode of the mark -> how often, for the seats that have one.

    now : microseconds since 1970-01-01 UTC; only its minute matters.
    """
    minute = (now - _SETTLED) // PERIOD
    key = session.get_bind().engine.url, sesi_id, minute
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        for old in [each for each in _kept if each[:2] == key[:2]]:
            _kept.pop(old, None)
        _kept[key] = _reckon(session, sesi_id, minute * PERIOD)
    return _kept[key]


def _reckon(session: Session, sesi_id: int, until: int) -> Marks:
    found: Marks = {}
    reckoned = union_all(_quick(sesi_id, until), _often(sesi_id, until))
    for sitting_id, kode, count in session.execute(reckoned):
        found.setdefault(sitting_id, {})[kode] = count
    return found


def _quick(sesi_id: int, until: int) -> Select[tuple[str, str, int]]:
    """Answers that came sooner after what was before them than anybody reads."""
    rule = aturan().tanda[CEPAT]
    order = {"partition_by": SittingEvent.sitting_id, "order_by": SittingEvent.seq}
    steps = (
        select(
            SittingEvent.sitting_id.label("sitting_id"),
            SittingEvent.item.label("item"),
            func.lag(SittingEvent.item).over(**order).label("before"),
            (SittingEvent.at - func.lag(SittingEvent.at).over(**order)).label("gap"),
        )
        .join(Sitting, Sitting.id == SittingEvent.sitting_id)
        .where(
            Sitting.sesi_id == sesi_id,
            SittingEvent.at <= until,
            or_(
                SittingEvent.kind.in_((Kind.STARTED.value, Kind.RESUMED.value)),
                SittingEvent.kind == _answering(),
            ),
        )
        .subquery()
    )
    count = func.count()
    is_other = or_(steps.c.before.is_(None), steps.c.before != steps.c.item)
    return (
        select(steps.c.sitting_id, literal(CEPAT), count)
        .where(is_other, steps.c.item.is_not(None), steps.c.gap < rule.batas * MICROSECONDS)
        .group_by(steps.c.sitting_id)
        .having(count >= rule.sekurangnya)
    )


def _answering() -> ColumnElement[str]:
    """The kind of event that answers an item: in linear mode the last mark is the answer."""
    return case((Sitting.mode == LINEAR, Kind.CHOSEN.value), else_=Kind.ANSWERED.value)


def _often(sesi_id: int, until: int) -> Select[tuple[str, str, int]]:
    """Items whose option was changed again and again; counts such items."""
    rule = aturan().tanda[UBAH]
    items = (
        select(SittingEvent.sitting_id.label("sitting_id"))
        .join(Sitting, Sitting.id == SittingEvent.sitting_id)
        .where(
            Sitting.sesi_id == sesi_id,
            SittingEvent.kind == Kind.CHOSEN.value,
            SittingEvent.at <= until,
        )
        .group_by(SittingEvent.sitting_id, SittingEvent.item)
        .having(func.count() > rule.batas)
        .subquery()
    )
    return (
        select(items.c.sitting_id, literal(UBAH), func.count())
        .group_by(items.c.sitting_id)
        .having(func.count() >= rule.sekurangnya)
    )
