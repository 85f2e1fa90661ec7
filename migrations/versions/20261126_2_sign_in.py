"""Sessions, second factors and the delays of signing in"""

import sqlalchemy as sa
from alembic import op
revision = '2b81f4c6d3e5'
down_revision = '1a70e3b5c2d4'
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _row():
    """The columns of every table with rows of people."""
    return (
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('uuid', sa.Uuid(), nullable=False),
        sa.Column('created_at', AT, nullable=False),
    )


def _keys(table, *unique):
    return (
        sa.ForeignKeyConstraint(
            ['officer_id'], ['officer.id'], name=op.f(f'fk_{table}_officer_id_officer')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
        *(
            sa.UniqueConstraint(column, name=op.f(f'uq_{table}_{column}'))
            for column in ('uuid', *unique)
        ),
    )


def upgrade() -> None:
    with op.batch_alter_table('officer') as table:
        table.add_column(sa.Column('demo', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        'officer_session',
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('officer_id', sa.Integer(), nullable=False),
        sa.Column('complete', sa.Boolean(), nullable=False),
        sa.Column('mark', sa.String(64), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=True),
        sa.Column('device', sa.LargeBinary(), nullable=True),
        sa.Column('place', sa.LargeBinary(), nullable=True),
        sa.Column('seen_at', AT, nullable=False),
        sa.Column('idle_until', AT, nullable=False),
        sa.Column('ends_at', AT, nullable=False),
        sa.Column('ended_at', AT, nullable=True),
        sa.Column('ended_why', sa.String(40), nullable=True),
        *_row(),
        *_keys('officer_session', 'token_hash'),
    )
    op.create_table(
        'second_factor',
        sa.Column('officer_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('label', sa.LargeBinary(), nullable=True),
        sa.Column('secret', sa.LargeBinary(), nullable=False),
        sa.Column('lookup', sa.String(64), nullable=True),
        sa.Column('counter', sa.BigInteger(), nullable=False),
        sa.Column('used_at', AT, nullable=True),
        *_row(),
        *_keys('second_factor', 'lookup'),
    )
    op.create_table(
        'officer_link',
        sa.Column('officer_id', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('expires_at', AT, nullable=False),
        sa.Column('used_at', AT, nullable=True),
        *_row(),
        *_keys('officer_link', 'token_hash'),
    )
    op.create_table(
        'sign_in_delay',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(64), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('until', AT, nullable=False),
        sa.Column('last_at', AT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_delay')),
        sa.UniqueConstraint('key', name=op.f('uq_sign_in_delay_key')),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f'ix_{table}_{column}'), table, [column])


INDEXES = {
    'officer_session': ('officer_id', 'idle_until', 'ended_at'),
    'second_factor': ('officer_id',),
    'officer_link': ('officer_id', 'expires_at'),
    'sign_in_delay': ('last_at',),
}


def downgrade() -> None:
    for table in reversed(INDEXES):
        op.drop_table(table)
    with op.batch_alter_table('officer') as table:
        table.drop_column('demo')
