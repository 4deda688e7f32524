"""Item models as writers stored them."""

from __future__ import annotations

from sqlalchemy import BigInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class ItemModelRow(Base):
    """One version of an item model; the database refuses to change it.

    code, title, domain : as in the text, for lists. text : TOML, see docs/panduan/model-butir.md.
    """

    __tablename__ = "item_model"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    domain: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(120))
    written_at: Mapped[int] = mapped_column(BigInteger)
