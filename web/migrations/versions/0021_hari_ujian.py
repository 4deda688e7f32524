"""An exam day: rooms, check-in, logins, calls, messages, what happened; sesi and sittings of any test."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

APPEND_ONLY = ("kejadian", "pemeriksaan")


def upgrade() -> None:
    _rooms()
    _people()
    _happenings()
    _existing()
    for table in APPEND_ONLY:
        _append_only(table)


def _people() -> None:
    op.create_table('foto',
    sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('mime', sa.String(length=20), nullable=False),
    sa.Column('isi', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_foto_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_foto'))
    )
    op.create_table('akomodasi',
    sa.Column('peserta_id', sa.Integer(), nullable=False),
    sa.Column('kode', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['peserta_id'], ['peserta.id'], name=op.f('fk_akomodasi_peserta_id_peserta')),
    sa.PrimaryKeyConstraint('peserta_id', 'kode', name=op.f('pk_akomodasi'))
    )
    op.create_table('kontak',
    sa.Column('sitting_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_kontak_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('sitting_id', name=op.f('pk_kontak'))
    )
    op.create_table('masuk',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('sitting_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('komputer', sa.String(length=32), nullable=False),
    sa.Column('alamat', sa.String(length=45), nullable=False),
    sa.Column('keadaan', sa.String(length=10), nullable=False),
    sa.Column('diakhiri_at', sa.BigInteger(), nullable=True),
    sa.Column('diakhiri_oleh', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_masuk_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_masuk'))
    )
    with op.batch_alter_table('masuk', schema=None) as batch_op:
        batch_op.create_index('ix_masuk_sitting_keadaan', ['sitting_id', 'keadaan'], unique=False)

    op.create_table('pemeriksaan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('cara', sa.String(length=20), nullable=False),
    sa.Column('cocok', sa.Boolean(), nullable=False),
    sa.Column('oleh', sa.String(length=80), nullable=False),
    sa.Column('saksi', sa.String(length=80), nullable=False),
    sa.Column('catatan', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_pemeriksaan_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pemeriksaan'))
    )
    with op.batch_alter_table('pemeriksaan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pemeriksaan_sitting_id'), ['sitting_id'], unique=False)



def _happenings() -> None:
    op.create_table('kejadian',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sesi_id', sa.Integer(), nullable=False),
    sa.Column('ruang_id', sa.Integer(), nullable=True),
    sa.Column('sitting_id', sa.String(length=36), nullable=True),
    sa.Column('kursi', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('jenis', sa.String(length=40), nullable=False),
    sa.Column('uraian', sa.String(length=1000), nullable=False),
    sa.Column('oleh', sa.String(length=80), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['ruang_id'], ['ruang.id'], name=op.f('fk_kejadian_ruang_id_ruang')),
    sa.ForeignKeyConstraint(['sesi_id'], ['sesi.id'], name=op.f('fk_kejadian_sesi_id_sesi')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_kejadian_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kejadian'))
    )
    with op.batch_alter_table('kejadian', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kejadian_sesi_id'), ['sesi_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_kejadian_sitting_id'), ['sitting_id'], unique=False)

    op.create_table('panggilan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sesi_id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('jenis', sa.String(length=20), nullable=False),
    sa.Column('ditangani_at', sa.BigInteger(), nullable=True),
    sa.Column('ditangani_oleh', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['sesi_id'], ['sesi.id'], name=op.f('fk_panggilan_sesi_id_sesi')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_panggilan_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panggilan'))
    )
    with op.batch_alter_table('panggilan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_panggilan_sesi_id'), ['sesi_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_panggilan_sitting_id'), ['sitting_id'], unique=False)

    op.create_table('pesan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sesi_id', sa.Integer(), nullable=False),
    sa.Column('ruang_id', sa.Integer(), nullable=True),
    sa.Column('sitting_id', sa.String(length=36), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('oleh', sa.String(length=80), nullable=False),
    sa.Column('isi', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['ruang_id'], ['ruang.id'], name=op.f('fk_pesan_ruang_id_ruang')),
    sa.ForeignKeyConstraint(['sesi_id'], ['sesi.id'], name=op.f('fk_pesan_sesi_id_sesi')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_pesan_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pesan'))
    )
    with op.batch_alter_table('pesan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pesan_sesi_id'), ['sesi_id'], unique=False)

    op.create_table('usul_sesi',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sesi_id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.String(length=36), nullable=True),
    sa.Column('jenis', sa.String(length=20), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('alasan', sa.String(length=500), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('oleh', sa.String(length=80), nullable=False),
    sa.Column('disetujui', sa.Boolean(), nullable=True),
    sa.Column('diputus_at', sa.BigInteger(), nullable=True),
    sa.Column('diputus_oleh', sa.String(length=80), nullable=True),
    sa.Column('catatan', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['sesi_id'], ['sesi.id'], name=op.f('fk_usul_sesi_sesi_id_sesi')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_usul_sesi_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_usul_sesi'))
    )
    with op.batch_alter_table('usul_sesi', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_usul_sesi_sesi_id'), ['sesi_id'], unique=False)

    op.create_table(
        "bentuk_tes",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kode", sa.String(80), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_bentuk_tes")),
    )


def _existing() -> None:
    with op.batch_alter_table('part_result', schema=None) as batch_op:
        batch_op.alter_column('part',
               existing_type=sa.VARCHAR(length=10),
               type_=sa.String(length=80),
               existing_nullable=False)

    with op.batch_alter_table('sesi', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ujian', sa.String(length=80), server_default='skd', nullable=False))
        batch_op.add_column(sa.Column('mode', sa.String(length=10), server_default='adaptif', nullable=False))
        batch_op.add_column(sa.Column('pool_digest', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('rules_digest', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('is_void', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('pengganti_dari', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('papan', sa.String(length=32), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_sesi_papan'), ['papan'])
        batch_op.create_foreign_key(batch_op.f('fk_sesi_pool_digest_pool'), 'pool', ['pool_digest'], ['digest'])
        batch_op.create_foreign_key(batch_op.f('fk_sesi_pengganti_dari_sesi'), 'sesi', ['pengganti_dari'], ['id'])

    with op.batch_alter_table('sitting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ruang_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('ujian', sa.String(length=80), server_default='skd', nullable=False))
        batch_op.add_column(sa.Column('is_void', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('paket', sa.String(length=20), server_default='', nullable=False))
        batch_op.add_column(sa.Column('hangus', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('hadir_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('pin_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('masuk_id', sa.String(length=32), nullable=True))
        batch_op.drop_constraint(batch_op.f('fk_sitting_rules_digest_rule_set'), type_='foreignkey')
        batch_op.create_foreign_key(batch_op.f('fk_sitting_ruang_id_ruang'), 'ruang', ['ruang_id'], ['id'])


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


def _rooms() -> None:
    op.create_table('ruang',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('titik_lokasi_id', sa.Integer(), nullable=False),
    sa.Column('nama', sa.String(length=80), nullable=False),
    sa.Column('kursi_awal', sa.Integer(), nullable=False),
    sa.Column('baris', sa.Integer(), nullable=False),
    sa.Column('kolom', sa.Integer(), nullable=False),
    sa.Column('lorong', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['titik_lokasi_id'], ['titik_lokasi.id'], name=op.f('fk_ruang_titik_lokasi_id_titik_lokasi')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ruang')),
    sa.UniqueConstraint('titik_lokasi_id', 'nama', name=op.f('uq_ruang_titik_lokasi_id_nama'))
    )
    op.create_table('sesi_ruang',
    sa.Column('sesi_id', sa.Integer(), nullable=False),
    sa.Column('ruang_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ruang_id'], ['ruang.id'], name=op.f('fk_sesi_ruang_ruang_id_ruang')),
    sa.ForeignKeyConstraint(['sesi_id'], ['sesi.id'], name=op.f('fk_sesi_ruang_sesi_id_sesi')),
    sa.PrimaryKeyConstraint('sesi_id', 'ruang_id', name=op.f('pk_sesi_ruang'))
    )
    op.create_table('tugas_pengawas',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sesi_id', sa.Integer(), nullable=False),
    sa.Column('ruang_id', sa.Integer(), nullable=True),
    sa.Column('pengawas', sa.String(length=80), nullable=False),
    sa.Column('mulai_at', sa.BigInteger(), nullable=False),
    sa.Column('selesai_at', sa.BigInteger(), nullable=True),
    sa.Column('diserahkan_ke', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['ruang_id'], ['ruang.id'], name=op.f('fk_tugas_pengawas_ruang_id_ruang')),
    sa.ForeignKeyConstraint(['sesi_id'], ['sesi.id'], name=op.f('fk_tugas_pengawas_sesi_id_sesi')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tugas_pengawas'))
    )
    with op.batch_alter_table('tugas_pengawas', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tugas_pengawas_sesi_id'), ['sesi_id'], unique=False)
