"""Which time the platform keeps: agreed among its processes, unmoved while anybody's clock runs.

The wall clock of a machine may be set at any moment. So the platform sets itself by it only when
no exam would notice, remembers on which difference to the machine's own count it agreed, and all
processes of the machine, also those started later, keep to that.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from cat.exam.state import Phase
from web.tables import JamMesin, Pulse, Sesi, Sitting

# A time server moves a clock by less than this without setting it; then nothing needs to be done.
SET_SECONDS = 1.0


@dataclass(frozen=True)
class Reading:
    """The clocks of a machine at one moment, microseconds.

    machine : its name since it was started. since_boot : its count since then, which nobody sets.
    wall : what its clock shows.
    """

    machine: str
    since_boot: int
    wall: int


@dataclass(frozen=True)
class Agreed:
    """offset : the platform's time less `Reading.since_boot`. apart : wall less platform's time."""

    offset: int
    apart: int


def join(session: Session, reading: Reading, *, lone_after: int, seen: int | None = None) -> Agreed:
    """The time that a process which begins to serve must keep. Locks the pulse.

    lone_after : microseconds without a pulse after which no other process can be serving.
    seen : the pulse of other machines, when it was just seen to move on.

    - A machine whose time is agreed on keeps it, so that neither an outage nor a clock set in it
      makes a difference; but when nobody else serves and nobody works, it is set by the wall.
    - A machine new to the platform goes by its wall, or by the others' pulse where that moves and
      is another time; and never back before the last pulse while somebody works.
    """
    pulse = session.scalar(select(Pulse).with_for_update())
    known = session.get(JamMesin, reading.machine)
    last = pulse.at if pulse else 0
    if known is None:
        now = reading.wall
        if seen is not None and abs(seen - now) > SET_SECONDS * MICROSECONDS:
            now = seen
        if now < last and _anybody_works(session):
            now = last
        return _set(session, reading, now, pulse)
    agreed = _agreed(known, reading)
    alone = reading.since_boot + known.selisih - last >= lone_after
    if _is_apart(agreed) and alone and not _anybody_works(session):
        return _set(session, reading, reading.wall, pulse)
    return agreed


def follow(session: Session, reading: Reading, *, own: int) -> Agreed:
    """The time to keep from here on, as one beat of the pulse finds it. Call with the pulse locked.

    own : the offset that this process has kept. It holds where the database forgot, as one restored
        from another place does.

    When the wall was set, the platform follows once no exam has begun that is not over.
    """
    known = session.get(JamMesin, reading.machine, populate_existing=True)
    if known is None:
        return _set(session, reading, reading.since_boot + own, None)
    agreed = _agreed(known, reading)
    if _is_apart(agreed) and not _anybody_works(session) and not _anybody_may_start(session):
        return _set(session, reading, reading.wall, session.scalar(select(Pulse)))
    return agreed


def _set(session: Session, reading: Reading, now: int, pulse: Pulse | None) -> Agreed:
    """Agree that it is `now` on this machine; nobody may take the step for an outage."""
    known = session.get(JamMesin, reading.machine)
    was_known = known is not None
    if known is None:
        known = JamMesin(mesin=reading.machine, selisih=0, disetel_at=0)
        session.add(known)
    if pulse is not None and (was_known or now < pulse.at):
        pulse.at = now
    known.selisih, known.disetel_at = now - reading.since_boot, now
    session.flush()
    return _agreed(known, reading)


def _agreed(known: JamMesin, reading: Reading) -> Agreed:
    return Agreed(known.selisih, reading.wall - reading.since_boot - known.selisih)


def _is_apart(agreed: Agreed) -> bool:
    return abs(agreed.apart) > SET_SECONDS * MICROSECONDS


def _anybody_works(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(Sitting.phase == Phase.WORKING.value))))


def _anybody_may_start(session: Session) -> bool:
    """Whether somebody stands before the start or in a pause: not all processes set themselves in
    the same moment, and a clock that began in between would be wrong by the step.
    """
    waits = Sitting.phase.in_((Phase.ADMITTED.value, Phase.PAUSED.value))
    return bool(
        session.scalar(
            select(exists().where(waits, Sitting.sesi_id == Sesi.id, Sesi.is_closed.is_(False)))
        )
    )
