"""Rules of an exam day as data, and files of participants on their way in.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class AturanPelaksanaan(Base):
    """One version of the figures and daily patterns of exam days, under the hash of its content.

    berlaku_sejak : first day of exams that go by it, as in the content.
    """

    __tablename__ = "aturan_pelaksanaan"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kode: Mapped[str] = mapped_column(String(40))
    berlaku_sejak: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    loaded_at: Mapped[int] = mapped_column(BigInteger)


class ImporPeserta(Base):
    """A file of participants that was checked, and may have been brought in.

    isi : the file itself, kept only until it is brought in or a day has passed.
    """

    __tablename__ = "impor_peserta"

    id: Mapped[int] = mapped_column(primary_key=True)
    nama: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    isi: Mapped[bytes | None] = mapped_column(LargeBinary)
    oleh: Mapped[str] = mapped_column(String(80))
    at: Mapped[int] = mapped_column(BigInteger)
    diterapkan_at: Mapped[int | None] = mapped_column(BigInteger)
    diterapkan_oleh: Mapped[str | None] = mapped_column(String(80))
