"""Calibration runs, their proposals and decisions, and the provenance of parameters.

Runs, results, proposals and decisions are only ever added. Parameters that are in the bank already
have no standard errors and no provenance: they were guessed, or estimated before this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "calibration_run",
    "calibration_result",
    "calibration_proposal",
    "calibration_decision",
)


def upgrade() -> None:
    op.add_column("calibration", sa.Column("model", sa.String(10)))
    op.add_column("calibration", sa.Column("se", sa.JSON()))
    op.add_column("calibration", sa.Column("provenance", sa.JSON()))
    _runs()
    _proposals()
    for table in APPEND_ONLY:
        _append_only(table)


def _runs() -> None:
    op.create_table(
        "calibration_run",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["job.id"], name=op.f("fk_calibration_run_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_run")),
    )
    op.create_index(op.f("ix_calibration_run_asked_at"), "calibration_run", ["asked_at"])
    op.create_table(
        "calibration_result",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("data_sha256", sa.String(64), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["calibration_run.id"],
            name=op.f("fk_calibration_result_run_id_calibration_run"),
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_calibration_result")),
    )


def _proposals() -> None:
    op.create_table(
        "calibration_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column("version_id", sa.Integer()),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("estimate", sa.JSON(), nullable=False),
        sa.Column("former", sa.JSON()),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["calibration_run.id"],
            name=op.f("fk_calibration_proposal_run_id_calibration_run"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["item_version.id"],
            name=op.f("fk_calibration_proposal_version_id_item_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_proposal")),
    )
    for column in ("run_id", "version_id"):
        name = op.f(f"ix_calibration_proposal_{column}")
        op.create_index(name, "calibration_proposal", [column])
    op.create_table(
        "calibration_decision",
        sa.Column("proposal_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("calibration_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibration.id"],
            name=op.f("fk_calibration_decision_calibration_id_calibration"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["calibration_proposal.id"],
            name=op.f("fk_calibration_decision_proposal_id_calibration_proposal"),
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_calibration_decision")),
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


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
    for column in ("provenance", "se", "model"):
        op.drop_column("calibration", column)
