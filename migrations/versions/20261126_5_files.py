"""Files in quarantine until they are scanned"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '5eb4c7f9a6b8'
down_revision = '4da3b6e8f5a7'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
SCAN = sa.Enum(
    'unscanned', 'quarantined', 'clean', 'infected',
    name='scan', native_enum=False, create_constraint=True, length=40,
)


def upgrade() -> None:
    # What is there already was never scanned.
    with op.batch_alter_table('attachment') as table:
        table.add_column(sa.Column('scan', SCAN, nullable=False, server_default='unscanned'))
        table.add_column(sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column('flags', JSON, nullable=False, server_default='[]'))
        table.create_index('ix_attachment_scan', ['scan'])


def downgrade() -> None:
    with op.batch_alter_table('attachment') as table:
        table.drop_index('ix_attachment_scan')
        table.drop_constraint(op.f('ck_attachment_scan'), type_='check')
        table.drop_column('flags')
        table.drop_column('scanned_at')
        table.drop_column('scan')
