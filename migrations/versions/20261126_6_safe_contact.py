"""Every attempt to reach somebody, with its reason"""

import sqlalchemy as sa
from alembic import op
revision = '6fc5d8a0b7c9'
down_revision = '5eb4c7f9a6b8'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
