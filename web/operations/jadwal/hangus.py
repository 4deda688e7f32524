"""Which items a person has seen in an exam, so that another one does not give them again."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cat.exam.record import LINEAR, Kind
from cat.exam.standing import State
from cat.exam.state import AdaptiveState
from web.operations.pools import get_pool
from web.operations.records import read_record, state_of
from web.tables import Sitting


def seen_codes(session: Session, sitting: Sitting) -> frozenset[str]:
    """Codes of the items that this sitting has shown, with those burnt before it.

    A linear sitting shows its whole form as soon as it starts. An adaptive one has shown what was
    answered or marked, and the item that was open when it ended.
    """
    before = frozenset(sitting.hangus or ())
    if not sitting.event_count:
        return before
    events = [each.event for each in read_record(session, sitting.id)]
    if not any(event.kind is Kind.STARTED for event in events):
        return before
    if sitting.mode == LINEAR:
        keys = set(get_pool(session, sitting.pool_digest).numbers(sitting.paket))
    else:
        keys = {event.item for event in events if event.item}
        keys |= _on_screen(state_of(session, sitting))
    return before | {key.partition("@")[0] for key in keys}


def _on_screen(state: State) -> set[str]:
    if not isinstance(state, AdaptiveState) or state.is_complete:
        return set()
    return {state.current_item.key}
