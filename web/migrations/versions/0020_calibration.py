"""Parameters that a version was given stay: calibrations are only ever added."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER calibration_append_only BEFORE UPDATE OR DELETE ON calibration "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER calibration_append_only_{act.lower()} BEFORE {act} ON calibration "
            "BEGIN SELECT RAISE(ABORT, 'calibration is append-only'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER calibration_append_only ON calibration")
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER calibration_append_only_{act.lower()}")
