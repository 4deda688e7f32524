"""Texts that several items share; each version keeps its own copy, so what is in use stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from cat.errors import BadItem
from cat.itembank.content import ItemContent
from cat.itembank.lifecycle import EDITABLE, Status, as_guess
from cat.itembank.rendering import render
from cat.itembank.store import add_version, content_of, store_pictures
from web.operations import audit
from web.tables import Item, ItemSketch, ItemVersion


class StaleStimulus(BadItem):
    """Somebody changed the text, or an item under it, since the page was opened."""


@dataclass(frozen=True)
class Sharing:
    """A stimulus and the newest versions of the items under it.

    text : of the version stored last. mark : changes whenever one of the items does.
    """

    code: str
    text: str
    part: str
    versions: Sequence[ItemVersion]
    mark: int


@dataclass(frozen=True)
class Changed:
    """Codes of the items that took the new text, and of those that keep the old one."""

    taken: tuple[str, ...]
    kept: tuple[str, ...]


def codes_of(session: Session, part: str) -> list[tuple[str, int]]:
    """Codes of the stimuli of a part and how many items each has."""
    rows = session.execute(
        select(ItemSketch.stimulus, func.count())
        .join(Item, Item.id == ItemSketch.item_id)
        .where(ItemSketch.stimulus != "", Item.domain.startswith(f"{part}.", autoescape=True))
        .group_by(ItemSketch.stimulus)
        .order_by(ItemSketch.stimulus)
    )
    return [(code, count) for code, count in rows]


def find(session: Session, code: str) -> Sharing | None:
    """A stimulus by its code; None when no item has it."""
    versions = session.scalars(
        select(ItemVersion)
        .join(Item)
        .join(ItemSketch, ItemSketch.item_id == Item.id)
        .where(ItemSketch.stimulus == code, ItemVersion.version == Item.latest)
        .order_by(Item.code)
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    ).all()
    versions = [v for v in versions if v.content.get("stimulus") == code]
    if not code or not versions:
        return None
    newest = max(versions, key=lambda version: version.id)
    part = newest.item.domain.partition(".")[0]
    return Sharing(code, newest.content["teks_stimulus"], part, versions, newest.id)


def resolve(session: Session, content: ItemContent, base: ItemContent) -> ItemContent:
    """The item with the text of the stimulus that it names.

    The text of a stimulus is changed on its own page: an item that had it keeps it, an item that
    chooses it takes it, and only a new code brings a new text.

    Raises BadItem when the stimulus belongs to another part.
    """
    if not content.stimulus:
        return content
    if content.stimulus == base.stimulus:
        return replace(content, stimulus_text=base.stimulus_text)
    known = find(session, content.stimulus)
    if known is None:
        return content
    if known.part != content.part:
        rule = f"stimulus bagian {known.part.upper()}, butir bagian {content.part.upper()}"
        raise BadItem(f"stimulus: {rule} (terbaca: {content.stimulus})", place="stimulus")
    return replace(content, stimulus_text=known.text)


def change_text(session: Session, code: str, text: str, *, mark: int, by: str, now: int) -> Changed:
    """Give a new text to all items under a stimulus that may still be edited.

    mark : of the `Sharing` that the writer saw.

    Raises BadItem for an empty text or one that cannot be shown, StaleStimulus when an item
    changed meanwhile; nothing is stored then.
    """
    known = find(session, code)
    if known is None or known.mark != mark:
        raise StaleStimulus(f"{code}: ada butir yang berubah sejak halaman ini dibuka", code=code)
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise BadItem("teks stimulus: wajib diisi (terbaca: kosong)")
    if len(text) > 10_000:
        raise BadItem(f"teks stimulus: paling banyak 10.000 huruf (terbaca: {len(text)})")
    taken, kept = [], []
    for version in known.versions:
        item = version.item
        if Status(item.status) not in EDITABLE:
            kept.append(item.code)
            continue
        content = as_guess(replace(content_of(version), stimulus_text=text))
        store_pictures(session, render(content).pictures.items())
        add_version(session, content, status=Status(item.status), by=by, now=now)
        taken.append(item.code)
    if not taken:
        raise BadItem(f"{code}: tidak ada butir yang masih dapat diubah; semua terkunci")
    audit.record(session, at=now, by=by, act="ubah stimulus", subject=code, butir=taken, tetap=kept)
    return Changed(tuple(taken), tuple(kept))
