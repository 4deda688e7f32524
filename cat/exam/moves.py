"""The legal moves of a sitting. Each looks at the state and returns the events to append.

An empty list means that the move has already been made: a repeated request changes nothing.
Every move takes `now` in microseconds since 1970-01-01 UTC and first lets an overdue clock run out:
see `time_up`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cat.errors import (
    AlreadyAnswered,
    NotAdmitted,
    NotTheCurrentItem,
    NotWorking,
    SittingClosed,
    TimeIsUp,
    TooManyChanges,
    UnknownOption,
)
from cat.exam.record import Event, Kind
from cat.exam.state import Phase, State, apply
from cat.itembank.content import LETTERS

MOST_CHANGES = 40


def admit(state: State, now: int, by: str) -> list[Event]:
    """The proctor `by` lets the candidate in. Raises SittingClosed."""
    _refuse_closed(state)
    if state.phase is not Phase.WAITING:
        return []
    return [_event(state, Kind.ADMITTED, now, data={"oleh": by})]


def start(state: State, now: int) -> list[Event]:
    """The candidate starts; the clock runs from here. Raises NotAdmitted, SittingClosed."""
    _refuse_closed(state)
    if state.phase is Phase.WAITING:
        raise NotAdmitted("the proctor has not let this candidate in")
    if state.phase is not Phase.ADMITTED:
        return []
    return [_event(state, Kind.STARTED, now)]


def choose(state: State, now: int, number: int, shown: str) -> list[Event]:
    """The candidate marks an option of the current item without making it final.

    number : the item's number on the screen; shown : letter on the screen.

    Raises as `answer` does, and TooManyChanges after MOST_CHANGES marks of one item: a record must
    not grow without end because somebody plays with the options.
    """
    letter = _own_letter(state, now, number, shown)
    if number < state.number or letter == state.draft:
        return []
    if state.changes >= MOST_CHANGES:
        raise TooManyChanges(f"item {number} was marked {state.changes} times", number=number)
    key = state.current_item.key
    return [_event(state, Kind.CHOSEN, now, item=key, option=letter)]


def answer(state: State, now: int, number: int, shown: str) -> list[Event]:
    """The candidate makes an option final; after the last item the sitting is finished.

    number : the item's number on the screen; shown : letter on the screen.

    Raises UnknownOption, NotTheCurrentItem, AlreadyAnswered (another final answer is stored),
    TimeIsUp, NotWorking, SittingClosed.
    """
    letter = _own_letter(state, now, number, shown)
    if number < state.number:
        if state.options[number - 1] == letter:
            return []
        raise AlreadyAnswered(f"item {number} has its final answer", number=number)
    key = state.current_item.key
    events = [_event(state, Kind.ANSWERED, now, item=key, option=letter)]
    if apply(state, events[0]).is_complete:
        events.append(_event(state, Kind.FINISHED, now, offset=2, data={"sebab": "selesai"}))
    return events


def pause(state: State, now: int, by: str, reason: str) -> list[Event]:
    """Stop the clock, for a technical cause. Raises NotWorking before the start, SittingClosed."""
    _refuse_closed(state)
    if state.phase is Phase.PAUSED:
        return []
    if state.phase is not Phase.WORKING:
        raise NotWorking(f"a sitting that is {state.phase} cannot be paused")
    _refuse_late(state, now)
    return [_event(state, Kind.PAUSED, now, data={"oleh": by, "alasan": reason})]


def resume(state: State, now: int, by: str) -> list[Event]:
    """Let the clock run again. Raises NotWorking when the sitting never started, SittingClosed."""
    _refuse_closed(state)
    if state.phase is Phase.WORKING:
        return []
    if state.phase is not Phase.PAUSED:
        raise NotWorking(f"a sitting that is {state.phase} cannot be resumed")
    return [_event(state, Kind.RESUMED, now, data={"oleh": by})]


def time_up(state: State, now: int) -> list[Event]:
    """What an overdue clock leaves behind: the option on the screen becomes the answer, then the
    sitting closes, both at the moment the time ran out. Empty while there is time left.
    """
    if not state.is_overdue(now):
        return []
    # A clock set back between two events must not date the end before the last event.
    deadline = max(state.clock.deadline(state.limit) or now, state.last_at)
    events = []
    if state.draft is not None:
        key = state.current_item.key
        kept = {"sebab": "waktu habis"}
        events.append(
            _event(state, Kind.ANSWERED, deadline, item=key, option=state.draft, data=kept)
        )
    closing = {"sebab": "waktu habis"}
    events.append(_event(state, Kind.FINISHED, deadline, offset=1 + len(events), data=closing))
    return events


def _own_letter(state: State, now: int, number: int, shown: str) -> str:
    """The item's own letter behind the one on the screen, once the move is known to be legal."""
    if not 1 <= number <= state.pool.length:
        raise NotTheCurrentItem(f"there is no item {number}", number=number)
    if len(shown) != 1 or shown not in LETTERS:
        raise UnknownOption(f"item {number} has no option {shown!r}", number=number, option=shown)
    letter = state.order_at(number)[LETTERS.index(shown)]
    if number < state.number and state.options[number - 1] == letter:
        return letter  # a repeated request is welcome even when the sitting has moved on
    _refuse_closed(state)
    if state.phase is not Phase.WORKING:
        raise NotWorking(f"the sitting is {state.phase}", phase=state.phase)
    _refuse_late(state, now)
    if number > state.number:
        raise NotTheCurrentItem(f"item {number} is not open yet", number=number)
    return letter


def _refuse_closed(state: State) -> None:
    if state.phase is Phase.FINISHED:
        raise SittingClosed(f"sitting {state.terms.sitting} is finished")


def _refuse_late(state: State, now: int) -> None:
    if state.is_overdue(now):
        raise TimeIsUp(f"sitting {state.terms.sitting} has used its {state.terms.seconds} s")


def _event(
    state: State,
    kind: Kind,
    now: int,
    *,
    offset: int = 1,
    item: str | None = None,
    option: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    # Server clocks can be set back; within a sitting time never runs backwards.
    return Event(state.seq + offset, kind, max(now, state.last_at), item, option, data or {})
