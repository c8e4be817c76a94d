"""What issued briefings looked like, kept; bases that search and figures did not know yet; a column nobody writes.

Revision: 0028, after 0027
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from registry.core import db as types
from registry.core.ids import new_public_id

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TOLD = "figures of a past month and an issued briefing can no longer change"
TABLE, WRITES = "briefing_file", ("UPDATE", "DELETE")
JOBS = ("search.enter", "overview.enter")


def upgrade() -> None:
    """Go forward. The notes of closing were written by no released version."""
    op.drop_column("agreement", "closing_notes")
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("briefing_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_briefing_file_language")),
        sa.CheckConstraint("form IN ('svg', 'png', 'pdf', 'docx')", name=op.f("ck_briefing_file_form")),
        sa.ForeignKeyConstraint(["briefing_id"], ["briefing.id"], name=op.f("fk_briefing_file_briefing_id_briefing")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_briefing_file_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_file")),
        sa.UniqueConstraint("briefing_id", "language", "form", name=op.f("uq_briefing_file_briefing_id_language_form")),
    )
    for statement in _postgresql() if op.get_bind().dialect.name == "postgresql" else _sqlite():
        op.execute(statement)
    if op.get_bind().scalar(sa.text("SELECT id FROM internship_base LIMIT 1")) is not None:
        for kind in JOBS:
            _order(kind)


def _sqlite() -> Iterator[str]:
    for write in WRITES:
        name = f"{TABLE}_frozen_{write.lower()}"
        yield f"CREATE TRIGGER {name} BEFORE {write} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"


def _postgresql() -> Iterator[str]:
    for write in WRITES:
        name, row = f"{TABLE}_frozen_{write.lower()}", "OLD" if write == "DELETE" else "NEW"
        body = f"RAISE EXCEPTION '{TOLD}'; RETURN {row};"
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        yield f"CREATE TRIGGER {name} BEFORE {write} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _order(kind: str) -> None:
    """A job, as the registry itself would write it."""
    moment = datetime.now(UTC)
    values = {
        "public_id": new_public_id(),
        "kind": kind,
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
    """Go back: papers are made anew when they are asked for."""
    for kind in JOBS:
        op.execute(sa.text("DELETE FROM job WHERE kind = :kind AND key = :key").bindparams(kind=kind, key=revision))
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        for write in WRITES:
            op.execute(f"DROP FUNCTION IF EXISTS {TABLE}_frozen_{write.lower()}()")
    op.add_column("agreement", sa.Column("closing_notes", sa.JSON(), nullable=True))
