"""Programs that read and write through the API, and the feed of what changed for them."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base
from web.tables.people import Instansi


class ApiToken(Base):
    """A program's key. Only its hash is kept; times are microseconds since 1970-01-01 UTC.

    prefix : its first letters, by which people tell tokens apart.
    scopes : what it may do, from `web.operations.api.tokens.SCOPES`.
    instansi_id : the only agency whose people it sees; None for all.
    purpose, legal_basis : why the program may have personal data (UU 27/2022 art. 20).
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    nama: Mapped[str] = mapped_column(String(80), unique=True)
    prefix: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    instansi_id: Mapped[int | None] = mapped_column(ForeignKey("instansi.id"))
    purpose: Mapped[str] = mapped_column(String(300))
    legal_basis: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[str] = mapped_column(String(80))
    approved_at: Mapped[int | None] = mapped_column(BigInteger)
    approved_by: Mapped[str | None] = mapped_column(String(80))
    expires_at: Mapped[int] = mapped_column(BigInteger)
    revoked_at: Mapped[int | None] = mapped_column(BigInteger)
    revoked_by: Mapped[str | None] = mapped_column(String(80))

    instansi: Mapped[Instansi | None] = relationship()


class Change(Base):
    """One thing that changed, in the order in which readers learn of it.

    transaction_id : number of the database transaction that wrote the row; 0 on SQLite, where
        transactions write one after another anyway. PostgreSQL's ids can become visible out of
        order, so readers go by (transaction_id, id) and wait for older transactions to end.
    kind : hasil, peserta, pengumuman or kompetensi; key : of the row that changed.
    """

    __tablename__ = "change_feed"
    __table_args__ = (Index("ix_change_feed_order", "kind", "transaction_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(60))
