"""Keep why each part of a sitting ended.

Results from before this migration came from parts of fixed length: those that are complete ended by
reaching it (1), the others were broken off (0).
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "part_result", sa.Column("reason", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute("UPDATE part_result SET reason = 1 WHERE answered = length")
