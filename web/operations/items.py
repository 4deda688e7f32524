"""What item writers do to the bank."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cat.errors import BadItem
from cat.itembank.content import ItemContent, Problem, problems
from cat.itembank.lifecycle import EDITABLE, Status, as_guess
from cat.itembank.rendering import render
from cat.itembank.store import add_version, latest_version, new_parameters, store_pictures
from web.operations import audit
from web.operations.penulisan import gambar, naskah
from web.tables import Item, ItemVersion, Naskah, NaskahKiriman


class StaleDraft(BadItem):
    """Somebody else stored a newer version since the writer opened the draft."""


class LockedItem(BadItem):
    """The item is past the state in which it may be edited."""


def blank(session: Session, domain: str, code: str = "") -> ItemContent:
    """An empty draft in a domain, without key or points, under the next free draft code."""
    return ItemContent(
        code=code or next_draft_code(session, domain),
        domain=domain,
        stem="",
        options=("",) * 5,
        points=(0,) * 5,
        rationale="",
        source="",
        parameters=new_parameters(domain.partition(".")[0]),
    )


def next_draft_code(session: Session, domain: str) -> str:
    """Code of the next draft: the letters that the domain's items share, D, and a number.

    Codes of drafts that somebody has begun and not saved are taken.
    """
    of_domain = select(Item.code).where(Item.domain == domain).order_by(Item.code)
    first = session.scalars(of_domain.limit(1)).first()
    stem = first.rpartition("-")[0] if first else domain.replace(".", "-").upper()[:30]
    pattern = re.compile(re.escape(stem) + r"-D(\d+)")
    begun = f"{stem}-D"
    taken = [
        *session.scalars(select(Item.code).where(Item.code.startswith(begun))),
        *session.scalars(select(Naskah.code).where(Naskah.code.startswith(begun))),
    ]
    numbers = [int(match[1]) for code in taken if (match := pattern.fullmatch(code))]
    return f"{stem}-D{max(numbers, default=0) + 1:03}"


def begin_draft(session: Session, domain: str, *, by: str, now: int) -> Naskah:
    """Keep a code free for a new draft; one that was begun and never written in is used first."""
    begun = session.scalars(
        select(Naskah)
        .where(Naskah.owner == by, Naskah.domain == domain, Naskah.base == 0)
        .order_by(Naskah.code)
    )
    for copy in begun:
        if not copy.fields and latest_version(session, copy.code) is None:
            return copy
    code = next_draft_code(session, domain)
    return naskah.open_copy(session, code, domain=domain, base=0, owner=by, now=now)


def save_draft(
    session: Session, content: ItemContent, *, base: int, by: str, now: int, token: str = ""
) -> ItemVersion:
    """Store a new version of a draft.

    base : the version that the writer started from, 0 for a new item.
    token : of this sending of the editor; what was sent before is returned and not stored again.

    Raises BadItem with `problems`, StaleDraft when a newer version exists, LockedItem when the
    item may no longer be edited; nothing is stored then.
    """
    stored = _locked(session, content.code)
    if sent := sent_before(session, token):
        naskah.discard(session, content.code, by)
        return sent
    found = [*problems(content), *gambar.missing(session, content), *_neighbours(session, content)]
    if found:
        raise BadItem("; ".join(map(str, found)), problems=found)
    if (stored.version if stored else 0) != base:
        raise StaleDraft(f"{content.code}: versi {base} bukan yang terbaru", code=content.code)
    if stored and Status(stored.item.status) not in EDITABLE:
        raise LockedItem(
            f"{content.code} berstatus {stored.item.status}, tidak dapat diubah", code=content.code
        )
    store_pictures(session, render(content).pictures.items())
    status = Status(stored.item.status) if stored else Status.DRAF
    version = add_version(session, as_guess(content), status=status, by=by, now=now)
    if token:
        session.add(NaskahKiriman(token=token, version_id=version.id, at=now))
    naskah.discard(session, content.code, by)
    audit.record(
        session, at=now, by=by, act="simpan draf", subject=content.code, versi=version.version
    )
    return version


def sent_before(session: Session, token: str) -> ItemVersion | None:
    """The version that a sending of the editor became, if it was stored already."""
    sent = session.get(NaskahKiriman, token) if token else None
    if sent is None:
        return None
    return session.get_one(ItemVersion, sent.version_id, options=[selectinload(ItemVersion.item)])


def _locked(session: Session, code: str) -> ItemVersion | None:
    """The newest version, its item held until the transaction ends."""
    session.scalar(select(Item.id).where(Item.code == code).with_for_update())
    return latest_version(session, code)


def _neighbours(session: Session, content: ItemContent) -> list[Problem]:
    """What the item says of the rest of the bank and is not so."""
    found = []
    known = dict(
        session.execute(select(Item.code, Item.domain).where(Item.code.in_(content.enemies))).all()
    )
    for enemy in content.enemies:
        if enemy not in known:
            found.append(Problem("seteru", enemy, "tidak ada butir berkode itu"))
        elif known[enemy].partition(".")[0] != content.part:
            rule = f"seteru harus dari bagian yang sama, {content.part.upper()}"
            found.append(Problem("seteru", enemy, rule))
    if session.scalar(select(Item.id).where(Item.domain == content.domain).limit(1)) is None:
        found.append(Problem("domain", content.domain[:40], "tidak ada di kisi-kisi"))
    stored = session.scalar(select(Item.domain).where(Item.code == content.code))
    if stored and stored.partition(".")[0] != content.part:
        found.append(Problem("domain", content.domain, "bagian butir tidak dapat diganti"))
    return found
