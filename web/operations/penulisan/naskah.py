"""Working copies: what somebody is writing, kept before it is fit to be a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cat.errors import BadItem
from web.operations.penulisan.isian import cleaned, field_problems
from web.tables import Naskah, User

MICROSECONDS = 1_000_000
PRESENT_SECONDS = 90  # an open editor is heard of more often than this


@dataclass(frozen=True)
class Colleague:
    """Somebody else at the same draft. has_writing : they have something that is not saved yet."""

    name: str
    is_present: bool
    has_writing: bool


def find(session: Session, code: str, owner: str) -> Naskah | None:
    """The working copy of one person, if there is one."""
    return session.scalar(select(Naskah).where(Naskah.code == code, Naskah.owner == owner))


def of_owner(session: Session, owner: str) -> Sequence[Naskah]:
    """What somebody has begun and not saved, the latest first."""
    copies = session.scalars(
        select(Naskah).where(Naskah.owner == owner).order_by(Naskah.saved_at.desc())
    )
    return [copy for copy in copies if copy.fields]


def open_copy(
    session: Session, code: str, *, domain: str, base: int, owner: str, now: int
) -> Naskah:
    """Note that somebody has the editor open; what they had written before is still there."""
    copy = find(session, code, owner)
    if copy is None:
        copy = Naskah(
            code=code, owner=owner, domain=domain, base=base, fields={}, saved_at=now, seen_at=now
        )
        session.add(copy)
    elif not copy.fields:
        copy.base, copy.domain = base, domain
    copy.seen_at = now
    session.flush()
    return copy


def keep(
    session: Session,
    code: str,
    fields: Mapping[str, str],
    *,
    domain: str,
    base: int,
    owner: str,
    now: int,
) -> Naskah:
    """Keep what was typed, however incomplete; raises BadItem for a field beyond its length."""
    kept = cleaned(fields)
    too_long = [p for p in field_problems(kept) if p.value.endswith(" huruf")]
    if too_long:
        raise BadItem("; ".join(map(str, too_long)), problems=too_long)
    copy = open_copy(session, code, domain=domain, base=base, owner=owner, now=now)
    copy.base = base
    if copy.fields != kept:
        copy.fields, copy.saved_at = kept, now
    session.flush()
    return copy


def discard(session: Session, code: str, owner: str) -> None:
    """Throw a working copy away."""
    session.execute(delete(Naskah).where(Naskah.code == code, Naskah.owner == owner))


def colleagues(session: Session, code: str, *, owner: str, now: int) -> list[Colleague]:
    """Who else has the draft open now, or has written something of it without saving."""
    rows = session.execute(
        select(Naskah, User.nama)
        .outerjoin(User, User.username == Naskah.owner)
        .where(Naskah.code == code, Naskah.owner != owner)
        .order_by(Naskah.owner)
    )
    since = now - PRESENT_SECONDS * MICROSECONDS
    found = [
        Colleague(nama or copy.owner, copy.seen_at >= since, bool(copy.fields))
        for copy, nama in rows
    ]
    return [each for each in found if each.is_present or each.has_writing]


def name_of(session: Session, username: str) -> str:
    """The name of a person, or the user name of somebody without an account here."""
    return session.scalar(select(User.nama).where(User.username == username)) or username
