"""Sessions, second factors and the delays of signing in"""

import sqlalchemy as sa
from alembic import op
revision = '2b81f4c6d3e5'
down_revision = '1a70e3b5c2d4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('officer') as table:
        table.add_column(sa.Column('demo', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('officer') as table:
        table.drop_column('demo')
