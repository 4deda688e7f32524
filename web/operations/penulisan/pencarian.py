"""Finding items in a large bank: filters, full text and pages, alike on both kinds of database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Join,
    Row,
    column,
    false,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from web.operations.penulisan.daftar import words
from web.tables import ItemListing, ItemText

PER_PAGE = 25
_FURTHEST = 10**9  # of pages; a larger number would not fit the database
# Band -> difficulties b from (inclusive) and to (exclusive), logits.
BANDS = {
    "mudah": (float("-inf"), -1.0),
    "sedang": (-1.0, 1.0),
    "sukar": (1.0, float("inf")),
}
# Words of the address -> what the rows are sorted by; codes decide between equals.
SORTS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "kode": (ItemListing.code.asc(),),
    "terbaru": (ItemListing.changed_at.desc(), ItemListing.code.desc()),
    "termudah": (ItemListing.difficulty.asc(), ItemListing.code.asc()),
    "tersukar": (ItemListing.difficulty.desc(), ItemListing.code.desc()),
    "komentar": (ItemListing.open_comments.desc(), ItemListing.code.desc()),
}
_SEARCHES = {
    # The limit makes SQLite look up the words first; item by item it would take seconds.
    "sqlite": ("SELECT rowid AS item_id FROM item_search WHERE item_search MATCH :query LIMIT -1"),
    "postgresql": ("SELECT item_id FROM item_text WHERE vector @@ to_tsquery('simple', :query)"),
}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty strings do not limit, nor does False.

    domain : a domain or a step above it. parameters : dikalibrasi or taksiran. band : of BANDS.
    """

    part: str = ""
    domain: str = ""
    status: str = ""
    author: str = ""
    parameters: str = ""
    parent: str = ""
    band: str = ""
    language_level: str = ""
    has_open_comments: bool = False
    text: str = ""


@dataclass(frozen=True)
class Page:
    """One page of what was found; rows hold the columns of ItemListing and `excerpt`."""

    rows: Sequence[Row[Any]]
    total: int
    number: int
    pages: int


def page(session: Session, wanted: Wanted, *, sort: str = "kode", number: int = 1) -> Page:
    """A page of the items that match, and how many match; the nearest page when out of range."""
    source, conditions = _matching(session, wanted)
    order = SORTS.get(sort, SORTS["kode"])
    chosen: list[int] = []
    total = 0
    # Looking for words and filtering what they find is dear: one look gives page and number.
    if wanted.text and conditions:
        chosen, total = _ids(session, source, conditions, order, max(1, number), counted=True)
    if not chosen:
        total = _count(session, source, conditions)
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    if total and not chosen:
        chosen, _ = _ids(session, source, conditions, order, number)
    rows = session.execute(
        select(*ItemListing.__table__.c, ItemText.excerpt)
        .join(ItemText, ItemText.item_id == ItemListing.item_id)
        .where(ItemListing.item_id.in_(chosen))
        .order_by(*order)
    )
    return Page(rows.all() if chosen else [], total, number, pages)


def _ids(
    session: Session,
    source: FromClause,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    number: int,
    *,
    counted: bool = False,
) -> tuple[list[int], int]:
    """Items of one page, and, counted, of all pages. Only the narrow rows are skipped through."""
    total = func.count().over() if counted else literal(0)
    found = session.execute(
        select(ItemListing.item_id, total)
        .select_from(source)
        .where(*conditions)
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((min(number, _FURTHEST) - 1) * PER_PAGE)
    ).all()
    return [row[0] for row in found], found[0][1] if found else 0


def codes(session: Session, wanted: Wanted, most: int) -> list[str]:
    """Codes of at most so many items that match, in order."""
    source, conditions = _matching(session, wanted)
    found = select(ItemListing.code).select_from(source).where(*conditions)
    return list(session.scalars(found.order_by(ItemListing.code).limit(most)))


def domains(session: Session) -> list[str]:
    """Every domain that the bank has items in."""
    return _values(session, ItemListing.domain)


def authors(session: Session) -> list[str]:
    """Everybody who wrote the first version of an item."""
    return _values(session, ItemListing.author)


def query_of(text: str, dialect: str) -> str:
    """What somebody typed, as full-text query; empty when it holds no word.

    What stands between spaces must stand together in the item, its last word at least begun; all of
    these must be found.
    """
    chunks = [found for chunk in text.split() if (found := words(chunk))]
    if dialect == "sqlite":
        return " AND ".join(f'"{" ".join(chunk)}" *' for chunk in chunks)
    phrases = (
        " <-> ".join([*(f"'{word}'" for word in chunk[:-1]), f"'{chunk[-1]}':*"])
        for chunk in chunks
    )
    return " & ".join(f"({phrase})" for phrase in phrases)


def _values(session: Session, name: InstrumentedAttribute[str]) -> list[str]:
    """The different values of an indexed column, in order: one look into the index for each, where
    DISTINCT would read every item.
    """
    first = select(func.min(name).label("value")).cte("each_value", recursive=True)
    following = select(func.min(name)).where(name > first.c.value).scalar_subquery()
    walk = first.union_all(select(following).where(first.c.value.is_not(None)))
    return list(session.scalars(select(walk.c.value).where(walk.c.value.is_not(None))))


def _count(session: Session, source: FromClause, conditions: Sequence[ColumnElement[bool]]) -> int:
    if not conditions and isinstance(source, Join):
        source = source.left  # the words alone say how many there are
    return session.scalar(select(func.count()).select_from(source).where(*conditions)) or 0


def _matching(session: Session, wanted: Wanted) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """Where to look for the items, and what must hold of them."""
    listing, conditions = ItemListing.__table__, _conditions(wanted)
    if not wanted.text:
        return listing, conditions
    dialect = session.get_bind().dialect.name
    if not (query := query_of(wanted.text, dialect)):
        return listing, [false()]
    search = text(_SEARCHES[dialect]).bindparams(query=query).columns(column("item_id", Integer))
    found = search.subquery("found")
    return found.join(listing, found.c.item_id == listing.c.item_id), conditions


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    row = ItemListing
    equal = {
        row.part: wanted.part,
        row.status: wanted.status,
        row.author: wanted.author,
        row.parent: wanted.parent,
        row.language_level: wanted.language_level,
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value]
    if wanted.domain:
        below = row.domain.startswith(wanted.domain + ".", autoescape=True)
        found.append(or_(row.domain == wanted.domain, below))
    if wanted.parameters:
        found.append(row.calibrated.is_(wanted.parameters == "dikalibrasi"))
    if wanted.band:
        low, high = BANDS.get(wanted.band, (0.0, 0.0))
        found += [row.difficulty >= low, row.difficulty < high]
    if wanted.has_open_comments:
        found.append(row.open_comments > 0)
    return found
