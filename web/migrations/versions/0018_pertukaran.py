"""Imports of items: what was found in a file, the file until then, and that it was brought in."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

APPEND_ONLY = ("item_import", "item_import_applied")


def upgrade() -> None:
    op.create_table(
        "item_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(80), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_import")),
    )
    op.create_index(op.f("ix_item_import_sha256"), "item_import", ["sha256"])
    _one_for_each("item_import_file", sa.Column("body", sa.LargeBinary(), nullable=False))
    _one_for_each(
        "item_import_applied",
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    for table in APPEND_ONLY:
        _append_only(table)


def downgrade() -> None:
    for table in ("item_import_applied", "item_import_file", "item_import"):
        op.drop_table(table)


def _one_for_each(table: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("import_id", sa.Integer(), autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["import_id"], ["item_import.id"], name=op.f(f"fk_{table}_import_id_item_import")
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f(f"pk_{table}")),
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
