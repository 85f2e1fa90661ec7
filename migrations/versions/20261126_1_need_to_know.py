"""Who works on a case, who is kept from it, who may look in an emergency"""

import sqlalchemy as sa
from alembic import op
revision = '1a70e3b5c2d4'
down_revision = '8c41d2f7a9e3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('role_change',
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('peran', 'aktivasi', name='rolerequest', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('role', sa.Enum('petugas', 'supervisor', 'penjangkau', 'konselor', 'pendamping', 'pimpinan', 'admin', 'auditor', name='role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.LargeBinary(), nullable=True),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.Enum('approved', 'refused', name='decision', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(decision IS NULL) = (decided_by_id IS NULL)', name=op.f('ck_role_change_decided_by_somebody')),
    sa.CheckConstraint('asked_by_id <> officer_id', name=op.f('ck_role_change_not_for_oneself')),
    sa.CheckConstraint('decided_by_id <> asked_by_id', name=op.f('ck_role_change_two_pairs_of_eyes')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['officer.id'], name=op.f('fk_role_change_asked_by_id_officer')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['officer.id'], name=op.f('fk_role_change_decided_by_id_officer')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_role_change_officer_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_change')),
    sa.UniqueConstraint('uuid', name=op.f('uq_role_change_uuid'))
    )
    with op.batch_alter_table('role_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_change_asked_at'), ['asked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_change_asked_by_id'), ['asked_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_change_decided_by_id'), ['decided_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_change_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index('uq_role_change_one_open', ['officer_id'], unique=True, sqlite_where=sa.text('decision IS NULL'), postgresql_where=sa.text('decision IS NULL'))

    op.create_table('access_grant',
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('darurat', 'serah_terima', name='grantkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.LargeBinary(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind <> 'darurat' OR until IS NOT NULL", name=op.f('ck_access_grant_for_a_limited_time')),
    sa.CheckConstraint('case_id IS NOT NULL OR ended_at IS NOT NULL', name=op.f('ck_access_grant_opens_something')),
    sa.ForeignKeyConstraint(['by_id'], ['officer.id'], name=op.f('fk_access_grant_by_id_officer')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_access_grant_case_id_case')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['officer.id'], name=op.f('fk_access_grant_ended_by_id_officer')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_access_grant_officer_id_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_grant')),
    sa.UniqueConstraint('uuid', name=op.f('uq_access_grant_uuid'))
    )
    with op.batch_alter_table('access_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_grant_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_access_grant_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_access_grant_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_access_grant_ended_by_id'), ['ended_by_id'], unique=False)
        batch_op.create_index('ix_access_grant_officer_at', ['officer_id', 'at'], unique=False)

    op.create_table('exclusion',
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('terlapor', 'korban', 'pelapor', 'kerabat', 'lainnya', name='conflict', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('automatic', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.LargeBinary(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by_id', sa.Integer(), nullable=True),
    sa.Column('lifted_reason', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(lifted_at IS NULL) = (lifted_reason IS NULL)', name=op.f('ck_exclusion_lifted_why')),
    sa.CheckConstraint('automatic OR by_id IS NOT NULL', name=op.f('ck_exclusion_by_somebody')),
    sa.CheckConstraint('lifted_by_id <> officer_id', name=op.f('ck_exclusion_lifted_by_another')),
    sa.CheckConstraint('report_id IS NOT NULL OR case_id IS NOT NULL', name=op.f('ck_exclusion_of_something')),
    sa.ForeignKeyConstraint(['by_id'], ['officer.id'], name=op.f('fk_exclusion_by_id_officer')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_exclusion_case_id_case')),
    sa.ForeignKeyConstraint(['lifted_by_id'], ['officer.id'], name=op.f('fk_exclusion_lifted_by_id_officer')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_exclusion_officer_id_officer')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_exclusion_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exclusion')),
    sa.UniqueConstraint('uuid', name=op.f('uq_exclusion_uuid'))
    )
    with op.batch_alter_table('exclusion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exclusion_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_exclusion_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exclusion_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exclusion_lifted_by_id'), ['lifted_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exclusion_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exclusion_report_id'), ['report_id'], unique=False)

    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.create_index('ix_case_unreviewed', ['approved_at'], unique=False, sqlite_where=sa.text('emergency_reason IS NOT NULL AND reviewed_at IS NULL'), postgresql_where=sa.text('emergency_reason IS NOT NULL AND reviewed_at IS NULL'))

    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.create_index('ix_case_event_actor_kind', ['actor_id', 'kind', 'case_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.drop_index('ix_case_event_actor_kind')

    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.drop_index('ix_case_unreviewed', sqlite_where=sa.text('emergency_reason IS NOT NULL AND reviewed_at IS NULL'), postgresql_where=sa.text('emergency_reason IS NOT NULL AND reviewed_at IS NULL'))

    with op.batch_alter_table('exclusion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exclusion_report_id'))
        batch_op.drop_index(batch_op.f('ix_exclusion_officer_id'))
        batch_op.drop_index(batch_op.f('ix_exclusion_lifted_by_id'))
        batch_op.drop_index(batch_op.f('ix_exclusion_case_id'))
        batch_op.drop_index(batch_op.f('ix_exclusion_by_id'))
        batch_op.drop_index(batch_op.f('ix_exclusion_at'))

    op.drop_table('exclusion')
    with op.batch_alter_table('access_grant', schema=None) as batch_op:
        batch_op.drop_index('ix_access_grant_officer_at')
        batch_op.drop_index(batch_op.f('ix_access_grant_ended_by_id'))
        batch_op.drop_index(batch_op.f('ix_access_grant_case_id'))
        batch_op.drop_index(batch_op.f('ix_access_grant_by_id'))
        batch_op.drop_index(batch_op.f('ix_access_grant_at'))

    op.drop_table('access_grant')
    with op.batch_alter_table('role_change', schema=None) as batch_op:
        batch_op.drop_index('uq_role_change_one_open', sqlite_where=sa.text('decision IS NULL'), postgresql_where=sa.text('decision IS NULL'))
        batch_op.drop_index(batch_op.f('ix_role_change_officer_id'))
        batch_op.drop_index(batch_op.f('ix_role_change_decided_by_id'))
        batch_op.drop_index(batch_op.f('ix_role_change_asked_by_id'))
        batch_op.drop_index(batch_op.f('ix_role_change_asked_at'))

    op.drop_table('role_change')
