"""What item writers do to the bank."""

from __future__ import annotations

from sqlalchemy import func, select
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
    """An empty draft in a domain, with the next free code."""
    part, *steps = domain.split(".")
    stem = f"{part.upper()}-{steps[-1][:3].upper()}-D"
    taken = session.scalars(select(func.count()).where(Item.code.startswith(stem))).one()
    keyed = (1, 0, 0, 0, 0) if part != "tkp" else (5, 4, 3, 2, 1)
    return ItemContent(
        code=f"{stem}{taken + 1:03}",
        domain=domain,
        stem="",
        options=("",) * 5,
        points=keyed,
        rationale="",
        source="",
        parameters=new_parameters(part),
    )


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
        raise StaleDraft(f"{content.code}: version {base} is not the newest", code=content.code)
    if stored and Status(stored.item.status) not in EDITABLE:
        raise LockedItem(f"{content.code} is {stored.item.status}", code=content.code)
    store_pictures(session, render(content).pictures.items())
    version = add_version(session, content, status=Status.DRAF, by=by, now=now)
    audit.record(
        session, at=now, by=by, act="simpan draf", subject=content.code, versi=version.version
    )
    return version
