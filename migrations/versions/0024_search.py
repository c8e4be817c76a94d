"""What can be found, and the index of its tokens; the worker enters the records that are there already.

Revision: 0024, after 0022
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from registry.core import db as types
from registry.core.ids import new_public_id

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None

KIND = "search.enter"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title_zh", sa.String(length=400), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("parties_zh", sa.Text(), nullable=False),
        sa.Column("parties_en", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("facets", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "record_id", name=op.f("uq_search_entry_kind_record_id")),
    )
    op.create_index("ix_search_entry_sort", "search_entry", ["kind", "sort_on", "id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING "
            "fts5(tokens, content='', detail=none, prefix='1 2', tokenize='ascii')"
        )
    else:
        op.execute(
            "CREATE TABLE search_index (rowid BIGINT CONSTRAINT pk_search_index PRIMARY KEY, tokens TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens)")
    # Every page counts what waits for its reader, drafts that they handle among it.
    op.create_index("ix_agreement_handler_id", "agreement", ["handler_id"])
    if op.get_bind().scalar(sa.text("SELECT id FROM organisation LIMIT 1")) is not None:
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
    """Go back; nothing is lost that the records do not say."""
    op.execute(sa.text("DELETE FROM job WHERE kind = :kind").bindparams(kind=KIND))
    op.drop_index("ix_agreement_handler_id", "agreement")
    op.execute("DROP TABLE search_index")
    op.drop_table("search_entry")
