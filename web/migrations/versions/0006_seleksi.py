"""From results to decisions: acts of two people, reuse of an earlier SKD, SKB, objections.

What two people decided and what was entered is only ever added; an announcement that was approved
never changes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DECISION = ("decided_by", "decided_at", "agreed")


def upgrade() -> None:
    _usul()
    _nilai_lama()
    _skb()
    _sanggah()
    op.add_column("pengumuman", sa.Column("dasar", sa.JSON(), nullable=False, server_default="{}"))
    _append_only("nilai_skb")
    _refuse("usul", "DELETE")
    _decided_once()
    _refuse("pengumuman", "DELETE")
    _refuse("pengumuman", "UPDATE", "OLD.approved_at IS NOT NULL")


def _usul() -> None:
    op.create_table(
        "usul",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("peserta_id", sa.Integer()),
        sa.Column("formasi_id", sa.Integer()),
        sa.Column("sitting_id", sa.String(36)),
        sa.Column("isi", sa.JSON(), nullable=False),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(80), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(80)),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("agreed", sa.Boolean()),
        *_links("usul", peserta_id="peserta", formasi_id="formasi", sitting_id="sitting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usul")),
    )
    for column in ("peserta_id", "formasi_id", "sitting_id"):
        op.create_index(op.f(f"ix_usul_{column}"), "usul", [column])
    op.create_index("ix_usul_tahun_decided_at", "usul", ["tahun", "decided_at"])


def _nilai_lama() -> None:
    op.create_table(
        "nilai_lama",
        sa.Column("peserta_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("tahun_asal", "twk", "tiu", "tkp")
        ),
        sa.Column("jenjang", sa.String(20), nullable=False),
        sa.Column("pilihan", sa.String(10)),
        sa.Column("chosen_at", sa.BigInteger()),
        sa.Column("entered_by", sa.String(80), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        *_links("nilai_lama", peserta_id="peserta"),
        sa.PrimaryKeyConstraint("peserta_id", name=op.f("pk_nilai_lama")),
    )


def _skb() -> None:
    op.create_table(
        "rencana_skb",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("instansi_id", sa.Integer(), nullable=False),
        sa.Column("jabatan_id", sa.Integer(), nullable=False),
        sa.Column("dasar", sa.String(200), nullable=False),
        sa.Column("saved_by", sa.String(80), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        *_links("rencana_skb", instansi_id="instansi", jabatan_id="jabatan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rencana_skb")),
        sa.UniqueConstraint(
            "tahun",
            "instansi_id",
            "jabatan_id",
            name=op.f("uq_rencana_skb_tahun_instansi_id_jabatan_id"),
        ),
    )
    op.create_table(
        "bagian_rencana",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rencana_id", sa.Integer(), nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        sa.Column("jenis", sa.String(40), nullable=False),
        sa.Column("nama", sa.String(120), nullable=False),
        sa.Column("maks", sa.Numeric(9, 3), nullable=False),
        sa.Column("bobot", sa.Integer(), nullable=False),
        sa.Column("menggugurkan", sa.Boolean(), nullable=False),
        sa.Column("minimum", sa.Numeric(9, 3)),
        *_links("bagian_rencana", rencana_id="rencana_skb"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bagian_rencana")),
        sa.UniqueConstraint("rencana_id", "jenis", name=op.f("uq_bagian_rencana_rencana_id_jenis")),
    )
    op.create_table(
        "nilai_skb",
        sa.Column("peserta_id", sa.Integer(), nullable=False),
        sa.Column("bagian_id", sa.Integer(), nullable=False),
        sa.Column("versi", sa.Integer(), nullable=False),
        sa.Column("nilai", sa.Numeric(9, 3)),
        sa.Column("entered_by", sa.String(80), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("usul_id", sa.Integer()),
        *_links("nilai_skb", peserta_id="peserta", bagian_id="bagian_rencana", usul_id="usul"),
        sa.PrimaryKeyConstraint("peserta_id", "bagian_id", "versi", name=op.f("pk_nilai_skb")),
    )
    op.create_index(op.f("ix_nilai_skb_bagian_id"), "nilai_skb", ["bagian_id"])


def _sanggah() -> None:
    op.create_table(
        "jadwal_sanggah",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("tahap", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("mulai", "sampai")),
        sa.Column("jawab_sampai", sa.Date(), nullable=False),
        sa.Column("saved_by", sa.String(80), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jadwal_sanggah")),
        sa.UniqueConstraint("tahun", "tahap", name=op.f("uq_jadwal_sanggah_tahun_tahap")),
    )
    op.create_table(
        "sanggah",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tiket", sa.String(20), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("tahap", sa.String(20), nullable=False),
        sa.Column("peserta_id", sa.Integer(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.String(80), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("putusan", sa.String(10)),
        sa.Column("jawaban", sa.Text()),
        sa.Column("answered_at", sa.BigInteger()),
        *_links("sanggah", peserta_id="peserta"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanggah")),
        sa.UniqueConstraint("tiket", name=op.f("uq_sanggah_tiket")),
        sa.UniqueConstraint("peserta_id", "tahap", name=op.f("uq_sanggah_peserta_id_tahap")),
    )
    op.create_index(op.f("ix_sanggah_peserta_id"), "sanggah", ["peserta_id"])
    op.create_index(op.f("ix_sanggah_tahun"), "sanggah", ["tahun"])


def _links(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
        for column, to in columns.items()
    ]


def _append_only(table: str) -> None:
    for act in ("UPDATE", "DELETE"):
        _refuse(table, act)


def _decided_once() -> None:
    """Only the decision on a proposal may be written, and that once."""
    if op.get_bind().dialect.name == "postgresql":
        names = ",".join(DECISION)
        changed = (
            f"to_jsonb(NEW) - '{{{names}}}'::text[] "
            f"IS DISTINCT FROM to_jsonb(OLD) - '{{{names}}}'::text[]"
        )
    else:
        table = sa.inspect(op.get_bind()).get_columns("usul")
        kept = [column["name"] for column in table if column["name"] not in DECISION]
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in kept)
    _refuse("usul", "UPDATE", f"OLD.decided_at IS NOT NULL OR {changed}")


def _refuse(table: str, act: str, when: str = "") -> None:
    """Let the database refuse an act, always or where `when` holds."""
    name = f"{table}_append_only_{act.lower()}"
    condition = f"WHEN ({when})" if when else ""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
            f"FOR EACH ROW {condition} EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
