"""Talent: job standards in versions, yearly performance, training, and the last picture of each.

A standard is decided once and never deleted; whoever was assessed under it can look it up. The
picture of an employee can be worked out again at any time, so it is simply replaced.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _standards()
    _performance()
    _training()
    _pictures()
    _refuse("standar_jabatan", "DELETE")
    _refuse("standar_jabatan", "UPDATE", "OLD.putusan IS NOT NULL")


def _standards() -> None:
    op.create_table(
        "standar_jabatan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sasaran", sa.String(60), nullable=False),
        sa.Column("versi", sa.Integer(), nullable=False),
        sa.Column("berlaku_mulai", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("alasan", sa.String(300), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.String(80), nullable=False),
        sa.Column("putusan", sa.String(10)),
        sa.Column("alasan_putusan", sa.String(300)),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("decided_by", sa.String(80)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standar_jabatan")),
        sa.UniqueConstraint("sasaran", "versi", name=op.f("uq_standar_jabatan_sasaran_versi")),
    )


def _performance() -> None:
    op.create_table(
        "kinerja",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pegawai_id", sa.Integer(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("hasil_kerja", sa.String(10), nullable=False),
        sa.Column("perilaku_kerja", sa.String(10), nullable=False),
        sa.Column("predikat", sa.String(40), nullable=False),
        sa.Column("target", sa.Numeric(6, 2)),
        sa.Column("capaian", sa.Numeric(6, 2)),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        _employee("kinerja"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinerja")),
        sa.UniqueConstraint("pegawai_id", "tahun", name=op.f("uq_kinerja_pegawai_id_tahun")),
    )


def _training() -> None:
    op.create_table(
        "rencana_pelatihan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pegawai_id", sa.Integer(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("jp_minimum", sa.Integer(), nullable=False),
        sa.Column("dasar", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("drawn_by", sa.String(80), nullable=False),
        sa.Column("approved_at", sa.BigInteger()),
        sa.Column("approved_by", sa.String(80)),
        _employee("rencana_pelatihan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rencana_pelatihan")),
        sa.UniqueConstraint(
            "pegawai_id", "tahun", name=op.f("uq_rencana_pelatihan_pegawai_id_tahun")
        ),
    )
    op.create_table(
        "pelatihan_pegawai",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pegawai_id", sa.Integer(), nullable=False),
        sa.Column("rencana_id", sa.Integer()),
        sa.Column("kode", sa.String(40), nullable=False),
        sa.Column("nama", sa.String(160), nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        sa.Column("jp", sa.Integer(), nullable=False),
        sa.Column("kompetensi", sa.JSON(), nullable=False),
        sa.Column("selesai", sa.Date()),
        sa.Column("jp_realisasi", sa.Integer()),
        _employee("pelatihan_pegawai"),
        sa.ForeignKeyConstraint(
            ["rencana_id"],
            ["rencana_pelatihan.id"],
            name=op.f("fk_pelatihan_pegawai_rencana_id_rencana_pelatihan"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pelatihan_pegawai")),
    )
    for column in ("pegawai_id", "rencana_id"):
        op.create_index(
            op.f(f"ix_pelatihan_pegawai_{column}"), "pelatihan_pegawai", [column]
        )


def _pictures() -> None:
    op.create_table(
        "potret_talenta",
        sa.Column("pegawai_id", sa.Integer(), nullable=False),
        sa.Column("per_tanggal", sa.Date(), nullable=False),
        sa.Column("dihitung_at", sa.BigInteger(), nullable=False),
        sa.Column("jpm", sa.Numeric(6, 2)),
        sa.Column("seleksi", sa.String(20)),
        sa.Column("pemetaan", sa.String(20)),
        sa.Column("baris", sa.String(10)),
        sa.Column("potensial", sa.Numeric(6, 2)),
        sa.Column("kolom", sa.String(10)),
        sa.Column("kotak", sa.Integer(), nullable=False),
        sa.Column("ip_asn", sa.Numeric(6, 2)),
        sa.Column("pita_ip_asn", sa.String(40)),
        sa.Column("ti_kuat", sa.Boolean()),
        sa.Column("belum_ada", sa.JSON(), nullable=False),
        _employee("potret_talenta"),
        sa.PrimaryKeyConstraint("pegawai_id", name=op.f("pk_potret_talenta")),
    )
    op.create_index(op.f("ix_potret_talenta_kotak"), "potret_talenta", ["kotak"])
    op.create_table(
        "potret_gap",
        sa.Column("pegawai_id", sa.Integer(), nullable=False),
        sa.Column("kompetensi", sa.String(60), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        _employee("potret_gap"),
        sa.PrimaryKeyConstraint("pegawai_id", "kompetensi", name=op.f("pk_potret_gap")),
    )


def _employee(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["pegawai_id"], ["pegawai.id"], name=op.f(f"fk_{table}_pegawai_id_pegawai")
    )


def _refuse(table: str, act: str, when: str = "") -> None:
    name = f"{table}_no_{act.lower()}"
    condition = f"WHEN ({when}) " if when else ""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW "
            f"{condition}EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
