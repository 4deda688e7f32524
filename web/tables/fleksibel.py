"""Flexible work: versions of the policy, assessments, requests and their append-only steps.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base
from web.tables.people import Instansi, Jabatan, Pegawai


class KebijakanVersi(Base):
    """One version of the national rule or of an agency's layer; its content never changes.

    lapis : dasar or lapisan. instansi_id : the agency of a layer; None for the national rule.
    kode, dasar : as in the content; dasar is the rule that a layer lies on.
    berlaku_sejak : first day on which it may be used.
    status : usulan, disetujui or ditolak.
    diusulkan_*, alasan : who proposed it, when and why.
    diputuskan_*, alasan_putusan : who approved or refused it; None until then.
    """

    __tablename__ = "kebijakan_versi"

    id: Mapped[int] = mapped_column(primary_key=True)
    lapis: Mapped[str] = mapped_column(String(10))
    instansi_id: Mapped[int | None] = mapped_column(ForeignKey("instansi.id"), index=True)
    kode: Mapped[str] = mapped_column(String(40))
    dasar: Mapped[str | None] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    berlaku_sejak: Mapped[date]
    status: Mapped[str] = mapped_column(String(10))
    diusulkan_at: Mapped[int] = mapped_column(BigInteger)
    diusulkan_oleh: Mapped[str] = mapped_column(String(80))
    alasan: Mapped[str] = mapped_column(String(500))
    diputuskan_at: Mapped[int | None] = mapped_column(BigInteger)
    diputuskan_oleh: Mapped[str | None] = mapped_column(String(80))
    alasan_putusan: Mapped[str | None] = mapped_column(String(500))

    instansi: Mapped[Instansi | None] = relationship()


class TelaahWaktu(Base):
    """What the task analysis of a jabatan says of its hours; None where nobody has looked.

    menit_* : minutes. dasar : the document in which the analysis stands.
    """

    __tablename__ = "telaah_waktu"

    jabatan_id: Mapped[int] = mapped_column(ForeignKey("jabatan.id"), primary_key=True)
    tidak_terikat_jam_kantor: Mapped[bool | None]
    menit_per_hari: Mapped[int | None]
    hari_per_minggu: Mapped[int | None]
    menit_per_minggu: Mapped[int | None]
    dasar: Mapped[str] = mapped_column(String(200))

    jabatan: Mapped[Jabatan] = relationship()


class Permohonan(Base):
    """One request for flexible work: for lists, a copy of where its steps lead; they decide.

    keadaan : where it stood after its last step; an arrangement ends by itself after `sampai`.
    bentuk, hari, dari, sampai : as asked for, and once approved as granted.
    tinjau_pada : day of the next review. jumlah_langkah : steps so far.
    """

    __tablename__ = "permohonan_fleksibel"

    id: Mapped[int] = mapped_column(primary_key=True)
    pegawai_id: Mapped[int] = mapped_column(ForeignKey("pegawai.id"), index=True)
    keadaan: Mapped[str] = mapped_column(String(24), index=True)
    bentuk: Mapped[str] = mapped_column(String(20))
    hari: Mapped[list[str]] = mapped_column(JSON)
    dari: Mapped[date]
    sampai: Mapped[date]
    tinjau_pada: Mapped[date | None]
    jumlah_langkah: Mapped[int]

    pegawai: Mapped[Pegawai] = relationship()
    langkah: Mapped[list[LangkahPermohonan]] = relationship(
        order_by="LangkahPermohonan.seq", back_populates="permohonan"
    )


class LangkahPermohonan(Base):
    """One step of a request. The database refuses to change or delete it.

    seq : 1 for the first. hari : the day in the office's time. oleh : the account.
    peran : capacity of the person; pegawai_id : the employee behind the account, if any.
    """

    __tablename__ = "langkah_permohonan"

    permohonan_id: Mapped[int] = mapped_column(
        ForeignKey("permohonan_fleksibel.id"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    jenis: Mapped[str] = mapped_column(String(20))
    at: Mapped[int] = mapped_column(BigInteger)
    hari: Mapped[date]
    oleh: Mapped[str] = mapped_column(String(80))
    peran: Mapped[str] = mapped_column(String(10))
    pegawai_id: Mapped[int | None] = mapped_column(ForeignKey("pegawai.id"))
    alasan: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)

    permohonan: Mapped[Permohonan] = relationship(back_populates="langkah")


class PenilaianFleksibel(Base):
    """One assessment as it was made, with everything it was made from. Never changed or deleted.

    permohonan_id, seq : the step that it belongs to.
    policy_digest : the rules. fakta : the facts (`Subject`). hasil : the `Assessment`.
    """

    __tablename__ = "penilaian_fleksibel"
    __table_args__ = (Index("ix_penilaian_fleksibel_permohonan_id", "permohonan_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pegawai_id: Mapped[int] = mapped_column(ForeignKey("pegawai.id"), index=True)
    permohonan_id: Mapped[int] = mapped_column(ForeignKey("permohonan_fleksibel.id"))
    seq: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)
    hari: Mapped[date]
    policy_digest: Mapped[str] = mapped_column(ForeignKey("policy.digest"))
    fakta: Mapped[dict[str, Any]] = mapped_column(JSON)
    kesimpulan: Mapped[str] = mapped_column(String(40))
    hasil: Mapped[dict[str, Any]] = mapped_column(JSON)
