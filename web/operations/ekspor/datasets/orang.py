"""Participants, and what members of staff did."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from web.operations.ekspor.columns import day, decimal, moment, text, whole, yes_no
from web.operations.ekspor.datasets.source import (
    Dataset,
    Filters,
    Origins,
    Statement,
    from_select,
    of_formasi,
)
from web.tables import AuditRow, Formasi, Instansi, Jabatan, Person, Peserta, Sitting

_WIB = ZoneInfo("Asia/Jakarta")


def _participants(filters: Filters) -> Statement:
    statement = (
        select(
            Peserta.nomor,
            Person.nama,
            literal("*" * 12).concat(func.substr(Person.nik, 13)),
            Person.tanggal_lahir,
            Person.jenis_kelamin,
            Peserta.netra,
            Peserta.jenjang,
            Peserta.ipk,
            Formasi.tahun,
            Formasi.kode,
            Instansi.kode,
            Instansi.nama,
            Jabatan.nama,
            Formasi.lokasi,
            Formasi.jenis_kebutuhan,
        )
        .select_from(Peserta)
        .join(Person, Person.id == Peserta.person_id)
        .outerjoin(Formasi, Formasi.id == Peserta.formasi_id)
        .outerjoin(Instansi, Instansi.id == Formasi.instansi_id)
        .outerjoin(Jabatan, Jabatan.id == Formasi.jabatan_id)
    )
    if filters.sesi is not None:
        seated = select(Sitting.peserta_id).where(Sitting.sesi_id == filters.sesi)
        statement = statement.where(Peserta.id.in_(seated))
    return of_formasi(statement, filters)


def _acts(filters: Filters) -> Statement:
    statement: Statement = select(
        AuditRow.id,
        AuditRow.at,
        AuditRow.by,
        AuditRow.act,
        AuditRow.subject,
        cast(AuditRow.data, String),
    )
    if filters.tahun is not None:
        start, end = (
            int(datetime(year, 1, 1, tzinfo=_WIB).timestamp()) * 1_000_000
            for year in (filters.tahun, filters.tahun + 1)
        )
        statement = statement.where(AuditRow.at >= start, AuditRow.at < end)
    return statement


def _nothing_measured(session: Session, filters: Filters) -> Origins:
    return Origins()


_participants_count, _participants_rows = from_select(_participants, (Peserta.id,))
_acts_count, _acts_rows = from_select(_acts, (AuditRow.id,))

PESERTA = Dataset(
    code="peserta",
    title="Peserta",
    meaning="Satu baris untuk setiap peserta terdaftar. NIK hanya empat angka terakhirnya.",
    columns=(
        text("nomor_peserta", "Nomor peserta."),
        text("nama", "Nama peserta."),
        text("nik_samar", "NIK, semua kecuali empat angka terakhir disamarkan."),
        day("tanggal_lahir", "Tanggal lahir."),
        text("jenis_kelamin", "L atau P."),
        yes_no("netra", "Apakah penyandang disabilitas netra."),
        text("jenjang", "Jenjang pendidikan, misalnya s1; kosong bila tidak tercatat."),
        decimal("ipk", 2, "IPK atau rata-rata ijazah, pada skala jenjangnya."),
        whole("tahun", "Tahun seleksi; kosong bagi asesmen internal."),
        text("kode_formasi", "Kode formasi yang dilamar."),
        text("kode_instansi", "Kode instansi."),
        text("instansi", "Nama instansi."),
        text("jabatan", "Nama jabatan."),
        text("lokasi", "Lokasi penempatan."),
        text("jenis_kebutuhan", "Jenis kebutuhan formasi."),
    ),
    filters=("tahun", "instansi", "formasi", "sesi"),
    count=_participants_count,
    rows=_participants_rows,
    origins=_nothing_measured,
)

JEJAK_AUDIT = Dataset(
    code="jejak-audit",
    title="Jejak audit",
    meaning="Satu baris untuk setiap tindakan petugas, menurut urutan pencatatan.",
    columns=(
        whole("id", "Nomor catatan."),
        moment("waktu", "Kapan dilakukan."),
        text("oleh", "Nama pengguna petugas."),
        text("tindakan", "Apa yang dilakukan."),
        text("sasaran", "Terhadap siapa atau apa."),
        text("rincian", "Keterangan tambahan, sebagai JSON."),
    ),
    filters=("tahun",),
    count=_acts_count,
    rows=_acts_rows,
    origins=_nothing_measured,
)
