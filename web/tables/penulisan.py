"""The life of items: how each moved on, what was said of it, who opened it, and the bank's list.

Transitions, comments and openings are only ever added; times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base

# What only one kind of database has stands in migration 0014 alone: SQLite's full-text tables,
# PostgreSQL's column of lexemes and its index.
SEARCH_TABLES, SEARCH_COLUMN, SEARCH_INDEX = "item_search", "vector", "ix_item_text_search"


def is_described(name: str | None, kind: str, parents: Mapping[str, Any]) -> bool:
    """Whether the tables here say what the database should hold under a name; for Alembic."""
    if kind == "table":
        return not (name or "").startswith(SEARCH_TABLES)
    if kind == "column":
        return (parents.get("table_name"), name) != (ItemText.__tablename__, SEARCH_COLUMN)
    return name != SEARCH_INDEX


class WorkflowRow(Base):
    """One content of `seeds/penulisan/alur.toml` by which somebody moved an item."""

    __tablename__ = "item_workflow"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_used_at: Mapped[int] = mapped_column(BigInteger)


class ItemTransition(Base):
    """One step of an item from a state to another.

    version : the newest version at that moment. workflow : the rules that allowed the step.
    """

    __tablename__ = "item_transition"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    version: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    workflow: Mapped[str] = mapped_column(ForeignKey("item_workflow.digest"))


class ItemComment(Base):
    """Something said of a version, or the settling of a thread (`operations.penulisan.komentar`).

    kind : komentar begins a thread; balasan, selesai and buka lagi belong to one.
    thread_id : the comment that began the thread; None for that comment itself.
    """

    __tablename__ = "item_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    version: Mapped[int]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("item_comment.id"))
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)


class ItemOpening(Base):
    """One opening of a page that shows an item.

    key_shown : whether the page showed the key too. page : which page it was.
    """

    __tablename__ = "item_opening"
    __table_args__ = (Index("ix_item_opening_by_at", "by", "at", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    version: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(80))
    page: Mapped[str] = mapped_column(String(40))
    key_shown: Mapped[bool]


class ItemListing(Base):
    """What the bank's list filters and sorts by: a copy, kept by `operations.penulisan.daftar`.

    All of it is of the newest version. author : who wrote the first version. difficulty : mean b.
    calibrated : whether the parameters were estimated from answers. changed_at : last version or
    step. open_comments : threads that nobody settled.
    """

    __tablename__ = "item_listing"
    __table_args__ = (
        Index("ix_item_listing_part", "part", "code"),
        Index("ix_item_listing_domain", "domain", "code"),
        Index("ix_item_listing_status", "status", "code"),
        Index("ix_item_listing_author", "author", "code"),
        Index("ix_item_listing_parent", "parent", "code"),
        Index("ix_item_listing_changed_at", "changed_at", "code"),
        Index("ix_item_listing_difficulty", "difficulty", "code"),
        Index("ix_item_listing_open_comments", "open_comments", "code"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    part: Mapped[str] = mapped_column(String(40))
    domain: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(20))
    active_version: Mapped[int | None]
    author: Mapped[str] = mapped_column(String(120))
    parent: Mapped[str] = mapped_column(String(80))
    language_level: Mapped[str] = mapped_column(String(20))
    calibrated: Mapped[bool]
    difficulty: Mapped[float]
    open_comments: Mapped[int]
    changed_at: Mapped[int] = mapped_column(BigInteger)


class ItemText(Base):
    """What the list shows of a question, and its words for full-text search: never a key.

    words : as `operations.penulisan.daftar.words` writes them, the same for both kinds of database.
    """

    __tablename__ = "item_text"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    excerpt: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
