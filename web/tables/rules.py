"""Rule sets and policies as they were when they were in force; content never changes in place."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class RuleSetRow(Base):
    """One version of a rule set, under the hash of its content.

    The database refuses to change its content, and anything at all once it is approved. Which
    approved version is in force: see `web.operations.ketentuan`.

    kode, tahun, berlaku_sejak, berlaku_sampai : as in the content, for queries.
    status : usulan, disetujui or ditolak.
    menggantikan : digest of the version that was in force when this one was proposed.
    diusulkan_*, alasan : who proposed it, when (microseconds since 1970-01-01 UTC), and why.
    diputuskan_*, alasan_putusan : who approved or refused it, when and why; None until then.
    """

    __tablename__ = "rule_set"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kode: Mapped[str] = mapped_column(String(40), index=True)
    tahun: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    berlaku_sejak: Mapped[date | None]
    berlaku_sampai: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(10))
    menggantikan: Mapped[str | None] = mapped_column(ForeignKey("rule_set.digest"))
    diusulkan_at: Mapped[int] = mapped_column(BigInteger)
    diusulkan_oleh: Mapped[str] = mapped_column(String(80))
    alasan: Mapped[str] = mapped_column(String(500))
    diputuskan_at: Mapped[int | None] = mapped_column(BigInteger)
    diputuskan_oleh: Mapped[str | None] = mapped_column(String(80))
    alasan_putusan: Mapped[str | None] = mapped_column(String(500))


class PolicyRow(Base):
    """One flexible-work policy (base layer or an agency's), under the hash of its content."""

    __tablename__ = "policy"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kode: Mapped[str] = mapped_column(String(40), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class BentukTesRow(Base):
    """The form of a test outside the SKD, under the hash of its content: sittings refer to it."""

    __tablename__ = "bentuk_tes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kode: Mapped[str] = mapped_column(String(80))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
