"""What every move of a candidate or proctor asks first, and how its events are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cat.errors import (
    NotTheCurrentItem,
    NotWorking,
    SittingClosed,
    TimeIsUp,
    TooManyChanges,
    UnknownOption,
)
from cat.exam.record import Event, Kind
from cat.exam.standing import Phase, State
from cat.itembank.content import LETTERS

MOST_CHANGES = 40


def refuse_closed(state: State) -> None:
    """Raise SittingClosed once the sitting is finished."""
    if state.phase is Phase.FINISHED:
        raise SittingClosed(f"sitting {state.terms.sitting} is finished")


def refuse_late(state: State, now: int) -> None:
    """Raise TimeIsUp once the time is used up."""
    if state.is_late(now):
        raise TimeIsUp(f"sitting {state.terms.sitting} has used its {state.terms.seconds} s")


def refuse_idle(state: State, now: int, in_time: bool) -> None:
    """Raise unless the candidate may act now: SittingClosed, NotWorking, TimeIsUp.

    in_time : the act was sent before the time was up, and is taken until the grace has passed.
    """
    refuse_closed(state)
    if state.phase is not Phase.WORKING:
        raise NotWorking(f"the sitting is {state.phase}", phase=state.phase)
    if not in_time or state.is_overdue(now):
        refuse_late(state, now)


def refuse_unknown(state: State, number: int) -> None:
    """Raise NotTheCurrentItem for a number that no item of the sitting can have."""
    if not 1 <= number <= state.length:
        raise NotTheCurrentItem(f"there is no item {number}", number=number)


def refuse_playing(number: int, acts: int) -> None:
    """Raise TooManyChanges after MOST_CHANGES acts on one item: a record must not grow without end
    because somebody plays with the options.
    """
    if acts >= MOST_CHANGES:
        raise TooManyChanges(f"item {number} was marked {acts} times", number=number)


def own_letter(state: State, number: int, shown: str) -> str:
    """The item's own letter behind the one on the screen.

    Raises NotTheCurrentItem, UnknownOption.
    """
    refuse_unknown(state, number)
    if len(shown) != 1 or shown not in LETTERS:
        raise UnknownOption(f"item {number} has no option {shown!r}", number=number, option=shown)
    return state.order_at(number)[LETTERS.index(shown)]


def is_overtaken(state: State, number: int, turn: int) -> bool:
    """Whether the page has sent a later act on the item, or this very one, before."""
    return 0 < turn <= state.turn_of(number)


def turned(turn: int, **data: Any) -> dict[str, Any]:
    """What an event keeps of the page's turn: nothing where it gave none."""
    return {**data, "urut": turn} if turn > 0 else data


def event(
    state: State,
    kind: Kind,
    now: int,
    *,
    offset: int = 1,
    item: str | None = None,
    option: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """The event `offset` places after the last one, dated now but never after the deadline."""
    at = now if state.deadline is None else min(now, state.deadline)
    # Server clocks can be set back; within a sitting time never runs backwards.
    return Event(state.seq + offset, kind, max(at, state.last_at), item, option, data or {})
