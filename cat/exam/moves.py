"""The legal moves of a sitting. Each looks at the state and returns the events to append.

An empty list means that the move has already been made, or that a later one has overtaken it: a
repeated or late request changes nothing. Every move takes `now` in microseconds since 1970-01-01
UTC and is refused once the time is up; before it, let an overdue clock run out: see `time_up`.

Two more words recur. turn : the page's own number of an act on an item, growing from act to act, 0
where it keeps none; whatever comes with a turn that is not above the last one was overtaken.
in_time : the page says that it sent the act before its clock stood at zero. Such an act is still
taken for GRACE_SECONDS after the deadline, and dated at the deadline.
"""

from __future__ import annotations

from cat.errors import (
    AlreadyAnswered,
    AlreadyStarted,
    NeedsSecondPerson,
    NotAdmitted,
    NotInThisMode,
    NotTheCurrentItem,
    NotWorking,
    SittingClosed,
    TimeIsUp,
)
from cat.exam.guards import (
    MOST_CHANGES,
    event,
    is_overtaken,
    own_letter,
    refuse_closed,
    refuse_idle,
    refuse_late,
    refuse_playing,
    refuse_unknown,
    turned,
)
from cat.exam.linear import LinearState
from cat.exam.record import Event, Kind
from cat.exam.standing import GRACE_SECONDS
from cat.exam.state import AdaptiveState, Phase, State, apply

__all__ = [
    "ALL_ANSWERED",
    "BY_CANDIDATE",
    "BY_PROCTOR",
    "GRACE_SECONDS",
    "MOST_CHANGES",
    "TIME",
    "admit",
    "answer",
    "choose",
    "end",
    "finish",
    "flag",
    "pause",
    "reopen",
    "resume",
    "revoke",
    "start",
    "time_up",
]

# Why a sitting ended, as its last event says it.
ALL_ANSWERED, TIME = "selesai", "waktu habis"
BY_CANDIDATE, BY_PROCTOR = "diakhiri peserta", "diakhiri pengawas"


def admit(state: State, now: int, by: str) -> list[Event]:
    """The proctor `by` lets the candidate in. Raises SittingClosed."""
    refuse_closed(state)
    if state.phase is not Phase.WAITING:
        return []
    return [event(state, Kind.ADMITTED, now, data={"oleh": by})]


def revoke(state: State, now: int, by: str, reason: str) -> list[Event]:
    """The admission of a candidate who has not started is taken back, by `by`; where there is none
    nothing changes.

    Raises AlreadyStarted, SittingClosed.
    """
    refuse_closed(state)
    if state.phase is Phase.WAITING:
        return []
    if state.phase is not Phase.ADMITTED:
        raise AlreadyStarted(f"the sitting is {state.phase}", phase=state.phase)
    return [event(state, Kind.REVOKED, now, data={"oleh": by, "alasan": reason})]


def start(state: State, now: int) -> list[Event]:
    """The candidate starts; the clock runs from here. Raises NotAdmitted, SittingClosed."""
    refuse_closed(state)
    if state.phase is Phase.WAITING:
        raise NotAdmitted("the proctor has not let this candidate in")
    if state.phase is not Phase.ADMITTED:
        return []
    return [event(state, Kind.STARTED, now)]


def choose(
    state: State, now: int, number: int, shown: str, turn: int = 0, in_time: bool = False
) -> list[Event]:
    """The candidate marks an option: of any item of a linear sitting, where the last mark counts;
    of the current item of an adaptive one, without making it final.

    number : the item's number on the screen; shown : letter on the screen.

    Raises as `answer` does, and TooManyChanges after MOST_CHANGES acts on one item: a record must
    not grow without end because somebody plays with the options.
    """
    letter = own_letter(state, number, shown)
    if is_overtaken(state, number, turn) or (turn <= 0 and letter == _standing(state, number)):
        return []
    refuse_idle(state, now, in_time)
    key, acts = _open_item(state, number)
    if key is None:
        return []
    refuse_playing(number, acts)
    return [event(state, Kind.CHOSEN, now, item=key, option=letter, data=turned(turn))]


def flag(
    state: State, now: int, number: int, on: bool, turn: int = 0, in_time: bool = False
) -> list[Event]:
    """The candidate of a linear sitting marks an item as unsure, or takes the mark away.

    Raises NotInThisMode in an adaptive sitting, NotTheCurrentItem for a number that the form lacks,
    TooManyChanges, TimeIsUp, NotWorking, SittingClosed.
    """
    if not isinstance(state, LinearState):
        raise NotInThisMode("an adaptive sitting has no flags", mode=state.terms.mode)
    refuse_unknown(state, number)
    mark = state.mark_at(number)
    if is_overtaken(state, number, turn) or (turn <= 0 and mark.is_unsure == on):
        return []
    refuse_idle(state, now, in_time)
    refuse_playing(number, mark.acts)
    key = state.item_at(number).key
    return [event(state, Kind.FLAGGED, now, item=key, data=turned(turn, ragu=on))]


def answer(state: State, now: int, number: int, shown: str, in_time: bool = False) -> list[Event]:
    """The candidate of an adaptive sitting makes an option final; after the last item, and in the
    grace, the sitting is finished.

    number : the item's number on the screen; shown : letter on the screen.

    Raises NotInThisMode in a linear sitting, UnknownOption, NotTheCurrentItem, AlreadyAnswered
    (another final answer is stored), TimeIsUp, NotWorking, SittingClosed.
    """
    if not isinstance(state, AdaptiveState):
        raise NotInThisMode("a linear sitting has no final answers", mode=state.terms.mode)
    letter = own_letter(state, number, shown)
    if number < state.number and letter == _standing(state, number):
        return []  # a repeated request is welcome even when the sitting has moved on
    refuse_idle(state, now, in_time)
    key, _ = _open_item(state, number)
    if key is None:
        raise AlreadyAnswered(f"item {number} has its final answer", number=number)
    events = [event(state, Kind.ANSWERED, now, item=key, option=letter)]
    if apply(state, events[0]).is_complete:
        events.append(_finished(state, now, ALL_ANSWERED, offset=2))
    elif state.is_late(now):
        events.append(_finished(state, now, TIME, offset=2))
    return events


def finish(state: State, now: int) -> list[Event]:
    """The candidate ends a linear sitting before the time is up; what is stored counts.

    Raises NotInThisMode in an adaptive sitting, which ends by itself; NotWorking.
    """
    if not isinstance(state, LinearState):
        raise NotInThisMode("an adaptive sitting ends after its last item", mode=state.terms.mode)
    if state.phase is Phase.FINISHED:
        return []
    if state.phase is not Phase.WORKING:
        raise NotWorking(f"the sitting is {state.phase}", phase=state.phase)
    return [_finished(state, now, TIME if state.is_late(now) else BY_CANDIDATE)]


def end(state: State, now: int, by: str, reason: str) -> list[Event]:
    """The proctor ends a sitting that has begun; what is stored counts, a mark that an adaptive
    sitting has not made final does not.

    Raises NotWorking before the start, TimeIsUp in the grace: then it is about to end by itself,
    and what the candidate has sent must not be cut off.
    """
    if state.phase is Phase.FINISHED:
        return []
    if state.phase not in (Phase.WORKING, Phase.PAUSED):
        raise NotWorking(f"a sitting that is {state.phase} cannot be ended", phase=state.phase)
    refuse_late(state, now)
    return [_finished(state, now, BY_PROCTOR, oleh=by, alasan=reason)]


def reopen(state: State, now: int, by: str, second: str, reason: str) -> list[Event]:
    """Two people open a finished sitting again; it is then paused, with the time it had left.

    Raises NeedsSecondPerson, NotWorking where it is not finished, TimeIsUp where no time was left,
    SittingClosed where every item has its final answer.
    """
    if by == second or not second:
        raise NeedsSecondPerson(f"sitting {state.terms.sitting}: reopening needs two people")
    if state.phase is Phase.PAUSED:
        return []
    if state.phase is not Phase.FINISHED:
        raise NotWorking(f"a sitting that is {state.phase} cannot be reopened", phase=state.phase)
    if state.left(now) == 0:
        raise TimeIsUp(f"sitting {state.terms.sitting} has no time left")
    if state.is_complete:
        raise SittingClosed(f"sitting {state.terms.sitting} has all its final answers")
    data = {"oleh": by, "kedua": second, "alasan": reason}
    return [event(state, Kind.REOPENED, now, data=data)]


def pause(state: State, now: int, by: str, reason: str, since: int | None = None) -> list[Event]:
    """Stop the clock, for a technical cause.

    since : when the cause set in, microseconds: the clock then counts as stopped from there, but
    from the last event at the earliest and from `now` at the latest.

    Raises NotWorking before the start, TimeIsUp, SittingClosed.
    """
    refuse_closed(state)
    if state.phase is Phase.PAUSED:
        return []
    if state.phase is not Phase.WORKING:
        raise NotWorking(f"a sitting that is {state.phase} cannot be paused", phase=state.phase)
    at = max(now if since is None else min(since, now), state.last_at)
    refuse_late(state, at)
    noted = {} if since is None else {"dicatat": now}
    return [event(state, Kind.PAUSED, at, data={"oleh": by, "alasan": reason, **noted})]


def resume(state: State, now: int, by: str) -> list[Event]:
    """Let the clock run again. Raises NotWorking when the sitting never started, SittingClosed."""
    refuse_closed(state)
    if state.phase is Phase.WORKING:
        return []
    if state.phase is not Phase.PAUSED:
        raise NotWorking(f"a sitting that is {state.phase} cannot be resumed", phase=state.phase)
    return [event(state, Kind.RESUMED, now, data={"oleh": by})]


def time_up(state: State, now: int) -> list[Event]:
    """What an overdue clock leaves behind: in an adaptive sitting the option on the screen becomes
    the answer; then the sitting closes, both at the moment the time ran out. Empty while there is
    time or grace left.
    """
    if not state.is_overdue(now):
        return []
    events = []
    if isinstance(state, AdaptiveState) and state.draft is not None:
        key, kept = state.current_item.key, {"sebab": TIME}
        events.append(event(state, Kind.ANSWERED, now, item=key, option=state.draft, data=kept))
    return [*events, _finished(state, now, TIME, offset=1 + len(events))]


def _standing(state: State, number: int) -> str | None:
    """The item's own letter that stands now for an item, final or not."""
    if isinstance(state, LinearState):
        return state.mark_at(number).option
    if not isinstance(state, AdaptiveState) or number > state.number:
        return None
    return state.options[number - 1] if number < state.number else state.draft


def _open_item(state: State, number: int) -> tuple[str | None, int]:
    """Key of the item with this number, None where it has its final answer; and how many acts
    there were on it. Raises NotTheCurrentItem for one that is not open yet.
    """
    if isinstance(state, LinearState):
        return state.item_at(number).key, state.mark_at(number).acts
    if not isinstance(state, AdaptiveState) or number > state.number:
        raise NotTheCurrentItem(f"item {number} is not open yet", number=number)
    return (None, 0) if number < state.number else (state.current_item.key, state.changes)


def _finished(state: State, now: int, cause: str, offset: int = 1, **who: str) -> Event:
    """The end of the sitting."""
    return event(state, Kind.FINISHED, now, offset=offset, data={"sebab": cause, **who})
