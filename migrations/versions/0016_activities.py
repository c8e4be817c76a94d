"""activities

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "activity",
        sa.Column(
            "kind",
            sa.Enum(
                "campus_fair",
                "job_fair",
                "two_way_fair",
                "talk",
                "live",
                "matchmaking",
                "launch",
                "signing_ceremony",
                "meeting",
                "series",
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
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column(
            "held_precision",
            sa.Enum(
                "day",
                "month",
                "year",
                "unknown",
                name="held_precision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("programme", sa.String(length=200), nullable=False),
        sa.Column("counting_note", sa.String(length=1000), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("signing_event_id", sa.Integer(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=1000), nullable=False),
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
        sa.CheckConstraint("(held_on IS NULL) = (held_precision = 'unknown')", name=op.f("ck_activity_precision")),
        sa.CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name=op.f("ck_activity_cancel_reason")),
        sa.CheckConstraint("parent_id IS NULL OR kind <> 'series'", name=op.f("ck_activity_no_series_in_series")),
        sa.CheckConstraint("(held_on IS NULL) = (ends_on IS NULL)", name=op.f("ck_activity_ends_on")),
        sa.CheckConstraint("held_until IS NULL OR held_until >= held_on", name=op.f("ck_activity_until")),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_activity_no_part_of_itself")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_activity_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_activity_owner_id_organisation")),
        sa.ForeignKeyConstraint(["parent_id"], ["activity.id"], name=op.f("fk_activity_parent_id_activity")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_activity_region_code_region")),
        sa.ForeignKeyConstraint(
            ["signing_event_id"], ["signing_event.id"], name=op.f("fk_activity_signing_event_id_signing_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("public_id", name=op.f("uq_activity_public_id")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_activity_parent", ["parent_id"], unique=False)
        batch_op.create_index("ix_activity_region", ["region_code", "sort_on"], unique=False)
        batch_op.create_index("ix_activity_signing_event", ["signing_event_id"], unique=False)

    op.create_table(
        "activity_figure",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "activities",
                "employers",
                "key_employers",
                "positions",
                "positions_over_10k",
                "headcount",
                "on_site",
                "online_viewers",
                "participants",
                "resumes",
                "intentions",
                "cooperation_intentions",
                "interviews",
                "offers",
                "signed",
                "hires",
                "universities",
                "cities",
                "organisations",
                "industries",
                "online_activities",
                "other",
                name="activity_figure_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("label_zh", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("is_planned", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("superseded_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("superseded_reason", sa.String(length=1000), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column(
            "unit",
            sa.Enum(
                "enterprises",
                "enterprise_times",
                "items",
                "positions",
                "people",
                "person_times",
                "events",
                "times",
                "copies",
                "matters",
                "intentions",
                "schools",
                "parties",
                "days",
                "years",
                "yuan",
                "ten_thousand_yuan",
                "yuan_per_month",
                "percent",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "qualifier",
            sa.Enum(
                "exact",
                "at_least",
                "at_most",
                "approx",
                "nearly",
                "rounded",
                "planned",
                "derived",
                name="qualifier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("as_reported", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("needs_check", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(superseded_at IS NULL) = (superseded_reason = '')", name=op.f("ck_activity_figure_superseded_reason")
        ),
        sa.CheckConstraint("is_planned = (qualifier = 'planned')", name=op.f("ck_activity_figure_planned")),
        sa.CheckConstraint("code <> 'other' OR label_zh <> ''", name=op.f("ck_activity_figure_other_is_named")),
        sa.CheckConstraint("value IS NOT NULL OR as_reported <> ''", name=op.f("ck_activity_figure_figure_said")),
        sa.CheckConstraint(
            "(checked_by_id IS NULL) = (checked_on IS NULL)", name=op.f("ck_activity_figure_checked_by")
        ),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR entered_by_id IS NULL OR checked_by_id <> entered_by_id",
            name=op.f("ck_activity_figure_two"),
        ),
        sa.CheckConstraint("checked_on IS NULL OR NOT needs_check", name=op.f("ck_activity_figure_checked_is_sure")),
        sa.CheckConstraint("value IS NOT NULL OR needs_check", name=op.f("ck_activity_figure_figure_checked")),
        sa.CheckConstraint(
            "value IS NULL OR (value >= 0 AND value < 100000000000)", name=op.f("ck_activity_figure_figure_range")
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_figure_activity_id_activity")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["user_account.id"], name=op.f("fk_activity_figure_checked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_activity_figure_entered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["activity_figure.id"], name=op.f("fk_activity_figure_replaces_id_activity_figure")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["user_account.id"], name=op.f("fk_activity_figure_superseded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_figure")),
        sa.UniqueConstraint("public_id", name=op.f("uq_activity_figure_public_id")),
    )
    with op.batch_alter_table("activity_figure", schema=None) as batch_op:
        batch_op.create_index("ix_activity_figure_activity", ["activity_id", "id"], unique=False)
        batch_op.create_index(
            "ix_activity_figure_unchecked",
            ["activity_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL AND checked_on IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL AND checked_on IS NULL"),
        )
        batch_op.create_index(
            "uq_activity_figure_current",
            ["activity_id", "code", "is_planned"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL AND code <> 'other'"),
            postgresql_where=sa.text("superseded_at IS NULL AND code <> 'other'"),
        )
        batch_op.create_index(
            "uq_activity_figure_other",
            ["activity_id", "label_zh", "is_planned"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL AND code = 'other'"),
            postgresql_where=sa.text("superseded_at IS NULL AND code = 'other'"),
        )

    op.create_table(
        "activity_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_public_id", sa.String(length=26), nullable=False),
        sa.Column(
            "link",
            sa.Enum(
                "produced", "belongs_to", name="activity_link", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_outcome_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_outcome")),
        sa.UniqueConstraint(
            "activity_id",
            "subject_kind",
            "subject_public_id",
            name=op.f("uq_activity_outcome_activity_id_subject_kind_subject_public_id"),
        ),
    )
    with op.batch_alter_table("activity_outcome", schema=None) as batch_op:
        batch_op.create_index("ix_activity_outcome_subject", ["subject_kind", "subject_public_id"], unique=False)

    op.create_table(
        "activity_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "organiser",
                "co_organiser",
                "host",
                "participant",
                name="activity_part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name_as_reported", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR name_as_reported <> ''", name=op.f("ck_activity_party_named")
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_party_activity_id_activity")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_activity_party_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_party")),
        sa.UniqueConstraint("activity_id", "position", name=op.f("uq_activity_party_activity_id_position")),
    )
    with op.batch_alter_table("activity_party", schema=None) as batch_op:
        batch_op.create_index("ix_activity_party_organisation", ["organisation_id", "part"], unique=False)

    op.create_table(
        "activity_visibility",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("is_party", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_activity_visibility_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["activity.id"], name=op.f("fk_activity_visibility_record_id_activity")),
        sa.PrimaryKeyConstraint("record_id", "organisation_id", name=op.f("pk_activity_visibility")),
    )
    with op.batch_alter_table("activity_visibility", schema=None) as batch_op:
        batch_op.create_index("ix_activity_visibility_list", ["organisation_id", "sort_on", "record_id"], unique=False)
        batch_op.create_index("ix_activity_visibility_record", ["record_id"], unique=False)
        batch_op.create_index(
            "ix_activity_visibility_state", ["organisation_id", "state", "sort_on", "record_id"], unique=False
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("activity_visibility", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_visibility_state")
        batch_op.drop_index("ix_activity_visibility_record")
        batch_op.drop_index("ix_activity_visibility_list")

    op.drop_table("activity_visibility")
    with op.batch_alter_table("activity_party", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_party_organisation")

    op.drop_table("activity_party")
    with op.batch_alter_table("activity_outcome", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_outcome_subject")

    op.drop_table("activity_outcome")
    with op.batch_alter_table("activity_figure", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_activity_figure_other",
            sqlite_where=sa.text("superseded_at IS NULL AND code = 'other'"),
            postgresql_where=sa.text("superseded_at IS NULL AND code = 'other'"),
        )
        batch_op.drop_index(
            "uq_activity_figure_current",
            sqlite_where=sa.text("superseded_at IS NULL AND code <> 'other'"),
            postgresql_where=sa.text("superseded_at IS NULL AND code <> 'other'"),
        )
        batch_op.drop_index(
            "ix_activity_figure_unchecked",
            sqlite_where=sa.text("superseded_at IS NULL AND checked_on IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL AND checked_on IS NULL"),
        )
        batch_op.drop_index("ix_activity_figure_activity")

    op.drop_table("activity_figure")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_signing_event")
        batch_op.drop_index("ix_activity_region")
        batch_op.drop_index("ix_activity_parent")
        batch_op.drop_index(batch_op.f("ix_activity_owner_id"))

    op.drop_table("activity")
