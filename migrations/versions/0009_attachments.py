"""Files beside any business record.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

REFERENCES = {
    "file_id": "stored_file",
    "small_id": "stored_file",
    "added_by_id": "user_account",
    "removed_by_id": "user_account",
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "attachment",
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_public_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("small_id", sa.Integer(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("caption", sa.String(length=400), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("removed_reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_reason = '')", name=op.f("ck_attachment_removed_reason")),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name=op.f("ck_attachment_removed_by")),
        *(_reference(column, table) for column, table in REFERENCES.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attachment_public_id")),
    )
    op.create_index("ix_attachment_subject", "attachment", ["subject_kind", "subject_id", "id"])


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_attachment_{column}_{table}"))


def downgrade() -> None:
    """Go back; the files stay in the store."""
    op.drop_index("ix_attachment_subject", table_name="attachment")
    op.drop_table("attachment")
