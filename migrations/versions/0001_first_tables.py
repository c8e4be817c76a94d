"""First tables.

Revision: 0001, the first
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
        """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
        """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'audit_head is never deleted'); END""",
        """CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq
    BEGIN SELECT RAISE(ABORT, 'audit_head only moves forward'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
        """CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_head_no_delete BEFORE DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
    FOR EACH ROW WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION audit_refuse()""",
    ),
}
DROP_TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS audit_event_no_update",
        "DROP TRIGGER IF EXISTS audit_event_no_delete",
        "DROP TRIGGER IF EXISTS audit_head_no_delete",
        "DROP TRIGGER IF EXISTS audit_head_forward",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS audit_event_no_change ON audit_event",
        "DROP TRIGGER IF EXISTS audit_head_no_delete ON audit_head",
        "DROP TRIGGER IF EXISTS audit_head_forward ON audit_head",
        "DROP FUNCTION IF EXISTS audit_refuse",
    ),
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("happened_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=26), nullable=False),
        sa.Column("object_label", sa.String(length=400), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_audit_event_public_id")),
        sa.UniqueConstraint("seq", name=op.f("uq_audit_event_seq")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_action", ["action", "seq"], unique=False)
        batch_op.create_index("ix_audit_event_actor", ["actor_id", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_happened_at"), ["happened_at"], unique=False)
        batch_op.create_index("ix_audit_event_object", ["object_type", "object_id", "seq"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "handled_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=2000), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handled_request")),
        sa.UniqueConstraint("nonce", name=op.f("uq_handled_request_nonce")),
    )
    with op.batch_alter_table("handled_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handled_request_created_at"), ["created_at"], unique=False)

    op.create_table(
        "industry_section",
        sa.Column("code", sa.String(length=1), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("divisions", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_industry_section")),
    )
    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                name="jobstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("run_after", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("leased_until", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=26), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=2000), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_job_kind_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_job_public_id")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["status", "run_after", "id"], unique=False)
        batch_op.create_index("ix_job_finished", ["status", "finished_at", "id"], unique=False)

    op.create_table(
        "parked_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("data_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_form")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_parked_form_token_hash")),
    )
    with op.batch_alter_table("parked_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parked_form_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_parked_form_user_id"), ["user_id"], unique=False)

    op.create_table(
        "region",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("short_zh", sa.String(length=30), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "province",
                "city",
                "county",
                "zone",
                name="regionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_code", sa.String(length=6), nullable=True),
        sa.Column("code_system", sa.String(length=12), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("is_reporting_locality", sa.Boolean(), nullable=False),
        sa.Column("grid_row", sa.Integer(), nullable=True),
        sa.Column("grid_column", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["parent_code"], ["region.code"], name=op.f("fk_region_parent_code_region")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("network", sa.String(length=45), nullable=False),
        sa.Column("tried_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_key", ["account", "network", "tried_at"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_file_public_id")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stored_file_sha256")),
    )
    op.create_table(
        "workday_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("holiday", "workday", name="workdaykind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("holiday_zh", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_workday_override")),
    )
    op.create_table(
        "write_probe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("written_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_write_probe_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_probe")),
    )
    op.create_table(
        "organisation",
        sa.Column(
            "kind",
            sa.Enum(
                "hr_department",
                "hr_bureau",
                "talent_centre",
                "university",
                "enterprise",
                "zone_admin",
                "education_department",
                "other",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "merged",
                "closed",
                name="organisationstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("short_zh", sa.String(length=60), nullable=False),
        sa.Column("short_en", sa.String(length=100), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("moe_code", sa.String(length=10), nullable=True),
        sa.Column("reference_code", sa.String(length=20), nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("superior_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("authority", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("needs_check", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("pinyin", sa.String(length=400), nullable=False),
        sa.Column("initials", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_organisation_merged_into")
        ),
        sa.CheckConstraint("superior_id <> id", name=op.f("ck_organisation_not_its_own_superior")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["organisation.id"], name=op.f("fk_organisation_added_by_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["organisation.id"], name=op.f("fk_organisation_merged_into_id_organisation")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_organisation_region_code_region")),
        sa.ForeignKeyConstraint(
            ["superior_id"], ["organisation.id"], name=op.f("fk_organisation_superior_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("moe_code", name=op.f("uq_organisation_moe_code")),
        sa.UniqueConstraint("name_zh", name=op.f("uq_organisation_name_zh")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_public_id")),
        sa.UniqueConstraint("reference_code", name=op.f("uq_organisation_reference_code")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisation_uscc")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_initials"), ["initials"], unique=False)
        batch_op.create_index("ix_organisation_kind_name", ["kind", "name_zh", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_region_code"), ["region_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_superior_id"), ["superior_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hint", sa.String(length=30), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["organisation.id"], name=op.f("fk_contact_recorded_by_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_public_id")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_recorded_by_id"), ["recorded_by_id"], unique=False)

    op.create_table(
        "number_counter",
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["organisation.id"], name=op.f("fk_number_counter_issuer_id_organisation")
        ),
        sa.PrimaryKeyConstraint("issuer_id", "year", name=op.f("pk_number_counter")),
    )
    op.create_table(
        "number_scheme",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_number_scheme_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_number_scheme")),
    )
    op.create_table(
        "organisation_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_alias_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_alias")),
        sa.UniqueConstraint("organisation_id", "alias", name=op.f("uq_organisation_alias_organisation_id_alias")),
    )
    with op.batch_alter_table("organisation_alias", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_alias_alias", ["alias"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_alias_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "organisation_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_name_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_name")),
    )
    with op.batch_alter_table("organisation_name", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_name_name", ["name_zh"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_name_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "oversight",
        sa.Column("overseer_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_oversight_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["overseer_id"], ["organisation.id"], name=op.f("fk_oversight_overseer_id_organisation")
        ),
        sa.PrimaryKeyConstraint("overseer_id", "organisation_id", name=op.f("pk_oversight")),
    )
    with op.batch_alter_table("oversight", schema=None) as batch_op:
        batch_op.create_index("ix_oversight_organisation", ["organisation_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending", "active", "disabled", name="userstatus", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_changed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("totp_secret_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("security_epoch", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("separated", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_user_account_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("account", name=op.f("uq_user_account_account")),
        sa.UniqueConstraint("id", "separated", name=op.f("uq_user_account_id_separated")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_account_public_id")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_account_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column(
            "kind",
            sa.Enum(
                "framework",
                "school_locality",
                "strategic",
                "workstation",
                "docking_memorandum",
                "letter_of_intent",
                "supplement",
                "renewal",
                name="agreementkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "review",
                "negotiation",
                "signing",
                "signed",
                "in_force",
                "suspended",
                "closed",
                "void",
                "recorded_pending",
                name="agreementstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "completed",
                "expired",
                "superseded",
                "terminated",
                name="closureoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("issuer_id", sa.Integer(), nullable=True),
        sa.Column("number_year", sa.Integer(), nullable=True),
        sa.Column("number_sequence", sa.Integer(), nullable=True),
        sa.Column("has_funding", sa.Boolean(), nullable=False),
        sa.Column("minutes_number", sa.String(length=100), nullable=False),
        sa.Column("minutes_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column(
            "signed_precision",
            sa.Enum(
                "day",
                "month",
                "year",
                "unknown",
                name="signed_precision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("planned_effective_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("open_ended", sa.Boolean(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("signing_place", sa.String(length=200), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.String(length=1000), nullable=False),
        sa.Column("is_historic", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("needs_details", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("verification_code", sa.String(length=32), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_agreement_outcome")),
        sa.CheckConstraint(
            "expires_on IS NULL OR effective_on IS NULL OR expires_on >= effective_on", name=op.f("ck_agreement_term")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name=op.f("fk_agreement_confirmed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["user_account.id"], name=op.f("fk_agreement_edited_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["handler_id"], ["user_account.id"], name=op.f("fk_agreement_handler_id_user_account")),
        sa.ForeignKeyConstraint(["issuer_id"], ["organisation.id"], name=op.f("fk_agreement_issuer_id_organisation")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_agreement_owner_id_organisation")),
        sa.ForeignKeyConstraint(["parent_id"], ["agreement.id"], name=op.f("fk_agreement_parent_id_agreement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("issuer_id", "number_year", "number_sequence", name="uq_agreement_number_parts"),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreement_public_id")),
        sa.UniqueConstraint("verification_code", name=op.f("uq_agreement_verification_code")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_agreement_sort", ["sort_on", "id"], unique=False)
        batch_op.create_index("ix_agreement_status_expiry", ["status", "expires_on"], unique=False)
        batch_op.create_index("ix_agreement_status_sort", ["status", "sort_on", "id"], unique=False)

    op.create_table(
        "one_time_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("invitation", "reset", name="tokenpurpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("security_epoch", sa.Integer(), nullable=False),
        sa.Column("expires_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("used_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_one_time_token_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_token_token_hash")),
    )
    with op.batch_alter_table("one_time_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "past_password",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("replaced_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_past_password_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_password")),
    )
    with op.batch_alter_table("past_password", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_past_password_user_id"), ["user_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "role_proposal",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
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
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grant", sa.Boolean(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_role_proposal_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_role_proposal_proposed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_role_proposal_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_proposal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_role_proposal_public_id")),
    )
    with op.batch_alter_table("role_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_proposal_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
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
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("separated", sa.Boolean(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role IN ('system_admin', 'security_admin', 'auditor')) = separated", name=op.f("ck_user_role_separated")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["user_account.id"], name=op.f("fk_user_role_granted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "separated"],
            ["user_account.id", "user_account.separated"],
            name=op.f("fk_user_role_user_id_separated_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_role")),
        sa.UniqueConstraint("user_id", "role", name=op.f("uq_user_role_user_id_role")),
    )
    with op.batch_alter_table("user_role", schema=None) as batch_op:
        batch_op.create_index(
            "uq_user_role_administrator",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("separated"),
            postgresql_where=sa.text("separated"),
        )

    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("security_epoch", sa.Integer(), nullable=False),
        sa.Column("started_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index("ix_user_session_user", ["user_id", "ended_at"], unique=False)

    op.create_table(
        "agreement_party",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("lead", "party", "witness", name="partyrole", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name_as_reported", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("snapshot_name", sa.String(length=200), nullable=False),
        sa.Column("snapshot_name_en", sa.String(length=200), nullable=False),
        sa.Column("snapshot_code", sa.String(length=18), nullable=False),
        sa.Column("snapshot_address", sa.String(length=200), nullable=False),
        sa.Column("snapshot_representative", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR name_as_reported <> ''", name=op.f("ck_agreement_party_named")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_party_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_party_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_party")),
        sa.UniqueConstraint(
            "agreement_id", "organisation_id", name=op.f("uq_agreement_party_agreement_id_organisation_id")
        ),
        sa.UniqueConstraint("agreement_id", "position", name=op.f("uq_agreement_party_agreement_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreement_party_public_id")),
    )
    with op.batch_alter_table("agreement_party", schema=None) as batch_op:
        batch_op.create_index("ix_agreement_party_organisation", ["organisation_id", "agreement_id"], unique=False)

    op.create_table(
        "agreement_revision",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "original",
                "amendment",
                "renewal",
                "accession",
                "withdrawal",
                "termination",
                "correction",
                name="revisionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("hash_version", sa.String(length=12), nullable=False),
        sa.Column("template_unmodified", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.String(length=1000), nullable=False),
        sa.Column("effective", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_revision_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user_account.id"], name=op.f("fk_agreement_revision_submitted_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_revision")),
        sa.UniqueConstraint("agreement_id", "no", name=op.f("uq_agreement_revision_agreement_id_no")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreement_revision_public_id")),
    )
    op.create_table(
        "agreement_visibility",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "review",
                "negotiation",
                "signing",
                "signed",
                "in_force",
                "suspended",
                "closed",
                "void",
                "recorded_pending",
                name="agreementstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_visibility_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_visibility_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "agreement_id", name=op.f("pk_agreement_visibility")),
    )
    with op.batch_alter_table("agreement_visibility", schema=None) as batch_op:
        batch_op.create_index("ix_agreement_visibility_agreement", ["agreement_id"], unique=False)
        batch_op.create_index(
            "ix_agreement_visibility_list", ["organisation_id", "sort_on", "agreement_id"], unique=False
        )
        batch_op.create_index(
            "ix_agreement_visibility_status", ["organisation_id", "status", "sort_on", "agreement_id"], unique=False
        )

    op.create_table(
        "agreement_document",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "signing_copy",
                "party_scan",
                "proxy_letter",
                "registry_copy",
                "source",
                "attachment",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("void_reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_agreement_document_added_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_document_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_agreement_document_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["agreement_party.id"], name=op.f("fk_agreement_document_party_id_agreement_party")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["agreement_revision.id"],
            name=op.f("fk_agreement_document_revision_id_agreement_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_document")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreement_document_public_id")),
    )
    with op.batch_alter_table("agreement_document", schema=None) as batch_op:
        batch_op.create_index("ix_agreement_document_agreement", ["agreement_id", "id"], unique=False)

    op.create_table(
        "clearance",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "section", "legal", "leader", name="clearancestep", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "result",
            sa.Enum(
                "passed",
                "returned",
                "exempt",
                name="clearanceresult",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "legal_result",
            sa.Enum(
                "legal",
                "after_change",
                "illegal",
                "template_exempt",
                name="legalresult",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("opinion", sa.String(length=2000), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_clearance_agreement_id_agreement")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_clearance_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_clearance_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["agreement_revision.id"], name=op.f("fk_clearance_revision_id_agreement_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
        sa.UniqueConstraint("public_id", name=op.f("uq_clearance_public_id")),
    )
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.create_index("ix_clearance_agreement", ["agreement_id", "id"], unique=False)
        batch_op.create_index("ix_clearance_waiting", ["organisation_id", "step", "result"], unique=False)

    op.create_table(
        "party_approval",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "approved",
                "changes_requested",
                "rejected",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_party_approval_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["agreement_party.id"], name=op.f("fk_party_approval_party_id_agreement_party")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["agreement_revision.id"], name=op.f("fk_party_approval_revision_id_agreement_revision")
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["user_account.id"], name=op.f("fk_party_approval_said_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_approval")),
        sa.UniqueConstraint("public_id", name=op.f("uq_party_approval_public_id")),
    )
    with op.batch_alter_table("party_approval", schema=None) as batch_op:
        batch_op.create_index("ix_party_approval_agreement", ["agreement_id", "id"], unique=False)

    op.create_table(
        "signatory",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("is_proxy", sa.Boolean(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "wet_ink",
                "scan",
                "e_seal",
                "digital",
                name="signaturemethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "signed",
                "declined",
                "void",
                name="signatorystatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status <> 'signed' OR signed_on IS NOT NULL", name=op.f("ck_signatory_signed_on")),
        sa.CheckConstraint("status NOT IN ('declined', 'void') OR reason <> ''", name=op.f("ck_signatory_reason")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_signatory_agreement_id_agreement")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["agreement_party.id"], name=op.f("fk_signatory_party_id_agreement_party")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_signatory_recorded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["agreement_revision.id"], name=op.f("fk_signatory_revision_id_agreement_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
        sa.UniqueConstraint("public_id", name=op.f("uq_signatory_public_id")),
    )
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.create_index("ix_signatory_agreement", ["agreement_id", "id"], unique=False)

    op.create_table(
        "seal_use",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column(
            "seal",
            sa.Enum(
                "official",
                "contract",
                "name",
                "cross_page",
                name="sealkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("sealed_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_seal_use_agreement_id_agreement")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["agreement_party.id"], name=op.f("fk_seal_use_party_id_agreement_party")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["agreement_revision.id"], name=op.f("fk_seal_use_revision_id_agreement_revision")
        ),
        sa.ForeignKeyConstraint(
            ["sealed_by_id"], ["user_account.id"], name=op.f("fk_seal_use_sealed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["signatory_id"], ["signatory.id"], name=op.f("fk_seal_use_signatory_id_signatory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_use")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seal_use_public_id")),
        sa.UniqueConstraint("signatory_id", name=op.f("uq_seal_use_signatory_id")),
    )
    with op.batch_alter_table("seal_use", schema=None) as batch_op:
        batch_op.create_index("ix_seal_use_agreement", ["agreement_id", "id"], unique=False)
    # The chain begins with an empty head.
    op.bulk_insert(
        sa.table("audit_head", sa.column("id", sa.Integer), sa.column("seq", sa.Integer), sa.column("hash", sa.String)),
        [{"id": 1, "seq": 0, "hash": "0" * 64}],
    )
    # The audit is append-only in the database itself.
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    for statement in DROP_TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)

    with op.batch_alter_table("seal_use", schema=None) as batch_op:
        batch_op.drop_index("ix_seal_use_agreement")

    op.drop_table("seal_use")
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.drop_index("ix_signatory_agreement")

    op.drop_table("signatory")
    with op.batch_alter_table("party_approval", schema=None) as batch_op:
        batch_op.drop_index("ix_party_approval_agreement")

    op.drop_table("party_approval")
    with op.batch_alter_table("clearance", schema=None) as batch_op:
        batch_op.drop_index("ix_clearance_waiting")
        batch_op.drop_index("ix_clearance_agreement")

    op.drop_table("clearance")
    with op.batch_alter_table("agreement_document", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_document_agreement")

    op.drop_table("agreement_document")
    with op.batch_alter_table("agreement_visibility", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_visibility_status")
        batch_op.drop_index("ix_agreement_visibility_list")
        batch_op.drop_index("ix_agreement_visibility_agreement")

    op.drop_table("agreement_visibility")
    op.drop_table("agreement_revision")
    with op.batch_alter_table("agreement_party", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_party_organisation")

    op.drop_table("agreement_party")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index("ix_user_session_user")

    op.drop_table("user_session")
    with op.batch_alter_table("user_role", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_user_role_administrator", sqlite_where=sa.text("separated"), postgresql_where=sa.text("separated")
        )

    op.drop_table("user_role")
    with op.batch_alter_table("role_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_proposal_user_id"))

    op.drop_table("role_proposal")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_user_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("past_password", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_past_password_user_id"))

    op.drop_table("past_password")
    with op.batch_alter_table("one_time_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_token_user_id"))

    op.drop_table("one_time_token")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_status_sort")
        batch_op.drop_index("ix_agreement_status_expiry")
        batch_op.drop_index("ix_agreement_sort")
        batch_op.drop_index(batch_op.f("ix_agreement_parent_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_owner_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_number"))

    op.drop_table("agreement")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_organisation_id"))

    op.drop_table("user_account")
    with op.batch_alter_table("oversight", schema=None) as batch_op:
        batch_op.drop_index("ix_oversight_organisation")

    op.drop_table("oversight")
    with op.batch_alter_table("organisation_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_name_organisation_id"))
        batch_op.drop_index("ix_organisation_name_name")

    op.drop_table("organisation_name")
    with op.batch_alter_table("organisation_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_alias_organisation_id"))
        batch_op.drop_index("ix_organisation_alias_alias")

    op.drop_table("organisation_alias")
    op.drop_table("number_scheme")
    op.drop_table("number_counter")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_recorded_by_id"))
        batch_op.drop_index(batch_op.f("ix_contact_organisation_id"))

    op.drop_table("contact")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_superior_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_region_code"))
        batch_op.drop_index("ix_organisation_kind_name")
        batch_op.drop_index(batch_op.f("ix_organisation_initials"))

    op.drop_table("organisation")
    op.drop_table("write_probe")
    op.drop_table("workday_override")
    op.drop_table("stored_file")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_key")

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_region_parent_code"))

    op.drop_table("region")
    with op.batch_alter_table("parked_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parked_form_user_id"))
        batch_op.drop_index(batch_op.f("ix_parked_form_created_at"))

    op.drop_table("parked_form")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_finished")
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    op.drop_table("industry_section")
    with op.batch_alter_table("handled_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handled_request_created_at"))

    op.drop_table("handled_request")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_object")
        batch_op.drop_index(batch_op.f("ix_audit_event_happened_at"))
        batch_op.drop_index("ix_audit_event_actor")
        batch_op.drop_index("ix_audit_event_action")

    op.drop_table("audit_event")
