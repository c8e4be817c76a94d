"""workstations

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "workstation",
        sa.Column(
            "kind",
            sa.Enum(
                "talent_coop",
                "talent_attract",
                "guidance",
                "post_house",
                "liaison",
                name="workstationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "operating",
                "rectifying",
                "suspended",
                "withdrawn",
                name="workstationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("state_reason", sa.String(length=1000), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("host_department", sa.String(length=200), nullable=False),
        sa.Column("host_liaison_id", sa.Integer(), nullable=True),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("opening_hours", sa.String(length=200), nullable=False),
        sa.Column("unveiled_on", sa.Date(), nullable=True),
        sa.Column(
            "unveiled_precision",
            sa.Enum(
                "day",
                "month",
                "year",
                "unknown",
                name="unveiled_precision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_until", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("fund_yuan", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column("running_since", sa.Date(), nullable=True),
        sa.Column("last_active_on", sa.Date(), nullable=True),
        sa.Column("quiet_since", sa.Date(), nullable=True),
        sa.Column("reminded_since", sa.Date(), nullable=True),
        sa.Column("proposed_after", sa.Integer(), nullable=True),
        sa.Column("kept_after", sa.Integer(), nullable=True),
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
        sa.CheckConstraint(
            "(quiet_since IS NULL) = (state NOT IN ('operating', 'rectifying'))", name=op.f("ck_workstation_quiet")
        ),
        sa.CheckConstraint(
            "state IN ('preparing', 'withdrawn') OR started_on IS NOT NULL", name=op.f("ck_workstation_started")
        ),
        sa.CheckConstraint("fund_yuan IS NULL OR fund_yuan >= 0", name=op.f("ck_workstation_fund")),
        sa.CheckConstraint(
            "term_until IS NULL OR term_from IS NULL OR term_until >= term_from", name=op.f("ck_workstation_term")
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_workstation_agreement_id_agreement")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_workstation_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["head_id"], ["contact.id"], name=op.f("fk_workstation_head_id_contact")),
        sa.ForeignKeyConstraint(["host_id"], ["organisation.id"], name=op.f("fk_workstation_host_id_organisation")),
        sa.ForeignKeyConstraint(
            ["host_liaison_id"], ["contact.id"], name=op.f("fk_workstation_host_liaison_id_contact")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_workstation_owner_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workstation_public_id")),
    )
    with op.batch_alter_table("workstation", schema=None) as batch_op:
        batch_op.create_index("ix_workstation_agreement", ["agreement_id"], unique=False)
        batch_op.create_index("ix_workstation_host", ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workstation_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_workstation_quiet", ["quiet_since"], unique=False)
        batch_op.create_index("ix_workstation_until", ["term_until"], unique=False)

    op.create_table(
        "workstation_activity",
        sa.Column("workstation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "talk",
                "fair",
                "posts",
                "internship",
                "introduced",
                name="activitykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "held",
                "cancelled",
                name="activitystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("master_plus", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("cancel_reason", sa.String(length=1000), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("superseded_reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason <> '')", name=op.f("ck_workstation_activity_cancelled")
        ),
        sa.CheckConstraint(
            "master_plus IS NULL OR (kind = 'introduced' AND master_plus <= number)",
            name=op.f("ck_workstation_activity_master_plus"),
        ),
        sa.CheckConstraint("number >= 0", name=op.f("ck_workstation_activity_number")),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["workstation_activity.id"],
            name=op.f("fk_workstation_activity_corrects_id_workstation_activity"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_workstation_activity_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_workstation_activity_recorded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workstation_id"], ["workstation.id"], name=op.f("fk_workstation_activity_workstation_id_workstation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstation_activity")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workstation_activity_public_id")),
    )
    with op.batch_alter_table("workstation_activity", schema=None) as batch_op:
        batch_op.create_index("ix_workstation_activity_station", ["workstation_id", "day"], unique=False)

    op.create_table(
        "workstation_assessment",
        sa.Column("workstation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "suggested",
            sa.Enum(
                "excellent",
                "qualified",
                "basic",
                "unqualified",
                name="suggested_grade",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "excellent",
                "qualified",
                "basic",
                "unqualified",
                name="grade",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("superseded_reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grade = suggested OR reason <> ''", name=op.f("ck_workstation_assessment_reason")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_workstation_assessment_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_workstation_assessment_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["workstation_id"], ["workstation.id"], name=op.f("fk_workstation_assessment_workstation_id_workstation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstation_assessment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workstation_assessment_public_id")),
    )
    with op.batch_alter_table("workstation_assessment", schema=None) as batch_op:
        batch_op.create_index("ix_workstation_assessment_station", ["workstation_id", "year"], unique=False)
        batch_op.create_index(
            "uq_workstation_assessment_stands",
            ["workstation_id", "year"],
            unique=True,
            sqlite_where=sa.text("superseded_reason = ''"),
            postgresql_where=sa.text("superseded_reason = ''"),
        )

    op.create_table(
        "workstation_founder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workstation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("liaison_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["liaison_id"], ["contact.id"], name=op.f("fk_workstation_founder_liaison_id_contact")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_workstation_founder_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["workstation_id"], ["workstation.id"], name=op.f("fk_workstation_founder_workstation_id_workstation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstation_founder")),
        sa.UniqueConstraint(
            "workstation_id", "organisation_id", name=op.f("uq_workstation_founder_workstation_id_organisation_id")
        ),
        sa.UniqueConstraint("workstation_id", "position", name=op.f("uq_workstation_founder_workstation_id_position")),
    )
    with op.batch_alter_table("workstation_founder", schema=None) as batch_op:
        batch_op.create_index("ix_workstation_founder_organisation", ["organisation_id"], unique=False)

    op.create_table(
        "workstation_sign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workstation_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workstation_id"], ["workstation.id"], name=op.f("fk_workstation_sign_workstation_id_workstation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstation_sign")),
        sa.UniqueConstraint("workstation_id", "origin", name=op.f("uq_workstation_sign_workstation_id_origin")),
    )
    op.create_table(
        "workstation_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workstation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "talk",
                "fair",
                "posts",
                "internship",
                "introduced",
                name="activitykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.CheckConstraint("target > 0", name=op.f("ck_workstation_target_target")),
        sa.ForeignKeyConstraint(
            ["workstation_id"], ["workstation.id"], name=op.f("fk_workstation_target_workstation_id_workstation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstation_target")),
        sa.UniqueConstraint(
            "workstation_id", "year", "kind", name=op.f("uq_workstation_target_workstation_id_year_kind")
        ),
    )
    op.create_table(
        "workstation_visibility",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("is_party", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_workstation_visibility_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["workstation.id"], name=op.f("fk_workstation_visibility_record_id_workstation")
        ),
        sa.PrimaryKeyConstraint("record_id", "organisation_id", name=op.f("pk_workstation_visibility")),
    )
    with op.batch_alter_table("workstation_visibility", schema=None) as batch_op:
        batch_op.create_index(
            "ix_workstation_visibility_list", ["organisation_id", "sort_on", "record_id"], unique=False
        )
        batch_op.create_index("ix_workstation_visibility_record", ["record_id"], unique=False)
        batch_op.create_index(
            "ix_workstation_visibility_state", ["organisation_id", "state", "sort_on", "record_id"], unique=False
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("workstation_visibility", schema=None) as batch_op:
        batch_op.drop_index("ix_workstation_visibility_state")
        batch_op.drop_index("ix_workstation_visibility_record")
        batch_op.drop_index("ix_workstation_visibility_list")

    op.drop_table("workstation_visibility")
    op.drop_table("workstation_target")
    op.drop_table("workstation_sign")
    with op.batch_alter_table("workstation_founder", schema=None) as batch_op:
        batch_op.drop_index("ix_workstation_founder_organisation")

    op.drop_table("workstation_founder")
    with op.batch_alter_table("workstation_assessment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_workstation_assessment_stands",
            sqlite_where=sa.text("superseded_reason = ''"),
            postgresql_where=sa.text("superseded_reason = ''"),
        )
        batch_op.drop_index("ix_workstation_assessment_station")

    op.drop_table("workstation_assessment")
    with op.batch_alter_table("workstation_activity", schema=None) as batch_op:
        batch_op.drop_index("ix_workstation_activity_station")

    op.drop_table("workstation_activity")
    with op.batch_alter_table("workstation", schema=None) as batch_op:
        batch_op.drop_index("ix_workstation_until")
        batch_op.drop_index("ix_workstation_quiet")
        batch_op.drop_index(batch_op.f("ix_workstation_owner_id"))
        batch_op.drop_index("ix_workstation_host")
        batch_op.drop_index("ix_workstation_agreement")

    op.drop_table("workstation")
