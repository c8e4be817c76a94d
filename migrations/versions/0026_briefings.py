"""Figures kept at a month's end, briefings made of them, offices' Word templates, and the triggers that freeze them.

Revision: 0026, after 0025
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TOLD = "figures of a past month and an issued briefing can no longer change"
ISSUED = "OLD.state = 'issued'"


def _of_issued(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM briefing b WHERE b.id = {row}.briefing_id AND b.state = 'issued')"  # noqa: S608 - no input in it


RULES = (
    ("snapshot", "UPDATE", ""),
    ("snapshot", "DELETE", ""),
    ("briefing", "UPDATE", ISSUED),
    ("briefing", "DELETE", ISSUED),
    ("briefing_item", "INSERT", _of_issued("NEW")),
    ("briefing_item", "UPDATE", f"{_of_issued('OLD')} OR {_of_issued('NEW')}"),
    ("briefing_item", "DELETE", _of_issued("OLD")),
)
CURRENT = sa.text("retired_at IS NULL")


def upgrade() -> None:
    """Go forward."""
    _create_snapshots()
    _create_briefings()
    _create_items()
    _create_templates()
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _postgresql() if is_postgresql else _sqlite():
        op.execute(statement)


def _create_snapshots() -> None:
    op.create_table(
        "snapshot",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("taken_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("month BETWEEN 194910 AND 219912", name=op.f("ck_snapshot_month")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_snapshot_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("organisation_id", "month", name=op.f("uq_snapshot_organisation_id_month")),
        sa.UniqueConstraint("public_id", name=op.f("uq_snapshot_public_id")),
    )


def _create_briefings() -> None:
    state = sa.Enum("draft", "issued", name="briefingstate", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "briefing",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("report_to", sa.String(length=200), nullable=False),
        sa.Column("problems_zh", sa.Text(), nullable=False),
        sa.Column("problems_en", sa.Text(), nullable=False),
        sa.Column("next_zh", sa.Text(), nullable=False),
        sa.Column("next_en", sa.Text(), nullable=False),
        sa.Column("corrections", sa.Text(), nullable=False),
        sa.Column("content_zh", sa.Text(), nullable=False),
        sa.Column("content_en", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'issued') = (issued_at IS NOT NULL)", name=op.f("ck_briefing_issued")),
        sa.CheckConstraint("(state = 'issued') = (sha256 <> '')", name=op.f("ck_briefing_content")),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user_account.id"], name=op.f("fk_briefing_issued_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_briefing_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_briefing_snapshot_id_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing")),
        sa.UniqueConstraint("organisation_id", "month", name=op.f("uq_briefing_organisation_id_month")),
        sa.UniqueConstraint("public_id", name=op.f("uq_briefing_public_id")),
    )  # fmt: skip


def _create_items() -> None:
    op.create_table(
        "briefing_item",
        sa.Column("briefing_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title_zh", sa.String(length=400), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["briefing_id"], ["briefing.id"], name=op.f("fk_briefing_item_briefing_id_briefing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_item")),
        sa.UniqueConstraint("briefing_id", "code", name=op.f("uq_briefing_item_briefing_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_briefing_item_public_id")),
    )


def _create_templates() -> None:
    op.create_table(
        "briefing_template",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("retired_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_briefing_template_language")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_briefing_template_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_briefing_template_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user_account.id"], name=op.f("fk_briefing_template_uploaded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_template")),
        sa.UniqueConstraint("public_id", name=op.f("uq_briefing_template_public_id")),
    )
    op.create_index(
        "uq_briefing_template_current",
        "briefing_template",
        ["organisation_id", "language"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )


def _sqlite() -> Iterator[str]:
    for table, write, when in RULES:
        condition = f" WHEN {when}" if when else ""
        name = f"{table}_frozen_{write.lower()}"
        yield f"CREATE TRIGGER {name} BEFORE {write} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"


def _postgresql() -> Iterator[str]:
    for table, write, when in RULES:
        name = f"{table}_frozen_{write.lower()}"
        refuse = f"RAISE EXCEPTION '{TOLD}';"
        body = f"IF {when} THEN {refuse} END IF;" if when else refuse
        row = "OLD" if write == "DELETE" else "NEW"
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN {row}; END $$"
        yield f"CREATE TRIGGER {name} BEFORE {write} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def downgrade() -> None:
    """Go back."""
    for table in ("briefing_template", "briefing_item", "briefing", "snapshot"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table, write, _when in RULES:
            op.execute(f"DROP FUNCTION IF EXISTS {table}_frozen_{write.lower()}()")
