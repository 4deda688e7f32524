"""What is being written: working copies, what was sent once already, and what items are alike.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class Naskah(Base):
    """One person's unfinished writing of one item; it goes when they save or discard it.

    code : of the item, or the code kept free for a new one. base : the version begun from, 0 for a
        new item. fields : what was typed, by name of the field; empty until something was.
    saved_at : when `fields` last changed; seen_at : when the editor was last open.
    """

    __tablename__ = "naskah"
    __table_args__ = (UniqueConstraint("owner", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), index=True)
    owner: Mapped[str] = mapped_column(String(80))
    domain: Mapped[str] = mapped_column(String(80))
    base: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[int] = mapped_column(BigInteger)


class NaskahKiriman(Base):
    """A sending of the editor that was stored, so that sending it again stores nothing."""

    __tablename__ = "naskah_kiriman"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    at: Mapped[int] = mapped_column(BigInteger)


class ItemSketch(Base):
    """What the newest version of an item says, small enough to compare with every other.

    sketch : see `cat.itembank.peringatan.kemiripan`. stimulus : code of what it shares.
    """

    __tablename__ = "item_sketch"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id"), primary_key=True, autoincrement=False
    )
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    stimulus: Mapped[str] = mapped_column(String(40), index=True)
    sketch: Mapped[bytes] = mapped_column(LargeBinary)
