"""Job standards, yearly performance, training, and the last known picture of each employee.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base
from web.tables.people import Pegawai


class StandarJabatan(Base):
    """One version of a competency standard; its content never changes.

    sasaran : "jabatan/<kode>" or "jenjang/<kode>". versi : from 1 within a sasaran.
    berlaku_mulai : first day of force, once a second person has agreed.
    content, digest : as `cat.kompetensi.standar.Standar` holds it.
    putusan : setuju or tolak; None until decided.
    """

    __tablename__ = "standar_jabatan"
    __table_args__ = (UniqueConstraint("sasaran", "versi"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sasaran: Mapped[str] = mapped_column(String(60))
    versi: Mapped[int]
    berlaku_mulai: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    alasan: Mapped[str] = mapped_column(String(300))
    proposed_at: Mapped[int] = mapped_column(BigInteger)
    proposed_by: Mapped[str] = mapped_column(String(80))
    putusan: Mapped[str | None] = mapped_column(String(10))
    alasan_putusan: Mapped[str | None] = mapped_column(String(300))
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[str | None] = mapped_column(String(80))


class Kinerja(Base):
    """The performance of an employee in one year.

    hasil_kerja, perilaku_kerja : di_atas, sesuai or di_bawah (ekspektasi).
    predikat : what the matrix in force made of them.
    target, capaian : of the year's SKP in per cent, where they are on file.
    """

    __tablename__ = "kinerja"
    __table_args__ = (UniqueConstraint("pegawai_id", "tahun"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pegawai_id: Mapped[int] = mapped_column(ForeignKey("pegawai.id"))
    tahun: Mapped[int]
    hasil_kerja: Mapped[str] = mapped_column(String(10))
    perilaku_kerja: Mapped[str] = mapped_column(String(10))
    predikat: Mapped[str] = mapped_column(String(40))
    target: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    capaian: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    recorded_at: Mapped[int] = mapped_column(BigInteger)
    recorded_by: Mapped[str] = mapped_column(String(80))

    pegawai: Mapped[Pegawai] = relationship()


class RencanaPelatihan(Base):
    """The training plan of an employee for one year.

    jp_minimum : what the year asks of people of that status.
    dasar : what the plan was made from: digests of standard and catalogue, gaps, what is left over.
    approved_at, approved_by : None while it is a draft, which may be drawn up again.
    """

    __tablename__ = "rencana_pelatihan"
    __table_args__ = (UniqueConstraint("pegawai_id", "tahun"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pegawai_id: Mapped[int] = mapped_column(ForeignKey("pegawai.id"))
    tahun: Mapped[int]
    jp_minimum: Mapped[int]
    dasar: Mapped[dict[str, Any]] = mapped_column(JSON)
    drawn_at: Mapped[int] = mapped_column(BigInteger)
    drawn_by: Mapped[str] = mapped_column(String(80))
    approved_at: Mapped[int | None] = mapped_column(BigInteger)
    approved_by: Mapped[str | None] = mapped_column(String(80))

    pegawai: Mapped[Pegawai] = relationship()
    butir: Mapped[list[PelatihanPegawai]] = relationship(
        back_populates="rencana", order_by="PelatihanPegawai.id"
    )


class PelatihanPegawai(Base):
    """A training of an employee: planned, or finished with what it came to.

    rencana_id : None for training outside any plan. kode : of the catalogue; "" outside it.
    jp : planned. selesai, jp_realisasi : None until finished.
    """

    __tablename__ = "pelatihan_pegawai"

    id: Mapped[int] = mapped_column(primary_key=True)
    pegawai_id: Mapped[int] = mapped_column(ForeignKey("pegawai.id"), index=True)
    rencana_id: Mapped[int | None] = mapped_column(ForeignKey("rencana_pelatihan.id"), index=True)
    kode: Mapped[str] = mapped_column(String(40))
    nama: Mapped[str] = mapped_column(String(160))
    jenis: Mapped[str] = mapped_column(String(20))
    jp: Mapped[int]
    kompetensi: Mapped[list[str]] = mapped_column(JSON)
    selesai: Mapped[date | None]
    jp_realisasi: Mapped[int | None]

    rencana: Mapped[RencanaPelatihan | None] = relationship(back_populates="butir")


class PotretTalenta(Base):
    """What was last worked out about an employee, so that pages about populations are one query.

    per_tanggal, dihitung_at : the day that it holds for and when it was worked out.
    jpm, potensial, ip_asn : rounded as shown; None where something is wanting.
    seleksi, pemetaan : category codes of the JPM.
    kotak, kolom, baris : place among the nine boxes; kotak is 0 where there is none yet.
    ti_kuat : whether mastery of IT is strong by the rule in force; None without evidence.
    belum_ada : what is wanting, in words.
    """

    __tablename__ = "potret_talenta"

    pegawai_id: Mapped[int] = mapped_column(ForeignKey("pegawai.id"), primary_key=True)
    per_tanggal: Mapped[date]
    dihitung_at: Mapped[int] = mapped_column(BigInteger)
    jpm: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    seleksi: Mapped[str | None] = mapped_column(String(20))
    pemetaan: Mapped[str | None] = mapped_column(String(20))
    baris: Mapped[str | None] = mapped_column(String(10))
    potensial: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    kolom: Mapped[str | None] = mapped_column(String(10))
    kotak: Mapped[int] = mapped_column(index=True)
    ip_asn: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    pita_ip_asn: Mapped[str | None] = mapped_column(String(40))
    ti_kuat: Mapped[bool | None]
    belum_ada: Mapped[list[str]] = mapped_column(JSON)

    pegawai: Mapped[Pegawai] = relationship()


class PotretGap(Base):
    """The gap of an employee in one required competency that has been measured, in levels."""

    __tablename__ = "potret_gap"

    pegawai_id: Mapped[int] = mapped_column(ForeignKey("pegawai.id"), primary_key=True)
    kompetensi: Mapped[str] = mapped_column(String(60), primary_key=True)
    gap: Mapped[int]
