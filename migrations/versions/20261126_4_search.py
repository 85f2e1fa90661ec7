"""Search tokens, and the last plain columns sealed

The values are sealed with the ring of the environment, row by row; the column is changed before
(after, on the way down), so that on both databases it holds the bytes of the text in between.
Tokens are made afterwards, in the background: until then rows without them are read one by one.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from portal.protection.vault import ring

revision = '4da3b6e8f5a7'
down_revision = '3c92a5d7e4f6'
branch_labels = None
depends_on = None

# table → column → its type while it was plain
PLAIN = {
    'officer': {'nip': sa.String(length=25), 'email': sa.String(length=200)},
    'partner_institution': {'phone': sa.String(length=40), 'contact_name': sa.String(length=200)},
    'report': {
        'referring_institution': sa.String(length=200),
        'referring_letter': sa.String(length=200),
    },
    'order': {'basis': sa.Text()},
}
SEARCHED = {'person': 'person_token', 'service_complaint': 'complaint_token'}
BATCH = 500


def upgrade() -> None:
    for table, tokens in SEARCHED.items():
        _make_tokens(table, tokens)
    for table, columns in PLAIN.items():
        _alter(table, columns, to_bytes=True)
        _each(table, columns, ring().seal)
    _ask_for_tokens()


def downgrade() -> None:
    for table, columns in PLAIN.items():
        _each(table, columns, ring().unseal)
        _alter(table, columns, to_bytes=False)
    for table, tokens in SEARCHED.items():
        op.drop_table(tokens)
        op.drop_index(f'ix_{table}_search_version', table)
        op.drop_column(table, 'search_version')
    op.execute(sa.text("DELETE FROM job WHERE kind = 'search.rebuild'"))


def _make_tokens(table, tokens):
    op.add_column(table, sa.Column(
        'search_version', sa.Integer(), server_default=sa.text('0'), nullable=False))
    op.create_index(f'ix_{table}_search_version', table, ['search_version'])
    op.create_table(
        tokens,
        sa.Column('row_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('bucket', sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ['row_id'], [f'{table}.id'], name=f'fk_{tokens}_row_id_{table}', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('row_id', 'kind', 'bucket', name=f'pk_{tokens}'),
        sqlite_with_rowid=False,
    )
    op.create_index(f'ix_{tokens}_kind', tokens, ['kind', 'bucket', 'row_id'])


def _alter(table, columns, to_bytes):
    with op.batch_alter_table(table) as batch:
        for name, plain in columns.items():
            convert = f"convert_{'to' if to_bytes else 'from'}({name}, 'UTF8')"
            before, after = (plain, sa.LargeBinary()) if to_bytes else (sa.LargeBinary(), plain)
            batch.alter_column(name, existing_type=before, type_=after, postgresql_using=convert)


def _each(table, columns, change):
    """Replace every value by what `change` makes of it, bound to its row."""
    connection = op.get_bind()
    names = [sa.column(name, sa.LargeBinary()) for name in columns]
    rows = sa.table(table, sa.column('id', sa.Integer()), sa.column('uuid', sa.Uuid()), *names)
    last = 0
    while True:
        query = sa.select(rows).where(rows.c.id > last).order_by(rows.c.id).limit(BATCH)
        found = connection.execute(query).all()
        for row in found:
            values = {
                name: change(bytes(value), (table, name, str(UUID(str(row.uuid)))))
                for name in columns
                if (value := getattr(row, name)) is not None
            }
            if values:
                connection.execute(sa.update(rows).where(rows.c.id == row.id).values(values))
        if len(found) < BATCH:
            return
        last = found[-1].id


def _ask_for_tokens():
    job = sa.table('job', *(sa.column(name) for name in ('kind', 'state', 'attempts')),
                   sa.column('payload', sa.JSON()), sa.column('uuid', sa.Uuid()),
                   sa.column('run_at', sa.DateTime(timezone=True)),
                   sa.column('created_at', sa.DateTime(timezone=True)))
    now = datetime.now(UTC)
    op.bulk_insert(job, [{
        'kind': 'search.rebuild', 'state': 'waiting', 'attempts': 0, 'payload': {},
        'uuid': uuid4(), 'run_at': now, 'created_at': now,
    }])
