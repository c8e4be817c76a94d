"""Relationships between localities and universities, and what counts towards them.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""

    op.create_table(
        "relationship",
        sa.Column("locality_code", sa.String(length=6), nullable=False),
        sa.Column("university_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "contact",
                "mechanism",
                "workstation",
                "agreement",
                name="relationship_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("last_active_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("quiet_reason", sa.String(length=1000), nullable=False),
        sa.Column("quiet_said_on", sa.Date(), nullable=True),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(quiet_reason = '') = (quiet_said_on IS NULL)", name=op.f("ck_relationship_quiet_reason")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_relationship_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["locality_code"], ["region.code"], name=op.f("fk_relationship_locality_code_region")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_relationship_owner_id_organisation")),
        sa.ForeignKeyConstraint(
            ["university_id"], ["organisation.id"], name=op.f("fk_relationship_university_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationship")),
        sa.UniqueConstraint("locality_code", "university_id", name=op.f("uq_relationship_locality_code_university_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_relationship_public_id")),
    )
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.create_index("ix_relationship_active", ["last_active_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_relationship_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relationship_university_id"), ["university_id"], unique=False)

    op.create_table(
        "relationship_record",
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["relationship_id"], ["relationship.id"], name=op.f("fk_relationship_record_relationship_id_relationship")
        ),
        sa.PrimaryKeyConstraint("relationship_id", "kind", "record_id", name=op.f("pk_relationship_record")),
    )
    with op.batch_alter_table("relationship_record", schema=None) as batch_op:
        batch_op.create_index("ix_relationship_record_record", ["kind", "record_id"], unique=False)

    op.create_table(
        "relationship_side",
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_relationship_side_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["relationship_id"], ["relationship.id"], name=op.f("fk_relationship_side_relationship_id_relationship")
        ),
        sa.PrimaryKeyConstraint("relationship_id", "organisation_id", name=op.f("pk_relationship_side")),
    )
    with op.batch_alter_table("relationship_side", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relationship_side_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "relationship_visibility",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("is_party", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_relationship_visibility_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["relationship.id"], name=op.f("fk_relationship_visibility_record_id_relationship")
        ),
        sa.PrimaryKeyConstraint("record_id", "organisation_id", name=op.f("pk_relationship_visibility")),
    )
    with op.batch_alter_table("relationship_visibility", schema=None) as batch_op:
        batch_op.create_index(
            "ix_relationship_visibility_list", ["organisation_id", "sort_on", "record_id"], unique=False
        )
        batch_op.create_index("ix_relationship_visibility_record", ["record_id"], unique=False)
        batch_op.create_index(
            "ix_relationship_visibility_state", ["organisation_id", "state", "sort_on", "record_id"], unique=False
        )


def downgrade() -> None:
    """Go back."""

    with op.batch_alter_table("relationship_visibility", schema=None) as batch_op:
        batch_op.drop_index("ix_relationship_visibility_state")
        batch_op.drop_index("ix_relationship_visibility_record")
        batch_op.drop_index("ix_relationship_visibility_list")

    op.drop_table("relationship_visibility")
    with op.batch_alter_table("relationship_side", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relationship_side_organisation_id"))

    op.drop_table("relationship_side")
    with op.batch_alter_table("relationship_record", schema=None) as batch_op:
        batch_op.drop_index("ix_relationship_record_record")

    op.drop_table("relationship_record")
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relationship_university_id"))
        batch_op.drop_index(batch_op.f("ix_relationship_owner_id"))
        batch_op.drop_index("ix_relationship_active")

    op.drop_table("relationship")
