"""What changes on the map with every answer: how many are answered, when a seat was heard of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, case, or_, select
from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from web.tables import Kontak, Sitting

# What was heard is written in batches some seconds later, so that each look reaches back.
_REACH = 20 * MICROSECONDS


@dataclass(frozen=True)
class Kemajuan:
    """What changed. rows : seat, items answered, last contact (seconds since 1970, 0 for never).

    cursor : what to ask with the next time.
    """

    rows: Sequence[tuple[int, int, int]]
    cursor: str


def read_progress(session: Session, sesi_id: int, cursor: str, *, now: int) -> Kemajuan | None:
    """What changed since the look that gave this cursor; None for nothing.

    cursor : empty, or one that cannot be read, for everything. now : microseconds.
    """
    seen_at, _, seen = cursor.partition(".")
    since = int(seen_at) if seen_at.isdecimal() and len(seen_at) < 19 else 0
    found = session.execute(_CHANGED, {"sesi": sesi_id, "since": since - _REACH}).all()
    if since and seen == _digest(found, since):
        return None
    rows = [(seat, answered, at // MICROSECONDS) for seat, answered, at in found]
    return Kemajuan(rows, f"{now}.{_digest(found, now)}")


def _digest(found: Sequence[Any], since: int) -> str:
    recent = [tuple(row) for row in found if row[2] > since - _REACH]
    return hashlib.blake2b(repr(recent).encode(), digest_size=6).hexdigest()


def _changed() -> Select[Any]:
    last = case((Kontak.at > Sitting.last_at, Kontak.at), else_=Sitting.last_at)
    since = bindparam("since")
    return (
        select(Sitting.seat, Sitting.answered, last)
        .outerjoin(Kontak, Kontak.sitting_id == Sitting.id)
        .where(
            Sitting.sesi_id == bindparam("sesi"), or_(Sitting.last_at > since, Kontak.at > since)
        )
        .order_by(Sitting.seat)
    )


_CHANGED = _changed()
