"""Imports of items: what a file was found to bring, and that it was brought.

Both are only ever added; the file itself is kept no longer than it is needed. Times are
microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class ItemImport(Base):
    """One dry run. report : as `cat.itembank.exchange.report.as_json`, digest : its SHA-256.

    sha256 : of the file. domain : that items without one would get.
    """

    __tablename__ = "item_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    domain: Mapped[str] = mapped_column(String(80))
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[int] = mapped_column(BigInteger)


class ItemImportFile(Base):
    """The bytes of a file between its dry run and its import; gone after either end."""

    __tablename__ = "item_import_file"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("item_import.id"), primary_key=True, autoincrement=False
    )
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ItemImportApplied(Base):
    """That the items of a dry run entered the bank. codes : theirs, in the order of the file."""

    __tablename__ = "item_import_applied"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("item_import.id"), primary_key=True, autoincrement=False
    )
    codes: Mapped[list[str]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[int] = mapped_column(BigInteger)
