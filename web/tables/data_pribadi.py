"""Personal data: why they are held, who looked at whose, what their subjects asked for.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base
from web.tables.people import Person


class ProcessingRegister(Base):
    """One version of the register of processing activities; the newest is in force."""

    __tablename__ = "processing_register"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    loaded_at: Mapped[int] = mapped_column(BigInteger)


class DataAccess(Base):
    """Somebody looked at one person's data. The database refuses to change or delete a row.

    activity : code in the register, the purpose for which it was looked at.
    """

    __tablename__ = "data_access"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    act: Mapped[str] = mapped_column(String(400))
    activity: Mapped[str] = mapped_column(String(40))


class DataRequest(Base):
    """What a person asked for under UU 27/2022 arts. 5 to 13.

    kind : akses, perbaikan, penghapusan, keberatan or penundaan.
    due_at : by when it must be answered. answer : None until then; granted says which way.
    """

    __tablename__ = "data_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    wish: Mapped[str] = mapped_column(String(1000))
    received_at: Mapped[int] = mapped_column(BigInteger)
    received_by: Mapped[str] = mapped_column(String(80))
    due_at: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str | None] = mapped_column(String(1000))
    granted: Mapped[bool | None]
    answered_at: Mapped[int | None] = mapped_column(BigInteger)
    answered_by: Mapped[str | None] = mapped_column(String(80))

    person: Mapped[Person] = relationship()


class RetentionRun(Base):
    """One clearing of data whose time is over: proposed, approved by a second person, carried out.

    as_of : day, ISO, on which the time was over. counts : how many of what, when proposed.
    done : how many of what were cleared; None until carried out.
    """

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    as_of: Mapped[str] = mapped_column(String(10))
    register_digest: Mapped[str] = mapped_column(ForeignKey("processing_register.digest"))
    reason: Mapped[str] = mapped_column(String(300))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    proposed_at: Mapped[int] = mapped_column(BigInteger)
    proposed_by: Mapped[str] = mapped_column(String(80))
    approved_at: Mapped[int | None] = mapped_column(BigInteger)
    approved_by: Mapped[str | None] = mapped_column(String(80))
    done: Mapped[dict[str, int] | None] = mapped_column(JSON)
