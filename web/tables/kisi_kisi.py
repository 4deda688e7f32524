"""Blueprints in their versions, and how pools come to be published by two people.

All of it is only ever added, except `PoolCandidate`, whose bytes go when they are published or
refused. The database refuses any change of a published pool. Times are microseconds since
1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class KisiKisi(Base):
    """One version of a blueprint, under the hash of its content.

    nomor : of the version, counted from 1 within its kode. dari : the version it began from.
    """

    __tablename__ = "kisi_kisi"
    __table_args__ = (UniqueConstraint("kode", "nomor"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kode: Mapped[str] = mapped_column(String(80))
    nomor: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    dari: Mapped[str | None] = mapped_column(ForeignKey("kisi_kisi.digest"))
    alasan: Mapped[str] = mapped_column(String(500))
    dibuat_at: Mapped[int] = mapped_column(BigInteger)
    dibuat_oleh: Mapped[str] = mapped_column(String(80))


class PoolProposal(Base):
    """Somebody wants the bank as it stands published under a blueprint; `id` is its job's.

    persons, seed : of the simulation.
    """

    __tablename__ = "pool_proposal"

    id: Mapped[str] = mapped_column(ForeignKey("job.id"), primary_key=True)
    kisi_kisi: Mapped[str] = mapped_column(ForeignKey("kisi_kisi.digest"), index=True)
    persons: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500))


class PoolCheck(Base):
    """What the job found. passed : whether no hard check failed.

    pool_digest : of the pool as it would be published; None where none could be built.
    sources_digest : of everything that the pool was made from, see `operations.kisi_kisi.sumber`.
    report : as `operations.kisi_kisi.pekerjaan` writes it.
    """

    __tablename__ = "pool_check"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("pool_proposal.id"), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    passed: Mapped[bool]
    pool_digest: Mapped[str | None] = mapped_column(String(64))
    sources_digest: Mapped[str] = mapped_column(String(64))
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


class PoolCandidate(Base):
    """The bytes of a pool that was checked and not decided on yet."""

    __tablename__ = "pool_candidate"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("pool_proposal.id"), primary_key=True)
    manifest: Mapped[bytes] = mapped_column(LargeBinary)
    tables: Mapped[bytes] = mapped_column(LargeBinary)


class PoolDecision(Base):
    """A proposal is published or refused, once. published : which of the two."""

    __tablename__ = "pool_decision"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("pool_proposal.id"), primary_key=True)
    published: Mapped[bool]
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500))


class PoolWithdrawal(Base):
    """A pool that no new sitting may use; those that have it go on."""

    __tablename__ = "pool_withdrawal"

    pool_digest: Mapped[str] = mapped_column(ForeignKey("pool.digest"), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500))
