"""Announcements: what was decided about whom, frozen, hashed and signed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base
from web.tables.people import Formasi, Peserta


class Pengumuman(Base):
    """One announcement of one stage of a selection. Its rows never change; a later one replaces it.

    kode : such as "SKD-2024-001", printed on every page.
    tahap : skd, akhir or optimalisasi.
    instansi_id : the agency that it is for; None for all agencies.
    rules_digest : the rule set that decided.
    drawn_at, drawn_by : when and by whom it was drawn up; approved_at, approved_by : by the second
        person, None until then. Times are microseconds since 1970-01-01 UTC.
    row_count, digest : number of `Hasil` rows and SHA-256 of their canonical form.
    signature : Ed25519, hexadecimal, over what `web.operations.seleksi.pengumuman.signed_message`
        says: kode, digest and approval; empty until approved.
    replaces_id : the announcement that this one corrects.
    dasar : what it was drawn from: ids of the sesi that were closed ("sesi"), kode of the
        announcement of the stage before ("pengumuman"), people whose exam was not over ("belum").
    """

    __tablename__ = "pengumuman"

    id: Mapped[int] = mapped_column(primary_key=True)
    kode: Mapped[str] = mapped_column(String(40), unique=True)
    tahap: Mapped[str] = mapped_column(String(20))
    tahun: Mapped[int]
    instansi_id: Mapped[int | None] = mapped_column(ForeignKey("instansi.id"))
    rules_digest: Mapped[str] = mapped_column(ForeignKey("rule_set.digest"))
    drawn_at: Mapped[int] = mapped_column(BigInteger)
    drawn_by: Mapped[str] = mapped_column(String(80))
    approved_at: Mapped[int | None] = mapped_column(BigInteger)
    approved_by: Mapped[str | None] = mapped_column(String(80))
    row_count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("pengumuman.id"))
    dasar: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")

    rows: Mapped[list[Hasil]] = relationship(
        back_populates="pengumuman", order_by="Hasil.formasi_id, Hasil.urut"
    )


class Hasil(Base):
    """What one announcement says of one participant. The database refuses to change or delete it.

    urut : place in the printed list of the formasi, from 1.
    twk, tiu, tkp, total : SKD points; None for the absent.
    rank : 0 where not ranked. kode : result code of the year.
    data : everything else that was decided, and why: see `web.operations.seleksi`.
    """

    __tablename__ = "hasil"

    pengumuman_id: Mapped[int] = mapped_column(ForeignKey("pengumuman.id"), primary_key=True)
    peserta_id: Mapped[int] = mapped_column(ForeignKey("peserta.id"), primary_key=True, index=True)
    formasi_id: Mapped[int] = mapped_column(ForeignKey("formasi.id"), index=True)
    urut: Mapped[int]
    twk: Mapped[int | None]
    tiu: Mapped[int | None]
    tkp: Mapped[int | None]
    total: Mapped[int | None]
    rank: Mapped[int]
    kode: Mapped[str] = mapped_column(String(10))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)

    pengumuman: Mapped[Pengumuman] = relationship(back_populates="rows")
    peserta: Mapped[Peserta] = relationship()
    formasi: Mapped[Formasi] = relationship()
