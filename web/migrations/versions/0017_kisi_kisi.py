"""Blueprints in versions, and the publication of pools by two people.

From now on the database refuses to change or delete a published pool. What is only ever added is
guarded in the same way.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "pool",
    "kisi_kisi",
    "pool_proposal",
    "pool_check",
    "pool_decision",
    "pool_withdrawal",
)


def upgrade() -> None:
    _blueprints()
    _proposals()
    op.create_table(
        "pool_withdrawal",
        sa.Column("pool_digest", sa.String(64), nullable=False),
        *_act(),
        sa.ForeignKeyConstraint(
            ["pool_digest"], ["pool.digest"], name=op.f("fk_pool_withdrawal_pool_digest_pool")
        ),
        sa.PrimaryKeyConstraint("pool_digest", name=op.f("pk_pool_withdrawal")),
    )
    for table in APPEND_ONLY:
        _append_only(table)


def _blueprints() -> None:
    op.create_table(
        "kisi_kisi",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kode", sa.String(80), nullable=False),
        sa.Column("nomor", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("dari", sa.String(64)),
        sa.Column("alasan", sa.String(500), nullable=False),
        sa.Column("dibuat_at", sa.BigInteger(), nullable=False),
        sa.Column("dibuat_oleh", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["dari"], ["kisi_kisi.digest"], name=op.f("fk_kisi_kisi_dari_kisi_kisi")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_kisi_kisi")),
        sa.UniqueConstraint("kode", "nomor", name=op.f("uq_kisi_kisi_kode_nomor")),
    )


def _proposals() -> None:
    op.create_table(
        "pool_proposal",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kisi_kisi", sa.String(64), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        *_act(),
        sa.ForeignKeyConstraint(["id"], ["job.id"], name=op.f("fk_pool_proposal_id_job")),
        sa.ForeignKeyConstraint(
            ["kisi_kisi"],
            ["kisi_kisi.digest"],
            name=op.f("fk_pool_proposal_kisi_kisi_kisi_kisi"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_proposal")),
    )
    op.create_index(op.f("ix_pool_proposal_kisi_kisi"), "pool_proposal", ["kisi_kisi"])
    op.create_table(
        "pool_check",
        sa.Column("proposal_id", sa.String(36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("pool_digest", sa.String(64)),
        sa.Column("sources_digest", sa.String(64), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        *_of_proposal("pool_check"),
    )
    op.create_table(
        "pool_candidate",
        sa.Column("proposal_id", sa.String(36), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("tables", sa.LargeBinary(), nullable=False),
        *_of_proposal("pool_candidate"),
    )
    op.create_table(
        "pool_decision",
        sa.Column("proposal_id", sa.String(36), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        *_act(),
        *_of_proposal("pool_decision"),
    )


def _act() -> tuple[sa.Column, ...]:
    return (
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
    )


def _of_proposal(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["pool_proposal.id"],
            name=op.f(f"fk_{table}_proposal_id_pool_proposal"),
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f(f"pk_{table}")),
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
