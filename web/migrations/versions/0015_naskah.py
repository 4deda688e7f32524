"""Working copies of drafts, what was sent already, and what items are alike."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "naskah",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("domain", sa.String(80), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_naskah")),
        sa.UniqueConstraint("owner", "code", name=op.f("uq_naskah_owner_code")),
    )
    op.create_index(op.f("ix_naskah_code"), "naskah", ["code"])
    op.create_table(
        "naskah_kiriman",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["item_version.id"],
            name=op.f("fk_naskah_kiriman_version_id_item_version"),
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_naskah_kiriman")),
    )
    op.create_table(
        "item_sketch",
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("stimulus", sa.String(40), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_sketch_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_item_sketch_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_sketch")),
    )
    op.create_index(op.f("ix_item_sketch_version_id"), "item_sketch", ["version_id"])
    op.create_index(op.f("ix_item_sketch_stimulus"), "item_sketch", ["stimulus"])


def downgrade() -> None:
    op.drop_table("item_sketch")
    op.drop_table("naskah_kiriman")
    op.drop_table("naskah")
