"""Sites, scheduled sesi, sittings with their append-only events, and published results.

Times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base
from web.tables.people import Peserta


class TitikLokasi(Base):
    """A test site. zona : its time zone, such as Asia/Jakarta."""

    __tablename__ = "titik_lokasi"

    id: Mapped[int] = mapped_column(primary_key=True)
    nama: Mapped[str] = mapped_column(String(160), unique=True)
    zona: Mapped[str] = mapped_column(String(40))


class Sesi(Base):
    """A scheduled slot at one site.

    ruang : names of its rooms, for people; `SesiRuang` has the rooms themselves.
    ujian : skd, or the kode of another test form. mode, pool_digest, rules_digest : on which terms
    new sittings are opened; None where each sitting was given its own.
    is_void : called off; no sitting of it counts. pengganti_dari : the sesi that it replaces.
    papan : secret part of the address of its score board; None until the board is opened.
    """

    __tablename__ = "sesi"
    __table_args__ = (UniqueConstraint("titik_lokasi_id", "nama"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nama: Mapped[str] = mapped_column(String(120))
    titik_lokasi_id: Mapped[int] = mapped_column(ForeignKey("titik_lokasi.id"))
    ruang: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[int] = mapped_column(BigInteger)
    is_closed: Mapped[bool]
    ujian: Mapped[str] = mapped_column(String(80), server_default="skd")
    mode: Mapped[str] = mapped_column(String(10), server_default="adaptif")
    pool_digest: Mapped[str | None] = mapped_column(ForeignKey("pool.digest"))
    rules_digest: Mapped[str | None] = mapped_column(String(64))
    is_void: Mapped[bool] = mapped_column(server_default=false())
    pengganti_dari: Mapped[int | None] = mapped_column(ForeignKey("sesi.id"))
    papan: Mapped[str | None] = mapped_column(String(32), unique=True)

    titik_lokasi: Mapped[TitikLokasi] = relationship()
    sittings: Mapped[list[Sitting]] = relationship(back_populates="sesi", order_by="Sitting.seat")


class Sitting(Base):
    """One person's exam: the terms, and for lists a copy of where the record stands.

    phase, event_count, answered, last_at, seal : what the last event left; the record decides.
    deadline : when the running clock will have run out; None while it does not run.
    arrived_at : when the candidate first logged in to it.
    rules_digest : of a rule set, or of the form of a test outside the SKD.
    ujian : as in `Sesi`. is_void : called off; its result counts nowhere.
    paket : code of the form, in linear mode. hangus : codes of items that this person may not be
    given, because they were seen in an exam that was called off.
    hadir_at, pin_at : when attendance was confirmed and the last PIN issued at the desk.
    masuk_id : the login that may act; None while there is none or two compete.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("sesi_id", "peserta_id"),
        UniqueConstraint("sesi_id", "seat"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sesi_id: Mapped[int] = mapped_column(ForeignKey("sesi.id"))
    peserta_id: Mapped[int] = mapped_column(ForeignKey("peserta.id"), index=True)
    seat: Mapped[int]
    pin_hash: Mapped[str] = mapped_column(String(200))
    pool_digest: Mapped[str] = mapped_column(ForeignKey("pool.digest"))
    rules_digest: Mapped[str] = mapped_column(String(64))
    mode: Mapped[str] = mapped_column(String(10))
    seed: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[int]

    phase: Mapped[str] = mapped_column(String(10), index=True)
    event_count: Mapped[int]
    answered: Mapped[int]
    last_at: Mapped[int] = mapped_column(BigInteger)
    seal: Mapped[str] = mapped_column(String(64))
    deadline: Mapped[int | None] = mapped_column(BigInteger, index=True)
    arrived_at: Mapped[int | None] = mapped_column(BigInteger)
    ruang_id: Mapped[int | None] = mapped_column(ForeignKey("ruang.id"))
    ujian: Mapped[str] = mapped_column(String(80), server_default="skd")
    is_void: Mapped[bool] = mapped_column(server_default=false())
    paket: Mapped[str] = mapped_column(String(20), server_default="")
    hangus: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    hadir_at: Mapped[int | None] = mapped_column(BigInteger)
    pin_at: Mapped[int | None] = mapped_column(BigInteger)
    masuk_id: Mapped[str | None] = mapped_column(String(32))

    sesi: Mapped[Sesi] = relationship(back_populates="sittings")
    peserta: Mapped[Peserta] = relationship()
    results: Mapped[list[PartResult]] = relationship(order_by="PartResult.position")


class SittingEvent(Base):
    """One event of a record. The database refuses to change or delete a row: see the migrations."""

    __tablename__ = "sitting_event"

    sitting_id: Mapped[str] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[int] = mapped_column(BigInteger)
    item: Mapped[str | None] = mapped_column(String(50))
    option: Mapped[str | None] = mapped_column(String(1))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    seal: Mapped[str] = mapped_column(String(64))


class PartResult(Base):
    """The published outcome of one part of a finished sitting, as `cat.exam.outcome` gave it."""

    __tablename__ = "part_result"

    sitting_id: Mapped[str] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    theta: Mapped[float]
    se: Mapped[float]
    nilai: Mapped[int]
    nilai_se: Mapped[float]
    maximum: Mapped[int]
    answered: Mapped[int]
    length: Mapped[int]
    reason: Mapped[int] = mapped_column(server_default="0")


class Pulse(Base):
    """When the platform was last seen alive; the gap after a crash is given back to candidates."""

    __tablename__ = "pulse"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
