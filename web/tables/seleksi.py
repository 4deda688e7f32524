"""Between the exam and the decision: acts of two people, reuse, SKB, objections.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base
from web.tables.people import Formasi, Instansi, Jabatan, Peserta
from web.tables.sittings import Sitting


class Usul(Base):
    """One act that takes two people: proposed by one, agreed to or refused by another.

    The database lets nothing but the decision be written later, and that once.

    jenis : which act, one of `web.operations.seleksi.usul.Jenis`; isi : what it needs to be done.
    peserta_id, formasi_id, sitting_id : whom or what it is about.
    decided_by, decided_at, agreed : None until the second person has decided.
    """

    __tablename__ = "usul"
    __table_args__ = (Index("ix_usul_tahun_decided_at", "tahun", "decided_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    jenis: Mapped[str] = mapped_column(String(20))
    tahun: Mapped[int]
    peserta_id: Mapped[int | None] = mapped_column(ForeignKey("peserta.id"), index=True)
    formasi_id: Mapped[int | None] = mapped_column(ForeignKey("formasi.id"), index=True)
    sitting_id: Mapped[str | None] = mapped_column(ForeignKey("sitting.id"), index=True)
    isi: Mapped[dict[str, Any]] = mapped_column(JSON)
    alasan: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(String(80))
    proposed_at: Mapped[int] = mapped_column(BigInteger)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    agreed: Mapped[bool | None]

    peserta: Mapped[Peserta | None] = relationship()
    formasi: Mapped[Formasi | None] = relationship()
    sitting: Mapped[Sitting | None] = relationship()


class NilaiLama(Base):
    """The SKD of an earlier year that a participant may use again, and what was chosen.

    pilihan : "pakai" to use it, "ujian" to sit again; None until chosen, and chosen once.
    """

    __tablename__ = "nilai_lama"

    peserta_id: Mapped[int] = mapped_column(ForeignKey("peserta.id"), primary_key=True)
    tahun_asal: Mapped[int]
    twk: Mapped[int]
    tiu: Mapped[int]
    tkp: Mapped[int]
    jenjang: Mapped[str] = mapped_column(String(20))
    pilihan: Mapped[str | None] = mapped_column(String(10))
    chosen_at: Mapped[int | None] = mapped_column(BigInteger)
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[int] = mapped_column(BigInteger)

    peserta: Mapped[Peserta] = relationship()


class RencanaSKB(Base):
    """The SKB that one jabatan of one agency takes in one year. Closed once a nilai is entered."""

    __tablename__ = "rencana_skb"
    __table_args__ = (UniqueConstraint("tahun", "instansi_id", "jabatan_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tahun: Mapped[int]
    instansi_id: Mapped[int] = mapped_column(ForeignKey("instansi.id"))
    jabatan_id: Mapped[int] = mapped_column(ForeignKey("jabatan.id"))
    dasar: Mapped[str] = mapped_column(String(200))
    saved_by: Mapped[str] = mapped_column(String(80))
    saved_at: Mapped[int] = mapped_column(BigInteger)

    instansi: Mapped[Instansi] = relationship()
    jabatan: Mapped[Jabatan] = relationship()
    bagian: Mapped[list[BagianRencana]] = relationship(
        back_populates="rencana", order_by="BagianRencana.urut", cascade="all, delete-orphan"
    )


class BagianRencana(Base):
    """One test of a plan.

    jenis : kind of test, a code of the year's rules; at most one of each kind in a plan.
    maks : points that count as 100. bobot : per cent of the SKB.
    menggugurkan : whether less than `minimum` points ends the selection for a participant.
    """

    __tablename__ = "bagian_rencana"
    __table_args__ = (UniqueConstraint("rencana_id", "jenis"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rencana_id: Mapped[int] = mapped_column(ForeignKey("rencana_skb.id"))
    urut: Mapped[int]
    jenis: Mapped[str] = mapped_column(String(40))
    nama: Mapped[str] = mapped_column(String(120))
    maks: Mapped[Decimal] = mapped_column(Numeric(9, 3))
    bobot: Mapped[int]
    menggugurkan: Mapped[bool]
    minimum: Mapped[Decimal | None] = mapped_column(Numeric(9, 3))

    rencana: Mapped[RencanaSKB] = relationship(back_populates="bagian")


class NilaiSKB(Base):
    """Points of one participant in one test. Never changed: a correction is the next version.

    versi : from 1; the highest holds. nilai : None for who did not come.
    usul_id : the correction that two people agreed on; None for the first version.
    """

    __tablename__ = "nilai_skb"

    peserta_id: Mapped[int] = mapped_column(ForeignKey("peserta.id"), primary_key=True)
    bagian_id: Mapped[int] = mapped_column(
        ForeignKey("bagian_rencana.id"), primary_key=True, index=True
    )
    versi: Mapped[int] = mapped_column(primary_key=True)
    nilai: Mapped[Decimal | None] = mapped_column(Numeric(9, 3))
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[int] = mapped_column(BigInteger)
    usul_id: Mapped[int | None] = mapped_column(ForeignKey("usul.id"))

    peserta: Mapped[Peserta] = relationship()
    bagian: Mapped[BagianRencana] = relationship()


class JadwalSanggah(Base):
    """The days on which the result of one stage of one year may be objected to."""

    __tablename__ = "jadwal_sanggah"
    __table_args__ = (UniqueConstraint("tahun", "tahap"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tahun: Mapped[int]
    tahap: Mapped[str] = mapped_column(String(20))
    mulai: Mapped[date]
    sampai: Mapped[date]
    jawab_sampai: Mapped[date]
    saved_by: Mapped[str] = mapped_column(String(80))
    saved_at: Mapped[int] = mapped_column(BigInteger)


class Sanggah(Base):
    """One objection; a participant has one for each stage.

    tiket : what the participant asks for the answer with; drawn at random.
    putusan : "diterima" or "ditolak", with jawaban; None until two people have answered.
    """

    __tablename__ = "sanggah"
    __table_args__ = (UniqueConstraint("peserta_id", "tahap"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tiket: Mapped[str] = mapped_column(String(20), unique=True)
    tahun: Mapped[int] = mapped_column(index=True)
    tahap: Mapped[str] = mapped_column(String(20))
    peserta_id: Mapped[int] = mapped_column(ForeignKey("peserta.id"), index=True)
    isi: Mapped[str] = mapped_column(Text)
    filed_by: Mapped[str] = mapped_column(String(80))
    filed_at: Mapped[int] = mapped_column(BigInteger)
    putusan: Mapped[str | None] = mapped_column(String(10))
    jawaban: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[int | None] = mapped_column(BigInteger)

    peserta: Mapped[Peserta] = relationship()
