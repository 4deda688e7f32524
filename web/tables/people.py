"""People, the needs that they apply for, and serving employees. Identifiers are text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base


class Instansi(Base):
    """An agency. jenis : pusat or daerah; bidang : kind of body, for exclusions by rule."""

    __tablename__ = "instansi"

    id: Mapped[int] = mapped_column(primary_key=True)
    kode: Mapped[str] = mapped_column(String(10), unique=True)
    nama: Mapped[str] = mapped_column(String(160))
    jenis: Mapped[str] = mapped_column(String(20))
    bidang: Mapped[str] = mapped_column(String(40))


class Jabatan(Base):
    """A position, with what the flexible-work rules ask of its task; None where nobody has said.

    The five facts are those of PermenPANRB 4/2025 for flexibility of place.
    jenjang : the kind of position that competency standards go by, such as pelaksana or pengawas.
    """

    __tablename__ = "jabatan"

    id: Mapped[int] = mapped_column(primary_key=True)
    kode: Mapped[str] = mapped_column(String(20), unique=True)
    nama: Mapped[str] = mapped_column(String(160))
    di_luar_kantor: Mapped[bool | None]
    tanpa_ruang_khusus: Mapped[bool | None]
    berbasis_tik: Mapped[bool | None]
    minim_tatap_muka: Mapped[bool | None]
    tanpa_supervisi_terus: Mapped[bool | None]
    jenjang: Mapped[str | None] = mapped_column(String(40))


class Formasi(Base):
    """One kebutuhan: agency, position, education, placement and kind, with its number of posts."""

    __tablename__ = "formasi"

    id: Mapped[int] = mapped_column(primary_key=True)
    kode: Mapped[str] = mapped_column(String(40), unique=True)
    tahun: Mapped[int]
    instansi_id: Mapped[int] = mapped_column(ForeignKey("instansi.id"))
    jabatan_id: Mapped[int] = mapped_column(ForeignKey("jabatan.id"))
    kualifikasi: Mapped[str] = mapped_column(String(160))
    lokasi: Mapped[str] = mapped_column(String(160))
    jenis_kebutuhan: Mapped[str] = mapped_column(String(40))
    kebutuhan: Mapped[int]

    instansi: Mapped[Instansi] = relationship()
    jabatan: Mapped[Jabatan] = relationship()


class Person(Base):
    """A human being. nik is opaque text: it is never parsed to refuse anybody."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    nik: Mapped[str] = mapped_column(String(16), unique=True)
    nama: Mapped[str] = mapped_column(String(120))
    tanggal_lahir: Mapped[date]
    jenis_kelamin: Mapped[str] = mapped_column(String(1))

    pegawai: Mapped[Pegawai | None] = relationship(back_populates="person")


class Peserta(Base):
    """A person as a test taker. formasi is empty for an internal assessment of serving staff.

    netra : blind, which gives longer time on the disability formation.
    jenjang, ipk : education level, and on its scale the IPK (or mean of the ijazah); the last
        decides between equals and is comparable inside one jenjang only.
    """

    __tablename__ = "peserta"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomor: Mapped[str] = mapped_column(String(30), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    formasi_id: Mapped[int | None] = mapped_column(ForeignKey("formasi.id"), index=True)
    netra: Mapped[bool]
    jenjang: Mapped[str | None] = mapped_column(String(20))
    ipk: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))

    person: Mapped[Person] = relationship()
    formasi: Mapped[Formasi | None] = relationship()


class UnitKerja(Base):
    """A unit of an agency, in which people work together."""

    __tablename__ = "unit_kerja"

    id: Mapped[int] = mapped_column(primary_key=True)
    kode: Mapped[str] = mapped_column(String(20), unique=True)
    nama: Mapped[str] = mapped_column(String(160))
    instansi_id: Mapped[int] = mapped_column(ForeignKey("instansi.id"))

    instansi: Mapped[Instansi] = relationship()


class Pegawai(Base):
    """A serving employee. None means that the fact is not on file, which is not the same as no.

    atasan_id : the direct superior. pendidikan : highest education level, such as s1.
    """

    __tablename__ = "pegawai"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    nip: Mapped[str] = mapped_column(String(18), unique=True)
    status: Mapped[str] = mapped_column(String(10))
    instansi_id: Mapped[int] = mapped_column(ForeignKey("instansi.id"))
    jabatan_id: Mapped[int] = mapped_column(ForeignKey("jabatan.id"))
    tmt_jabatan: Mapped[date | None]
    cara_masuk: Mapped[str | None] = mapped_column(String(20))
    hukuman_disiplin: Mapped[bool | None]
    proses_disiplin: Mapped[bool | None]
    predikat_kinerja: Mapped[str | None] = mapped_column(String(40))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit_kerja.id"))
    atasan_id: Mapped[int | None] = mapped_column(ForeignKey("pegawai.id"))
    pendidikan: Mapped[str | None] = mapped_column(String(20))

    person: Mapped[Person] = relationship(back_populates="pegawai")
    unit: Mapped[UnitKerja | None] = relationship()
    atasan: Mapped[Pegawai | None] = relationship(remote_side="Pegawai.id")
    instansi: Mapped[Instansi] = relationship()
    jabatan: Mapped[Jabatan] = relationship()
