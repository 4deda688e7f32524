"""Create all tables."""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('act', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_subject'), ['subject'], unique=False)

    op.create_table('instansi',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kode', sa.String(length=10), nullable=False),
    sa.Column('nama', sa.String(length=160), nullable=False),
    sa.Column('jenis', sa.String(length=20), nullable=False),
    sa.Column('bidang', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instansi')),
    sa.UniqueConstraint('kode', name=op.f('uq_instansi_kode'))
    )
    op.create_table('item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('domain', sa.String(length=80), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('latest', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item')),
    sa.UniqueConstraint('code', name=op.f('uq_item_code'))
    )
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_domain'), ['domain'], unique=False)
        batch_op.create_index(batch_op.f('ix_item_status'), ['status'], unique=False)

    op.create_table('jabatan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kode', sa.String(length=20), nullable=False),
    sa.Column('nama', sa.String(length=160), nullable=False),
    sa.Column('di_luar_kantor', sa.Boolean(), nullable=True),
    sa.Column('tanpa_ruang_khusus', sa.Boolean(), nullable=True),
    sa.Column('berbasis_tik', sa.Boolean(), nullable=True),
    sa.Column('minim_tatap_muka', sa.Boolean(), nullable=True),
    sa.Column('tanpa_supervisi_terus', sa.Boolean(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jabatan')),
    sa.UniqueConstraint('kode', name=op.f('uq_jabatan_kode'))
    )
    op.create_table('media',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_media'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nik', sa.String(length=16), nullable=False),
    sa.Column('nama', sa.String(length=120), nullable=False),
    sa.Column('tanggal_lahir', sa.Date(), nullable=False),
    sa.Column('jenis_kelamin', sa.String(length=1), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('nik', name=op.f('uq_person_nik'))
    )
    op.create_table('policy',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('kode', sa.String(length=40), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_policy'))
    )
    with op.batch_alter_table('policy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_policy_kode'), ['kode'], unique=False)

    op.create_table('pool',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False),
    sa.Column('manifest', sa.LargeBinary(), nullable=False),
    sa.Column('tables', sa.LargeBinary(), nullable=False),
    sa.Column('published_at', sa.BigInteger(), nullable=False),
    sa.Column('published_by', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_pool'))
    )
    with op.batch_alter_table('pool', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pool_code'), ['code'], unique=False)

    op.create_table('pulse',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pulse'))
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('name', name=op.f('uq_role_name'))
    )
    op.create_table('rule_set',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('kode', sa.String(length=40), nullable=False),
    sa.Column('tahun', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_rule_set'))
    )
    with op.batch_alter_table('rule_set', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_set_kode'), ['kode'], unique=False)

    op.create_table('titik_lokasi',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nama', sa.String(length=160), nullable=False),
    sa.Column('zona', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_titik_lokasi')),
    sa.UniqueConstraint('nama', name=op.f('uq_titik_lokasi_nama'))
    )
    op.create_table('formasi',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kode', sa.String(length=40), nullable=False),
    sa.Column('tahun', sa.Integer(), nullable=False),
    sa.Column('instansi_id', sa.Integer(), nullable=False),
    sa.Column('jabatan_id', sa.Integer(), nullable=False),
    sa.Column('kualifikasi', sa.String(length=160), nullable=False),
    sa.Column('lokasi', sa.String(length=160), nullable=False),
    sa.Column('jenis_kebutuhan', sa.String(length=40), nullable=False),
    sa.Column('kebutuhan', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['instansi_id'], ['instansi.id'], name=op.f('fk_formasi_instansi_id_instansi')),
    sa.ForeignKeyConstraint(['jabatan_id'], ['jabatan.id'], name=op.f('fk_formasi_jabatan_id_jabatan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_formasi')),
    sa.UniqueConstraint('kode', name=op.f('uq_formasi_kode'))
    )
    op.create_table('item_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('written_by', sa.String(length=120), nullable=False),
    sa.Column('written_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_item_version_item_id_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_version')),
    sa.UniqueConstraint('item_id', 'version', name=op.f('uq_item_version_item_id_version'))
    )
    op.create_table('pegawai',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('nip', sa.String(length=18), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('instansi_id', sa.Integer(), nullable=False),
    sa.Column('jabatan_id', sa.Integer(), nullable=False),
    sa.Column('tmt_jabatan', sa.Date(), nullable=True),
    sa.Column('cara_masuk', sa.String(length=20), nullable=True),
    sa.Column('hukuman_disiplin', sa.Boolean(), nullable=True),
    sa.Column('proses_disiplin', sa.Boolean(), nullable=True),
    sa.Column('predikat_kinerja', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['instansi_id'], ['instansi.id'], name=op.f('fk_pegawai_instansi_id_instansi')),
    sa.ForeignKeyConstraint(['jabatan_id'], ['jabatan.id'], name=op.f('fk_pegawai_jabatan_id_jabatan')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pegawai_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pegawai')),
    sa.UniqueConstraint('nip', name=op.f('uq_pegawai_nip')),
    sa.UniqueConstraint('person_id', name=op.f('uq_pegawai_person_id'))
    )
    op.create_table('sesi',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nama', sa.String(length=120), nullable=False),
    sa.Column('titik_lokasi_id', sa.Integer(), nullable=False),
    sa.Column('ruang', sa.String(length=80), nullable=False),
    sa.Column('starts_at', sa.BigInteger(), nullable=False),
    sa.Column('is_closed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['titik_lokasi_id'], ['titik_lokasi.id'], name=op.f('fk_sesi_titik_lokasi_id_titik_lokasi')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sesi')),
    sa.UniqueConstraint('titik_lokasi_id', 'nama', name=op.f('uq_sesi_titik_lokasi_id_nama'))
    )
    op.create_table('user_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('username', sa.String(length=80), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('nama', sa.String(length=120), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('titik_lokasi_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['titik_lokasi_id'], ['titik_lokasi.id'], name=op.f('fk_user_account_titik_lokasi_id_titik_lokasi')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('email', name=op.f('uq_user_account_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_user_account_fs_uniquifier')),
    sa.UniqueConstraint('username', name=op.f('uq_user_account_username'))
    )
    op.create_table('calibration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('a', sa.Double(), nullable=False),
    sa.Column('b', sa.JSON(), nullable=False),
    sa.Column('c', sa.Double(), nullable=False),
    sa.Column('status', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['item_version.id'], name=op.f('fk_calibration_version_id_item_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration'))
    )
    with op.batch_alter_table('calibration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calibration_version_id'), ['version_id'], unique=False)

    op.create_table('peserta',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nomor', sa.String(length=30), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('formasi_id', sa.Integer(), nullable=True),
    sa.Column('netra', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['formasi_id'], ['formasi.id'], name=op.f('fk_peserta_formasi_id_formasi')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_peserta_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_peserta')),
    sa.UniqueConstraint('nomor', name=op.f('uq_peserta_nomor'))
    )
    with op.batch_alter_table('peserta', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_peserta_formasi_id'), ['formasi_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_peserta_person_id'), ['person_id'], unique=False)

    op.create_table('user_roles',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_user_roles_role_id_role')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_user_roles_user_id_user_account')),
    sa.PrimaryKeyConstraint('user_id', 'role_id', name=op.f('pk_user_roles'))
    )
    op.create_table('sitting',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('sesi_id', sa.Integer(), nullable=False),
    sa.Column('peserta_id', sa.Integer(), nullable=False),
    sa.Column('seat', sa.Integer(), nullable=False),
    sa.Column('pin_hash', sa.String(length=200), nullable=False),
    sa.Column('pool_digest', sa.String(length=64), nullable=False),
    sa.Column('rules_digest', sa.String(length=64), nullable=False),
    sa.Column('mode', sa.String(length=10), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('phase', sa.String(length=10), nullable=False),
    sa.Column('event_count', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=False),
    sa.Column('deadline', sa.BigInteger(), nullable=True),
    sa.Column('arrived_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['peserta_id'], ['peserta.id'], name=op.f('fk_sitting_peserta_id_peserta')),
    sa.ForeignKeyConstraint(['pool_digest'], ['pool.digest'], name=op.f('fk_sitting_pool_digest_pool')),
    sa.ForeignKeyConstraint(['rules_digest'], ['rule_set.digest'], name=op.f('fk_sitting_rules_digest_rule_set')),
    sa.ForeignKeyConstraint(['sesi_id'], ['sesi.id'], name=op.f('fk_sitting_sesi_id_sesi')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting')),
    sa.UniqueConstraint('sesi_id', 'peserta_id', name=op.f('uq_sitting_sesi_id_peserta_id')),
    sa.UniqueConstraint('sesi_id', 'seat', name=op.f('uq_sitting_sesi_id_seat'))
    )
    with op.batch_alter_table('sitting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sitting_deadline'), ['deadline'], unique=False)
        batch_op.create_index(batch_op.f('ix_sitting_peserta_id'), ['peserta_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sitting_phase'), ['phase'], unique=False)

    op.create_table('part_result',
    sa.Column('sitting_id', sa.String(length=36), nullable=False),
    sa.Column('part', sa.String(length=10), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('theta', sa.Double(), nullable=False),
    sa.Column('se', sa.Double(), nullable=False),
    sa.Column('nilai', sa.Integer(), nullable=False),
    sa.Column('nilai_se', sa.Double(), nullable=False),
    sa.Column('maximum', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_part_result_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('sitting_id', 'part', name=op.f('pk_part_result'))
    )
    op.create_table('sitting_event',
    sa.Column('sitting_id', sa.String(length=36), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('item', sa.String(length=50), nullable=True),
    sa.Column('option', sa.String(length=1), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_sitting_event_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('sitting_id', 'seq', name=op.f('pk_sitting_event'))
    )
