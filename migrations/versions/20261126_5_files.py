"""Files in quarantine until they are scanned"""

import sqlalchemy as sa
from alembic import op
revision = '5eb4c7f9a6b8'
down_revision = '4da3b6e8f5a7'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
