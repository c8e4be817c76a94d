"""Commitments, their periods and history, and the ledger that lists and rates read.

Revision: 0019, after 0018
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from registry.core import db as types
from registry.core.ids import new_public_id

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
BEGIN_JOB = "commitments.begin"


def upgrade() -> None:
    """Go forward."""

    op.create_table(
        "commitment_total",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "obligor",
                "beneficiary",
                "support",
                name="total_part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "fairs",
                "talks",
                "positions",
                "internships",
                "employment",
                "bases",
                "secondments",
                "visits",
                "meetings",
                "reporting",
                "training",
                "research",
                "funding",
                "other",
                name="total_category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("verified", sa.BigInteger(), nullable=False),
        sa.Column("reported", sa.BigInteger(), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("waived", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_commitment_total_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "part", "month", "category", name=op.f("pk_commitment_total")),
    )
    op.create_table(
        "commitment",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "table",
                "variable",
                "marked",
                name="commitment_origin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("article", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "active",
                "ended",
                "declined",
                name="commitment_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum(
                "fairs",
                "talks",
                "positions",
                "internships",
                "employment",
                "bases",
                "secondments",
                "visits",
                "meetings",
                "reporting",
                "training",
                "research",
                "funding",
                "other",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "measure",
            sa.Enum(
                "boolean",
                "count",
                "percent",
                "amount",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "comparator",
            sa.Enum(
                "at_least",
                "at_most",
                "exactly",
                name="comparator",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("target", sa.Numeric(precision=16, scale=4), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column(
            "recurrence",
            sa.Enum(
                "once",
                "yearly",
                "cohort",
                "term",
                "monthly",
                "quarterly",
                "half_yearly",
                name="recurrence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("period_words", sa.String(length=200), nullable=False),
        sa.Column("rule", sa.String(length=1000), nullable=False),
        sa.Column("rule_en", sa.String(length=1000), nullable=False),
        sa.Column("evidence_required", sa.String(length=1000), nullable=False),
        sa.Column("evidence_required_en", sa.String(length=1000), nullable=False),
        sa.Column("evidence_kinds", sa.JSON(), nullable=False),
        sa.Column(
            "curve",
            sa.Enum("linear", "seasonal", "custom", name="curve", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column(
            "verify_rule",
            sa.Enum("any", "all", "lead", name="verifyrule", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("is_joint", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("made_until", sa.Date(), nullable=True),
        sa.Column("paused_on", sa.Date(), nullable=True),
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
        sa.CheckConstraint(
            "(state IN ('ended', 'declined')) = (end_reason <> '')", name=op.f("ck_commitment_end_reason")
        ),
        sa.CheckConstraint(
            "(state IN ('ended', 'declined')) = (ended_on IS NOT NULL)", name=op.f("ck_commitment_ended_on")
        ),
        sa.CheckConstraint("target >= 0", name=op.f("ck_commitment_target")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_commitment_agreement_id_agreement")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_commitment_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_commitment_owner_id_organisation")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["agreement_revision.id"], name=op.f("fk_commitment_revision_id_agreement_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_commitment_public_id")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index("ix_commitment_agreement", ["agreement_id", "state"], unique=False)
        batch_op.create_index("ix_commitment_made_until", ["state", "made_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "uq_commitment_running_code",
            ["agreement_id", "code"],
            unique=True,
            sqlite_where=sa.text("code <> '' AND state = 'active'"),
            postgresql_where=sa.text("code <> '' AND state = 'active'"),
        )

    op.create_table(
        "commitment_period",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("target", sa.Numeric(precision=16, scale=4), nullable=False),
        sa.Column("reported", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("verified", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("disputed", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "submitted",
                "returned",
                "met",
                "partially_met",
                "not_met",
                "waived",
                "disputed",
                "cancelled",
                name="period_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("disputer_id", sa.Integer(), nullable=True),
        sa.Column("disputed_by_id", sa.Integer(), nullable=True),
        sa.Column("close_requested_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("waiver_by_id", sa.Integer(), nullable=True),
        sa.Column("waiver_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("waiver_reason", sa.String(length=1000), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'disputed') = (disputed IS NOT NULL)", name=op.f("ck_commitment_period_both_figures")
        ),
        sa.CheckConstraint(
            "(state IN ('met', 'partially_met', 'not_met', 'waived', 'cancelled')) = (closed_on IS NOT NULL)",
            name=op.f("ck_commitment_period_closed_on"),
        ),
        sa.CheckConstraint("state <> 'waived' OR waiver_reason <> ''", name=op.f("ck_commitment_period_waiver_reason")),
        sa.CheckConstraint(
            "state NOT IN ('met', 'partially_met', 'not_met') OR verified IS NOT NULL",
            name=op.f("ck_commitment_period_verified"),
        ),
        sa.CheckConstraint("(reported IS NULL) = (reporter_id IS NULL)", name=op.f("ck_commitment_period_reporter")),
        sa.CheckConstraint("starts_on <= due_on", name=op.f("ck_commitment_period_days_in_order")),
        sa.CheckConstraint(
            "target >= 0 AND reported >= 0 AND verified >= 0 AND disputed >= 0",
            name=op.f("ck_commitment_period_figures"),
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_period_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(
            ["disputed_by_id"], ["user_account.id"], name=op.f("fk_commitment_period_disputed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["disputer_id"], ["organisation.id"], name=op.f("fk_commitment_period_disputer_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["user_account.id"], name=op.f("fk_commitment_period_reported_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["organisation.id"], name=op.f("fk_commitment_period_reporter_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["waiver_asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_commitment_period_waiver_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["waiver_by_id"], ["organisation.id"], name=op.f("fk_commitment_period_waiver_by_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_period")),
        sa.UniqueConstraint("commitment_id", "no", name=op.f("uq_commitment_period_commitment_id_no")),
        sa.UniqueConstraint("public_id", name=op.f("uq_commitment_period_public_id")),
    )
    with op.batch_alter_table("commitment_period", schema=None) as batch_op:
        batch_op.create_index("ix_commitment_period_due", ["due_on", "id"], unique=False)

    op.create_table(
        "commitment_side",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "obligor", "beneficiary", "support", name="part", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["user_account.id"], name=op.f("fk_commitment_side_accepted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_side_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_commitment_side_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_side")),
        sa.UniqueConstraint("commitment_id", "position", name=op.f("uq_commitment_side_commitment_id_position")),
    )
    with op.batch_alter_table("commitment_side", schema=None) as batch_op:
        batch_op.create_index("ix_commitment_side_organisation", ["organisation_id"], unique=False)

    op.create_table(
        "commitment_visibility",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("is_party", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_commitment_visibility_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["commitment.id"], name=op.f("fk_commitment_visibility_record_id_commitment")
        ),
        sa.PrimaryKeyConstraint("record_id", "organisation_id", name=op.f("pk_commitment_visibility")),
    )
    with op.batch_alter_table("commitment_visibility", schema=None) as batch_op:
        batch_op.create_index(
            "ix_commitment_visibility_list", ["organisation_id", "sort_on", "record_id"], unique=False
        )
        batch_op.create_index("ix_commitment_visibility_record", ["record_id"], unique=False)
        batch_op.create_index(
            "ix_commitment_visibility_state", ["organisation_id", "state", "sort_on", "record_id"], unique=False
        )

    op.create_table(
        "commitment_evidence",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_public_id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_commitment_evidence_added_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_evidence_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_commitment_evidence_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["commitment_period.id"], name=op.f("fk_commitment_evidence_period_id_commitment_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_evidence")),
        sa.UniqueConstraint("commitment_id", "kind", "subject_public_id", name="uq_commitment_evidence_once"),
        sa.UniqueConstraint("public_id", name=op.f("uq_commitment_evidence_public_id")),
    )
    with op.batch_alter_table("commitment_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_commitment_evidence_period", ["period_id"], unique=False)
        batch_op.create_index("ix_commitment_evidence_subject", ["kind", "subject_public_id"], unique=False)

    op.create_table(
        "period_event",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reported",
                "close_requested",
                "verified",
                "sent_back",
                "disputed",
                "answered",
                "said",
                "waiver_asked",
                "waiver_granted",
                "waiver_refused",
                "reopened",
                "retargeted",
                "moved",
                "cancelled",
                "reinstated",
                name="event_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "submitted",
                "returned",
                "met",
                "partially_met",
                "not_met",
                "waived",
                "disputed",
                "cancelled",
                name="event_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("target", sa.Numeric(precision=16, scale=4), nullable=False),
        sa.Column("reported", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("verified", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("disputed", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_period_event_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["commitment_period.id"], name=op.f("fk_period_event_period_id_commitment_period")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_period_event_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_period_event_public_id")),
    )
    with op.batch_alter_table("period_event", schema=None) as batch_op:
        batch_op.create_index("ix_period_event_period", ["period_id", "id"], unique=False)

    op.create_table(
        "period_standing",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "obligor",
                "beneficiary",
                "support",
                name="standing_part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("behind_on", sa.Date(), nullable=True),
        sa.Column("far_behind_on", sa.Date(), nullable=True),
        sa.Column(
            "bucket",
            sa.Enum("open", "paused", "settled", name="bucket", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "submitted",
                "returned",
                "met",
                "partially_met",
                "not_met",
                "waived",
                "disputed",
                "cancelled",
                name="standing_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("counts_on", sa.Date(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "fairs",
                "talks",
                "positions",
                "internships",
                "employment",
                "bases",
                "secondments",
                "visits",
                "meetings",
                "reporting",
                "training",
                "research",
                "funding",
                "other",
                name="standing_category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.Column("reported", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_period_standing_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["commitment_period.id"], name=op.f("fk_period_standing_period_id_commitment_period")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "part", "period_id", name=op.f("pk_period_standing")),
    )
    with op.batch_alter_table("period_standing", schema=None) as batch_op:
        batch_op.create_index("ix_period_standing_counts", ["organisation_id", "part", "counts_on"], unique=False)
        batch_op.create_index(
            "ix_period_standing_due", ["organisation_id", "part", "bucket", "due_on", "period_id"], unique=False
        )
        batch_op.create_index(
            "ix_period_standing_list", ["organisation_id", "part", "due_on", "period_id"], unique=False
        )
        batch_op.create_index("ix_period_standing_period", ["period_id"], unique=False)
        batch_op.create_index(
            "ix_period_standing_state", ["organisation_id", "part", "state", "due_on", "period_id"], unique=False
        )
        batch_op.create_index(
            "ix_period_standing_waits", ["organisation_id", "part", "waits", "due_on", "period_id"], unique=False
        )

    op.create_table(
        "period_voice",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "about",
            sa.Enum("figure", "waiver", name="about", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("figure", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_period_voice_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["commitment_period.id"], name=op.f("fk_period_voice_period_id_commitment_period")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_period_voice_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_voice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_period_voice_public_id")),
    )
    with op.batch_alter_table("period_voice", schema=None) as batch_op:
        batch_op.create_index("ix_period_voice_period", ["period_id"], unique=False)

    _begin_later()


def _begin_later() -> None:
    """What is in force already gets its commitments by a job: the program knows what a text promises."""
    connection = op.get_bind()
    alive = sa.text("SELECT 1 FROM agreement WHERE status IN ('in_force', 'suspended') LIMIT 1")
    if connection.execute(alive).first() is None:
        return
    job = sa.table(
        "job", *(sa.column(name) for name in ("public_id", "kind", "key", "status", "lease", "attempts", "last_error")),
        sa.column("payload", sa.JSON), sa.column("run_after", types.UTCDateTime(timezone=True)),
        sa.column("created_at", types.UTCDateTime(timezone=True)),
    )  # fmt: skip
    now = datetime.now(UTC)
    op.bulk_insert(job, [{
        "public_id": new_public_id(), "kind": BEGIN_JOB, "key": revision, "status": "queued", "lease": "",
        "attempts": 0, "last_error": "", "payload": {}, "run_after": now, "created_at": now,
    }])  # fmt: skip


def downgrade() -> None:
    """Go back."""
    op.execute(sa.text("DELETE FROM job WHERE kind = :kind").bindparams(kind=BEGIN_JOB))

    with op.batch_alter_table("period_voice", schema=None) as batch_op:
        batch_op.drop_index("ix_period_voice_period")

    op.drop_table("period_voice")
    with op.batch_alter_table("period_standing", schema=None) as batch_op:
        batch_op.drop_index("ix_period_standing_waits")
        batch_op.drop_index("ix_period_standing_state")
        batch_op.drop_index("ix_period_standing_period")
        batch_op.drop_index("ix_period_standing_list")
        batch_op.drop_index("ix_period_standing_due")
        batch_op.drop_index("ix_period_standing_counts")

    op.drop_table("period_standing")
    with op.batch_alter_table("period_event", schema=None) as batch_op:
        batch_op.drop_index("ix_period_event_period")

    op.drop_table("period_event")
    with op.batch_alter_table("commitment_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_commitment_evidence_subject")
        batch_op.drop_index("ix_commitment_evidence_period")

    op.drop_table("commitment_evidence")
    with op.batch_alter_table("commitment_visibility", schema=None) as batch_op:
        batch_op.drop_index("ix_commitment_visibility_state")
        batch_op.drop_index("ix_commitment_visibility_record")
        batch_op.drop_index("ix_commitment_visibility_list")

    op.drop_table("commitment_visibility")
    with op.batch_alter_table("commitment_side", schema=None) as batch_op:
        batch_op.drop_index("ix_commitment_side_organisation")

    op.drop_table("commitment_side")
    with op.batch_alter_table("commitment_period", schema=None) as batch_op:
        batch_op.drop_index("ix_commitment_period_due")

    op.drop_table("commitment_period")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_commitment_running_code",
            sqlite_where=sa.text("code <> '' AND state = 'active'"),
            postgresql_where=sa.text("code <> '' AND state = 'active'"),
        )
        batch_op.drop_index(batch_op.f("ix_commitment_owner_id"))
        batch_op.drop_index("ix_commitment_made_until")
        batch_op.drop_index("ix_commitment_agreement")

    op.drop_table("commitment")
    op.drop_table("commitment_total")
