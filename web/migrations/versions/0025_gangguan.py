"""The time that the platform keeps on each machine, whatever happens to the machine's clock."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jam_mesin",
        sa.Column("mesin", sa.String(36), nullable=False),
        sa.Column("selisih", sa.BigInteger(), nullable=False),
        sa.Column("disetel_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mesin", name=op.f("pk_jam_mesin")),
    )


def downgrade() -> None:
    op.drop_table("jam_mesin")
