"""What item writers do to the bank."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadItem
from cat.itembank.content import ItemContent, problems
from cat.itembank.lifecycle import EDITABLE, Status
from cat.itembank.rendering import render
from cat.itembank.store import add_version, latest_version, new_parameters, store_pictures
from web.operations import audit
from web.tables import Item, ItemVersion


class StaleDraft(BadItem):
    """Somebody else stored a newer version since the writer opened the draft."""


class LockedItem(BadItem):
    """The item is past the state in which it may be edited."""


def blank(session: Session, domain: str) -> ItemContent:
    """An empty draft in a domain, without key or points, under the next free draft code."""
    return ItemContent(
        code=next_draft_code(session, domain),
        domain=domain,
        stem="",
        options=("",) * 5,
        points=(0,) * 5,
        rationale="",
        source="",
        parameters=new_parameters(domain.partition(".")[0]),
    )


def next_draft_code(session: Session, domain: str) -> str:
    """Code of the next draft: the letters that the domain's items share, D, and a number."""
    of_domain = select(Item.code).where(Item.domain == domain).order_by(Item.code)
    first = session.scalars(of_domain).first()
    stem = first.rpartition("-")[0] if first else domain.replace(".", "-").upper()[:30]
    pattern = re.compile(re.escape(stem) + r"-D(\d+)")
    taken = session.scalars(select(Item.code).where(Item.code.startswith(f"{stem}-D"))).all()
    numbers = [int(match[1]) for code in taken if (match := pattern.fullmatch(code))]
    return f"{stem}-D{max(numbers, default=0) + 1:03}"


def save_draft(
    session: Session, content: ItemContent, *, base: int, by: str, now: int
) -> ItemVersion:
    """Store a new version of a draft.

    base : the version that the writer started from, 0 for a new item.

    Raises BadItem with `problems`, StaleDraft when a newer version exists, LockedItem when the
    item may no longer be edited; nothing is stored then.
    """
    found = problems(content)
    if found:
        raise BadItem("; ".join(map(str, found)), problems=found)
    stored = latest_version(session, content.code)
    if (stored.version if stored else 0) != base:
        raise StaleDraft(f"{content.code}: versi {base} bukan yang terbaru", code=content.code)
    if stored and Status(stored.item.status) not in EDITABLE:
        raise LockedItem(
            f"{content.code} berstatus {stored.item.status}, tidak dapat diubah", code=content.code
        )
    store_pictures(session, render(content).pictures.items())
    version = add_version(session, content, status=Status.DRAF, by=by, now=now)
    audit.record(
        session, at=now, by=by, act="simpan draf", subject=content.code, versi=version.version
    )
    return version
