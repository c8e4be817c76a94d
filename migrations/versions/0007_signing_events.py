"""Signing events, ticks at the table, scans handed in for an event, found details; consents as files.

Revision: 0007, after 0006
"""

import re

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEW_KIND = "consent"
KIND_CHECK = "ck_agreement_document_documentkind"
LINK = "fk_agreement_signing_event_id_signing_event"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "signing_event",
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
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
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("programme", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_signing_event_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_signing_event_owner_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_signing_event_public_id")),
    )
    op.create_index("ix_signing_event_owner", "signing_event", ["owner_id", "sort_on", "id"], unique=False)
    op.create_index("ix_signing_event_sort", "signing_event", ["sort_on", "id"], unique=False)

    op.create_table(
        "event_scan",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filed", "waiting", "set_aside", name="scanstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("filed", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'set_aside') = (reason <> '')", name=op.f("ck_event_scan_reason")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_event_scan_added_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["signing_event.id"], name=op.f("fk_event_scan_event_id_signing_event")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_event_scan_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_event_scan_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_scan")),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_scan_public_id")),
    )
    op.create_index("ix_event_scan_event", "event_scan", ["event_id", "organisation_id", "id"], unique=False)

    op.create_table(
        "supplement",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "confirmed",
                "refused",
                name="supplementstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(state = 'refused') = (reason <> '')", name=op.f("ck_supplement_reason")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_supplement_agreement_id_agreement")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_supplement_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_supplement_proposed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_supplement_public_id")),
    )
    op.create_index("ix_supplement_agreement", "supplement", ["agreement_id", "id"], unique=False)
    op.create_index(
        "uq_supplement_pending",
        "supplement",
        ["agreement_id"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )

    op.create_table(
        "table_tick",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("ticked_by_id", sa.Integer(), nullable=False),
        sa.Column("ticked_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("undo_reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(undone_at IS NULL) = (undo_reason = '')", name=op.f("ck_table_tick_undo_reason")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_table_tick_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["event_id"], ["signing_event.id"], name=op.f("fk_table_tick_event_id_signing_event")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["agreement_party.id"], name=op.f("fk_table_tick_party_id_agreement_party")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["agreement_revision.id"], name=op.f("fk_table_tick_revision_id_agreement_revision")
        ),
        sa.ForeignKeyConstraint(
            ["ticked_by_id"], ["user_account.id"], name=op.f("fk_table_tick_ticked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_table_tick_undone_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_tick")),
        sa.UniqueConstraint("public_id", name=op.f("uq_table_tick_public_id")),
    )
    op.create_index("ix_table_tick_event", "table_tick", ["event_id", "id"], unique=False)
    op.create_index(
        "uq_table_tick_standing",
        "table_tick",
        ["revision_id", "party_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )

    # Written out: with an inline reference both databases take it, and SQLite need not build the table anew.
    op.execute(
        f"ALTER TABLE agreement ADD COLUMN signing_event_id INTEGER CONSTRAINT {LINK} REFERENCES signing_event (id)"
    )
    op.add_column("agreement", sa.Column("signing_position", sa.Integer(), nullable=True))
    op.create_index("ix_agreement_signing_event", "agreement", ["signing_event_id", "signing_position"])
    _check_kinds({*_kinds(), NEW_KIND})


def downgrade() -> None:
    """Go back; consents become attachments."""
    documents = sa.table("agreement_document", sa.column("kind"))
    op.execute(documents.update().where(documents.c.kind == NEW_KIND).values(kind="attachment"))
    _check_kinds(_kinds() - {NEW_KIND})
    op.drop_index("ix_agreement_signing_event", "agreement")
    op.drop_column("agreement", "signing_position")
    op.drop_column("agreement", "signing_event_id")
    for table in ("table_tick", "supplement", "event_scan", "signing_event"):
        op.drop_table(table)


def _kinds() -> set[str]:
    """What the CHECK of a file's kind allows at present."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("agreement_document")
    return {
        kind for check in checks if check["name"] == KIND_CHECK for kind in re.findall(r"'(\w+)'", check["sqltext"])
    }


def _check_kinds(kinds: set[str]) -> None:
    """Replace the CHECK of a file's kind.

    Other tables point at files, so SQLite cannot build the table anew; its manual allows to write a CHECK over
    (sqlite.org/lang_altertable.html, section 7).
    """
    listed = ", ".join(f"'{kind}'" for kind in sorted(kinds))
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f(KIND_CHECK), "agreement_document", type_="check")
        op.create_check_constraint(op.f(KIND_CHECK), "agreement_document", f"kind IN ({listed})")
        return
    connection = op.get_bind()
    where = "type = 'table' AND name = 'agreement_document'"
    written = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE {where}").scalar_one()  # noqa: S608
    fresh = re.sub(rf"({KIND_CHECK}\"? CHECK \(kind IN )\([^)]*\)", rf"\1({listed})", written)
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(f"UPDATE sqlite_master SET sql = ? WHERE {where}", (fresh,))  # noqa: S608
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
