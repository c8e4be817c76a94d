"""Sums only for organisations in which somebody has an account, stocks of past months by years too; the worker adds
up anew.

Revision: 0029, after 0028
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from registry.core import db as types
from registry.core.ids import new_public_id

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KIND = "overview.enter"


def upgrade() -> None:
    """Go forward: what every record gives is compared with what it gave, so that sums nobody reads go."""
    if op.get_bind().scalar(sa.text("SELECT record_id FROM overview_share LIMIT 1")) is not None:
        _order_entering()


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
    """Go back; whoever has no account still lacks sums until everything is added up."""
    op.execute(sa.text("DELETE FROM job WHERE kind = :kind AND key = :key").bindparams(kind=KIND, key=revision))
