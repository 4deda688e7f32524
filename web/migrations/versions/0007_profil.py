"""Evidence of competency with its decisions, norm groups, and the data that rule them.

Rows are only ever added: a withdrawal or a newer norm group is another row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _data()
    _evidence()
    _norm_groups()
    for table in ("data_kompetensi", "bukti_kompetensi", "keputusan_bukti", "kelompok_norma"):
        _append_only(table)


def _data() -> None:
    op.create_table(
        "data_kompetensi",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kode", sa.String(40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_data_kompetensi")),
    )
    op.create_index(op.f("ix_data_kompetensi_kode"), "data_kompetensi", ["kode"])


def _evidence() -> None:
    op.create_table(
        "bukti_kompetensi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kompetensi", sa.String(60), nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("tanggal", sa.Date(), nullable=False),
        sa.Column("berlaku_sampai", sa.Date(), nullable=False),
        sa.Column("asal", sa.String(200), nullable=False),
        sa.Column("alasan", sa.String(300), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.Column("noted_by", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_bukti_kompetensi_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bukti_kompetensi")),
    )
    op.create_index(op.f("ix_bukti_kompetensi_person_id"), "bukti_kompetensi", ["person_id"])
    op.create_table(
        "keputusan_bukti",
        sa.Column("bukti_id", sa.Integer(), nullable=False),
        sa.Column("jenis", sa.String(10), nullable=False),
        sa.Column("alasan", sa.String(300), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["bukti_id"],
            ["bukti_kompetensi.id"],
            name=op.f("fk_keputusan_bukti_bukti_id_bukti_kompetensi"),
        ),
        sa.PrimaryKeyConstraint("bukti_id", "jenis", name=op.f("pk_keputusan_bukti")),
    )


def _norm_groups() -> None:
    op.create_table(
        "kelompok_norma",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nama", sa.String(160), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kelompok_norma")),
        sa.UniqueConstraint("nama", name=op.f("uq_kelompok_norma_nama")),
    )


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
