"""Reading and extending the record of one sitting: the single path by which events are stored."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.exam import moves
from cat.exam.outcome import outcome
from cat.exam.record import Event, Kind, Terms, seal
from cat.exam.state import Phase, State, apply, replay
from cat.exam.verify import SealedEvent
from web.operations.api import changes
from web.operations.pools import get_pool
from web.tables import PartResult, Sitting, SittingEvent

Decide = Callable[[State], list[Event]]
_EVENT = (
    SittingEvent.seq,
    SittingEvent.kind,
    SittingEvent.at,
    SittingEvent.item,
    SittingEvent.option,
    SittingEvent.data,
    SittingEvent.seal,
)


def terms_of(sitting: Sitting) -> Terms:
    """The terms that a sitting was opened on."""
    return Terms(
        sitting=sitting.id,
        pool=sitting.pool_digest,
        rules=sitting.rules_digest,
        mode=sitting.mode,
        seed=sitting.seed,
        seconds=sitting.seconds,
        form=sitting.paket or "",
        burnt=tuple(sitting.hangus or ()),
    )


def read_record(session: Session, sitting_id: str) -> list[SealedEvent]:
    """The stored events of a sitting in order, each with its seal."""
    # Columns, not objects: a record has more than a hundred events, and is read at every step.
    rows = session.execute(
        select(*_EVENT).where(SittingEvent.sitting_id == sitting_id).order_by(SittingEvent.seq)
    )
    return [
        SealedEvent(Event(seq, Kind(kind), at, item, option, data), sealed)
        for seq, kind, at, item, option, data, sealed in rows
    ]


def state_of(session: Session, sitting: Sitting) -> State:
    """Where a sitting stands now, replayed from its record."""
    events = [each.event for each in read_record(session, sitting.id)]
    return replay(terms_of(sitting), get_pool(session, sitting.pool_digest), events)


def advance(session: Session, sitting_id: str, decide: Decide, *, now: int, key: bytes) -> State:
    """Lock a sitting, let its clock run out if time and grace are over, else append what `decide`
    returns.

    decide : looks at the state and returns events; what it raises leaves the record as it was.
    now : microseconds since 1970-01-01 UTC; key : key of the seals.

    Returns the state afterwards. Raises BadInput when there is no such sitting.
    """
    sitting = session.scalar(
        select(Sitting)
        .where(Sitting.id == sitting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if sitting is None:
        raise BadInput(f"no sitting {sitting_id}")
    state = state_of(session, sitting)
    events = moves.time_up(state, now) or decide(state)
    return append(session, sitting, state, events, key)


def append(
    session: Session, sitting: Sitting, state: State, events: list[Event], key: bytes
) -> State:
    """Store events that follow a state, and the result when they finish the sitting."""
    for event in events:
        state = apply(state, event)
        sitting.seal = seal(key, sitting.seal, event)
        session.add(
            SittingEvent(
                sitting_id=sitting.id,
                seq=event.seq,
                kind=event.kind.value,
                at=event.at,
                item=event.item,
                option=event.option,
                data=dict(event.data),
                seal=sitting.seal,
            )
        )
    if events:
        sitting.phase, sitting.last_at = state.phase.value, state.last_at
        sitting.event_count, sitting.answered = state.seq, state.answered
        sitting.deadline = state.deadline
        if events[-1].kind is Kind.REOPENED:
            _withdraw_result(session, sitting)
        if state.phase is Phase.FINISHED:
            _publish_result(session, sitting, state)
        session.flush()
    return state


def _publish_result(session: Session, sitting: Sitting, state: State) -> None:
    for position, part in enumerate(outcome(state)):
        session.add(PartResult(sitting_id=sitting.id, position=position, **vars(part)))
    changes.note(session, "hasil", sitting.id)


def _withdraw_result(session: Session, sitting: Sitting) -> None:
    """Take back the result of a sitting that goes on; what it was can be replayed at any time."""
    session.execute(delete(PartResult).where(PartResult.sitting_id == sitting.id))
    session.expire(sitting, ["results"])
    changes.note(session, "hasil", sitting.id)
