"""The sums that leaders read; the worker adds up what there is already.

Revision: 0025, after 0024
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from registry.core import db as types
from registry.core.ids import new_public_id

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KIND = "overview.enter"
KEY = ["organisation_id", "metric", "locality", "university_id", "month", "part"]


def upgrade() -> None:
    """Go forward."""
    _create_sums("overview_total", key=KEY, sqlite_with_rowid=False)
    _create_sums("overview_change", sa.Column("id", sa.Integer(), nullable=False), key=["id"])
    op.create_index("ix_overview_change_key", "overview_change", KEY)
    op.create_table(
        "overview_share",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "record_id", name=op.f("pk_overview_share")),
    )
    op.create_index("ix_overview_share_again", "overview_share", ["again_on"])
    is_open = sa.text("closed_on IS NULL")
    op.create_index(
        "ix_commitment_period_open", "commitment_period", ["due_on", "id"], sqlite_where=is_open,
        postgresql_where=is_open,
    )  # fmt: skip
    if op.get_bind().scalar(sa.text("SELECT id FROM organisation LIMIT 1")) is not None:
        _order_entering()


def _create_sums(table: str, *columns: sa.Column[int], key: list[str], **options: bool) -> None:
    op.create_table(
        table,
        *columns,
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("locality", sa.String(length=12), nullable=False),
        sa.Column("university_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Numeric(precision=24, scale=4), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        **options,
    )


def _order_entering() -> None:
    """A job, as the registry itself would write it."""
    moment = datetime.now(UTC)
    values = {
        "public_id": new_public_id(),
        "kind": KIND,
        "key": revision,
        "payload": {},
        "status": "queued",
        "run_after": moment,
        "lease": "",
        "attempts": 0,
        "last_error": "",
        "created_at": moment,
    }
    job = sa.table(
        "job",
        *(sa.column(name) for name in values if name not in ("payload", "run_after", "created_at")),
        sa.column("payload", sa.JSON()),
        sa.column("run_after", types.UTCDateTime()),
        sa.column("created_at", types.UTCDateTime()),
    )
    if op.get_bind().dialect.name == "postgresql":  # rows that came with their numbers leave the counter behind
        op.execute("SELECT setval(pg_get_serial_sequence('job', 'id'), coalesce(max(id), 0) + 1, false) FROM job")
    op.bulk_insert(job, [values])


def downgrade() -> None:
    """Go back; nothing is lost that the records do not say."""
    op.execute(sa.text("DELETE FROM job WHERE kind = :kind").bindparams(kind=KIND))
    op.drop_index("ix_commitment_period_open", "commitment_period")
    for table in ("overview_share", "overview_change", "overview_total"):
        op.drop_table(table)
