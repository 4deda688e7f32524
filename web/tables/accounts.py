"""Staff accounts, their roles, and what they did."""

from __future__ import annotations

from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, BigInteger, Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("user_account.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """What an account may do; `web.operations.accounts.ROLES` names them."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str] = mapped_column(String(200))


class User(Base, UserMixin):
    """One account.

    titik_lokasi_id : the site that a proctor works at.
    pegawai_id : the employee whose account it is; None for accounts of an office.
    instansi_id : the agency that a pimpinan decides for.
    """

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    nama: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool]
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    titik_lokasi_id: Mapped[int | None] = mapped_column(ForeignKey("titik_lokasi.id"))
    pegawai_id: Mapped[int | None] = mapped_column(ForeignKey("pegawai.id"), unique=True)
    instansi_id: Mapped[int | None] = mapped_column(ForeignKey("instansi.id"))

    roles: Mapped[list[Role]] = relationship(secondary=user_roles)


class AuditRow(Base):
    """One act of a member of staff, written in the transaction of the act itself."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger, index=True)
    by: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
