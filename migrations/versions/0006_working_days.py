"""Years whose working days are recorded, with the notice's number; the day that a step's deadline is counted from.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

from registry.core.ids import new_public_id

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OVERRIDE = sa.table("workday_override", sa.column("day", sa.Date()))


def upgrade() -> None:
    """Go forward. Years that the table has exceptions of are recorded already; their notice is not known here."""
    year = op.create_table(
        "workday_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workday_year")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workday_year_public_id")),
        sa.UniqueConstraint("year", name=op.f("uq_workday_year_year")),
    )
    days = op.get_bind().execute(sa.select(OVERRIDE.c.day)).scalars()
    rows = [
        {"year": one, "source": "", "public_id": new_public_id(), "row_version": 1}
        for one in sorted({day.year for day in days})
    ]
    op.bulk_insert(year, rows)
    op.add_column("clearance", sa.Column("counted_from", sa.Date(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("clearance", "counted_from")
    op.drop_table("workday_year")
