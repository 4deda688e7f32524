"""What candidates and proctors do to a sitting, one transaction each."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import SesiClosed
from cat.exam import moves
from cat.exam.record import MICROSECONDS, Event, first_seal
from cat.exam.state import Phase, State
from cat.itembank.pool import Pool
from cat.ketentuan.ruleset import RuleSet
from web.operations import audit
from web.operations.pins import hash_pin
from web.operations.pools import refuse_withdrawn
from web.operations.records import Decide, advance, terms_of
from web.tables import Peserta, Sesi, Sitting

# The kind of need whose blind candidates get the longer time (domain word, not a number).
DISABILITY = "disabilitas"
GRACE_SECONDS = 10


@dataclass(frozen=True)
class Keys:
    """Secrets that operations need.

    record : seals of records; pin : pepper of the PINs; signing : seed of the Ed25519 key under
    announcements, documents and exports.
    """

    record: bytes
    pin: bytes
    signing: bytes


def schedule(
    session: Session,
    sesi: Sesi,
    peserta: Peserta,
    *,
    seat: int,
    pin: str,
    pool: Pool,
    rules: RuleSet,
    keys: Keys,
    seed: int | None = None,
    sitting_id: str | None = None,
) -> Sitting:
    """Give a participant a seat in a sesi and fix the terms of the exam.

    seed, sitting_id : drawn at random unless given, as demonstration data do.

    Raises BadRules when the rule set does not allow adaptive delivery, BadInput for a pool that is
    withdrawn.
    """
    refuse_withdrawn(session, pool.digest)
    mode = rules.get_moda("adaptif").kode
    kind = peserta.formasi.jenis_kebutuhan if peserta.formasi else None
    sitting = Sitting(
        id=sitting_id or str(uuid.uuid4()),
        sesi=sesi,
        peserta=peserta,
        seat=seat,
        pin_hash="",
        pool_digest=pool.digest,
        rules_digest=rules.digest,
        mode=mode,
        seed=secrets.randbits(63) if seed is None else seed,
        seconds=rules.duration_seconds(peserta.netra and kind == DISABILITY),
        phase=Phase.WAITING.value,
        event_count=0,
        answered=0,
        last_at=0,
        seal="",
    )
    sitting.pin_hash = hash_pin(keys.pin, sitting.id, pin)
    sitting.seal = first_seal(keys.record, terms_of(sitting))
    session.add(sitting)
    session.flush()
    return sitting


def arrive(session: Session, sitting_id: str, *, now: int) -> None:
    """The candidate has logged in; only the first time is kept."""
    sitting = session.get_one(Sitting, sitting_id)
    if sitting.arrived_at is None:
        sitting.arrived_at = now


def depart(session: Session, sitting_id: str) -> None:
    """Somebody logged out of a sitting before it started: the seat counts as empty again."""
    sitting = session.get_one(Sitting, sitting_id)
    if sitting.phase in (Phase.WAITING, Phase.ADMITTED):
        sitting.arrived_at = None


def start(session: Session, sitting_id: str, *, now: int, keys: Keys) -> State:
    """The candidate starts; again does nothing. Raises SesiClosed."""
    _refuse_closed_sesi(session, sitting_id)
    return advance(
        session, sitting_id, lambda state: moves.start(state, now), now=now, key=keys.record
    )


def choose(
    session: Session, sitting_id: str, number: int, shown: str, *, now: int, keys: Keys
) -> State:
    """The candidate marks an option, not yet final."""
    return advance(
        session,
        sitting_id,
        lambda state: moves.choose(state, now, number, shown),
        now=now,
        key=keys.record,
    )


def answer(
    session: Session, sitting_id: str, number: int, shown: str, *, now: int, keys: Keys
) -> State:
    """The candidate makes an option final."""
    return advance(
        session,
        sitting_id,
        lambda state: moves.answer(state, now, number, shown),
        now=now,
        key=keys.record,
    )


def close_if_overdue(session: Session, sitting_id: str, *, now: int, keys: Keys) -> State:
    """Finish a sitting whose time ran out while nobody looked."""
    return advance(session, sitting_id, lambda state: [], now=now, key=keys.record)


def close_overdue(session: Session, *, now: int, keys: Keys) -> list[str]:
    """Finish every sitting whose time ran out GRACE_SECONDS ago; returns which.

    The grace lets answers in that arrived in time and wait for the database. They are judged by
    when they arrived, and the end is dated at the deadline whenever it is written.
    """
    overdue = session.scalars(
        select(Sitting.id)
        .where(
            Sitting.phase == Phase.WORKING.value,
            Sitting.deadline <= now - GRACE_SECONDS * MICROSECONDS,
        )
        .order_by(Sitting.id)
    ).all()
    for sitting_id in overdue:
        close_if_overdue(session, sitting_id, now=now, keys=keys)
    return list(overdue)


def admit(session: Session, sitting_id: str, *, by: str, now: int, keys: Keys) -> State:
    """The proctor lets a candidate in. Raises SesiClosed."""
    _refuse_closed_sesi(session, sitting_id)
    return _proctor_does(
        session, sitting_id, "izinkan masuk", lambda s: moves.admit(s, now, by), by, now, keys
    )


def pause(
    session: Session, sitting_id: str, *, by: str, reason: str, now: int, keys: Keys
) -> State:
    """The proctor stops the clock of a candidate."""
    return _proctor_does(
        session, sitting_id, "jeda", lambda s: moves.pause(s, now, by, reason), by, now, keys
    )


def resume(session: Session, sitting_id: str, *, by: str, now: int, keys: Keys) -> State:
    """The proctor lets the clock run again."""
    return _proctor_does(
        session, sitting_id, "lanjutkan", lambda s: moves.resume(s, now, by), by, now, keys
    )


def _proctor_does(
    session: Session, sitting_id: str, act: str, decide: Decide, by: str, now: int, keys: Keys
) -> State:
    """A proctor's move with its audit row; a repeated move that changes nothing leaves none."""

    def decide_and_note(state: State) -> list[Event]:
        events = decide(state)
        for event in events:
            reason = {"alasan": event.data["alasan"]} if "alasan" in event.data else {}
            audit.record(session, at=now, by=by, act=act, subject=sitting_id, **reason)
        return events

    return advance(session, sitting_id, decide_and_note, now=now, key=keys.record)


def _refuse_closed_sesi(session: Session, sitting_id: str) -> None:
    sitting = session.get_one(Sitting, sitting_id)
    if sitting.sesi.is_closed:
        raise SesiClosed(f"sesi {sitting.sesi_id} is closed")
