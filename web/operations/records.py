"""Reading and extending the record of one sitting: the single path by which events are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cat.errors import BadInput, CatError, DecisionError, ExamError
from cat.exam import moves
from cat.exam.outcome import outcome
from cat.exam.record import Event, Kind, Terms, seal
from cat.exam.state import Phase, State, apply, replay
from cat.exam.verify import SealedEvent
from web.operations.api import changes
from web.operations.pools import get_pool
from web.tables import PartResult, Sitting, SittingEvent

Decide = Callable[[State], list[Event]]
# The state of each sitting after an act, or why the act was refused there.
States = dict[str, State | ExamError | DecisionError]
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
    return read_records(session, [sitting_id])[sitting_id]


def read_records(session: Session, sitting_ids: Iterable[str]) -> dict[str, list[SealedEvent]]:
    """The record of each of these sittings, as above."""
    found: dict[str, list[SealedEvent]] = {sitting_id: [] for sitting_id in sitting_ids}
    # Columns, not objects: a record has more than a hundred events, and is read at every step.
    rows = session.execute(
        select(SittingEvent.sitting_id, *_EVENT)
        .where(SittingEvent.sitting_id.in_(found))
        .order_by(SittingEvent.sitting_id, SittingEvent.seq)
    )
    for sitting_id, seq, kind, at, item, option, data, sealed in rows:
        found[sitting_id].append(
            SealedEvent(Event(seq, Kind(kind), at, item, option, data), sealed)
        )
    return found


def state_of(session: Session, sitting: Sitting) -> State:
    """Where a sitting stands now, replayed from its record."""
    return _replayed(session, sitting, read_record(session, sitting.id))


def _replayed(session: Session, sitting: Sitting, record: Sequence[SealedEvent]) -> State:
    pool = get_pool(session, sitting.pool_digest)
    return replay(terms_of(sitting), pool, [each.event for each in record])


def advance(session: Session, sitting_id: str, decide: Decide, *, now: int, key: bytes) -> State:
    """Lock a sitting, let its clock run out if time and grace are over, else append what `decide`
    returns.

    decide : looks at the state and returns events; what it raises leaves the record as it was.
    now : microseconds since 1970-01-01 UTC; key : key of the seals.

    Returns the state afterwards. Raises BadInput when there is no such sitting.
    """
    return the_state(advance_all(session, [sitting_id], decide, now=now, key=key), sitting_id)


def advance_all(
    session: Session, sitting_ids: Sequence[str], decide: Decide, *, now: int, key: bytes
) -> States:
    """Advance many sittings in one go, each by itself; see `advance`.

    Returns for each the state afterwards, or what `decide` raised: then its record is as it was.
    A sitting that there is not is left out.
    """
    sittings = lock_sittings(session, sitting_ids)
    records = read_records(session, [each.id for each in sittings])
    found: States = {}
    for sitting in sittings:
        state = _replayed(session, sitting, records[sitting.id])
        try:
            events = moves.time_up(state, now) or decide(state)
        except (ExamError, DecisionError) as error:
            found[sitting.id] = error
        else:
            found[sitting.id] = _extend(session, sitting, state, events, key)
    session.flush()
    return found


def lock_sittings(session: Session, sitting_ids: Sequence[str]) -> Sequence[Sitting]:
    """These as they are now, with their rows locked in the order in which everybody locks, so that
    nobody waits in a circle.
    """
    return session.scalars(
        select(Sitting)
        .where(Sitting.id.in_(sitting_ids))
        .order_by(Sitting.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def the_state(found: States, sitting_id: str) -> State:
    """The state of one sitting. Raises what was refused there, BadInput when there is none."""
    if sitting_id not in found:
        raise BadInput(f"no sitting {sitting_id}")
    state = found[sitting_id]
    if isinstance(state, CatError):
        raise state
    return state


def append(
    session: Session, sitting: Sitting, state: State, events: list[Event], key: bytes
) -> State:
    """Store events that follow a state, and the result when they finish the sitting."""
    state = _extend(session, sitting, state, events, key)
    session.flush()
    return state


def _extend(
    session: Session, sitting: Sitting, state: State, events: list[Event], key: bytes
) -> State:
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
