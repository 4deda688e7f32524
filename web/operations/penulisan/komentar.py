"""What is said of an item: threads that begin with a comment and end when somebody settles them.

Rows are only ever added: an answer, a settling and a reopening are rows of the thread they belong
to, and the last settling or reopening says where the thread stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from cat.errors import BadItem
from web.operations import audit
from web.tables import Item, ItemComment

LONGEST = 2000
# Besides whoever began a thread, these may say that it is dealt with.
_SETTLING = frozenset({"penelaah", "analis"})


class Kind(StrEnum):
    """What a row does; the values are stored."""

    KOMENTAR = "komentar"
    BALASAN = "balasan"
    SELESAI = "selesai"
    BUKA_LAGI = "buka lagi"


class CommentRefused(BadItem):
    """The comment is empty or too long, or the thread is not this person's to settle."""


@dataclass(frozen=True)
class Thread:
    """A comment with what followed it, oldest first."""

    first: ItemComment
    followed: Sequence[ItemComment]

    @property
    def is_open(self) -> bool:
        """Whether nobody has settled it, or it was reopened since."""
        turns = [row.kind for row in self.followed if row.kind != Kind.BALASAN]
        return not turns or turns[-1] == Kind.BUKA_LAGI


def threads_of(session: Session, item_id: int) -> list[Thread]:
    """All threads of an item: open ones first, each group oldest first."""
    rows = session.scalars(
        select(ItemComment).where(ItemComment.item_id == item_id).order_by(ItemComment.id)
    ).all()
    threads = [
        Thread(first, [row for row in rows if row.thread_id == first.id])
        for first in rows
        if first.thread_id is None
    ]
    return sorted(threads, key=lambda thread: not thread.is_open)


def open_threads(connection: Connection | Session, items: Collection[int]) -> dict[int, int]:
    """Item id -> number of its threads that nobody settled, for those that have any."""
    turns = (
        select(ItemComment.thread_id, func.max(ItemComment.id).label("last"))
        .where(ItemComment.kind.in_((Kind.SELESAI, Kind.BUKA_LAGI)), ItemComment.item_id.in_(items))
        .group_by(ItemComment.thread_id)
        .subquery()
    )
    settled = (
        select(ItemComment.thread_id)
        .join(turns, turns.c.last == ItemComment.id)
        .where(ItemComment.kind == Kind.SELESAI)
    )
    rows = connection.execute(
        select(ItemComment.item_id, func.count())
        .where(
            ItemComment.thread_id.is_(None),
            ItemComment.item_id.in_(items),
            ItemComment.id.not_in(settled),
        )
        .group_by(ItemComment.item_id)
    )
    return {row[0]: row[1] for row in rows}


def begin(session: Session, item: Item, text: str, *, by: str, now: int) -> ItemComment:
    """Say something of the newest version. Raises CommentRefused; nothing is stored then."""
    return _add(session, item, Kind.KOMENTAR, text, None, by=by, now=now)


def reply(
    session: Session, item: Item, thread_id: int, text: str, *, by: str, now: int
) -> ItemComment:
    """Answer a comment. Raises CommentRefused; nothing is stored then."""
    thread = get_thread(session, item, thread_id)
    return _add(session, item, Kind.BALASAN, text, thread.first.id, by=by, now=now)


def settle(
    session: Session,
    item: Item,
    thread_id: int,
    *,
    is_open: bool,
    by: str,
    roles: Collection[str],
    now: int,
) -> None:
    """Settle a thread, or reopen it (is_open); again the same changes nothing.

    Raises CommentRefused where `may_settle` is false.
    """
    thread = get_thread(session, item, thread_id)
    if not may_settle(thread, by, roles):
        raise CommentRefused("hanya penulis komentar, penelaah, atau analis yang menyelesaikannya")
    if thread.is_open != is_open:
        kind = Kind.BUKA_LAGI if is_open else Kind.SELESAI
        _add(session, item, kind, "", thread.first.id, by=by, now=now)


def may_settle(thread: Thread, by: str, roles: Collection[str]) -> bool:
    """Whether a person may say that a thread is dealt with: who began it, reviewers, analysts."""
    return thread.first.by == by or not _SETTLING.isdisjoint(roles)


def get_thread(session: Session, item: Item, thread_id: int) -> Thread:
    """A thread of this item; raises CommentRefused when it has no such thread."""
    for thread in threads_of(session, item.id):
        if thread.first.id == thread_id:
            return thread
    raise CommentRefused(f"{item.code} tidak mempunyai komentar {thread_id}")


def _add(
    session: Session,
    item: Item,
    kind: Kind,
    text: str,
    thread_id: int | None,
    *,
    by: str,
    now: int,
) -> ItemComment:
    text = text.strip().replace("\r\n", "\n")
    if kind in (Kind.KOMENTAR, Kind.BALASAN):
        if not text:
            raise CommentRefused("komentar: wajib diisi (terbaca: kosong)")
        if len(text) > LONGEST:
            raise CommentRefused(f"komentar: paling banyak {LONGEST} huruf (terbaca: {len(text)})")
    row = ItemComment(
        item_id=item.id,
        version=item.latest,
        thread_id=thread_id,
        kind=kind,
        at=now,
        by=by,
        text=text,
    )
    session.add(row)
    session.flush()
    audit.record(session, at=now, by=by, act=f"{kind} butir", subject=item.code, nomor=row.id)
    return row
