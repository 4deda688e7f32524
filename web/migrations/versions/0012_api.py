"""Keys of programs that use the API, and the feed from which they read what changed.

Results from before this migration enter the feed at once. On PostgreSQL every row notes its own
transaction, so that a reader never passes by a row that becomes visible late.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nama", sa.String(80), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("instansi_id", sa.Integer()),
        sa.Column("purpose", sa.String(300), nullable=False),
        sa.Column("legal_basis", sa.String(300), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(80), nullable=False),
        sa.Column("approved_at", sa.BigInteger()),
        sa.Column("approved_by", sa.String(80)),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.Column("revoked_by", sa.String(80)),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_api_token_instansi_id_instansi")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("nama", name=op.f("uq_api_token_nama")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    own_transaction = "(pg_current_xact_id()::text::bigint)" if postgresql else "0"
    op.create_table(
        "change_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            nullable=False,
            server_default=sa.text(own_transaction),
        ),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_feed")),
    )
    op.create_index("ix_change_feed_order", "change_feed", ["kind", "transaction_id", "id"])
    op.execute(
        "INSERT INTO change_feed (kind, key) "
        "SELECT 'hasil', sitting_id FROM part_result GROUP BY sitting_id ORDER BY sitting_id"
    )
