"""Units, superiors and accounts of employees; frozen, signed announcements of results.

Rows of an announcement are only ever added.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _employees()
    _announcements()
    _append_only("hasil")


def _employees() -> None:
    op.create_table(
        "unit_kerja",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kode", sa.String(20), nullable=False),
        sa.Column("nama", sa.String(160), nullable=False),
        sa.Column("instansi_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_unit_kerja_instansi_id_instansi")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_kerja")),
        sa.UniqueConstraint("kode", name=op.f("uq_unit_kerja_kode")),
    )
    op.add_column("jabatan", sa.Column("jenjang", sa.String(40)))
    op.add_column("peserta", sa.Column("jenjang", sa.String(20)))
    op.add_column("peserta", sa.Column("ipk", sa.Numeric(5, 2)))
    with op.batch_alter_table("pegawai") as table:
        table.add_column(sa.Column("unit_id", sa.Integer()))
        table.add_column(sa.Column("atasan_id", sa.Integer()))
        table.add_column(sa.Column("pendidikan", sa.String(20)))
        table.create_foreign_key(
            op.f("fk_pegawai_unit_id_unit_kerja"), "unit_kerja", ["unit_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_pegawai_atasan_id_pegawai"), "pegawai", ["atasan_id"], ["id"]
        )
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("pegawai_id", sa.Integer()))
        table.add_column(sa.Column("instansi_id", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_user_account_pegawai_id_pegawai"), "pegawai", ["pegawai_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_user_account_instansi_id_instansi"), "instansi", ["instansi_id"], ["id"]
        )
        table.create_unique_constraint(op.f("uq_user_account_pegawai_id"), ["pegawai_id"])


def _announcements() -> None:
    op.create_table(
        "pengumuman",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kode", sa.String(40), nullable=False),
        sa.Column("tahap", sa.String(20), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("instansi_id", sa.Integer()),
        sa.Column("rules_digest", sa.String(64), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("drawn_by", sa.String(80), nullable=False),
        sa.Column("approved_at", sa.BigInteger()),
        sa.Column("approved_by", sa.String(80)),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("replaces_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_pengumuman_instansi_id_instansi")
        ),
        sa.ForeignKeyConstraint(
            ["rules_digest"],
            ["rule_set.digest"],
            name=op.f("fk_pengumuman_rules_digest_rule_set"),
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["pengumuman.id"], name=op.f("fk_pengumuman_replaces_id_pengumuman")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pengumuman")),
        sa.UniqueConstraint("kode", name=op.f("uq_pengumuman_kode")),
    )
    op.create_table(
        "hasil",
        sa.Column("pengumuman_id", sa.Integer(), nullable=False),
        sa.Column("peserta_id", sa.Integer(), nullable=False),
        sa.Column("formasi_id", sa.Integer(), nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer()) for name in ("twk", "tiu", "tkp", "total")),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("kode", sa.String(10), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pengumuman_id"], ["pengumuman.id"], name=op.f("fk_hasil_pengumuman_id_pengumuman")
        ),
        sa.ForeignKeyConstraint(
            ["peserta_id"], ["peserta.id"], name=op.f("fk_hasil_peserta_id_peserta")
        ),
        sa.ForeignKeyConstraint(
            ["formasi_id"], ["formasi.id"], name=op.f("fk_hasil_formasi_id_formasi")
        ),
        sa.PrimaryKeyConstraint("pengumuman_id", "peserta_id", name=op.f("pk_hasil")),
    )
    op.create_index(op.f("ix_hasil_peserta_id"), "hasil", ["peserta_id"])
    op.create_index(op.f("ix_hasil_formasi_id"), "hasil", ["formasi_id"])


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
