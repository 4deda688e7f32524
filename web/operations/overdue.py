"""Closing, a few at a time, sittings that ran out of time while nobody looked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import CatError
from cat.exam.record import MICROSECONDS
from cat.exam.state import Phase
from web.operations.sittings import GRACE_SECONDS, Keys, close_if_overdue
from web.tables import Sitting


@dataclass(frozen=True)
class Closed:
    """count : sittings finished. broken : those whose record or pool cannot be read."""

    count: int
    broken: frozenset[str]


def close_some(
    session: Session, *, now: int, keys: Keys, most: int, skip: Collection[str] = ()
) -> Closed:
    """Finish at most `most` sittings whose time and grace ran out, but none of `skip`.

    The longest overdue come first, and those that somebody else holds are left to them: when a
    nation's clocks run out in one minute, all web processes share the work beside serving.
    """
    overdue = session.scalars(
        select(Sitting.id)
        .where(
            Sitting.phase == Phase.WORKING.value,
            Sitting.deadline <= now - GRACE_SECONDS * MICROSECONDS,
            Sitting.id.not_in(skip),
        )
        .order_by(Sitting.deadline, Sitting.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    broken = set()
    for sitting_id in overdue:
        try:
            close_if_overdue(session, sitting_id, now=now, keys=keys)
        except CatError:
            broken.add(sitting_id)  # one that cannot be closed must not keep the others open
    return Closed(len(overdue) - len(broken), frozenset(broken))
