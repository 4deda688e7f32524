"""Rule sets and policies as they were when they were in force; content never changes in place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class RuleSetRow(Base):
    """One rule set, under the hash of its content."""

    __tablename__ = "rule_set"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kode: Mapped[str] = mapped_column(String(40), index=True)
    tahun: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class PolicyRow(Base):
    """One flexible-work policy (base layer or an agency's), under the hash of its content."""

    __tablename__ = "policy"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kode: Mapped[str] = mapped_column(String(40), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
