"""Rights of persons, retention and breaches"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '70d6e9b1c8da'
down_revision = '6fc5d8a0b7c9'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
RETAINED = ('report', 'service_complaint', 'case')

# Table, constraint, what it said, what it says: a reason that was erased no longer stands there.
ERASABLE = (
    ('report', 'ck_report_outcome_has_a_reason',
     "status NOT IN ('referred','information','duplicate','spam') OR outcome_reason IS NOT NULL",
     "status NOT IN ('referred','information','duplicate','spam') OR outcome_reason IS NOT NULL"
     " OR erased_at IS NOT NULL"),
    ('service_complaint', 'ck_service_complaint_answered',
     "status NOT IN ('dijawab','selesai') OR answer IS NOT NULL",
     "status NOT IN ('dijawab','selesai') OR answer IS NOT NULL OR erased_at IS NOT NULL"),
    ('case', 'ck_case_refusal_has_a_reason',
     "status NOT IN ('returned','rejected','referred') OR status_reason IS NOT NULL",
     "status NOT IN ('returned','rejected','referred') OR status_reason IS NOT NULL"
     " OR erased_at IS NOT NULL"),
    ('case', 'ck_case_two_pairs_of_eyes',
     'approved_by_id IS NULL OR approved_by_id <> identified_by_id OR emergency_reason IS NOT NULL',
     'approved_by_id IS NULL OR approved_by_id <> identified_by_id OR emergency_reason IS NOT NULL'
     ' OR erased_at IS NOT NULL'),
    ('letter', 'ck_letter_letterstate',
     "state IN ('valid', 'void')", "state IN ('valid', 'void', 'erased')"),
)
# Erased content is gone: table, constraint, column, what must hold instead of NOT NULL.
EMPTIED = (
    ('service_complaint', 'ck_service_complaint_says_something', 'body',
     'body IS NOT NULL OR erased_at IS NOT NULL'),
    ('letter', 'ck_letter_says_something', 'content', "(state = 'erased') = (content IS NULL)"),
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


def _check(table, name, old, new):
    if _sqlite():
        _rewrite(table, f'CONSTRAINT {name} CHECK ({old})', f'CONSTRAINT {name} CHECK ({new})')
        return
    op.drop_constraint(op.f(name), table, type_='check')
    op.create_check_constraint(op.f(name), table, new)


def _let_empty(table, name, column, condition):
    if _sqlite():
        _rewrite(table, f'{column} BLOB NOT NULL,',
                 f'{column} BLOB CONSTRAINT {name} CHECK ({condition}),')
        return
    op.alter_column(table, column, existing_type=sa.LargeBinary(), nullable=True)
    op.create_check_constraint(op.f(name), table, condition)


def _fill_again(table, name, column, condition):
    if _sqlite():
        _rewrite(table, f'{column} BLOB CONSTRAINT {name} CHECK ({condition}),',
                 f'{column} BLOB NOT NULL,')
        return
    op.drop_constraint(op.f(name), table, type_='check')
    op.alter_column(table, column, existing_type=sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    for table in RETAINED:
        op.add_column(table, sa.Column('retention_class', sa.String(length=40), nullable=True))
        op.add_column(table, sa.Column('retain_until', sa.Date(), nullable=True))
        op.add_column(table, sa.Column('erased_at', MOMENT, nullable=True))
        op.create_index(op.f(f'ix_{table}_retain_until'), table, ['retain_until'], unique=False)
    op.add_column('person', sa.Column('erased_at', MOMENT, nullable=True))
    op.add_column('consent', sa.Column('withdrawn', JSON, server_default='[]', nullable=False))
    op.add_column('consent', sa.Column('withdrawal_note', sa.LargeBinary(), nullable=True))
    for one in ERASABLE:
        _check(*one)
    for one in EMPTIED:
        _let_empty(*one)
    _tables()


def _tables() -> None:
    op.create_table('erasure',
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('subject_table', sa.String(length=40), nullable=False),
    sa.Column('subject_uuid', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure')),
    sa.UniqueConstraint('uuid', name=op.f('uq_erasure_uuid'))
    )
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_erasure_subject_uuid'), ['subject_uuid'], unique=False)

    op.create_table('retention_class',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('label_en', sa.String(length=200), nullable=False),
    sa.Column('years', sa.Integer(), nullable=False),
    sa.Column('starts', sa.String(length=200), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('years BETWEEN 1 AND 100', name=op.f('ck_retention_class_some_years')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_class')),
    sa.UniqueConstraint('code', name=op.f('uq_retention_class_code'))
    )
    op.create_table('breach',
    sa.Column('state', sa.Enum('found', 'notified', 'closed', name='breachstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('found_at', MOMENT, nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=False),
    sa.Column('happened', sa.LargeBinary(), nullable=False),
    sa.Column('data_kinds', JSON, nullable=False),
    sa.Column('people_affected', sa.Integer(), nullable=True),
    sa.Column('risk', sa.Enum('rendah', 'sedang', 'tinggi', 'darurat', name='risk', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('measures', sa.LargeBinary(), nullable=False),
    sa.Column('agency_told_at', MOMENT, nullable=True),
    sa.Column('people_told_at', MOMENT, nullable=True),
    sa.Column('told_how', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=30), nullable=False),
    sa.Column('due_at', MOMENT, nullable=False),
    sa.Column('reminded_at', MOMENT, nullable=True),
    sa.Column('closed_at', MOMENT, nullable=True),
    sa.CheckConstraint("state <> 'closed' OR told_how IS NOT NULL", name=op.f('ck_breach_told_before_closed')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['officer.id'], name=op.f('fk_breach_recorded_by_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_breach')),
    sa.UniqueConstraint('number', name=op.f('uq_breach_number')),
    sa.UniqueConstraint('uuid', name=op.f('uq_breach_uuid'))
    )
    with op.batch_alter_table('breach', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_breach_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_breach_found_at'), ['found_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_breach_recorded_by_id'), ['recorded_by_id'], unique=False)

    op.create_table('past_victim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('quarter', sa.Integer(), nullable=False),
    sa.Column('age_group', sa.String(length=40), nullable=False),
    sa.Column('sex', sa.String(length=40), nullable=False),
    sa.Column('violence_kinds', JSON, nullable=False),
    sa.Column('relation', sa.String(length=40), nullable=False),
    sa.Column('region_code', sa.String(length=13), nullable=True),
    sa.Column('services', JSON, nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_past_victim_region_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_past_victim')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('past_victim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_past_victim_year'), ['year'], unique=False)

    op.create_table('data_request',
    sa.Column('kind', sa.Enum('access', 'correction', 'erasure', 'withdrawal', 'restriction', name='requestkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('received', 'working', 'done', 'refused', 'lifted', name='requeststate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('received_at', MOMENT, nullable=False),
    sa.Column('asked_by', sa.String(length=40), nullable=False),
    sa.Column('asker_name', sa.LargeBinary(), nullable=True),
    sa.Column('identity_check', sa.String(length=40), nullable=False),
    sa.Column('identity_note', sa.LargeBinary(), nullable=True),
    sa.Column('wish', sa.LargeBinary(), nullable=True),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.LargeBinary(), nullable=True),
    sa.Column('refusal_ground', sa.String(length=40), nullable=True),
    sa.Column('file_given_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=30), nullable=False),
    sa.Column('due_at', MOMENT, nullable=False),
    sa.Column('reminded_at', MOMENT, nullable=True),
    sa.Column('closed_at', MOMENT, nullable=True),
    sa.Column('retention_class', sa.String(length=40), nullable=True),
    sa.Column('retain_until', sa.Date(), nullable=True),
    sa.Column('erased_at', MOMENT, nullable=True),
    sa.CheckConstraint("state <> 'refused' OR refusal_ground IS NOT NULL", name=op.f('ck_data_request_grounded')),
    sa.CheckConstraint("state IN ('received','working') OR (closed_at IS NOT NULL AND (answer IS NOT NULL OR erased_at IS NOT NULL))", name=op.f('ck_data_request_closed_with_an_answer')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_data_request_officer_id_officer')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_data_request_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_request')),
    sa.UniqueConstraint('number', name=op.f('uq_data_request_number')),
    sa.UniqueConstraint('uuid', name=op.f('uq_data_request_uuid'))
    )
    with op.batch_alter_table('data_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_data_request_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_request_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_request_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_request_received_at'), ['received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_request_retain_until'), ['retain_until'], unique=False)

    op.create_table('legal_hold',
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('complaint_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.LargeBinary(), nullable=False),
    sa.Column('placed_by_id', sa.Integer(), nullable=False),
    sa.Column('lifted_at', MOMENT, nullable=True),
    sa.Column('lift_reason', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(lifted_at IS NULL) = (lift_reason IS NULL)', name=op.f('ck_legal_hold_lifted_with_a_reason')),
    sa.CheckConstraint('coalesce(case_id, report_id, complaint_id, person_id) IS NOT NULL', name=op.f('ck_legal_hold_of_something')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_legal_hold_case_id_case')),
    sa.ForeignKeyConstraint(['complaint_id'], ['service_complaint.id'], name=op.f('fk_legal_hold_complaint_id_service_complaint')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_legal_hold_person_id_person')),
    sa.ForeignKeyConstraint(['placed_by_id'], ['officer.id'], name=op.f('fk_legal_hold_placed_by_id_officer')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_legal_hold_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold')),
    sa.UniqueConstraint('uuid', name=op.f('uq_legal_hold_uuid'))
    )
    with op.batch_alter_table('legal_hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_legal_hold_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_hold_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_hold_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_hold_placed_by_id'), ['placed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_legal_hold_report_id'), ['report_id'], unique=False)


def downgrade() -> None:
    erased = sa.text("SELECT count(*) FROM letter WHERE state = 'erased'")
    if op.get_bind().execute(erased).scalar():
        raise RuntimeError('what was erased cannot come back: restore the backup before it instead')
    for table in ('breach', 'erasure', 'past_victim', 'legal_hold', 'retention_class',
                  'data_request'):
        op.drop_table(table)
    for one in EMPTIED:
        _fill_again(*one)
    for table, name, old, new in ERASABLE:
        _check(table, name, new, old)
    op.drop_column('consent', 'withdrawal_note')
    op.drop_column('consent', 'withdrawn')
    op.drop_column('person', 'erased_at')
    for table in RETAINED:
        op.drop_index(op.f(f'ix_{table}_retain_until'), table_name=table)
        for column in ('erased_at', 'retain_until', 'retention_class'):
            op.drop_column(table, column)
