"""An exam day: rooms and who watches them, check-in, logins, calls, messages, what happened.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class Ruang(Base):
    """A room with a grid of seats, numbered row by row from the left of the front row.

    kursi_awal : number of the first seat; seats of rooms that one sesi uses do not overlap.
    lorong : cells [row, column], counted from 1, where nobody sits.
    """

    __tablename__ = "ruang"
    __table_args__ = (UniqueConstraint("titik_lokasi_id", "nama"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    titik_lokasi_id: Mapped[int] = mapped_column(ForeignKey("titik_lokasi.id"))
    nama: Mapped[str] = mapped_column(String(80))
    kursi_awal: Mapped[int]
    baris: Mapped[int]
    kolom: Mapped[int]
    lorong: Mapped[list[list[int]]] = mapped_column(JSON)


class SesiRuang(Base):
    """A room that a sesi uses."""

    __tablename__ = "sesi_ruang"

    sesi_id: Mapped[int] = mapped_column(ForeignKey("sesi.id"), primary_key=True)
    ruang_id: Mapped[int] = mapped_column(ForeignKey("ruang.id"), primary_key=True)


class TugasPengawas(Base):
    """A proctor who watches a sesi, or one of its rooms, until somebody takes over.

    ruang_id : None for the whole sesi. diserahkan_ke : the account that took over.
    """

    __tablename__ = "tugas_pengawas"

    id: Mapped[int] = mapped_column(primary_key=True)
    sesi_id: Mapped[int] = mapped_column(ForeignKey("sesi.id"), index=True)
    ruang_id: Mapped[int | None] = mapped_column(ForeignKey("ruang.id"))
    pengawas: Mapped[str] = mapped_column(String(80))
    mulai_at: Mapped[int] = mapped_column(BigInteger)
    selesai_at: Mapped[int | None] = mapped_column(BigInteger)
    diserahkan_ke: Mapped[str | None] = mapped_column(String(80))


class Akomodasi(Base):
    """A need of a participant, such as pembaca_layar. Health data: shown to who must act on it."""

    __tablename__ = "akomodasi"

    peserta_id: Mapped[int] = mapped_column(ForeignKey("peserta.id"), primary_key=True)
    kode: Mapped[str] = mapped_column(String(40), primary_key=True)


class Foto(Base):
    """The photograph of a person for the check at the door; kept apart because it is a face."""

    __tablename__ = "foto"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    mime: Mapped[str] = mapped_column(String(20))
    isi: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[int] = mapped_column(BigInteger)


class Pemeriksaan(Base):
    """An identity check at the door. Rows are only ever added; the last one counts.

    cara : manual, or the code of a matcher. cocok : whether it is the person.
    oleh, saksi : the two officers of a manual check; saksi is empty for a matcher's.
    """

    __tablename__ = "pemeriksaan"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[str] = mapped_column(ForeignKey("sitting.id"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    cara: Mapped[str] = mapped_column(String(20))
    cocok: Mapped[bool]
    oleh: Mapped[str] = mapped_column(String(80))
    saksi: Mapped[str] = mapped_column(String(80))
    catatan: Mapped[str] = mapped_column(String(300))


class Masuk(Base):
    """A login of a candidate on one computer.

    keadaan : aktif; ditahan, because another one was still alive; selesai, when the candidate left
    or an officer ended it. id : secret, kept in that browser's cookie.
    komputer : what tells one browser from another across logins. alamat : network address.
    """

    __tablename__ = "masuk"
    __table_args__ = (Index("ix_masuk_sitting_keadaan", "sitting_id", "keadaan"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sitting_id: Mapped[str] = mapped_column(ForeignKey("sitting.id"))
    at: Mapped[int] = mapped_column(BigInteger)
    komputer: Mapped[str] = mapped_column(String(32))
    alamat: Mapped[str] = mapped_column(String(45))
    keadaan: Mapped[str] = mapped_column(String(10))
    diakhiri_at: Mapped[int | None] = mapped_column(BigInteger)
    diakhiri_oleh: Mapped[str | None] = mapped_column(String(80))


class Kontak(Base):
    """When the page of a sitting was last heard of. May lag by seconds: no rule rests on it."""

    __tablename__ = "kontak"

    sitting_id: Mapped[str] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)


class Kejadian(Base):
    """Something that happened in a sesi and belongs in its berita acara. Only ever added.

    jenis : as `web.operations.hari_ujian.kejadian` lists them. kursi : where it happened, 0 for
    the whole room or sesi.
    """

    __tablename__ = "kejadian"

    id: Mapped[int] = mapped_column(primary_key=True)
    sesi_id: Mapped[int] = mapped_column(ForeignKey("sesi.id"), index=True)
    ruang_id: Mapped[int | None] = mapped_column(ForeignKey("ruang.id"))
    sitting_id: Mapped[str | None] = mapped_column(ForeignKey("sitting.id"), index=True)
    kursi: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)
    jenis: Mapped[str] = mapped_column(String(40))
    uraian: Mapped[str] = mapped_column(String(1000))
    oleh: Mapped[str] = mapped_column(String(80))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class Panggilan(Base):
    """A seat that asks for the proctor. jenis : bantuan, or masuk_ganda from the platform."""

    __tablename__ = "panggilan"

    id: Mapped[int] = mapped_column(primary_key=True)
    sesi_id: Mapped[int] = mapped_column(ForeignKey("sesi.id"), index=True)
    sitting_id: Mapped[str] = mapped_column(ForeignKey("sitting.id"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    jenis: Mapped[str] = mapped_column(String(20))
    ditangani_at: Mapped[int | None] = mapped_column(BigInteger)
    ditangani_oleh: Mapped[str | None] = mapped_column(String(80))


class Pesan(Base):
    """A message from the proctor to one seat, a room, or, with neither named, the whole sesi."""

    __tablename__ = "pesan"

    id: Mapped[int] = mapped_column(primary_key=True)
    sesi_id: Mapped[int] = mapped_column(ForeignKey("sesi.id"), index=True)
    ruang_id: Mapped[int | None] = mapped_column(ForeignKey("ruang.id"))
    sitting_id: Mapped[str | None] = mapped_column(ForeignKey("sitting.id"))
    at: Mapped[int] = mapped_column(BigInteger)
    oleh: Mapped[str] = mapped_column(String(80))
    isi: Mapped[str] = mapped_column(String(500))


class UsulSesi(Base):
    """An act on a sesi or a sitting that a second person must agree to.

    jenis : geser, pecah, batal, jadwal_ulang, buka_kembali. data : what the act needs.
    disetujui : None until somebody else than `oleh` decides.
    """

    __tablename__ = "usul_sesi"

    id: Mapped[int] = mapped_column(primary_key=True)
    sesi_id: Mapped[int] = mapped_column(ForeignKey("sesi.id"), index=True)
    sitting_id: Mapped[str | None] = mapped_column(ForeignKey("sitting.id"))
    jenis: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    alasan: Mapped[str] = mapped_column(String(500))
    at: Mapped[int] = mapped_column(BigInteger)
    oleh: Mapped[str] = mapped_column(String(80))
    disetujui: Mapped[bool | None]
    diputus_at: Mapped[int | None] = mapped_column(BigInteger)
    diputus_oleh: Mapped[str | None] = mapped_column(String(80))
    catatan: Mapped[str | None] = mapped_column(String(500))
