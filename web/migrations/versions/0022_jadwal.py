"""Schedule and check-in: rules of exam days as data, files of participants on their way in."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aturan_pelaksanaan",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kode", sa.String(40), nullable=False),
        sa.Column("berlaku_sejak", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("loaded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_aturan_pelaksanaan")),
    )
    op.create_table(
        "impor_peserta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nama", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("isi", sa.LargeBinary(), nullable=True),
        sa.Column("oleh", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("diterapkan_at", sa.BigInteger(), nullable=True),
        sa.Column("diterapkan_oleh", sa.String(80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impor_peserta")),
    )
    _append_only("aturan_pelaksanaan")


def downgrade() -> None:
    op.drop_table("impor_peserta")
    op.drop_table("aturan_pelaksanaan")


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
