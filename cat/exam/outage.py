"""Giving back the time of an outage, from the copy of where a record stands: no replay is needed.

What comes of it are the events of `moves.pause` dated back and `moves.resume`, one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from cat.exam.record import Event, Kind

PLATFORM = "sistem"
REASON = "gangguan layanan"


@dataclass(frozen=True)
class Running:
    """A sitting whose clock runs. seq, last_at : of its last event. deadline : when it runs out.

    Times are microseconds since 1970-01-01 UTC.
    """

    seq: int
    last_at: int
    deadline: int


def give_back(running: Running, stopped: int, resumed: int) -> tuple[Running, list[Event]]:
    """Where the sitting stands when its clock stood still from `stopped` to `resumed`, and the two
    events that say so; no event for one whose time had run out before.

    Time never runs backwards within a sitting: an event later than `stopped` was still served.
    """
    since = max(stopped, running.last_at)
    if running.deadline <= since:
        return running, []
    until = max(resumed, since)
    told = {"oleh": PLATFORM, "alasan": REASON}
    events = [
        Event(running.seq + 1, Kind.PAUSED, since, data=told),
        Event(running.seq + 2, Kind.RESUMED, until, data={"oleh": PLATFORM}),
    ]
    return Running(running.seq + 2, until, running.deadline + until - since), events
