"""Official documents as issued: their signed records, their PDFs, and what became of them.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base


class Dokumen(Base):
    """One document. The database refuses to change or delete it; a later one may replace it.

    nomor : such as HSL-2026-000017; kode : what is asked besides it on the public page.
    jenis : a `web.dokumen.kinds.Jenis`.
    sitting_id, sesi_id, pengumuman_id, instansi_id : what it is about; those that do not apply are
        None.
    catatan : the signed record, see `web.dokumen.record`; sidik_isi : its content digest.
    kunci, tanda_tangan : public key and Ed25519 signature under the record, hexadecimal.
    pdf_sha256 : hash of the PDF.
    replaces_id, alasan : the document that it replaces, and why.
    """

    __tablename__ = "dokumen"
    __table_args__ = (Index("ix_dokumen_jenis_issued_at", "jenis", "issued_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomor: Mapped[str] = mapped_column(String(40), unique=True)
    kode: Mapped[str] = mapped_column(String(20))
    jenis: Mapped[str] = mapped_column(String(20))
    sitting_id: Mapped[str | None] = mapped_column(ForeignKey("sitting.id"), index=True)
    sesi_id: Mapped[int | None] = mapped_column(ForeignKey("sesi.id"), index=True)
    pengumuman_id: Mapped[int | None] = mapped_column(ForeignKey("pengumuman.id"), index=True)
    instansi_id: Mapped[int | None] = mapped_column(ForeignKey("instansi.id"), index=True)
    catatan: Mapped[dict[str, Any]] = mapped_column(JSON)
    sidik_isi: Mapped[str] = mapped_column(String(64))
    kunci: Mapped[str] = mapped_column(String(64))
    tanda_tangan: Mapped[str] = mapped_column(String(128))
    pdf_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[int] = mapped_column(BigInteger)
    issued_by: Mapped[str] = mapped_column(String(80))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("dokumen.id"), unique=True)
    alasan: Mapped[str | None] = mapped_column(Text)

    replaces: Mapped[Dokumen | None] = relationship(remote_side="Dokumen.id", viewonly=True)
    replaced_by: Mapped[Dokumen | None] = relationship(
        remote_side="Dokumen.replaces_id",
        primaryjoin="Dokumen.id == foreign(Dokumen.replaces_id)",
        uselist=False,
        viewonly=True,
    )
    penarikan: Mapped[list[PenarikanDokumen]] = relationship(
        back_populates="dokumen", order_by="PenarikanDokumen.id"
    )


class DokumenPdf(Base):
    """The PDF of a document, apart from its row so that lists stay light. Never changed."""

    __tablename__ = "dokumen_pdf"

    dokumen_id: Mapped[int] = mapped_column(ForeignKey("dokumen.id"), primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)


class DokumenUrut(Base):
    """The last number that was given out in one series of one year."""

    __tablename__ = "dokumen_urut"

    awalan: Mapped[str] = mapped_column(String(10), primary_key=True)
    tahun: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    terakhir: Mapped[int]


class PenarikanDokumen(Base):
    """A proposal to withdraw a document.

    decided_by, decided_at, agreed : None until the second person has decided.
    """

    __tablename__ = "penarikan_dokumen"

    id: Mapped[int] = mapped_column(primary_key=True)
    dokumen_id: Mapped[int] = mapped_column(ForeignKey("dokumen.id"), index=True)
    alasan: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(String(80))
    proposed_at: Mapped[int] = mapped_column(BigInteger)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    agreed: Mapped[bool | None]

    dokumen: Mapped[Dokumen] = relationship(back_populates="penarikan")
