"""What the bank pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, cast, func, select
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import contains_eager, selectinload
from werkzeug.exceptions import NotFound

from cat.itembank.content import LETTERS, ItemContent
from cat.itembank.rendering import render
from cat.itembank.store import content_of, latest_version, store_pictures
from web.db import db, transaction
from web.tables import Item, ItemVersion

PER_PAGE = 25


@dataclass(frozen=True)
class Filter:
    """What the writer looks for; empty strings do not limit."""

    part: str = ""
    domain: str = ""
    status: str = ""
    text: str = ""


@dataclass(frozen=True)
class Page:
    """One page of the bank."""

    items: Sequence[ItemContent]
    statuses: Sequence[str]
    total: int
    number: int
    pages: int


@dataclass(frozen=True)
class Preview:
    """An item as the candidate will see it, with the points beside each option."""

    stem: str
    options: tuple[tuple[str, str, int], ...]


def page(wanted: Filter, number: int) -> Page:
    """Items that match, in the order of their codes."""
    matching = _matching(wanted)
    total = db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    versions = (
        db.session.scalars(
            matching.order_by(Item.code).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
        )
        .unique()
        .all()
    )
    return Page(
        items=[content_of(version) for version in versions],
        statuses=[version.item.status for version in versions],
        total=total,
        number=number,
        pages=pages,
    )


def domains() -> list[str]:
    """Every domain that the bank has items in."""
    return list(db.session.scalars(select(Item.domain).distinct().order_by(Item.domain)))


def get_version(code: str) -> ItemVersion:
    """The newest wording of an item; 404 when there is none."""
    version = latest_version(db.session(), code)
    if version is None:
        raise NotFound
    return version


def preview(content: ItemContent) -> Preview:
    """The item rendered as at publication; its pictures are stored for the page to show."""
    rendered = render(content)
    if rendered.pictures:
        with transaction() as session:
            store_pictures(session, rendered.pictures.items())
    return Preview(
        rendered.stem, tuple(zip(LETTERS, rendered.options, content.points, strict=True))
    )


def _matching(wanted: Filter) -> Select[tuple[ItemVersion]]:
    query = (
        select(ItemVersion)
        .join(ItemVersion.item)
        .where(ItemVersion.version == Item.latest)
        .options(contains_eager(ItemVersion.item), selectinload(ItemVersion.calibrations))
    )
    if wanted.part:
        query = query.where(Item.domain.startswith(wanted.part + ".", autoescape=True))
    if wanted.domain:
        query = query.where(Item.domain == wanted.domain)
    if wanted.status:
        query = query.where(Item.status == wanted.status)
    if wanted.text:
        stored = cast(ItemVersion.content, SqlText)
        query = query.where(
            Item.code.icontains(wanted.text, autoescape=True)
            | stored.icontains(wanted.text, autoescape=True)
        )
    return query
