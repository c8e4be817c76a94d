"""Imports of ledgers and their rows; bases for traineeships and internships.

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _bases()
    op.create_table(
        "import_batch",
        sa.Column("ledger", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "checking",
                "checked",
                "entering",
                "entered",
                "undone",
                "abandoned",
                "failed",
                name="batchstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("run", sa.String(length=26), nullable=False),
        sa.Column("error", sa.String(length=2000), nullable=False),
        sa.Column("entered_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_import_batch_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_import_batch_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_import_batch_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_batch_public_id")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index("ix_import_batch_list", ["organisation_id", "id"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "changed",
                "same",
                "doubtful",
                "wrong",
                name="rowstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("record_public_id", sa.String(length=26), nullable=False),
        sa.Column("is_entered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_import_row_batch_id_number")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index("ix_import_row_record", ["record_public_id"], unique=False)
        batch_op.create_index("ix_import_row_state", ["batch_id", "state", "number"], unique=False)


def _bases() -> None:
    op.create_table(
        "internship_base",
        sa.Column(
            "kind",
            sa.Enum(
                "trainee",
                "practice",
                "training",
                name="base_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "national",
                "provincial",
                "city",
                "county",
                "university",
                name="base_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum("active", "closed", name="base_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("close_reason", sa.String(length=1000), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("employer_as_reported", sa.String(length=200), nullable=False),
        sa.Column("uscc", sa.String(length=30), nullable=False),
        sa.Column("university_id", sa.Integer(), nullable=True),
        sa.Column("approval_no", sa.String(length=100), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column(
            "approved_precision",
            sa.Enum(
                "day",
                "month",
                "year",
                "unknown",
                name="approved_precision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("posts", sa.Integer(), nullable=True),
        sa.Column("on_post", sa.Integer(), nullable=True),
        sa.Column("completed", sa.Integer(), nullable=True),
        sa.Column("retained", sa.Integer(), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=False),
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
        sa.CheckConstraint("(state = 'closed') = (close_reason <> '')", name=op.f("ck_internship_base_close_reason")),
        sa.CheckConstraint(
            "employer_id IS NOT NULL OR employer_as_reported <> ''", name=op.f("ck_internship_base_employer_named")
        ),
        sa.CheckConstraint(
            "retained IS NULL OR completed IS NULL OR retained <= completed",
            name=op.f("ck_internship_base_part_of_completed"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_internship_base_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organisation.id"], name=op.f("fk_internship_base_employer_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_internship_base_owner_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["university_id"], ["organisation.id"], name=op.f("fk_internship_base_university_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_base")),
        sa.UniqueConstraint("public_id", name=op.f("uq_internship_base_public_id")),
    )
    op.create_index("ix_internship_base_employer", "internship_base", ["employer_id"], unique=False)
    op.create_index(op.f("ix_internship_base_owner_id"), "internship_base", ["owner_id"], unique=False)
    op.create_index("ix_internship_base_university", "internship_base", ["university_id"], unique=False)
    op.create_table(
        "base_visibility",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("is_party", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_base_visibility_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["internship_base.id"], name=op.f("fk_base_visibility_record_id_internship_base")
        ),
        sa.PrimaryKeyConstraint("record_id", "organisation_id", name=op.f("pk_base_visibility")),
    )
    op.create_index(
        "ix_base_visibility_list", "base_visibility", ["organisation_id", "sort_on", "record_id"], unique=False
    )
    op.create_index("ix_base_visibility_record", "base_visibility", ["record_id"], unique=False)
    op.create_index(
        "ix_base_visibility_state",
        "base_visibility",
        ["organisation_id", "state", "sort_on", "record_id"],
        unique=False,
    )


def downgrade() -> None:
    """Go back; what was entered stays, what only its rows said is lost, and so are the bases."""
    op.drop_index("ix_base_visibility_state", table_name="base_visibility")
    op.drop_index("ix_base_visibility_record", table_name="base_visibility")
    op.drop_index("ix_base_visibility_list", table_name="base_visibility")
    op.drop_table("base_visibility")
    op.drop_index("ix_internship_base_university", table_name="internship_base")
    op.drop_index(op.f("ix_internship_base_owner_id"), table_name="internship_base")
    op.drop_index("ix_internship_base_employer", table_name="internship_base")
    op.drop_table("internship_base")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_state")
        batch_op.drop_index("ix_import_row_record")

    op.drop_table("import_row")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_import_batch_list")

    op.drop_table("import_batch")
