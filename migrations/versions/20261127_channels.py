"""One inbox for every channel, the clock and its roster"""

import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '81e7fac2d9eb'
down_revision = '70d6e9b1c8da'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
BYTES = {'sqlite': 'BLOB', 'postgresql': 'BYTEA'}
TIME = {'sqlite': 'DATETIME', 'postgresql': 'TIMESTAMP WITH TIME ZONE'}

# Table, column and its type, the table it points at. Written out, since SQLite takes a reference
# with a new column but no constraint afterwards; PostgreSQL reads the same words.
COLUMNS = (
    ('message', 'conversation_id', 'INTEGER', 'conversation'),
    ('message', 'moved_from_id', 'INTEGER', 'conversation'),
    ('message', 'kind', "VARCHAR(40) DEFAULT 'text' NOT NULL", None),
    ('message', 'details', BYTES, None),
    ('message', 'external_key', 'VARCHAR(64)', None),
    ('message', 'external_id', BYTES, None),
    ('message', 'reply_to_key', 'VARCHAR(64)', None),
    ('contact_attempt', 'conversation_id', 'INTEGER', 'conversation'),
    ('notice', 'conversation_id', 'INTEGER', 'conversation'),
    ('notice', 'mailed_at', TIME, None),
    ('officer', 'extension', 'VARCHAR(40)', None),
    ('report', 'forward_returned_at', TIME, None),
    ('report', 'forward_return_reason', BYTES, None),
    ('report', 'delay_cause', 'VARCHAR(40)', None),
    ('report', 'surveyed_at', TIME, None),
    ('report', 'clock_from', TIME, None),
    ('report', 'paused_since', TIME, None),
    ('report', 'decided_late', 'BOOLEAN', None),
    ('service_complaint', 'processed_at', TIME, None),
    ('service_complaint', 'closed_at', TIME, None),
)
INDEXES = (
    ('ix_message_conversation_at', 'message', ['conversation_id', 'at', 'id'], False),
    ('ix_message_moved_from_id', 'message', ['moved_from_id'], False),
    ('uq_message_external_key', 'message', ['external_key'], True),
    ('ix_contact_attempt_conversation_id', 'contact_attempt', ['conversation_id'], False),
    ('ix_notice_conversation_id', 'notice', ['conversation_id'], False),
    ('uq_officer_extension', 'officer', ['extension'], True),
    ('ix_report_clock', 'report', ['decided_at', 'clock_from'], False),
    ('ix_report_delay', 'report', ['decided_late', 'delay_cause'], False),
)
# Table, constraint and condition before and after.
CHECKS = (
    ('message', ('officers_write_outwards', "(direction = 'masuk') = (author_id IS NULL)"),
     (('outsiders_sign_nothing', "direction <> 'masuk' OR author_id IS NULL"),
      ('a_person_writes', "direction <> 'keluar' OR author_id IS NOT NULL"))),
    ('attachment', ('of_something', 'report_id IS NOT NULL OR case_id IS NOT NULL'),
     (('of_something', 'coalesce(report_id, case_id, message_id) IS NOT NULL'),)),
    ('contact_attempt', ('of_something', 'report_id IS NOT NULL OR case_id IS NOT NULL'),
     (('of_something', 'coalesce(report_id, case_id, conversation_id) IS NOT NULL'),
      ('to_somebody', 'coalesce(person_id, conversation_id) IS NOT NULL'))),
)
# Columns that may be empty from now on.
EMPTIED = (('message', 'report_id'), ('contact_attempt', 'person_id'))
TABLES = (
    'remote_file',
    'sending',
    'cue_finding',
    'channel_item',
    'seat',
    'conversation_link',
    'channel_delivery',
    'call',
    'visit',
    'conversation',
    'clock_pause',
    'alias',
    'correspondent',
    'hand_over',
    'duty',
    'survey_answer',
    'message_mark',
    'cue',
    'clock_alarm',
    'channel_cursor',
    'canned_answer',
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


def _start_clocks():
    """Nobody could stop the clock of a report before: it counts from the arrival."""
    op.execute('UPDATE report SET clock_from = received_at')
    if _sqlite():
        _rewrite('report', 'clock_from DATETIME', 'clock_from DATETIME NOT NULL')
        return
    op.alter_column('report', 'clock_from', nullable=False)


def _require_conversation():
    if _sqlite():
        _rewrite('message', 'conversation_id INTEGER CONSTRAINT',
                 'conversation_id INTEGER NOT NULL CONSTRAINT')
        return
    op.alter_column('message', 'conversation_id', existing_type=sa.Integer(), nullable=False)


STATES = {'new': 'new', 'in_progress': 'open'}
CHUNK = 1_000


def _give_conversations():
    """Every report that is there already gets the conversation that was always held about it."""
    connection = op.get_bind()
    report = sa.table('report', *map(sa.column, ('id', 'channel', 'status', 'owner_id')),
                      sa.column('received_at', MOMENT), sa.column('created_at', MOMENT))
    talk = sa.table('conversation', *map(sa.column, (
        'id', 'number', 'channel', 'state', 'report_id', 'owner_id', 'urgent', 'version_id')),
        *(sa.column(name, MOMENT) for name in ('began_at', 'last_at', 'last_inbound_at',
                                               'waiting_since', 'created_at')),
        sa.column('uuid', sa.Uuid()), sa.column('labels', JSON))
    rows = connection.execute(sa.select(report)).all()
    for start in range(0, len(rows), CHUNK):
        some = rows[start:start + CHUNK]
        connection.execute(sa.insert(talk), [_talk(one) for one in some])
    op.execute('UPDATE message SET conversation_id = (SELECT conversation.id FROM conversation'
               ' WHERE conversation.report_id = message.report_id)')
    for column, direction in (('last_at', "<> 'internal'"), ('last_inbound_at', "= 'masuk'")):
        op.execute(f'UPDATE conversation SET {column} = coalesce((SELECT max(message.at) FROM message'
                   f' WHERE message.conversation_id = conversation.id AND direction {direction}),'
                   f' {column})')
    op.execute("UPDATE conversation SET waiting_since = last_inbound_at WHERE state <> 'done'"
               " AND last_inbound_at >= last_at")


def _talk(row):
    return {
        'number': f'PC-{row.received_at.year}-{row.id:06d}', 'channel': row.channel,
        'state': STATES.get(row.status, 'done'), 'report_id': row.id, 'owner_id': row.owner_id,
        'began_at': row.received_at, 'last_at': row.received_at,
        'last_inbound_at': row.received_at, 'waiting_since': None, 'urgent': False,
        'created_at': row.created_at, 'version_id': 1, 'uuid': uuid.uuid4(), 'labels': [],
    }


def upgrade() -> None:
    _tables()
    for one in COLUMNS:
        _add(*one)
    for table, column in EMPTIED:
        _let_empty(table, column, True)
    for table, before, after in CHECKS:
        _checks(table, (before,), after)
    _give_conversations()
    _require_conversation()
    _start_clocks()
    for name, table, columns, unique in INDEXES:
        op.create_index(op.f(name), table, columns, unique=unique)


def _tables() -> None:
    op.create_table('canned_answer',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('template', sa.String(length=200), nullable=True),
    sa.Column('language', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_canned_answer')),
    sa.UniqueConstraint('template', name=op.f('uq_canned_answer_template')),
    sa.UniqueConstraint('uuid', name=op.f('uq_canned_answer_uuid'))
    )
    op.create_table('channel_cursor',
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('position', JSON, nullable=False),
    sa.Column('asked_at', MOMENT, nullable=True),
    sa.Column('answered_at', MOMENT, nullable=True),
    sa.Column('trouble', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('account', name=op.f('pk_channel_cursor'))
    )
    op.create_table('clock_alarm',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_table', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=40), nullable=False),
    sa.Column('level', sa.String(length=40), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_alarm')),
    sa.UniqueConstraint('subject_table', 'subject_id', 'step', 'level', name=op.f('uq_clock_alarm_subject_table_subject_id_step_level'))
    )
    with op.batch_alter_table('clock_alarm', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clock_alarm_at'), ['at'], unique=False)

    op.create_table('cue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=40), nullable=False),
    sa.Column('pattern', sa.String(length=200), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cue')),
    sa.UniqueConstraint('pattern', name=op.f('uq_cue_pattern'))
    )
    op.create_table('message_mark',
    sa.Column('target_key', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('actor_key', sa.String(length=64), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('code', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_mark')),
    sa.UniqueConstraint('uuid', name=op.f('uq_message_mark_uuid'))
    )
    with op.batch_alter_table('message_mark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_mark_target_key'), ['target_key'], unique=False)

    op.create_table('survey_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('scores', JSON, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_answer')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('survey_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_answer_year'), ['year'], unique=False)

    op.create_table('duty',
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('piket', 'cuti', 'plh', name='dutykind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('from_at', MOMENT, nullable=False),
    sa.Column('until_at', MOMENT, nullable=False),
    sa.Column('stands_for_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind <> 'plh' OR stands_for_id IS NOT NULL", name=op.f('ck_duty_stands_for_somebody')),
    sa.CheckConstraint('until_at > from_at', name=op.f('ck_duty_times_in_order')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_duty_officer_id_officer')),
    sa.ForeignKeyConstraint(['stands_for_id'], ['officer.id'], name=op.f('fk_duty_stands_for_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty')),
    sa.UniqueConstraint('uuid', name=op.f('uq_duty_uuid'))
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_from_at'), ['from_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_stands_for_id'), ['stands_for_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_until_at'), ['until_at'], unique=False)

    op.create_table('hand_over',
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('to_id', sa.Integer(), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('items', JSON, nullable=False),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('accepted_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['officer.id'], name=op.f('fk_hand_over_by_id_officer')),
    sa.ForeignKeyConstraint(['to_id'], ['officer.id'], name=op.f('fk_hand_over_to_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_over')),
    sa.UniqueConstraint('uuid', name=op.f('uq_hand_over_uuid'))
    )
    with op.batch_alter_table('hand_over', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hand_over_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_to_id'), ['to_id'], unique=False)

    op.create_table('correspondent',
    sa.Column('name', sa.LargeBinary(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('checked_at', MOMENT, nullable=True),
    sa.Column('checked_by_id', sa.Integer(), nullable=True),
    sa.Column('checked_how', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['checked_by_id'], ['officer.id'], name=op.f('fk_correspondent_checked_by_id_officer')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_correspondent_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correspondent')),
    sa.UniqueConstraint('uuid', name=op.f('uq_correspondent_uuid'))
    )
    with op.batch_alter_table('correspondent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correspondent_checked_by_id'), ['checked_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_correspondent_person_id'), ['person_id'], unique=False)

    op.create_table('alias',
    sa.Column('correspondent_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('seen_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['correspondent_id'], ['correspondent.id'], name=op.f('fk_alias_correspondent_id_correspondent')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alias')),
    sa.UniqueConstraint('uuid', name=op.f('uq_alias_uuid'))
    )
    with op.batch_alter_table('alias', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alias_correspondent_id'), ['correspondent_id'], unique=False)
        batch_op.create_index('uq_alias_in_use', ['kind', 'key'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('clock_pause',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=40), nullable=False),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('from_at', MOMENT, nullable=False),
    sa.Column('until_at', MOMENT, nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.CheckConstraint('until_at >= from_at', name=op.f('ck_clock_pause_times_in_order')),
    sa.ForeignKeyConstraint(['by_id'], ['officer.id'], name=op.f('fk_clock_pause_by_id_officer')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_clock_pause_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_pause')),
    sa.UniqueConstraint('uuid', name=op.f('uq_clock_pause_uuid'))
    )
    with op.batch_alter_table('clock_pause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clock_pause_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clock_pause_report_id'), ['report_id'], unique=False)

    op.create_table('conversation',
    sa.Column('number', sa.String(length=30), nullable=False),
    sa.Column('channel', sa.Enum('website', 'whatsapp', 'telepon', 'datang_langsung', 'rujukan', 'media_sosial', 'email', name='channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('new', 'open', 'waiting', 'done', name='talkstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('correspondent_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('began_at', MOMENT, nullable=False),
    sa.Column('last_at', MOMENT, nullable=False),
    sa.Column('last_inbound_at', MOMENT, nullable=True),
    sa.Column('waiting_since', MOMENT, nullable=True),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('labels', JSON, nullable=False),
    sa.Column('snooze_until', MOMENT, nullable=True),
    sa.Column('snooze_reason', sa.LargeBinary(), nullable=True),
    sa.Column('dismissed_by_id', sa.Integer(), nullable=True),
    sa.Column('dismissed_at', MOMENT, nullable=True),
    sa.Column('dismissal_reason', sa.LargeBinary(), nullable=True),
    sa.Column('dismissal_agreed_by_id', sa.Integer(), nullable=True),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('split_from_id', sa.Integer(), nullable=True),
    sa.Column('erased_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(dismissed_at IS NULL) = (dismissed_by_id IS NULL)', name=op.f('ck_conversation_dismissed_by')),
    sa.CheckConstraint('(snooze_until IS NULL) = (snooze_reason IS NULL)', name=op.f('ck_conversation_snoozed_why')),
    sa.CheckConstraint('dismissal_agreed_by_id <> dismissed_by_id', name=op.f('ck_conversation_two_pairs_of_eyes')),
    sa.CheckConstraint('merged_into_id <> id', name=op.f('ck_conversation_not_into_itself')),
    sa.ForeignKeyConstraint(['correspondent_id'], ['correspondent.id'], name=op.f('fk_conversation_correspondent_id_correspondent')),
    sa.ForeignKeyConstraint(['dismissal_agreed_by_id'], ['officer.id'], name=op.f('fk_conversation_dismissal_agreed_by_id_officer')),
    sa.ForeignKeyConstraint(['dismissed_by_id'], ['officer.id'], name=op.f('fk_conversation_dismissed_by_id_officer')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['conversation.id'], name=op.f('fk_conversation_merged_into_id_conversation')),
    sa.ForeignKeyConstraint(['owner_id'], ['officer.id'], name=op.f('fk_conversation_owner_id_officer')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_conversation_report_id_report')),
    sa.ForeignKeyConstraint(['split_from_id'], ['conversation.id'], name=op.f('fk_conversation_split_from_id_conversation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation')),
    sa.UniqueConstraint('number', name=op.f('uq_conversation_number')),
    sa.UniqueConstraint('report_id', name=op.f('uq_conversation_report_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_conversation_uuid'))
    )
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conversation_began_at'), ['began_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_correspondent_id'), ['correspondent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_dismissal_agreed_by_id'), ['dismissal_agreed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_dismissed_by_id'), ['dismissed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_last_at'), ['last_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index('ix_conversation_owner_state', ['owner_id', 'state', 'waiting_since'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_split_from_id'), ['split_from_id'], unique=False)
        batch_op.create_index('ix_conversation_state', ['state', 'waiting_since', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_waiting_since'), ['waiting_since'], unique=False)
        batch_op.create_index('uq_conversation_one_a_channel', ['correspondent_id', 'channel'], unique=True, sqlite_where=sa.text('split_from_id IS NULL AND report_id IS NULL'), postgresql_where=sa.text('split_from_id IS NULL AND report_id IS NULL'))

    op.create_table('visit',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('queue_number', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('arrived_at', MOMENT, nullable=False),
    sa.Column('called_at', MOMENT, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('officer_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_visit_officer_id_officer')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_visit_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('day', 'queue_number', name=op.f('uq_visit_day_queue_number')),
    sa.UniqueConstraint('uuid', name=op.f('uq_visit_uuid'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_arrived_at'), ['arrived_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_report_id'), ['report_id'], unique=False)

    op.create_table('call',
    sa.Column('conversation_id', sa.Integer(), nullable=False),
    sa.Column('external_key', sa.String(length=64), nullable=True),
    sa.Column('direction', sa.Enum('masuk', 'keluar', 'internal', name='direction', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('ringing', 'talking', 'ended', 'missed', name='callstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('number', sa.LargeBinary(), nullable=True),
    sa.Column('extension', sa.String(length=200), nullable=True),
    sa.Column('officer_id', sa.Integer(), nullable=True),
    sa.Column('started_at', MOMENT, nullable=False),
    sa.Column('answered_at', MOMENT, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('cause', sa.String(length=40), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('notes', sa.LargeBinary(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('called_back_at', MOMENT, nullable=True),
    sa.Column('called_back_by_id', sa.Integer(), nullable=True),
    sa.Column('called_back_how', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['called_back_by_id'], ['officer.id'], name=op.f('fk_call_called_back_by_id_officer')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_call_conversation_id_conversation')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_call_officer_id_officer')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_call_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
    sa.UniqueConstraint('external_key', name=op.f('uq_call_external_key')),
    sa.UniqueConstraint('uuid', name=op.f('uq_call_uuid'))
    )
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_called_back_by_id'), ['called_back_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_report_id'), ['report_id'], unique=False)
        batch_op.create_index('ix_call_state_started_at', ['state', 'started_at'], unique=False)

    op.create_table('channel_delivery',
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('headers', JSON, nullable=False),
    sa.Column('received_at', MOMENT, nullable=False),
    sa.Column('last_seen_at', MOMENT, nullable=False),
    sa.Column('seen', sa.Integer(), nullable=False),
    sa.Column('items', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('processed_at', MOMENT, nullable=True),
    sa.Column('trouble', sa.String(length=40), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('conversation_id', sa.Integer(), nullable=True),
    sa.Column('purged_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['officer.id'], name=op.f('fk_channel_delivery_by_id_officer')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_channel_delivery_conversation_id_conversation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_delivery')),
    sa.UniqueConstraint('channel', 'sha256', name=op.f('uq_channel_delivery_channel_sha256')),
    sa.UniqueConstraint('uuid', name=op.f('uq_channel_delivery_uuid'))
    )
    with op.batch_alter_table('channel_delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_channel_delivery_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_channel_delivery_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_channel_delivery_received_at'), ['received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_channel_delivery_trouble'), ['trouble'], unique=False)
        batch_op.create_index('ix_channel_delivery_waiting', ['processed_at', 'received_at'], unique=False)

    op.create_table('conversation_link',
    sa.Column('conversation_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.CheckConstraint('(report_id IS NULL) <> (case_id IS NULL)', name=op.f('ck_conversation_link_to_one')),
    sa.ForeignKeyConstraint(['by_id'], ['officer.id'], name=op.f('fk_conversation_link_by_id_officer')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_conversation_link_case_id_case')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_conversation_link_conversation_id_conversation')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_conversation_link_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation_link')),
    sa.UniqueConstraint('conversation_id', 'case_id', name=op.f('uq_conversation_link_conversation_id_case_id')),
    sa.UniqueConstraint('conversation_id', 'report_id', name=op.f('uq_conversation_link_conversation_id_report_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_conversation_link_uuid'))
    )
    with op.batch_alter_table('conversation_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conversation_link_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_link_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_link_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_link_report_id'), ['report_id'], unique=False)

    op.create_table('seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.Integer(), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('read_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', MOMENT, nullable=True),
    sa.Column('writing_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_seat_conversation_id_conversation')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_seat_officer_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat')),
    sa.UniqueConstraint('conversation_id', 'officer_id', name=op.f('uq_seat_conversation_id_officer_id'))
    )
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_officer_id'), ['officer_id'], unique=False)

    op.create_table('channel_item',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('path', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('conflicts', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['channel_delivery.id'], name=op.f('fk_channel_item_delivery_id_channel_delivery')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_channel_item'))
    )
    with op.batch_alter_table('channel_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_channel_item_delivery_id'), ['delivery_id'], unique=False)

    op.create_table('cue_finding',
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('cue_id', sa.Integer(), nullable=True),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.CheckConstraint('(accepted IS NULL) = (decided_at IS NULL)', name=op.f('ck_cue_finding_decided_when')),
    sa.CheckConstraint('report_id IS NOT NULL OR message_id IS NOT NULL', name=op.f('ck_cue_finding_of_something')),
    sa.ForeignKeyConstraint(['cue_id'], ['cue.id'], name=op.f('fk_cue_finding_cue_id_cue')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['officer.id'], name=op.f('fk_cue_finding_decided_by_id_officer')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_cue_finding_message_id_message')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_cue_finding_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cue_finding')),
    sa.UniqueConstraint('uuid', name=op.f('uq_cue_finding_uuid'))
    )
    with op.batch_alter_table('cue_finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cue_finding_cue_id'), ['cue_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cue_finding_decided_by_id'), ['decided_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cue_finding_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cue_finding_report_id'), ['report_id'], unique=False)

    op.create_table('sending',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('to_kind', sa.String(length=40), nullable=False),
    sa.Column('to_value', sa.LargeBinary(), nullable=False),
    sa.Column('template', sa.String(length=200), nullable=True),
    sa.Column('language', sa.String(length=40), nullable=True),
    sa.Column('parameters', sa.LargeBinary(), nullable=True),
    sa.Column('status', sa.Enum('queued', 'sending', 'accepted', 'sent', 'delivered', 'read', 'failed', 'unknown', 'cancelled', name='sendstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('not_after', MOMENT, nullable=True),
    sa.Column('begun_at', MOMENT, nullable=True),
    sa.Column('error_code', sa.String(length=40), nullable=True),
    sa.Column('error', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_sending_message_id_message')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sending')),
    sa.UniqueConstraint('message_id', name=op.f('uq_sending_message_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_sending_uuid'))
    )
    with op.batch_alter_table('sending', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sending_status'), ['status'], unique=False)

    op.create_table('remote_file',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('media_id', sa.LargeBinary(), nullable=False),
    sa.Column('mime', sa.String(length=200), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('filename', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.Enum('pending', 'stored', 'failed', 'expired', 'blocked', name='mediastate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('expires_at', MOMENT, nullable=True),
    sa.Column('attachment_id', sa.Integer(), nullable=True),
    sa.Column('trouble', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_remote_file_attachment_id_attachment')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_remote_file_message_id_message')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remote_file')),
    sa.UniqueConstraint('uuid', name=op.f('uq_remote_file_uuid'))
    )
    with op.batch_alter_table('remote_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remote_file_attachment_id'), ['attachment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_remote_file_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_remote_file_state'), ['state'], unique=False)

def downgrade() -> None:
    talks = sa.text('SELECT count(*) FROM message WHERE report_id IS NULL')
    if op.get_bind().execute(talks).scalar():
        raise RuntimeError('messages of other channels have no place in the version before')
    for name, table, _columns, _unique in INDEXES:
        op.drop_index(op.f(name), table_name=table)
    for table, before, after in CHECKS:
        _checks(table, after, (before,))
    for table, column in EMPTIED:
        _let_empty(table, column, False)
    _drop_columns()
    for table in TABLES:
        op.drop_table(table)


def _drop_columns():
    """SQLite drops no column that refers to another table: its words go first."""
    for table, column, _kind, target in reversed(COLUMNS):
        if target and _sqlite():
            required = ' NOT NULL' if (table, column) == ('message', 'conversation_id') else ''
            _rewrite(table, f'{column} INTEGER{required} CONSTRAINT fk_{table}_{column}_{target}'
                     f' REFERENCES {target} (id)', f'{column} INTEGER')
        op.drop_column(table, column)
