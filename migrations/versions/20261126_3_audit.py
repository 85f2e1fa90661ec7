"""The audit log as a sealed chain

Entries that exist become its first links, their details sealed anew under a key per case. That
needs the key ring of the installation, which `flask db upgrade` has; without it only an empty
log can be migrated. The way back seals them under the ring again.
"""

import sqlalchemy as sa
from alembic import op

from portal.protection import audit_chain, audit_keys, audit_triggers
from portal.protection.vault import ring

revision = '3c92a5d7e4f6'
down_revision = '2b81f4c6d3e5'
branch_labels = None
depends_on = None

COLUMNS = (
    *('id', 'uuid', 'created_at', 'at', 'event', 'actor_id', 'subject_table', 'subject_id'),
    *('case_id', 'details'),
)
BATCH = 1000


def old_place(uuid):
    """Where the details of an entry were bound to, when the ring sealed them."""
    return 'audit_entry', 'details', str(uuid)


def upgrade() -> None:
    _drop_indexes()
    op.rename_table('audit_entry', 'audit_entry_before')
    _free_names()
    op.create_table(
        'audit_entry',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('event', sa.String(length=40), nullable=False),
        sa.Column('actor_id', sa.Integer(), nullable=True),
        sa.Column('subject_table', sa.String(length=40), nullable=True),
        sa.Column('subject_id', sa.Integer(), nullable=True),
        sa.Column('case_id', sa.Integer(), nullable=True),
        sa.Column('key_id', sa.Integer(), nullable=True),
        sa.Column('details', sa.LargeBinary(), nullable=True),
        sa.Column('mac', sa.LargeBinary(), nullable=False),
        sa.Column('uuid', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry')),
        sa.UniqueConstraint('uuid', name=op.f('uq_audit_entry_uuid')),
    )
    _make_indexes()
    op.create_table(
        'audit_key',
        sa.Column('subject_table', sa.String(length=40), nullable=False),
        sa.Column('subject_id', sa.Integer(), nullable=False),
        sa.Column('wrapped', sa.LargeBinary(), nullable=True),
        sa.Column('destroyed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('uuid', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_key')),
        sa.UniqueConstraint('subject_table', 'subject_id', name=op.f('uq_audit_key_subject_table_subject_id')),
        sa.UniqueConstraint('uuid', name=op.f('uq_audit_key_uuid')),
    )
    op.create_table(
        'audit_head',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('sequence', sa.Integer(), nullable=False),
        sa.Column('mac', sa.LargeBinary(), nullable=False),
        sa.Column('anchored', sa.Integer(), nullable=False),
        sa.CheckConstraint('id = 1', name=op.f('ck_audit_head_one_row')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head')),
    )
    _chain(op.get_bind())
    op.drop_table('audit_entry_before')
    audit_triggers.install(op.get_bind())


def _free_names() -> None:
    """PostgreSQL keeps the names of a renamed table's indexes and constraints."""
    if op.get_bind().dialect.name == 'postgresql':
        for kind in ('pk_audit_entry', 'uq_audit_entry_uuid'):
            op.execute(f'ALTER TABLE audit_entry_before RENAME CONSTRAINT {kind} TO {kind}_before')


def _chain(connection) -> None:
    audit_chain.begin(connection)
    after = 0
    while rows := _some(connection, 'audit_entry_before', after):
        after = rows[-1].id
        entries = [_resealed(connection, row) for row in rows]
        audit_chain.append(connection, audit_chain.lock(connection), entries)


def _table(name):
    kinds = audit_chain.ENTRY.c
    return sa.table(name, *(sa.column(one, kinds[one].type) for one in COLUMNS))


def _some(connection, name, after):
    table = _table(name)
    return connection.execute(
        sa.select(table).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
    ).all()


def _resealed(connection, row):
    """The entry, its details under the key of its case (an act on a row of no case: the general)."""
    entry = row._asdict() | {'key_id': None}
    if row.details is not None:
        key = _key(connection, row)
        plain = ring().unseal(bytes(row.details), old_place(row.uuid)).decode()
        entry |= {'key_id': key.id, 'details': audit_keys.seal(key, row.uuid, plain)}
    return entry


def _key(connection, row):
    own = row.subject_table in audit_keys.WITH_KEY and row.subject_id is not None
    if row.case_id is not None:
        place = ('case', row.case_id)
    else:
        place = (row.subject_table, row.subject_id) if own else ('', 0)
    return audit_keys.key_of(connection, audit_keys.Place(None, *place))


def downgrade() -> None:
    connection = op.get_bind()
    audit_triggers.remove(connection)
    _drop_indexes()
    op.rename_table('audit_entry', 'audit_entry_before')
    _free_names()
    op.create_table(
        'audit_entry',
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('event', sa.String(length=40), nullable=False),
        sa.Column('actor_id', sa.Integer(), nullable=True),
        sa.Column('subject_table', sa.String(length=40), nullable=True),
        sa.Column('subject_id', sa.Integer(), nullable=True),
        sa.Column('case_id', sa.Integer(), nullable=True),
        sa.Column('details', sa.LargeBinary(), nullable=True),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('uuid', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['actor_id'], ['officer.id'], name=op.f('fk_audit_entry_actor_id_officer')),
        sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_audit_entry_case_id_case')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry')),
        sa.UniqueConstraint('uuid', name=op.f('uq_audit_entry_uuid')),
    )
    _make_indexes()
    _unchain(connection)
    for name in ('audit_entry_before', 'audit_key', 'audit_head'):
        op.drop_table(name)


def _unchain(connection) -> None:
    before = _table('audit_entry_before')
    before.append_column(sa.column('key_id', sa.Integer()))
    after = 0
    while rows := connection.execute(
        sa.select(before).where(before.c.id > after).order_by(before.c.id).limit(BATCH)
    ).all():
        after = rows[-1].id
        plain = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
        for entry, row in zip(plain, rows):
            entry['details'] = _under_the_ring(connection, row)
        connection.execute(sa.insert(_table('audit_entry')), plain)


def _under_the_ring(connection, row):
    key = audit_keys.by_id(connection, row.key_id) if row.key_id is not None else None
    if key is None:
        return None
    plain = audit_keys.unseal(key, row.uuid, bytes(row.details))
    return ring().seal(plain.encode(), old_place(row.uuid))


def _drop_indexes() -> None:
    for name in ('subject', 'event', 'case_id', 'at', 'actor_id'):
        op.drop_index(f'ix_audit_entry_{name}', table_name='audit_entry')


def _make_indexes() -> None:
    for name in ('actor_id', 'at', 'case_id', 'event'):
        op.create_index(f'ix_audit_entry_{name}', 'audit_entry', [name])
    op.create_index('ix_audit_entry_subject', 'audit_entry', ['subject_table', 'subject_id'])
