"""Every attempt to reach somebody, with its reason"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '6fc5d8a0b7c9'
down_revision = '5eb4c7f9a6b8'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contact_attempt',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('officer_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('refused', 'permitted', 'overridden', name='contactstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('obstacles', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('override_reason', sa.LargeBinary(), nullable=True),
    sa.Column('wording', sa.LargeBinary(), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'overridden') = (override_reason IS NOT NULL)", name=op.f('ck_contact_attempt_override_has_a_reason')),
    sa.CheckConstraint("state <> 'refused' OR outcome IS NULL", name=op.f('ck_contact_attempt_refused_means_not_done')),
    sa.CheckConstraint('report_id IS NOT NULL OR case_id IS NOT NULL', name=op.f('ck_contact_attempt_of_something')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_contact_attempt_case_id_case')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_contact_attempt_officer_id_officer')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_contact_attempt_person_id_person')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_contact_attempt_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_attempt')),
    sa.UniqueConstraint('uuid', name=op.f('uq_contact_attempt_uuid'))
    )
    with op.batch_alter_table('contact_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_attempt_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_attempt_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_attempt_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index('ix_contact_attempt_person_at', ['person_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_attempt_report_id'), ['report_id'], unique=False)


def downgrade() -> None:
    op.drop_table('contact_attempt')
