"""Search tokens, and the last plain columns sealed"""

import sqlalchemy as sa
from alembic import op
revision = '4da3b6e8f5a7'
down_revision = '3c92a5d7e4f6'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
