"""Every letter of the office: who signs, with what, and what proves it"""

import secrets
import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
revision = '5c0e7d2a94b1'
down_revision = '81e7fac2d9eb'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TIME = {'sqlite': 'DATETIME', 'postgresql': 'TIMESTAMP WITH TIME ZONE'}

# Table, column and its type, the table it points at. Written out, since SQLite takes a reference
# with a new column but no constraint afterwards; PostgreSQL reads the same words.
COLUMNS = (
    ('letter', 'report_id', 'INTEGER', 'report'),
    ('letter', 'source_id', 'INTEGER', None),
    ('letter', 'replaces_id', 'INTEGER', 'letter'),
    ('letter', 'verify_code', 'VARCHAR(32)', None),
    ('letter', 'signed_at', TIME, None),
    ('letter_file', 'form', "VARCHAR(40) DEFAULT 'naskah' NOT NULL CONSTRAINT"
     " ck_letter_file_letterform CHECK (form IN ('naskah', 'bertanda_tangan'))", None),
    ('attachment', 'letter_id', 'INTEGER', 'letter'),
)
INDEXES = (
    ('ix_letter_kind_source', 'letter', ['kind', 'source_id'], False),
    ('ix_letter_report_id', 'letter', ['report_id'], False),
    ('uq_letter_replaces_id', 'letter', ['replaces_id'], True),
    ('uq_letter_verify_code', 'letter', ['verify_code'], True),
    ('ix_letter_file_sha256', 'letter_file', ['sha256'], False),
    ('ix_attachment_letter_id', 'attachment', ['letter_id'], False),
)
BEFORE = ('surat_perintah', 'nota_terminasi', 'nota_akhir')
KINDS = ('surat_perintah', 'berita_acara', 'formulir_penerimaan', 'formulir_identifikasi',
         'surat_persetujuan', 'surat_rujukan', 'surat_undangan', 'nota_terminasi', 'nota_akhir',
         'laporan_bulanan')


def _among(kinds):
    return 'kind IN (' + ', '.join(f"'{kind}'" for kind in kinds) + ')'


# Table, constraint and condition before and after.
CHECKS = (
    ('letter', ('letterkind', _among(BEFORE)),
     (('letterkind', _among(KINDS)),
      ('about_something',
       "kind = 'laporan_bulanan' OR coalesce(case_id, report_id) IS NOT NULL"))),
    ('attachment', ('of_something', 'coalesce(report_id, case_id, message_id) IS NOT NULL'),
     (('of_something', 'coalesce(report_id, case_id, message_id, letter_id) IS NOT NULL'),)),
)
# Where a letter that was issued before came from: table, its reference, kind.
SOURCES = (('"order"', 'letter_id', 'surat_perintah'),
           ('termination', 'letter_id', 'nota_terminasi'),
           ('termination', 'final_letter_id', 'nota_akhir'))
# One setting for both forms of the nota became one for each.
SHARED = ('letter_copies', 'letter_names')
TABLES = (
    'letter_step',
    'invitation',
    'signing_certificate',
    'signatory',
    'logo',
)


def _sqlite():
    return op.get_bind().dialect.name == 'sqlite'


def _rewrite(table, old, new):
    """Change a constraint of a SQLite table in place: https://sqlite.org/lang_altertable.html §7.

    Allowed where nothing stored changes; copying the table would drop its other checks and triggers.
    """
    connection = op.get_bind()
    query = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?"
    said = connection.exec_driver_sql(query, (table,)).scalar()
    if said is None or said.count(old) != 1:
        raise RuntimeError(f'{table} is not as this revision expects it')
    version = connection.exec_driver_sql('PRAGMA schema_version').scalar()
    connection.exec_driver_sql('PRAGMA writable_schema = ON')
    connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?",
        (said.replace(old, new), table),
    )
    connection.exec_driver_sql(f'PRAGMA schema_version = {version + 1}')
    connection.exec_driver_sql('PRAGMA writable_schema = OFF')


def _said(table, checks):
    return ', \n\t'.join(f'CONSTRAINT ck_{table}_{name} CHECK ({what})' for name, what in checks)


def _checks(table, before, after):
    if _sqlite():
        _rewrite(table, _said(table, before), _said(table, after))
        return
    for name, _what in before:
        op.drop_constraint(op.f(f'ck_{table}_{name}'), table, type_='check')
    for name, what in after:
        op.create_check_constraint(op.f(f'ck_{table}_{name}'), table, what)


def _let_empty(table, column, may):
    if _sqlite():
        words = (f'\t{column} INTEGER NOT NULL,', f'\t{column} INTEGER,')
        _rewrite(table, *(words if may else reversed(words)))
        return
    op.alter_column(table, column, existing_type=sa.Integer(), nullable=may)


def _add(table, column, kind, target):
    dialect = op.get_bind().dialect.name
    words = kind if isinstance(kind, str) else kind[dialect]
    if target:
        words += f' CONSTRAINT fk_{table}_{column}_{target} REFERENCES {target} (id)'
    op.execute(f'ALTER TABLE {table} ADD COLUMN {column} {words}')


def _prove_earlier():
    """Letters of before get a code, their source, and the signature that still is to be kept."""
    connection = op.get_bind()
    letter = sa.table('letter', *map(sa.column, ('id', 'verify_code', 'signatory_id', 'state')))
    step = sa.table('letter_step', *map(sa.column, ('letter_id', 'position', 'part', 'officer_id',
                                                    'version_id')),
                    sa.column('uuid', sa.Uuid()), sa.column('created_at', MOMENT))
    for row in connection.execute(sa.select(letter)).all():
        code = sa.update(letter).where(letter.c.id == row.id)
        connection.execute(code.values(verify_code=secrets.token_hex(16)))
        if row.signatory_id is not None and row.state == 'valid':
            connection.execute(sa.insert(step).values(
                letter_id=row.id, position=1, part='tanda_tangan', officer_id=row.signatory_id,
                version_id=1, uuid=uuid.uuid4(), created_at=datetime.now(UTC)))
    for table, column, kind in SOURCES:
        op.execute(f'UPDATE letter SET source_id = (SELECT min(source.id) FROM {table} AS source'
                   f" WHERE source.{column} = letter.id) WHERE kind = '{kind}'")
    if _sqlite():
        _rewrite('letter', 'verify_code VARCHAR(32)', 'verify_code VARCHAR(32) NOT NULL')
        return
    op.alter_column('letter', 'verify_code', existing_type=sa.String(32), nullable=False)


def _part_settings():
    for name in SHARED:
        op.execute('INSERT INTO setting (key, value, label, label_en, help, version_id)'
                   f" SELECT '{name}_nota_akhir', value, label, label_en, help, 1 FROM setting"
                   f" WHERE key = '{name}_nota'")
        op.execute(f"UPDATE setting SET key = '{name}_nota_terminasi' WHERE key = '{name}_nota'")


def _name_signatories():
    """Who the settings named signs from the beginning on; the settings have no say any more."""
    connection = op.get_bind()
    query = ("SELECT setting.key, officer.id FROM setting JOIN officer"
             " ON officer.username = trim(setting.value) WHERE setting.key LIKE 'letter_signatory_%'")
    row = sa.table('signatory', *map(sa.column, (
        'kind', 'part', 'position', 'officer_id', 'capacity', 'version_id')),
        sa.column('valid_from', sa.Date()), sa.column('uuid', sa.Uuid()),
        sa.column('created_at', MOMENT))
    for key, officer in connection.execute(sa.text(query)).all():
        connection.execute(sa.insert(row).values(
            kind=key.removeprefix('letter_signatory_'), part='tanda_tangan', position=1,
            officer_id=officer, capacity='definitif', version_id=1, uuid=uuid.uuid4(),
            valid_from=datetime(2020, 1, 1, tzinfo=UTC).date(), created_at=datetime.now(UTC)))
    op.execute("DELETE FROM setting WHERE key LIKE 'letter_signatory_%'")


def upgrade() -> None:
    _tables()
    for one in COLUMNS:
        _add(*one)
    _let_empty('letter', 'case_id', True)
    for table, before, after in CHECKS:
        _checks(table, (before,), after)
    _prove_earlier()
    _part_settings()
    _name_signatories()
    for name, table, columns, unique in INDEXES:
        op.create_index(op.f(name), table, columns, unique=unique)


def _tables() -> None:
    op.create_table('logo',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('storage_key', sa.String(length=80), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['officer.id'], name=op.f('fk_logo_uploaded_by_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_logo')),
    sa.UniqueConstraint('sha256', name=op.f('uq_logo_sha256')),
    sa.UniqueConstraint('storage_key', name=op.f('uq_logo_storage_key')),
    sa.UniqueConstraint('uuid', name=op.f('uq_logo_uuid'))
    )
    with op.batch_alter_table('logo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_logo_uploaded_by_id'), ['uploaded_by_id'], unique=False)

    op.create_table('signatory',
    sa.Column('kind', sa.Enum('surat_perintah', 'berita_acara', 'formulir_penerimaan', 'formulir_identifikasi', 'surat_persetujuan', 'surat_rujukan', 'surat_undangan', 'nota_terminasi', 'nota_akhir', 'laporan_bulanan', name='letterkind', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('part', sa.Enum('paraf', 'tanda_tangan', name='steppart', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.Enum('definitif', 'plt', 'plh', 'atas_nama', name='capacity', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('position >= 1', name=op.f('ck_signatory_positions_start_at_one')),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= valid_from', name=op.f('ck_signatory_days_in_order')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_signatory_officer_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatory')),
    sa.UniqueConstraint('uuid', name=op.f('uq_signatory_uuid'))
    )
    with op.batch_alter_table('signatory', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signatory_officer_id'), ['officer_id'], unique=False)

    op.create_table('signing_certificate',
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=True),
    sa.Column('identity', sa.LargeBinary(), nullable=True),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('issuer', sa.String(length=200), nullable=True),
    sa.Column('serial', sa.String(length=64), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('valid_from', MOMENT, nullable=True),
    sa.Column('valid_until', MOMENT, nullable=True),
    sa.Column('withdrawn_at', MOMENT, nullable=True),
    sa.Column('withdrawn_by_id', sa.Integer(), nullable=True),
    sa.Column('warned_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(data IS NULL) <> (identity IS NULL)', name=op.f('ck_signing_certificate_here_or_there')),
    sa.CheckConstraint('data IS NULL OR valid_until IS NOT NULL', name=op.f('ck_signing_certificate_certificates_end')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_signing_certificate_officer_id_officer')),
    sa.ForeignKeyConstraint(['withdrawn_by_id'], ['officer.id'], name=op.f('fk_signing_certificate_withdrawn_by_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_certificate')),
    sa.UniqueConstraint('uuid', name=op.f('uq_signing_certificate_uuid'))
    )
    with op.batch_alter_table('signing_certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signing_certificate_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_signing_certificate_valid_until'), ['valid_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_signing_certificate_withdrawn_by_id'), ['withdrawn_by_id'], unique=False)
        batch_op.create_index('uq_signing_certificate_in_force', ['officer_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('invitation',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.Enum('undangan', 'pemanggilan', name='invited', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('victim_id', sa.Integer(), nullable=True),
    sa.Column('suspect_id', sa.Integer(), nullable=True),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('invitee', sa.LargeBinary(), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('place', sa.LargeBinary(), nullable=False),
    sa.Column('purpose', sa.LargeBinary(), nullable=False),
    sa.Column('bring', sa.LargeBinary(), nullable=True),
    sa.Column('handing', sa.Enum('diserahkan', 'diantar', 'pos', 'lembaga', name='handing', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('cancelled_at', MOMENT, nullable=True),
    sa.Column('cancel_reason', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(cancelled_at IS NULL) = (cancel_reason IS NULL)', name=op.f('ck_invitation_cancelled_for_a_reason')),
    sa.CheckConstraint('victim_id IS NULL OR suspect_id IS NULL', name=op.f('ck_invitation_one_invited')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_invitation_case_id_case')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_invitation_officer_id_officer')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner_institution.id'], name=op.f('fk_invitation_partner_id_partner_institution')),
    sa.ForeignKeyConstraint(['suspect_id'], ['suspect.id'], name=op.f('fk_invitation_suspect_id_suspect')),
    sa.ForeignKeyConstraint(['victim_id'], ['victim.id'], name=op.f('fk_invitation_victim_id_victim')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('uuid', name=op.f('uq_invitation_uuid'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_suspect_id'), ['suspect_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_victim_id'), ['victim_id'], unique=False)

    op.create_table('letter_step',
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('part', sa.Enum('paraf', 'tanda_tangan', name='steppart', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', MOMENT, nullable=True),
    sa.Column('done_at', MOMENT, nullable=True),
    sa.Column('method', sa.Enum('portal', 'elektronik', 'pena', name='signedby', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('sha256_before', sa.String(length=64), nullable=True),
    sa.Column('sha256_after', sa.String(length=64), nullable=True),
    sa.Column('certificate', sa.String(length=200), nullable=True),
    sa.Column('returned_at', MOMENT, nullable=True),
    sa.Column('return_reason', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(done_at IS NULL) = (method IS NULL)', name=op.f('ck_letter_step_done_somehow')),
    sa.CheckConstraint('(returned_at IS NULL) = (return_reason IS NULL)', name=op.f('ck_letter_step_returned_for_a_reason')),
    sa.CheckConstraint('done_at IS NULL OR returned_at IS NULL', name=op.f('ck_letter_step_one_answer')),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_letter_step_letter_id_letter')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_letter_step_officer_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_step')),
    sa.UniqueConstraint('letter_id', 'position', name=op.f('uq_letter_step_letter_id_position')),
    sa.UniqueConstraint('uuid', name=op.f('uq_letter_step_uuid'))
    )
    with op.batch_alter_table('letter_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_step_letter_id'), ['letter_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_step_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index('ix_letter_step_waiting', ['officer_id', 'letter_id'], unique=False, sqlite_where=sa.text('done_at IS NULL'), postgresql_where=sa.text('done_at IS NULL'))


def downgrade() -> None:
    known = ', '.join(f"'{kind}'" for kind in BEFORE)
    newer = sa.text(f'SELECT count(*) FROM letter WHERE kind NOT IN ({known})')
    if op.get_bind().execute(newer).scalar():
        raise RuntimeError('letters of other kinds have no place in the version before')
    for name, table, _columns, _unique in INDEXES:
        op.drop_index(op.f(name), table_name=table)
    for table, before, after in CHECKS:
        _checks(table, after, (before,))
    _let_empty('letter', 'case_id', False)
    for name in SHARED:
        op.execute(f"UPDATE setting SET key = '{name}_nota' WHERE key = '{name}_nota_terminasi'")
        op.execute(f"DELETE FROM setting WHERE key = '{name}_nota_akhir'")
    _drop_columns()
    for table in TABLES:
        op.drop_table(table)


def _drop_columns():
    """SQLite drops no column that refers to another table: its words go first."""
    for table, column, _kind, target in reversed(COLUMNS):
        if target and _sqlite():
            _rewrite(table, f'{column} INTEGER CONSTRAINT fk_{table}_{column}_{target}'
                     f' REFERENCES {target} (id)', f'{column} INTEGER')
        op.drop_column(table, column)
