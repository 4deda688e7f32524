"""Item models in the bank: stored version by version, tried, and turned into drafts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from cat.errors import BadItem
from cat.itembank.content import ItemContent
from cat.itembank.lifecycle import Status
from cat.itembank.models import ItemModel, Preview, parse_model, preview
from cat.itembank.rendering import render
from cat.itembank.store import add_version, content_of, store_pictures
from web.operations import audit
from web.tables import Item, ItemModelRow, ItemVersion

MOST_LETTERS = 40_000
MOST_CHILDREN = 20


class FamilyChanged(BadItem):
    """The bank or the model changed since the children were looked at: they are others now."""


@dataclass(frozen=True)
class Family:
    """What a model gives under a seed beside the items of its domain.

    mark : fingerprint of the children, to keep exactly those that were looked at.
    """

    found: Preview
    mark: str


def store_model(session: Session, text: str, *, by: str, now: int) -> ItemModelRow:
    """Keep a model; the text of its newest version again changes nothing.

    Raises BadItem naming model, place, value and rule.
    """
    text = text.replace("\r\n", "\n").strip() + "\n"
    model = _read(text)
    if session.scalar(select(Item.id).where(Item.domain == model.domain).limit(1)) is None:
        raise BadItem(f"{model.code}, domain: tidak ada di kisi-kisi (terbaca: {model.domain!r})")
    newest = find_model(session, model.code)
    if newest is not None and newest.text == text:
        return newest
    row = ItemModelRow(
        code=model.code,
        version=newest.version + 1 if newest else 1,
        title=model.title,
        domain=model.domain,
        text=text,
        written_by=by,
        written_at=now,
    )
    session.add(row)
    session.flush()
    act = "simpan model butir"
    audit.record(session, at=now, by=by, act=act, subject=row.code, versi=row.version)
    return row


def find_model(session: Session, code: str) -> ItemModelRow | None:
    """The newest version of a model, or None."""
    chosen = select(ItemModelRow).where(ItemModelRow.code == code)
    return session.scalars(chosen.order_by(ItemModelRow.version.desc()).limit(1)).first()


def models(session: Session) -> Sequence[ItemModelRow]:
    """The newest version of every model, by code."""
    newest = (
        select(ItemModelRow.code, func.max(ItemModelRow.version).label("version"))
        .group_by(ItemModelRow.code)
        .subquery()
    )
    of_each = (ItemModelRow.code == newest.c.code) & (ItemModelRow.version == newest.c.version)
    return session.scalars(
        select(ItemModelRow).join(newest, of_each).order_by(ItemModelRow.code)
    ).all()


def family(session: Session, text: str, count: int, seed: int) -> Family:
    """The children that a model would give now, unlike every item of its domain.

    Raises BadItem for a text that is no model, or a count beyond MOST_CHILDREN.
    """
    if not 1 <= count <= MOST_CHILDREN:
        rule = f"banyaknya anak harus 1 sampai {MOST_CHILDREN}"
        raise BadItem(f"model butir: {rule} (terbaca: {count})", value=count)
    model = _read(text)
    found = preview(model, count, seed, existing=_neighbours(session, model.domain))
    content = json.dumps([asdict(child) for child in found.children], default=str)
    return Family(found, hashlib.sha256(content.encode()).hexdigest())


def keep_children(
    session: Session,
    row: ItemModelRow,
    *,
    count: int,
    seed: int,
    mark: str,
    codes: Collection[str],
    by: str,
    now: int,
) -> list[ItemVersion]:
    """Store chosen children as drafts, in one transaction.

    mark : of the family that the writer looked at. codes : the children wanted.

    Raises FamilyChanged when the model now gives other children, BadItem when none is chosen.
    """
    made = family(session, row.text, count, seed)
    if made.mark != mark:
        raise FamilyChanged(
            f"{row.code}: bank atau model berubah sejak pratinjau; periksa anak yang baru"
        )
    chosen = [child for child in made.found.children if child.code in codes]
    if not chosen:
        raise BadItem(f"{row.code}: pilih sedikitnya satu anak")
    kept = [_keep(session, child, by=by, now=now) for child in chosen]
    audit.record(
        session,
        at=now,
        by=by,
        act="buat butir dari model",
        subject=row.code,
        versi=row.version,
        benih=seed,
        butir=[child.code for child in chosen],
    )
    return kept


def children_of(session: Session, code: str) -> Sequence[Item]:
    """Items whose newest version a model made, by code."""
    parent = ItemVersion.content["induk"].as_string()
    newest = (ItemVersion.item_id == Item.id) & (ItemVersion.version == Item.latest)
    model = find_model(session, code)
    chosen = select(Item).join(ItemVersion, newest).where(parent == code)
    if model is not None:
        chosen = chosen.where(Item.domain == model.domain)  # has an index
    return session.scalars(chosen.order_by(Item.code)).all()


def _read(text: str) -> ItemModel:
    if len(text) > MOST_LETTERS:
        raise BadItem(f"model butir: paling banyak {MOST_LETTERS} huruf (terbaca: {len(text)})")
    return parse_model(text)


def _keep(session: Session, child: ItemContent, *, by: str, now: int) -> ItemVersion:
    store_pictures(session, render(child).pictures.items())
    return add_version(session, child, status=Status.DRAF, by=by, now=now)


def _neighbours(session: Session, domain: str) -> list[ItemContent]:
    """The newest version of every item of a domain, which children must not resemble."""
    newest = (ItemVersion.item_id == Item.id) & (ItemVersion.version == Item.latest)
    versions = session.scalars(
        select(ItemVersion)
        .join(Item, newest)
        .where(Item.domain == domain)
        .order_by(Item.code)
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    )
    return [content_of(version) for version in versions]
