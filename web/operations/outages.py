"""The pulse of the platform, and giving back the time that an outage took from candidates.

While any web process lives, the pulse is written every second. A gap means that nobody could be
served: every running clock is stopped for exactly that gap.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.exam import moves
from cat.exam.record import MICROSECONDS, Event
from cat.exam.state import Phase, State
from web.operations import audit
from web.operations.records import advance
from web.operations.sittings import Keys
from web.tables import Pulse, Sitting

PERIOD_SECONDS = 0.5
# Shorter gaps are the ordinary unevenness of a busy server.
OUTAGE_SECONDS = 1.5


def beat(session: Session, *, tried: int, now: int, keys: Keys) -> int:
    """Write the pulse; when the last one is too old, give the gap back to running sittings.

    tried : when the caller began to wait for the database. A process that is alive but waits in
        the queue of writers is no outage: those who wait with it are served in their turn.
    now : the moment of writing.

    Returns how many sittings were given time back.
    """
    pulse = session.scalar(select(Pulse).with_for_update())
    if pulse is None:
        session.add(Pulse(id=1, at=now))
        return 0
    last, pulse.at = pulse.at, max(now, pulse.at)
    if tried - last < OUTAGE_SECONDS * MICROSECONDS:
        return 0
    return _give_back(session, last, now, keys)


def _give_back(session: Session, stopped: int, resumed: int, keys: Keys) -> int:
    working = session.scalars(
        select(Sitting.id).where(Sitting.phase == Phase.WORKING.value).order_by(Sitting.id)
    ).all()
    reason = "gangguan layanan"

    def stop(state: State) -> list[Event]:
        return moves.pause(state, stopped, "sistem", reason)

    def run_again(state: State) -> list[Event]:
        return moves.resume(state, resumed, "sistem") if state.phase is Phase.PAUSED else []

    for sitting_id in working:
        advance(session, sitting_id, stop, now=stopped, key=keys.record)
        advance(session, sitting_id, run_again, now=resumed, key=keys.record)
    if working:
        audit.record(
            session,
            at=resumed,
            by="sistem",
            act="waktu dikembalikan",
            subject=f"{len(working)} peserta",
            mikrodetik=resumed - stopped,
        )
    return len(working)
