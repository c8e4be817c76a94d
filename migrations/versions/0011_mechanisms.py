"""Docking mechanisms, their sides and meetings, and who sees them.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""

    op.create_table(
        "docking_mechanism",
        sa.Column(
            "stage",
            sa.Enum(
                "preliminary",
                "established",
                "regular",
                "upgraded",
                "ended",
                name="mechanism_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column(
            "established_precision",
            sa.Enum(
                "day",
                "month",
                "year",
                "unknown",
                name="established_precision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "written_form",
            sa.Enum(
                "none",
                "minutes",
                "memorandum",
                "letter",
                name="writtenform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "rhythm",
            sa.Enum(
                "monthly",
                "quarterly",
                "half_yearly",
                "yearly",
                "as_needed",
                name="rhythm",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("last_met_on", sa.Date(), nullable=True),
        sa.Column("next_meeting_on", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=1000), nullable=False),
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
        sa.CheckConstraint("(stage = 'ended') = (end_reason <> '')", name=op.f("ck_docking_mechanism_end_reason")),
        sa.CheckConstraint(
            "stage <> 'upgraded' OR agreement_id IS NOT NULL", name=op.f("ck_docking_mechanism_upgraded_into")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_docking_mechanism_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_docking_mechanism_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_docking_mechanism_owner_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_docking_mechanism")),
        sa.UniqueConstraint("public_id", name=op.f("uq_docking_mechanism_public_id")),
    )
    with op.batch_alter_table("docking_mechanism", schema=None) as batch_op:
        batch_op.create_index("ix_docking_mechanism_agreement", ["agreement_id"], unique=False)
        batch_op.create_index("ix_docking_mechanism_next", ["next_meeting_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_docking_mechanism_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "mechanism_meeting",
        sa.Column("mechanism_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("attendees", sa.String(length=1000), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mechanism_id"], ["docking_mechanism.id"], name=op.f("fk_mechanism_meeting_mechanism_id_docking_mechanism")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mechanism_meeting_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_mechanism_meeting_recorded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mechanism_meeting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mechanism_meeting_public_id")),
    )
    with op.batch_alter_table("mechanism_meeting", schema=None) as batch_op:
        batch_op.create_index("ix_mechanism_meeting_mechanism", ["mechanism_id", "held_on"], unique=False)

    op.create_table(
        "mechanism_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mechanism_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name_as_reported", sa.String(length=200), nullable=False),
        sa.Column("liaison_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR name_as_reported <> ''", name=op.f("ck_mechanism_party_named")
        ),
        sa.ForeignKeyConstraint(["liaison_id"], ["contact.id"], name=op.f("fk_mechanism_party_liaison_id_contact")),
        sa.ForeignKeyConstraint(
            ["mechanism_id"], ["docking_mechanism.id"], name=op.f("fk_mechanism_party_mechanism_id_docking_mechanism")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mechanism_party_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mechanism_party")),
        sa.UniqueConstraint("mechanism_id", "position", name=op.f("uq_mechanism_party_mechanism_id_position")),
    )
    with op.batch_alter_table("mechanism_party", schema=None) as batch_op:
        batch_op.create_index("ix_mechanism_party_organisation", ["organisation_id"], unique=False)

    op.create_table(
        "mechanism_visibility",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("is_party", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mechanism_visibility_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["docking_mechanism.id"], name=op.f("fk_mechanism_visibility_record_id_docking_mechanism")
        ),
        sa.PrimaryKeyConstraint("record_id", "organisation_id", name=op.f("pk_mechanism_visibility")),
    )
    with op.batch_alter_table("mechanism_visibility", schema=None) as batch_op:
        batch_op.create_index("ix_mechanism_visibility_list", ["organisation_id", "sort_on", "record_id"], unique=False)
        batch_op.create_index("ix_mechanism_visibility_record", ["record_id"], unique=False)
        batch_op.create_index(
            "ix_mechanism_visibility_state", ["organisation_id", "state", "sort_on", "record_id"], unique=False
        )


def downgrade() -> None:
    """Go back."""

    with op.batch_alter_table("mechanism_visibility", schema=None) as batch_op:
        batch_op.drop_index("ix_mechanism_visibility_state")
        batch_op.drop_index("ix_mechanism_visibility_record")
        batch_op.drop_index("ix_mechanism_visibility_list")

    op.drop_table("mechanism_visibility")
    with op.batch_alter_table("mechanism_party", schema=None) as batch_op:
        batch_op.drop_index("ix_mechanism_party_organisation")

    op.drop_table("mechanism_party")
    with op.batch_alter_table("mechanism_meeting", schema=None) as batch_op:
        batch_op.drop_index("ix_mechanism_meeting_mechanism")

    op.drop_table("mechanism_meeting")
    with op.batch_alter_table("docking_mechanism", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_docking_mechanism_owner_id"))
        batch_op.drop_index("ix_docking_mechanism_next")
        batch_op.drop_index("ix_docking_mechanism_agreement")

    op.drop_table("docking_mechanism")
