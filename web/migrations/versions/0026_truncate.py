"""What may not be deleted row by row may not be emptied at a stroke either (PostgreSQL)."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_GUARDED = """
SELECT DISTINCT event_object_table FROM information_schema.triggers
WHERE trigger_schema = current_schema() AND event_manipulation = 'DELETE'
ORDER BY event_object_table
"""


def upgrade() -> None:
    for table in _guarded():
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in _guarded():
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")


def _guarded() -> list[str]:
    """Tables whose rows a trigger keeps from being deleted; SQLite knows no TRUNCATE."""
    bind = op.get_bind()
    return list(bind.scalars(sa.text(_GUARDED))) if bind.dialect.name == "postgresql" else []
