"""The pulse of the platform, and giving back the time that an outage took from candidates.

While any web process can store what candidates do, it writes the pulse twice a second, and no web
process serves candidates whose own pulse is older than OUTAGE_SECONDS (see `web.pulse`). So a gap
of that length means that nobody was served: every running clock is stopped for exactly that gap.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from cat.exam.outage import PLATFORM, Running, give_back
from cat.exam.record import MICROSECONDS, Event, seal
from cat.exam.state import Phase
from web.operations import audit
from web.operations.sittings import Keys
from web.tables import Pulse, Sitting, SittingEvent

PERIOD_SECONDS = 0.5
# Shorter gaps are the ordinary unevenness of a busy server.
OUTAGE_SECONDS = 1.5
# What giving back to a thousand sittings takes at most on a small machine: the clocks go on when it
# is done, not when it began.
SECONDS_PER_THOUSAND = 0.3
# Fewer are done before anybody can tell.
FEW = 1_000

_SITTING = Sitting.metadata.tables["sitting"]
_EVENT = SittingEvent.metadata.tables["sitting_event"]
_EVENT_COLUMNS = ("sitting_id", "seq", "kind", "at", "item", "option", "data", "seal")


@dataclass(frozen=True)
class Beat:
    """What one beat did. given : sittings that were given time back.

    stopped, resumed : the gap, equal when there was none. Nobody may be served before `resumed`.
    """

    given: int
    stopped: int
    resumed: int


def beat(
    session: Session,
    *,
    now: int,
    keys: Keys,
    well: int = 0,
    per_thousand: float = SECONDS_PER_THOUSAND,
) -> Beat:
    """Write the pulse; when the last one is too old, give the gap back to running sittings.

    well : when the caller last saw others store something while it waited for the database itself.
        A queue of writers that moves is no outage: those who wait in it are served in their turn.
    now : the moment of writing.
    per_thousand : seconds that giving back to a thousand sittings takes here.
    """
    pulse = session.scalar(
        select(Pulse).with_for_update().execution_options(populate_existing=True)
    )
    if pulse is None:
        session.add(Pulse(id=1, at=now))
        session.flush()
        return Beat(0, now, now)
    stopped = max(pulse.at, well)
    if now - stopped < OUTAGE_SECONDS * MICROSECONDS:
        pulse.at = max(now, pulse.at)
        return Beat(0, pulse.at, pulse.at)
    running = _lock_running(session)
    resumed = now
    if len(running) >= FEW:
        resumed += int(len(running) / 1000 * per_thousand * MICROSECONDS)
    given = _give_back(session, running, stopped, resumed, keys.record)
    pulse.at = resumed
    if given:
        audit.record(
            session,
            at=resumed,
            by=PLATFORM,
            act="waktu dikembalikan",
            subject=f"{given} peserta",
            mikrodetik=resumed - stopped,
        )
    session.flush()
    session.expire_all()
    return Beat(given, stopped, resumed)


@dataclass(frozen=True)
class _Row:
    """A running sitting as its row has it."""

    sitting_id: str
    running: Running
    seal: str


def _lock_running(session: Session) -> list[_Row]:
    """Every sitting whose clock runs, locked in order of id as all who lock several do."""
    columns = _SITTING.c
    chosen = (
        select(columns.id, columns.event_count, columns.last_at, columns.deadline, columns.seal)
        .where(columns.phase == Phase.WORKING.value, columns.deadline.is_not(None))
        .order_by(columns.id)
        .with_for_update()
    )
    return [
        _Row(sitting_id, Running(count, last_at, deadline), last_seal)
        for sitting_id, count, last_at, deadline, last_seal in session.execute(chosen)
    ]


def _give_back(
    session: Session, rows: Sequence[_Row], stopped: int, resumed: int, key: bytes
) -> int:
    """Store the two events of every sitting that had time left; returns how many had."""
    events: list[tuple[Any, ...]] = []
    heads: list[dict[str, Any]] = []
    for row in rows:
        after, new = give_back(row.running, stopped, resumed)
        last = row.seal
        for event in new:
            last = seal(key, last, event)
            events.append(_columns(row.sitting_id, event, last))
        if new:
            heads.append(
                {
                    "which": row.sitting_id,
                    "event_count": after.seq,
                    "last_at": after.last_at,
                    "deadline": after.deadline,
                    "seal": last,
                }
            )
    if heads:
        _store_events(session, events)
        _store_heads(session, heads)
    return len(heads)


def _columns(sitting_id: str, event: Event, last: str) -> tuple[Any, ...]:
    kind = event.kind.value
    return (sitting_id, event.seq, kind, event.at, None, None, dict(event.data), last)


def _store_events(session: Session, events: Sequence[tuple[Any, ...]]) -> None:
    if session.get_bind().dialect.name != "postgresql":
        rows = [dict(zip(_EVENT_COLUMNS, event, strict=True)) for event in events]
        session.execute(insert(_EVENT), rows)
        return
    # A hundred thousand rows: COPY takes a fifth of the time of INSERT.
    cursor = session.connection().connection.cursor()
    names = ", ".join(f'"{name}"' for name in _EVENT_COLUMNS)
    with cursor.copy(f"COPY sitting_event ({names}) FROM STDIN") as copy:
        for event in events:
            copy.write_row((*event[:6], json.dumps(event[6]), event[7]))
    cursor.close()


def _store_heads(session: Session, heads: Sequence[dict[str, Any]]) -> None:
    names = ("event_count", "last_at", "deadline", "seal")
    if session.get_bind().dialect.name != "postgresql":
        changed = update(_SITTING).where(_SITTING.c.id == bindparam("which"))
        session.execute(changed.values({name: bindparam(name) for name in names}), list(heads))
        return
    session.execute(
        text(
            "UPDATE sitting SET event_count = given.event_count, last_at = given.last_at,"
            " deadline = given.deadline, seal = given.seal"
            " FROM unnest(CAST(:which AS varchar[]), CAST(:event_count AS integer[]),"
            " CAST(:last_at AS bigint[]), CAST(:deadline AS bigint[]), CAST(:seal AS varchar[]))"
            " AS given (which, event_count, last_at, deadline, seal) WHERE sitting.id = given.which"
        ),
        {name: [head[name] for head in heads] for name in ("which", *names)},
    )
