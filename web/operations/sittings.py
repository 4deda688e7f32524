"""What candidates and proctors do to a sitting, one transaction each."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cat.errors import SesiClosed
from cat.exam import moves
from cat.exam.moves import GRACE_SECONDS
from cat.exam.record import ADAPTIVE, MICROSECONDS, Event, first_seal
from cat.exam.state import Phase, State
from cat.itembank.pool import Pool
from cat.ketentuan.bentuk_tes import BentukTes
from cat.ketentuan.ruleset import RuleSet
from web.operations.pins import hash_pin
from web.operations.pools import refuse_withdrawn
from web.operations.records import advance, terms_of
from web.operations.sitting_terms import agreed_form, keep_rules, seconds_for, ujian_of
from web.tables import Peserta, Sesi, Sitting


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
    pin: str | None,
    pool: Pool,
    rules: RuleSet | BentukTes,
    keys: Keys,
    mode: str = ADAPTIVE,
    form: str = "",
    burnt: Sequence[str] = (),
    ruang_id: int | None = None,
    seed: int | None = None,
    sitting_id: str | None = None,
) -> Sitting:
    """Give a participant a seat in a sesi and fix the terms of the exam.

    pin : None while no PIN has been issued. rules : a rule set, or the form of a test outside the
    SKD. form : of a linear pool; one is drawn by the seed when left out. burnt : codes of items
    that this person has seen in an exam that was called off, and is not to be given.
    seed, sitting_id : drawn at random unless given, as demonstration data do.

    Raises BadRules when the rules do not allow the mode, BadInput for a pool that is withdrawn, not
    made for the mode, or too small without the burnt items.
    """
    refuse_withdrawn(session, pool.digest)
    sitting = draft(
        session,
        sesi,
        peserta,
        seat=seat,
        pin=pin,
        pool=pool,
        rules=rules,
        keys=keys,
        mode=mode,
        form=form,
        burnt=burnt,
        ruang_id=ruang_id,
        seed=seed,
        sitting_id=sitting_id,
    )
    session.add(sitting)
    session.flush()
    return sitting


def draft(
    session: Session,
    sesi: Sesi,
    peserta: Peserta,
    *,
    seat: int,
    pin: str | None,
    pool: Pool,
    rules: RuleSet | BentukTes,
    keys: Keys,
    mode: str = ADAPTIVE,
    form: str = "",
    burnt: Sequence[str] = (),
    ruang_id: int | None = None,
    seed: int | None = None,
    sitting_id: str | None = None,
) -> Sitting:
    """A sitting as `schedule` stores it, not stored yet: thousands go in faster together.

    Whether the pool was withdrawn is for the caller to ask, once.
    """
    seed = secrets.randbits(63) if seed is None else seed
    away = tuple(sorted(set(burnt)))
    sitting = Sitting(
        id=sitting_id or str(uuid.uuid4()),
        sesi=sesi,
        peserta=peserta,
        seat=seat,
        ruang_id=ruang_id,
        pin_hash="",
        pool_digest=pool.digest,
        rules_digest=keep_rules(session, rules),
        ujian=ujian_of(rules),
        mode=mode,
        paket=agreed_form(pool, rules, mode, form, away, seed),
        hangus=list(away),
        seed=seed,
        seconds=seconds_for(rules, peserta),
        phase=Phase.WAITING.value,
        event_count=0,
        answered=0,
        last_at=0,
        seal="",
    )
    if pin is not None:
        sitting.pin_hash = hash_pin(keys.pin, sitting.id, pin)
    sitting.seal = first_seal(keys.record, terms_of(sitting))
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

    def decide(state: State) -> list[Event]:
        refuse_closed_sesi(session, sitting_id)
        return moves.start(state, now)

    return advance(session, sitting_id, decide, now=now, key=keys.record)


def choose(
    session: Session,
    sitting_id: str,
    number: int,
    shown: str,
    *,
    turn: int = 0,
    in_time: bool = False,
    now: int,
    keys: Keys,
) -> State:
    """The candidate marks an option; see `cat.exam.moves` for turn and in_time, here and below."""
    return advance(
        session,
        sitting_id,
        lambda state: moves.choose(state, now, number, shown, turn, in_time),
        now=now,
        key=keys.record,
    )


def flag(
    session: Session,
    sitting_id: str,
    number: int,
    on: bool,
    *,
    turn: int = 0,
    in_time: bool = False,
    now: int,
    keys: Keys,
) -> State:
    """The candidate of a linear sitting marks an item as unsure, or takes the mark away."""
    return advance(
        session,
        sitting_id,
        lambda state: moves.flag(state, now, number, on, turn, in_time),
        now=now,
        key=keys.record,
    )


def answer(
    session: Session,
    sitting_id: str,
    number: int,
    shown: str,
    *,
    in_time: bool = False,
    now: int,
    keys: Keys,
) -> State:
    """The candidate of an adaptive sitting makes an option final."""
    return advance(
        session,
        sitting_id,
        lambda state: moves.answer(state, now, number, shown, in_time),
        now=now,
        key=keys.record,
    )


def finish(session: Session, sitting_id: str, *, now: int, keys: Keys) -> State:
    """The candidate ends a linear sitting; again does nothing."""
    return advance(
        session, sitting_id, lambda state: moves.finish(state, now), now=now, key=keys.record
    )


def close_if_overdue(session: Session, sitting_id: str, *, now: int, keys: Keys) -> State:
    """Finish a sitting whose time and grace ran out while nobody looked."""
    return advance(session, sitting_id, lambda state: [], now=now, key=keys.record)


def close_overdue(session: Session, *, now: int, keys: Keys) -> list[str]:
    """Finish every sitting whose time and grace ran out; returns which. The end is dated at the
    deadline whenever it is written.
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


def refuse_closed_sesi(session: Session, sitting_id: str) -> None:
    """Raises SesiClosed as `in_closed_sesi` finds."""
    if in_closed_sesi(session, [sitting_id]):
        raise SesiClosed(f"the sesi of sitting {sitting_id} is closed")


def in_closed_sesi(session: Session, sitting_ids: Sequence[str]) -> set[str]:
    """Those of these sittings that are void, or whose sesi is closed or void.

    To be asked with the sittings locked: `closing.close_sesi` locks them all before it closes.
    """
    is_over = or_(Sesi.is_closed, Sesi.is_void, Sitting.is_void)
    chosen = select(Sitting.id).join(Sesi).where(Sitting.id.in_(sitting_ids), is_over)
    return set(session.scalars(chosen))
