"""Official documents that anybody can verify, and their withdrawal by two people.

What was issued is only ever added: the record, the PDF. A document that is wrong is withdrawn or
replaced, and both leave it readable.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SUBJECTS = {"sitting": sa.String(36), "sesi": sa.Integer(), "pengumuman": sa.Integer()}
SUBJECTS |= {"instansi": sa.Integer()}


def upgrade() -> None:
    _documents()
    _withdrawals()
    for table in ("dokumen", "dokumen_pdf"):
        _append_only(table)


def _documents() -> None:
    op.create_table(
        "dokumen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomor", sa.String(40), nullable=False),
        sa.Column("kode", sa.String(20), nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        *(sa.Column(f"{table}_id", kind) for table, kind in SUBJECTS.items()),
        sa.Column("catatan", sa.JSON(), nullable=False),
        sa.Column("sidik_isi", sa.String(64), nullable=False),
        sa.Column("kunci", sa.String(64), nullable=False),
        sa.Column("tanda_tangan", sa.String(128), nullable=False),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", sa.String(80), nullable=False),
        sa.Column("replaces_id", sa.Integer()),
        sa.Column("alasan", sa.Text()),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_dokumen_{table}_id_{table}")
            )
            for table in SUBJECTS
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["dokumen.id"], name=op.f("fk_dokumen_replaces_id_dokumen")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dokumen")),
        sa.UniqueConstraint("nomor", name=op.f("uq_dokumen_nomor")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_dokumen_pdf_sha256")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_dokumen_replaces_id")),
    )
    for table in SUBJECTS:
        op.create_index(op.f(f"ix_dokumen_{table}_id"), "dokumen", [f"{table}_id"])
    op.create_index(op.f("ix_dokumen_jenis_issued_at"), "dokumen", ["jenis", "issued_at"])
    op.create_table(
        "dokumen_pdf",
        sa.Column("dokumen_id", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dokumen_id"], ["dokumen.id"], name=op.f("fk_dokumen_pdf_dokumen_id_dokumen")
        ),
        sa.PrimaryKeyConstraint("dokumen_id", name=op.f("pk_dokumen_pdf")),
    )
    op.create_table(
        "dokumen_urut",
        sa.Column("awalan", sa.String(10), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("terakhir", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("awalan", "tahun", name=op.f("pk_dokumen_urut")),
    )


def _withdrawals() -> None:
    op.create_table(
        "penarikan_dokumen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dokumen_id", sa.Integer(), nullable=False),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(80), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(80)),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("agreed", sa.Boolean()),
        sa.ForeignKeyConstraint(
            ["dokumen_id"], ["dokumen.id"], name=op.f("fk_penarikan_dokumen_dokumen_id_dokumen")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penarikan_dokumen")),
    )
    op.create_index(
        op.f("ix_penarikan_dokumen_dokumen_id"), "penarikan_dokumen", ["dokumen_id"]
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
