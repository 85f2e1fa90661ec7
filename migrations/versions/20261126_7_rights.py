"""Rights of persons, retention and breaches"""

import sqlalchemy as sa
from alembic import op
revision = '70d6e9b1c8da'
down_revision = '6fc5d8a0b7c9'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
