"""What a proctor decides about sittings, one or many: the moves with their audit rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, SesiClosed
from cat.exam import moves
from cat.exam.record import Event
from cat.exam.state import State
from web.operations import audit
from web.operations.records import Decide, States, advance_all, the_state
from web.operations.sittings import Keys, in_closed_sesi, refuse_closed_sesi
from web.tables import Hasil, Pengumuman, Sitting


def admit(session: Session, sitting_id: str, *, by: str, now: int, keys: Keys) -> State:
    """The proctor lets a candidate in. Raises SesiClosed."""
    return the_state(admit_all(session, [sitting_id], by=by, now=now, keys=keys), sitting_id)


def admit_all(
    session: Session, sitting_ids: Sequence[str], *, by: str, now: int, keys: Keys
) -> States:
    """The proctor lets many in; returns for each the state, or why not."""
    over: set[str] | None = None

    def decide(state: State) -> list[Event]:
        nonlocal over
        if over is None:  # asked with the sittings locked
            over = in_closed_sesi(session, sitting_ids)
        if state.terms.sitting in over:
            raise SesiClosed(f"the sesi of sitting {state.terms.sitting} is closed")
        return moves.admit(state, now, by)

    return _proctor_does_all(session, sitting_ids, "izinkan masuk", decide, by, now, keys)


def revoke(
    session: Session, sitting_id: str, *, by: str, reason: str, now: int, keys: Keys
) -> State:
    """The admission of somebody who has not started is taken back."""
    return the_state(
        revoke_all(session, [sitting_id], by=by, reason=reason, now=now, keys=keys), sitting_id
    )


def revoke_all(
    session: Session, sitting_ids: Sequence[str], *, by: str, reason: str, now: int, keys: Keys
) -> States:
    """The admissions of many are taken back."""
    return _proctor_does_all(
        session,
        sitting_ids,
        "cabut izin",
        lambda s: moves.revoke(s, now, by, reason),
        by,
        now,
        keys,
    )


def pause(
    session: Session,
    sitting_id: str,
    *,
    by: str,
    reason: str,
    now: int,
    keys: Keys,
    since: int | None = None,
) -> State:
    """The proctor stops the clock of a candidate; since : when the technical cause set in."""
    set_in = {} if since is None else {sitting_id: since}
    found = pause_all(session, [sitting_id], by=by, reason=reason, now=now, keys=keys, since=set_in)
    return the_state(found, sitting_id)


def pause_all(
    session: Session,
    sitting_ids: Sequence[str],
    *,
    by: str,
    reason: str,
    now: int,
    keys: Keys,
    since: Mapping[str, int],
) -> States:
    """The proctor stops many clocks. since : as above, of those where it is known."""

    def decide(state: State) -> list[Event]:
        return moves.pause(state, now, by, reason, since.get(state.terms.sitting))

    return _proctor_does_all(session, sitting_ids, "jeda", decide, by, now, keys)


def resume(session: Session, sitting_id: str, *, by: str, now: int, keys: Keys) -> State:
    """The proctor lets the clock run again."""
    return the_state(resume_all(session, [sitting_id], by=by, now=now, keys=keys), sitting_id)


def resume_all(
    session: Session, sitting_ids: Sequence[str], *, by: str, now: int, keys: Keys
) -> States:
    """The proctor lets many clocks run again."""
    return _proctor_does_all(
        session, sitting_ids, "lanjutkan", lambda s: moves.resume(s, now, by), by, now, keys
    )


def end(session: Session, sitting_id: str, *, by: str, reason: str, now: int, keys: Keys) -> State:
    """The proctor ends a sitting that has begun; what is stored counts."""
    return _proctor_does(
        session, sitting_id, "akhiri ujian", lambda s: moves.end(s, now, by, reason), by, now, keys
    )


def reopen(
    session: Session, sitting_id: str, *, by: str, second: str, reason: str, now: int, keys: Keys
) -> State:
    """Two people open a finished sitting again; it is then paused, and has no result until it ends.

    Raises what the move raises, SesiClosed, and AlreadyDecided when an approved announcement uses
    the result.
    """

    def decide(state: State) -> list[Event]:
        refuse_closed_sesi(session, sitting_id)
        events = moves.reopen(state, now, by, second, reason)
        _refuse_announced(session, sitting_id)
        return events

    return _proctor_does(session, sitting_id, "buka kembali ujian", decide, by, now, keys)


def _proctor_does(
    session: Session, sitting_id: str, act: str, decide: Decide, by: str, now: int, keys: Keys
) -> State:
    found = _proctor_does_all(session, [sitting_id], act, decide, by, now, keys)
    return the_state(found, sitting_id)


def _proctor_does_all(
    session: Session,
    sitting_ids: Sequence[str],
    act: str,
    decide: Decide,
    by: str,
    now: int,
    keys: Keys,
) -> States:
    """A proctor's moves with their audit rows; a repeated move that changes nothing leaves none."""

    def decide_and_note(state: State) -> list[Event]:
        events = decide(state)
        for event in events:
            said = {name: event.data[name] for name in ("alasan", "kedua") if name in event.data}
            audit.record(session, at=now, by=by, act=act, subject=state.terms.sitting, **said)
        return events

    return advance_all(session, sitting_ids, decide_and_note, now=now, key=keys.record)


def announced_in(session: Session, sitting_ids: Sequence[str]) -> dict[str, str]:
    """Those of these sittings whose result an approved announcement uses -> code of one."""
    people = select(Sitting.peserta_id).where(Sitting.id.in_(sitting_ids))
    rows = session.execute(
        select(Hasil.data, Pengumuman.kode)
        .join(Hasil.pengumuman)
        .where(Hasil.peserta_id.in_(people), Pengumuman.approved_at.is_not(None))
    )
    wanted = set(sitting_ids)
    return {data["ujian"]: kode for data, kode in rows if data.get("ujian") in wanted}


def _refuse_announced(session: Session, sitting_id: str) -> None:
    for kode in announced_in(session, [sitting_id]).values():
        raise AlreadyDecided(f"hasil ujian ini sudah dipakai pengumuman {kode}", kode=kode)
