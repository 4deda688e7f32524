"""Serving: counts of failed logins that all web processes share."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batas_masuk",
        sa.Column("kunci", sa.String(64), nullable=False),
        sa.Column("jumlah", sa.Integer(), nullable=False),
        sa.Column("sampai", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kunci", name=op.f("pk_batas_masuk")),
    )
    op.create_index(op.f("ix_batas_masuk_sampai"), "batas_masuk", ["sampai"])


def downgrade() -> None:
    op.drop_table("batas_masuk")
