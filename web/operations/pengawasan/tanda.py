"""Marks that a record itself puts on a seat: answers too quick to have been read, many changes.

They are an invitation to look, never a verdict, and are reckoned once a minute: what they count is
what happened up to the full minute, so that every web process comes to the same marks.
"""

from __future__ import annotations

from sqlalchemy import URL, ColumnElement, ScalarSelect, case, func, or_, select
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
    """Record by record, each read by its key: no plan may go over everybody's events for this."""
    counts = select(Sitting.id, _quick(until), _often(until)).where(Sitting.sesi_id == sesi_id)
    found: Marks = {}
    for sitting_id, quick, often in session.execute(counts):
        marks = {CEPAT: quick, UBAH: often}
        rules = aturan().tanda
        if kept := {kode: n for kode, n in marks.items() if n >= rules[kode].sekurangnya}:
            found[sitting_id] = kept
    return found


def _quick(until: int) -> ScalarSelect[int]:
    """Answers of a sitting that came sooner after what was before them than anybody reads."""
    of_record = {"order_by": SittingEvent.seq}
    steps = (
        select(
            SittingEvent.item.label("item"),
            func.lag(SittingEvent.item).over(**of_record).label("before"),
            (SittingEvent.at - func.lag(SittingEvent.at).over(**of_record)).label("gap"),
        )
        .where(
            SittingEvent.sitting_id == Sitting.id,
            SittingEvent.at <= until,
            or_(
                SittingEvent.kind.in_((Kind.STARTED.value, Kind.RESUMED.value)),
                SittingEvent.kind == _answering(),
            ),
        )
        .correlate(Sitting)
        .subquery()
    )
    is_other = or_(steps.c.before.is_(None), steps.c.before != steps.c.item)
    soon = aturan().tanda[CEPAT].batas * MICROSECONDS
    return (
        select(func.count())
        .select_from(steps)
        .where(is_other, steps.c.item.is_not(None), steps.c.gap < soon)
        .scalar_subquery()
    )


def _answering() -> ColumnElement[str]:
    """The kind of event that answers an item: in linear mode the last mark is the answer."""
    return case((Sitting.mode == LINEAR, Kind.CHOSEN.value), else_=Kind.ANSWERED.value)


def _often(until: int) -> ScalarSelect[int]:
    """Items of a sitting whose option was changed again and again."""
    items = (
        select(SittingEvent.item)
        .where(
            SittingEvent.sitting_id == Sitting.id,
            SittingEvent.kind == Kind.CHOSEN.value,
            SittingEvent.at <= until,
        )
        .group_by(SittingEvent.item)
        .having(func.count() > aturan().tanda[UBAH].batas)
        .correlate(Sitting)
        .subquery()
    )
    return select(func.count()).select_from(items).scalar_subquery()
