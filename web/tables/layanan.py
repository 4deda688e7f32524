"""What the web processes of one platform share. Times are microseconds since 1970-01-01 UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class BatasMasuk(Base):
    """How often something was tried, so that every process counts the same attempts.

    kunci : keyed hash of what is counted; it tells nobody which number or account was tried.
    sampai : when the count begins anew.
    """

    __tablename__ = "batas_masuk"

    kunci: Mapped[str] = mapped_column(String(64), primary_key=True)
    jumlah: Mapped[int]
    sampai: Mapped[int] = mapped_column(BigInteger, index=True)
