"""Why personal data are held, who looked at whose, what people asked for, what was cleared.

Who looked at whose data is only ever added to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "processing_register",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("loaded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_processing_register")),
    )
    op.create_table(
        "data_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(400), nullable=False),
        sa.Column("activity", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_data_access_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_access")),
    )
    op.create_index(op.f("ix_data_access_person_id"), "data_access", ["person_id"])
    op.create_table(
        "data_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("wish", sa.String(1000), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("received_by", sa.String(80), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(1000)),
        sa.Column("granted", sa.Boolean()),
        sa.Column("answered_at", sa.BigInteger()),
        sa.Column("answered_by", sa.String(80)),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_data_request_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    op.create_index(op.f("ix_data_request_person_id"), "data_request", ["person_id"])
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("register_digest", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.String(80), nullable=False),
        sa.Column("approved_at", sa.BigInteger()),
        sa.Column("approved_by", sa.String(80)),
        sa.Column("done", sa.JSON()),
        sa.ForeignKeyConstraint(
            ["register_digest"],
            ["processing_register.digest"],
            name=op.f("fk_retention_run_register_digest_processing_register"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    _append_only("data_access")


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
