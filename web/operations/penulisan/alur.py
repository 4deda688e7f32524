"""Moving items on: from state to state by the rules of `seeds/penulisan/alur.toml`.

Every step leaves a row of history with the hash of the rules that allowed it, and an audit row.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cat.errors import BadItem
from cat.itembank.lifecycle import Status, Workflow, as_guess, obstacles
from cat.itembank.store import add_version, content_of, latest_version, set_status
from web.operations import audit
from web.operations.penulisan.komentar import open_threads
from web.tables import Item, ItemTransition, ItemVersion, WorkflowRow

RULES = Path(__file__).resolve().parents[3] / "seeds" / "penulisan"
LONGEST_REASON = 500
AUTHOR = "Anda menulis salah satu versinya; langkah ini milik orang lain"
UNAPPROVED = "dipensiunkan sebelum disetujui penelaah; buka versi baru"
_APPROVED = {Status.DISETUJUI, Status.UJI_COBA, Status.AKTIF}
GONE = "tidak ada di bank"
CHANGED = "sudah berubah sejak halaman itu dibuka"


class MoveRefused(BadItem):
    """A step that may not be taken; `reasons` says why, in the writer's language."""

    def __init__(self, code: str, reasons: list[str]) -> None:
        super().__init__(f"{code}: {'; '.join(reasons)}", code=code, reasons=reasons)


@dataclass(frozen=True)
class Actor:
    """Who acts: username, and the names of the roles."""

    username: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Seen:
    """What somebody saw of an item when deciding: a step that no longer starts there is refused."""

    code: str
    version: int
    status: str


@cache
def workflow() -> Workflow:
    """The rules, read once; raises BadRules."""
    return Workflow.from_mapping(tomllib.loads((RULES / "alur.toml").read_text(encoding="utf-8")))


def is_author(session: Session, item_id: int, username: str) -> bool:
    """Whether somebody wrote any version of an item."""
    wrote = exists().where(ItemVersion.item_id == item_id, ItemVersion.written_by == username)
    return bool(session.scalar(select(wrote)))


def was_approved(session: Session, version: ItemVersion) -> bool:
    """Whether the last step of an item began where only approved versions stand."""
    last = (
        select(ItemTransition.source)
        .where(ItemTransition.item_id == version.item_id)
        .order_by(ItemTransition.id.desc())
        .limit(1)
    )
    return session.scalar(last) in _APPROVED


def judge(
    session: Session, version: ItemVersion, target: Status, actor: Actor, reason: str | None
) -> list[str]:
    """Why a step may not be taken, in the writer's language; empty when it may.

    version : the newest one of the item. reason : None while nobody was asked for it yet.
    """
    source, rules = Status(version.item.status), workflow()
    move = rules.find_move(source, target)
    if move is None:
        return [f"dari {source} tidak ada langkah ke {target}"]
    if move.roles.isdisjoint(actor.roles):
        return [f"langkah ini milik {', '.join(sorted(move.roles))}"]
    found = []
    if move.not_author and is_author(session, version.item_id, actor.username):
        found.append(AUTHOR)
    if reason is not None:
        found += reason_problems(reason, needed=move.needs_reason)
    if "persetujuan" in move.needs and not was_approved(session, version):
        found.append(UNAPPROVED)
    waiting = open_threads(session, [version.item_id]).get(version.item_id, 0)
    return found + obstacles(move, content_of(version), waiting)


def take(
    session: Session, seen: Seen, target: Status, *, actor: Actor, reason: str, now: int
) -> ItemTransition:
    """Move an item on. Raises MoveRefused; nothing is stored then."""
    version = _lock(session, seen)
    reason = reason.strip()
    if found := judge(session, version, target, actor, reason):
        raise MoveRefused(seen.code, found)
    source = version.item.status
    set_status(version.item, target)
    return _store(session, version, source, by=actor.username, reason=reason, now=now)


def begin_version(
    session: Session, seen: Seen, *, actor: Actor, reason: str, now: int
) -> ItemVersion:
    """Open the next version of a locked item as a draft; the version in use stays in use.

    Its parameters are the former version's, as a guess: nobody has answered the new wording.

    Raises MoveRefused; nothing is stored then.
    """
    version = _lock(session, seen)
    source, reason = Status(version.item.status), reason.strip()
    found = reason_problems(reason, needed=True)
    wrote = is_author(session, version.item_id, actor.username)
    if not workflow().may_begin_version(source, actor.roles, wrote):
        found.append(f"versi baru tidak dapat dibuat dari {source} oleh akun ini")
    if found:
        raise MoveRefused(seen.code, found)
    draft = add_version(
        session, as_guess(content_of(version)), status=Status.DRAF, by=actor.username, now=now
    )
    _store(session, draft, source, by=actor.username, reason=reason, now=now)
    return draft


def reason_problems(reason: str, *, needed: bool) -> list[str]:
    """What is wrong with the words in which somebody explains a step."""
    if needed and not reason.strip():
        return ["alasan: wajib diisi (terbaca: kosong)"]
    if len(reason) > LONGEST_REASON:
        return [f"alasan: paling banyak {LONGEST_REASON} huruf (terbaca: {len(reason)})"]
    return []


def _lock(session: Session, seen: Seen) -> ItemVersion:
    found = select(Item).where(Item.code == seen.code)
    item = session.scalar(found.with_for_update().execution_options(populate_existing=True))
    if item is None:
        raise MoveRefused(seen.code, [GONE])
    if (item.latest, item.status) != (seen.version, seen.status):
        raise MoveRefused(seen.code, [CHANGED])
    version = latest_version(session, seen.code)
    if version is None:  # an item has versions from its first moment
        raise MoveRefused(seen.code, [GONE])
    return version


def _store(
    session: Session, version: ItemVersion, source: str, *, by: str, reason: str, now: int
) -> ItemTransition:
    rules, item = workflow(), version.item
    if session.get(WorkflowRow, rules.digest) is None:
        session.add(
            WorkflowRow(digest=rules.digest, content=dict(rules.content), first_used_at=now)
        )
        session.flush()
    row = ItemTransition(
        item_id=item.id,
        version=version.version,
        at=now,
        by=by,
        source=source,
        target=item.status,
        reason=reason,
        workflow=rules.digest,
    )
    session.add(row)
    audit.record(
        session,
        at=now,
        by=by,
        act="pindahkan butir",
        subject=item.code,
        dari=source,
        ke=item.status,
        versi=version.version,
        alasan=reason,
        aturan=rules.digest,
    )
    session.flush()
    return row
