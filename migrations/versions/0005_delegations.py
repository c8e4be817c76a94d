"""Clearance steps handed over for a time, absences, and for whom a step was judged.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLES = (
    "handler",
    "section_head",
    "legal_officer",
    "leader",
    "signatory",
    "seal_keeper",
    "viewer",
    "overseer",
    "system_admin",
    "security_admin",
    "auditor",
)
ON_BEHALF_OF = "fk_clearance_on_behalf_of_id_user_account"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "delegation",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("revoked_at", types.UTCDateTime(timezone=True), nullable=True),
        *_common(),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_delegation_span")),
        sa.CheckConstraint("role IN ('section_head', 'legal_officer', 'leader')", name=op.f("ck_delegation_approving")),
        sa.ForeignKeyConstraint(["giver_id"], ["user_account.id"], name=op.f("fk_delegation_giver_id_user_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_delegation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["user_account.id"], name=op.f("fk_delegation_receiver_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_delegation_public_id")),
    )
    op.create_index("ix_delegation_giver", "delegation", ["giver_id", "role", "until_on"])
    op.create_index("ix_delegation_receiver", "delegation", ["receiver_id", "until_on"])
    op.create_index("ix_delegation_organisation", "delegation", ["organisation_id", "until_on"])
    op.create_table(
        "absence",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True),
        *_common(),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_absence_span")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_absence_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_absence_public_id")),
    )
    op.create_index("ix_absence_user", "absence", ["user_id", "until_on"])
    with op.batch_alter_table("clearance") as batch:
        batch.add_column(sa.Column("on_behalf_of_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(ON_BEHALF_OF), "user_account", ["on_behalf_of_id"], ["id"])


def downgrade() -> None:
    """Go back; who judged a step stays known, for whom does not (the audit keeps it)."""
    with op.batch_alter_table("clearance") as batch:
        batch.drop_constraint(op.f(ON_BEHALF_OF), type_="foreignkey")
        batch.drop_column("on_behalf_of_id")
    op.drop_table("absence")
    op.drop_table("delegation")


def _common() -> tuple[sa.Column[object], ...]:
    """What rows of both tables have."""
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
    )
