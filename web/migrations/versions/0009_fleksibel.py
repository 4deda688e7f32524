"""Flexible work as requests with steps, on versions of the policy that two people agreed on.

Steps and assessments are only ever added; the content of a policy version never changes, and an
approved version not at all. Tells also, for each jabatan, what its task analysis says of hours.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CONTENT = "lapis, instansi_id, kode, dasar, digest, content, berlaku_sejak"


def upgrade() -> None:
    _versions()
    _hours()
    _requests()
    for table in ("langkah_permohonan", "penilaian_fleksibel"):
        _append_only(table)
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _versions() -> None:
    op.create_table(
        "kebijakan_versi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lapis", sa.String(10), nullable=False),
        sa.Column("instansi_id", sa.Integer()),
        sa.Column("kode", sa.String(40), nullable=False),
        sa.Column("dasar", sa.String(40)),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("berlaku_sejak", sa.Date(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("diusulkan_at", sa.BigInteger(), nullable=False),
        sa.Column("diusulkan_oleh", sa.String(80), nullable=False),
        sa.Column("alasan", sa.String(500), nullable=False),
        sa.Column("diputuskan_at", sa.BigInteger()),
        sa.Column("diputuskan_oleh", sa.String(80)),
        sa.Column("alasan_putusan", sa.String(500)),
        sa.ForeignKeyConstraint(
            ["instansi_id"], ["instansi.id"], name=op.f("fk_kebijakan_versi_instansi_id_instansi")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kebijakan_versi")),
    )
    op.create_index(op.f("ix_kebijakan_versi_instansi_id"), "kebijakan_versi", ["instansi_id"])


def _hours() -> None:
    op.create_table(
        "telaah_waktu",
        sa.Column("jabatan_id", sa.Integer(), nullable=False),
        sa.Column("tidak_terikat_jam_kantor", sa.Boolean()),
        *(
            sa.Column(name, sa.Integer())
            for name in ("menit_per_hari", "hari_per_minggu", "menit_per_minggu")
        ),
        sa.Column("dasar", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["jabatan_id"], ["jabatan.id"], name=op.f("fk_telaah_waktu_jabatan_id_jabatan")
        ),
        sa.PrimaryKeyConstraint("jabatan_id", name=op.f("pk_telaah_waktu")),
    )


def _requests() -> None:
    op.create_table(
        "permohonan_fleksibel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pegawai_id", sa.Integer(), nullable=False),
        sa.Column("keadaan", sa.String(24), nullable=False),
        sa.Column("bentuk", sa.String(20), nullable=False),
        sa.Column("hari", sa.JSON(), nullable=False),
        sa.Column("dari", sa.Date(), nullable=False),
        sa.Column("sampai", sa.Date(), nullable=False),
        sa.Column("tinjau_pada", sa.Date()),
        sa.Column("jumlah_langkah", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_permohonan_fleksibel_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permohonan_fleksibel")),
    )
    for column in ("pegawai_id", "keadaan"):
        op.create_index(
            op.f(f"ix_permohonan_fleksibel_{column}"), "permohonan_fleksibel", [column]
        )
    op.create_table(
        "langkah_permohonan",
        sa.Column("permohonan_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("hari", sa.Date(), nullable=False),
        sa.Column("oleh", sa.String(80), nullable=False),
        sa.Column("peran", sa.String(10), nullable=False),
        sa.Column("pegawai_id", sa.Integer()),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permohonan_id"],
            ["permohonan_fleksibel.id"],
            name=op.f("fk_langkah_permohonan_permohonan_id_permohonan_fleksibel"),
        ),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_langkah_permohonan_pegawai_id_pegawai")
        ),
        sa.PrimaryKeyConstraint("permohonan_id", "seq", name=op.f("pk_langkah_permohonan")),
    )
    op.create_table(
        "penilaian_fleksibel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pegawai_id", sa.Integer(), nullable=False),
        sa.Column("permohonan_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("hari", sa.Date(), nullable=False),
        sa.Column("policy_digest", sa.String(64), nullable=False),
        sa.Column("fakta", sa.JSON(), nullable=False),
        sa.Column("kesimpulan", sa.String(40), nullable=False),
        sa.Column("hasil", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pegawai_id"], ["pegawai.id"], name=op.f("fk_penilaian_fleksibel_pegawai_id_pegawai")
        ),
        sa.ForeignKeyConstraint(
            ["permohonan_id"],
            ["permohonan_fleksibel.id"],
            name=op.f("fk_penilaian_fleksibel_permohonan_id_permohonan_fleksibel"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_digest"],
            ["policy.digest"],
            name=op.f("fk_penilaian_fleksibel_policy_digest_policy"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penilaian_fleksibel")),
    )
    op.create_index(op.f("ix_penilaian_fleksibel_pegawai_id"), "penilaian_fleksibel", ["pegawai_id"])
    op.create_index(
        "ix_penilaian_fleksibel_permohonan_id", "penilaian_fleksibel", ["permohonan_id", "seq"]
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


def _postgresql() -> None:
    op.execute(
        f"CREATE TRIGGER kebijakan_versi_content BEFORE UPDATE OF {CONTENT} OR DELETE "
        "ON kebijakan_versi FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER kebijakan_versi_decided BEFORE UPDATE ON kebijakan_versi FOR EACH ROW "
        "WHEN (OLD.status <> 'usulan') EXECUTE FUNCTION refuse_change()"
    )


def _sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'kebijakan_versi is append-only'); END"
    for name, act in (
        ("content", f"UPDATE OF {CONTENT} ON kebijakan_versi"),
        ("delete", "DELETE ON kebijakan_versi"),
        ("decided", "UPDATE ON kebijakan_versi WHEN OLD.status <> 'usulan'"),
    ):
        op.execute(f"CREATE TRIGGER kebijakan_versi_{name} BEFORE {act} {refuse}")
