"""The path of answers: room in the pages of sittings for the next version of each row.

Every answer changes its sitting. With room beside it PostgreSQL writes the new version into the
same page and leaves the indexes alone.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE sitting SET (fillfactor = 60)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE sitting RESET (fillfactor)")
