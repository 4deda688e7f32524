"""Keep who proposed and who approved each version of a rule set; its content never changes.

Rule sets from before this migration came with the platform: they count as approved by the starter
bank at the moment of the migration.
"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CONTENT = "digest, kode, tahun, content, berlaku_sejak, berlaku_sampai"


def upgrade() -> None:
    with op.batch_alter_table("rule_set") as table:
        table.add_column(sa.Column("berlaku_sejak", sa.Date()))
        table.add_column(sa.Column("berlaku_sampai", sa.Date()))
        table.add_column(sa.Column("status", sa.String(10)))
        table.add_column(sa.Column("menggantikan", sa.String(64)))
        table.add_column(sa.Column("diusulkan_at", sa.BigInteger()))
        table.add_column(sa.Column("diusulkan_oleh", sa.String(80)))
        table.add_column(sa.Column("alasan", sa.String(500)))
        table.add_column(sa.Column("diputuskan_at", sa.BigInteger()))
        table.add_column(sa.Column("diputuskan_oleh", sa.String(80)))
        table.add_column(sa.Column("alasan_putusan", sa.String(500)))
        table.create_foreign_key(
            op.f("fk_rule_set_menggantikan_rule_set"), "rule_set", ["menggantikan"], ["digest"]
        )
    _approve_what_is_there()
    with op.batch_alter_table("rule_set") as table:
        table.alter_column("status", existing_type=sa.String(10), nullable=False)
        table.alter_column("diusulkan_at", existing_type=sa.BigInteger(), nullable=False)
        table.alter_column("diusulkan_oleh", existing_type=sa.String(80), nullable=False)
        table.alter_column("alasan", existing_type=sa.String(500), nullable=False)
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _approve_what_is_there() -> None:
    op.execute(
        sa.text(
            "UPDATE rule_set SET status = 'disetujui', alasan = 'isi awal',"
            " alasan_putusan = 'isi awal', diusulkan_oleh = 'bank awal',"
            " diputuskan_oleh = 'bank awal', diusulkan_at = :now, diputuskan_at = :now"
        ).bindparams(sa.bindparam("now", time.time_ns() // 1000, type_=sa.BigInteger()))
    )


def _postgresql() -> None:
    op.execute(
        f"CREATE TRIGGER rule_set_content BEFORE UPDATE OF {CONTENT} OR DELETE ON rule_set "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER rule_set_approved BEFORE UPDATE ON rule_set FOR EACH ROW "
        "WHEN (OLD.status = 'disetujui') EXECUTE FUNCTION refuse_change()"
    )


def _sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'rule_set is append-only'); END"
    for name, act in (
        ("content", f"UPDATE OF {CONTENT} ON rule_set"),
        ("delete", "DELETE ON rule_set"),
        ("approved", "UPDATE ON rule_set WHEN OLD.status = 'disetujui'"),
    ):
        op.execute(f"CREATE TRIGGER rule_set_{name} BEFORE {act} {refuse}")
