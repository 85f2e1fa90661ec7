"""Who works on a case, who is kept from it, who may look in an emergency"""

import sqlalchemy as sa
from alembic import op
revision = '1a70e3b5c2d4'
down_revision = '8c41d2f7a9e3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
