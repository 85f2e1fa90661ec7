"""The audit log as a sealed chain"""

import sqlalchemy as sa
from alembic import op
revision = '3c92a5d7e4f6'
down_revision = '2b81f4c6d3e5'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
