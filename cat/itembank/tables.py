"""What is measured: items, their versions and calibrations, pictures and published pools.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base


class Item(Base):
    """One item through all its versions.

    status : state of the newest version, `latest`. active_version : the one that pools score, which
        stays in use while a newer one is being written; None where there is none.
    """

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    domain: Mapped[str] = mapped_column(String(80), index=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    latest: Mapped[int]
    active_version: Mapped[int | None]

    versions: Mapped[list[ItemVersion]] = relationship(
        back_populates="item", order_by="ItemVersion.version"
    )


class ItemVersion(Base):
    """One wording of an item; never changed once stored. Answers point to versions."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    written_by: Mapped[str] = mapped_column(String(120))
    written_at: Mapped[int] = mapped_column(BigInteger)

    item: Mapped[Item] = relationship(back_populates="versions")
    calibrations: Mapped[list[Calibration]] = relationship(order_by="Calibration.id")


class Calibration(Base):
    """Parameters that one calibration, or an expert's guess, gave to a version; the last counts.

    model : name of the response model that was fitted. se : standard errors of a, b and c.
    provenance : run, data hash, software, quadrature, who and when. None of the three for a guess.
    """

    __tablename__ = "calibration"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    a: Mapped[float]
    b: Mapped[list[float]] = mapped_column(JSON)
    c: Mapped[float]
    status: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[int] = mapped_column(BigInteger)
    model: Mapped[str | None] = mapped_column(String(10))
    se: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    provenance: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Media(Base):
    """A picture, stored under the hash of its content."""

    __tablename__ = "media"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class PublishedPool(Base):
    """A pool as published; `cat.itembank.pool.load` opens it and checks the digest."""

    __tablename__ = "pool"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), index=True)
    manifest: Mapped[bytes] = mapped_column(LargeBinary)
    tables: Mapped[bytes] = mapped_column(LargeBinary)
    published_at: Mapped[int] = mapped_column(BigInteger)
    published_by: Mapped[str] = mapped_column(String(120))
