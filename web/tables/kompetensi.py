"""Evidence of competency, what was decided about it, norm groups, and the data that rule them.

Times are microseconds since 1970-01-01 UTC. The database refuses to change or delete any of these.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base
from web.tables.people import Person


class DataKompetensi(Base):
    """A data file of the competency profile, under the hash of its content; the newest rules.

    kode : which file it is, such as "kamus-kompetensi". since : when it was loaded.
    """

    __tablename__ = "data_kompetensi"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kode: Mapped[str] = mapped_column(String(40), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    since: Mapped[int] = mapped_column(BigInteger)


class BuktiKompetensi(Base):
    """A level that somebody outside the platform has established, as it was entered.

    jenis : kind of evidence. level : 1 to 5.
    tanggal, berlaku_sampai : first and last day on which it counts.
    asal : who established it and where it is written; alasan : why it was entered.
    """

    __tablename__ = "bukti_kompetensi"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kompetensi: Mapped[str] = mapped_column(String(60))
    jenis: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    tanggal: Mapped[date]
    berlaku_sampai: Mapped[date]
    asal: Mapped[str] = mapped_column(String(200))
    alasan: Mapped[str] = mapped_column(String(300))
    noted_at: Mapped[int] = mapped_column(BigInteger)
    noted_by: Mapped[str] = mapped_column(String(80))

    person: Mapped[Person] = relationship()
    keputusan: Mapped[list[KeputusanBukti]] = relationship(order_by="KeputusanBukti.at")


class KeputusanBukti(Base):
    """What was decided about a piece of evidence. jenis : setuju, tolak or tarik."""

    __tablename__ = "keputusan_bukti"

    bukti_id: Mapped[int] = mapped_column(ForeignKey("bukti_kompetensi.id"), primary_key=True)
    jenis: Mapped[str] = mapped_column(String(10), primary_key=True)
    alasan: Mapped[str] = mapped_column(String(300))
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(80))


class KelompokNorma(Base):
    """A norm group: how the finished sittings of named people were distributed on one day.

    content : who they are and the counts per part and domain, as `cat.kompetensi.norma` holds them.
    digest : SHA-256 of the canonical form of content.
    """

    __tablename__ = "kelompok_norma"

    id: Mapped[int] = mapped_column(primary_key=True)
    nama: Mapped[str] = mapped_column(String(160), unique=True)
    persons: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[int] = mapped_column(BigInteger)
    made_by: Mapped[str] = mapped_column(String(80))
