"""Which lines of published reference data are in the registry, and as which records.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "reference_entry",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_public_id", sa.String(length=26), nullable=False),
        sa.Column("entered_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reference_entry")),
    )


def downgrade() -> None:
    """Go back; what was entered stays, and would be entered once more."""
    op.drop_table("reference_entry")
